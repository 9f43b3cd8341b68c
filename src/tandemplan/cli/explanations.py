"""The command about why: `explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import NO_ANSWER, Outcome, UseError, finish, refused

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Frame, Run


def explain(
    run: RunName,
    demand: Annotated[str, typer.Argument(metavar="DEMAND", help="Demand to explain.")] = "",
    *,
    order: Annotated[
        str, typer.Option("--order", metavar="ORDER", help="Purchase, lot, move or open order: say what it feeds.")
    ] = "",
    late: Annotated[
        float | None,
        typer.Option("--late", metavar="DAYS", min=0, help="With --order: say whom it hurts to come so much later."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what feeds a demand through all levels, or what a purchase, lot or move feeds, with the room in days at each link."""
    finish(lambda: _explain(run, demand, order, late), as_json=as_json)


def _explain(name: str, demand: str, order: str, late: float | None) -> Outcome:
    from tandemplan.pegging.tables import pegging
    from tandemplan.report.summary import has_plan
    from tandemplan.results.store import is_simulation, read_answer, run_folder

    if bool(demand) == bool(order):
        raise UseError("explain takes a demand, or --order and the name of an order.")
    if late is not None and not order:
        raise UseError("--late asks about an order: name it with --order.")
    folder = run_folder(name)
    run, programme = read_answer(folder)
    if is_simulation(run.info):
        raise UseError(f"{folder} is a simulation; explain takes the plan that was simulated.")
    if not has_plan(run):
        return refused(NO_ANSWER, f"{folder} holds no plan to explain.")
    frame = pegging(programme, run)
    found = _order(frame, run, programme, order, late) if order else _demand(frame, run, programme, demand)
    warned = (f"{folder} was changed after the plan: {', '.join(run.changed)}.",) if run.changed else ()
    return Outcome(lines=found.lines, data={"run": str(Path(folder)), **found.data}, faults=warned)


def _demand(frame: Frame, run: Run, programme: Programme, demand: str) -> Outcome:
    from tandemplan.pegging.tables import of_demand
    from tandemplan.report.pegged import demand_line, feeding_lines, json_rows
    from tandemplan.results.shape import DEMAND_SUMMARY

    _known("demand", demand, run[DEMAND_SUMMARY]["demand"].tolist())
    mine = of_demand(frame, demand)
    lines = (demand_line(run, programme, demand), *feeding_lines(mine, programme))
    return Outcome(lines=lines, data={"demand": demand, "feeds": json_rows(mine)})


def _order(frame: Frame, run: Run, programme: Programme, order: str, late: float | None) -> Outcome:
    from tandemplan.pegging.tables import of_order
    from tandemplan.report.pegged import fed_lines, hurt_by, json_rows

    _known("order", order, sorted(set(frame["order"][frame["kind"] != "delivery"].tolist()) - {""}))
    mine = of_order(frame, order)
    data: dict[str, Any] = {"order": order, "feeds": json_rows(mine)}
    if late is not None:
        data |= {"late": late, "hurts": hurt_by(mine, late)}
    return Outcome(lines=tuple(fed_lines(mine, run, programme, late)), data=data)


def _known(word: str, name: str, names: list[str]) -> None:
    """Raise UseError when a run has nothing of that name."""
    from tandemplan.problems import did_you_mean

    if name not in names:
        raise UseError(f"The run has no {word} '{name}'. {did_you_mean(name, names)}".strip())
