"""Arguments and options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

ProgrammePath = Annotated[str, typer.Argument(metavar="PROGRAMME", help="Folder, zip or workbook of a programme.")]
RunName = Annotated[str, typer.Argument(metavar="RUN", help="Folder of a run, or its id under runs/.")]
Scenarios = Annotated[
    list[str] | None,
    typer.Option("--scenario", metavar="DIR", help="Scenario laid over the programme, by folder or name; repeatable."),
]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="CHANGE", help='One change, "table[key].column=value"; repeatable.'),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON object on standard output and nothing else there.")
]
