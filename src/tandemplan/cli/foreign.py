"""Commands about other formats: `import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tandemplan.cli.options import AsJson
from tandemplan.cli.programmes import refuse_taken
from tandemplan.cli.saying import Outcome, UseError, finish
from tandemplan.problems import did_you_mean

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme

FORMATS = ("frepple", "lotsizing")


def import_(
    form: Annotated[
        str,
        typer.Argument(
            metavar="FORMAT",
            help="Format of the source: `frepple` (XML of frePPLe), or `lotsizing` (files of Trigeiro and of the multi-level sets).",
        ),
    ],
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="File to read.")],
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Folder to make; it must not exist, or be empty.")],
    as_json: AsJson = False,
) -> None:
    """Make a programme from a file of another format."""
    finish(lambda: _import(form, Path(source), Path(folder)), as_json=as_json, faulty="nothing was written")


def _import(form: str, source: Path, folder: Path) -> Outcome:
    from tandemplan.model.writing import write

    if form not in FORMATS:
        raise UseError(f"There is no format '{form}'; there are {', '.join(FORMATS)}. {did_you_mean(form, FORMATS)}")
    if not source.is_file():
        siblings = [p.name for p in source.parent.glob("*")] if source.parent.is_dir() else []
        raise UseError(f"There is no file '{source}'. {did_you_mean(source.name, siblings)}")
    refuse_taken(folder)
    programme, notes = _read(form, source)
    write(programme, folder)
    filled = [t for t in programme.tables.values() if len(t)]
    size = f"{sum(len(t) for t in filled):,} rows in {len(filled)} tables"
    about = {"name": programme.settings.name, "digest": programme.digest}
    lines = (
        f"Made {folder} from {source}: {size}.",
        *notes,
        f"Next: tandemplan {'check' if form == 'frepple' else 'plan'} {folder}",
    )
    return Outcome(lines=lines, data={"programme": about, "folder": str(folder), "notes": list(notes)})


def _read(form: str, source: Path) -> tuple[Programme, tuple[str, ...]]:
    """Return the programme of a file, and what of it could not be said, in words."""
    if form == "frepple":
        from tandemplan.interop.frepple import programme_of_frepple

        programme, problems = programme_of_frepple(source)
        return programme, tuple(map(str, problems))
    from tandemplan.interop.lotsizing import programme_of_instance

    return programme_of_instance(source)
