"""The command about what to do today: `actions`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import Outcome, day_given, finish

if TYPE_CHECKING:
    from tandemplan.explain.actions import Window
    from tandemplan.model.programme import Programme


def actions(
    run: RunName,
    *,
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="First day to look at; without it, the plan's start.")
    ] = "",
    days: Annotated[int, typer.Option(metavar="N", min=1, max=3660, help="How many days to look ahead.")] = 28,
    against: Annotated[
        str, typer.Option(metavar="RUN", help="Plan before: say what slipped against it, and why.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Show what is to be done now: orders to release, expedite, defer or cancel, options, people, licences and money, each with its last safe day."""
    finish(lambda: _actions(run, as_of, days, against), as_json=as_json)


def _actions(name: str, as_of: str, days: int, before: str) -> Outcome:
    from tandemplan.explain import actions as explained
    from tandemplan.report.doing import action_lines, action_rows

    mine, *other = (plan_given(n) for n in (name, before) if n)
    run, programme = mine.run, mine.programme
    window = _window(programme, as_of, days)
    found = explained.actions(programme, run, window)
    if other:
        found = explained.against(found, (programme, run), (other[0].programme, other[0].run), window)
    faults = tuple(fault for plan in (mine, *other) for fault in plan.faults)
    rows = [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in r.items()} for r in action_rows(found, programme)
    ]
    data = {"run": str(mine.folder), "from": window.begin.isoformat(), "to": window.end.isoformat(), "actions": rows}
    lines = (f"From {window.begin} on, before {window.end}:", *action_lines(found, programme))
    return Outcome(lines=lines, data=data | ({"against": str(other[0].folder)} if other else {}), faults=faults)


def _window(programme: Programme, as_of: str, days: int) -> Window:
    from tandemplan.explain.actions import window_of

    return window_of(programme, day_given("--as-of", as_of), days)
