"""The examples that come with Tandemplan."""

from __future__ import annotations

from pathlib import Path


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
