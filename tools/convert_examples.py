"""Convert the examples' raw tables to the model language: `python tools/convert_examples.py [RAW_DIR] [EXAMPLES_DIR]`."""

from __future__ import annotations

import sys
from pathlib import Path

from convert.built import FOLDERS, build
from convert.raw import read_raw

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> None:
    """Write the examples from the raw tables (default: ../shared/examples beside the repository, and examples/)."""
    raw_folder = Path(arguments[0]) if arguments else ROOT.parent / "shared" / "examples"
    examples = Path(arguments[1]) if len(arguments) > 1 else ROOT / "examples"
    for raw_name, name in FOLDERS.items():
        build(read_raw(raw_folder / raw_name), raw_name, examples / name)
        print(examples / name)


if __name__ == "__main__":
    main(sys.argv[1:])
