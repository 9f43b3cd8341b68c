"""Commands about other formats: `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tandemplan.cli.options import AsJson
from tandemplan.cli.programmes import refuse_taken
from tandemplan.cli.saying import Outcome, UseError, finish
from tandemplan.problems import did_you_mean

FORMATS = ("lotsizing",)


def import_(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT", help="Format of the source: `lotsizing` (files of Trigeiro and of the multi-level sets)."
        ),
    ],
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="File to read.")],
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder to make; it must not exist, or be empty.")],
    as_json: AsJson = False,
) -> None:
    """Make a programme from a file of another format."""
    finish(lambda: _import(form, Path(source), Path(folder)), as_json=as_json, faulty="nothing was written")


def _import(form: str, source: Path, folder: Path) -> Outcome:
    from tandemplan.interop.lotsizing import programme_of_instance
    from tandemplan.model.writing import write

    if form not in FORMATS:
        raise UseError(f"There is no format '{form}'; there are {', '.join(FORMATS)}. {did_you_mean(form, FORMATS)}")
    if not source.is_file():
        siblings = [p.name for p in source.parent.glob("*")] if source.parent.is_dir() else []
        raise UseError(f"There is no file '{source}'. {did_you_mean(source.name, siblings)}")
    refuse_taken(folder)
    programme, notes = programme_of_instance(source)
    write(programme, folder)
    filled = [t for t in programme.tables.values() if len(t)]
    size = f"{sum(len(t) for t in filled):,} rows in {len(filled)} tables"
    about = {"name": programme.settings.name, "digest": programme.digest}
    lines = (f"Made {folder} from {source}: {size}.", *notes, f"Next: tandemplan plan {folder}")
    return Outcome(lines=lines, data={"programme": about, "folder": str(folder), "notes": list(notes)})
