"""The examples that come with Tandemplan."""

from __future__ import annotations

import shutil
from pathlib import Path

from tandemplan.disk import whole_folder


def examples_folder() -> Path:
    """Return the folder of the examples: inside the package when installed, in the repository otherwise."""
    packaged = Path(__file__).parents[1] / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "examples"


def example_names() -> list[str]:
    """Return the names of the examples in the order of the alphabet.

    >>> "first_steps" in example_names()
    True
    """
    return sorted(p.parent.name for p in examples_folder().glob("*/programme.toml"))


def copy_example(name: str, folder: Path) -> None:
    """Copy an example to a folder that is not there, or empty; whole or not at all."""
    try:
        with whole_folder(folder) as made:
            shutil.copytree(examples_folder() / name, made, dirs_exist_ok=True)
    except shutil.Error as error:
        raise OSError(None, str(error.args[0][0][-1] if error.args and error.args[0] else error)) from error
