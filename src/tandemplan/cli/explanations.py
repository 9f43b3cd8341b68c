"""The command about why: `explain`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import STOPPED, Outcome, UseError, finish
from tandemplan.cli.waiting import explained_schedule, known, schedule_given

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
    worst: Annotated[
        int | None,
        typer.Option(
            "--worst", metavar="N", min=1, help="Explain the N latest demands, and keep that for the page of the run."
        ),
    ] = None,
    relief: Annotated[
        bool,
        typer.Option(
            "--relief", help="With a late demand, or --worst: try changes that may repair it, planning each again."
        ),
    ] = False,
    claims: Annotated[
        bool,
        typer.Option(
            "--claims",
            help="Plan with each claim that contradicts the programme: which numbers are worth checking? The page shows it then.",
        ),
    ] = False,
    pins: Annotated[
        bool, typer.Option("--pins", help="Plan without each decision that is pinned: what does it cost?")
    ] = False,
    time_limit: Annotated[
        float, typer.Option(metavar="S", min=0, help="Stop looking for causes after so many seconds.")
    ] = 120.0,
    as_json: AsJson = False,
) -> None:
    """Say why a demand is late, what would help, and what feeds it through all levels; what an order feeds; or, of a whole run, which limits do most harm."""
    if worst is not None:
        asked = bool(demand or order or claims or pins or late is not None)
        finish(lambda: _worst(run, asked, worst, (relief, time_limit)), as_json=as_json)
    if claims or pins:
        asked = bool(demand or order or relief or late is not None)
        finish(lambda: _otherwise(run, asked, claims=claims, pins=pins), as_json=as_json)
    finish(lambda: _explain(run, demand, (order, late), (relief, time_limit)), as_json=as_json)


def _explain(name: str, demand: str, asked: tuple[str, float | None], how: tuple[bool, float]) -> Outcome:
    from tandemplan.pegging.tables import pegging

    order, late = asked
    if demand and order:
        raise UseError("explain takes a demand, or --order and the name of an order, not both.")
    if how[0] and not demand:
        raise UseError("--relief asks about a late demand: name it, or say how many with --worst.")
    if late is not None and not order:
        raise UseError("--late asks about an order: name it with --order.")
    scheduled = schedule_given(name)
    if scheduled:
        if how[0]:
            raise UseError("--relief plans anew; of a schedule, explain tells the chain of waits alone.")
        return explained_schedule(scheduled, demand, order, late)
    given = plan_given(name)
    run, programme = given.run, given.programme
    if order:
        found = _order(pegging(programme, run), run, programme, order, late)
    else:
        found = (
            _demand(pegging(programme, run), run, programme, demand, how) if demand else _limits(run, programme, how[1])
        )
    return replace(found, data={"run": str(given.folder), **found.data}, faults=(*found.faults, *given.faults))


def _worst(name: str, asked: bool, count: int, how: tuple[bool, float]) -> Outcome:
    from tandemplan.cli.latest import explained_latest

    if asked:
        raise UseError(
            "--worst asks about the latest demands; name no demand and no order, and no --late, --claims or --pins."
        )
    given = plan_given(name)
    found = explained_latest(given.folder, given.run, given.programme, count, how)
    return replace(found, faults=(*found.faults, *given.faults))


def _otherwise(name: str, asked: bool, *, claims: bool, pins: bool) -> Outcome:
    from tandemplan.explain.solving import otherwise_as, seconds_of
    from tandemplan.explain.split import Planned
    from tandemplan.explain.variants import claim_variants, effects, pin_variants, plans_needed
    from tandemplan.report.answered import check_rows
    from tandemplan.report.otherwise import CLAIMS, PINS, effect_lines, effect_rows
    from tandemplan.report.progress import ProgressLines
    from tandemplan.results.answer_shapes import CHECKS
    from tandemplan.results.answers import keep

    if asked:
        raise UseError(
            "--claims and --pins ask about a whole run; name no demand and no order, and no --relief or --late."
        )
    given = plan_given(name)
    run, programme = given.run, given.programme
    variants = [*(claim_variants(programme) if claims else ()), *(pin_variants(programme) if pins else ())]
    count = plans_needed(programme, variants)
    print(
        f"Planning {count} times, about {seconds_of(run):.1f} s each if they take as long as this run.", file=sys.stderr
    )
    progress, base = ProgressLines(), Planned(run, programme)
    try:
        found = effects(base, variants, otherwise_as(base, progress.show), run.info["options"]["gap"])
    finally:
        progress.close()
    words = " ".join([*([CLAIMS] if claims else []), *([PINS] if pins else [])])
    lines = (words, *effect_lines(found, programme))
    if claims and not pins:
        keep(given.folder, {CHECKS: check_rows(effect_rows(found, programme))})
    data = {"run": str(given.folder), "alternatives": effect_rows(found, programme)}
    return Outcome(lines=lines, data=data, faults=given.faults)


def _limits(run: Run, programme: Programme, seconds: float) -> Outcome:
    from tandemplan.explain.answer import ranking_said
    from tandemplan.explain.planned import base_of
    from tandemplan.problems import SolverStoppedError
    from tandemplan.report.explained import ranking_lines

    try:
        said = ranking_said(base_of(programme, run), seconds)
    except SolverStoppedError as error:
        return Outcome(STOPPED, (), {"limits": None}, (f"How much harm limits do is not known: {error}.",))
    return Outcome(lines=tuple(ranking_lines(said, programme)), data={"limits": said})


def _demand(frame: Frame, run: Run, programme: Programme, demand: str, how: tuple[bool, float]) -> Outcome:
    from tandemplan.pegging.tables import of_demand
    from tandemplan.report.pegged import demand_line, feeding_lines, json_rows
    from tandemplan.results.shape import DEMAND_SUMMARY

    known("demand", demand, run[DEMAND_SUMMARY]["demand"].tolist())
    mine = of_demand(frame, demand)
    late = run[DEMAND_SUMMARY]["late_unit_days"][run[DEMAND_SUMMARY]["demand"] == demand].sum()
    why = _why(run, programme, demand, *how) if late > 0 else Outcome()
    lines = (demand_line(run, programme, demand), *why.lines, *feeding_lines(mine, programme))
    return Outcome(lines=lines, data={"demand": demand, **why.data, "feeds": json_rows(mine)})


def _why(run: Run, programme: Programme, demand: str, relief: bool, seconds: float) -> Outcome:
    from tandemplan.cli.latest import told
    from tandemplan.explain.planned import base_of
    from tandemplan.problems import SolverStoppedError

    try:
        base = base_of(programme, run)
    except SolverStoppedError as error:
        return Outcome(lines=(f"Why it is late is not known: {error}.",), data={"why": None})
    lines, said = told(base, demand, (relief, seconds))
    return Outcome(lines=tuple(lines), data=said)


def _order(frame: Frame, run: Run, programme: Programme, order: str, late: float | None) -> Outcome:
    from tandemplan.pegging.tables import of_order
    from tandemplan.report.pegged import fed_lines, hurt_by, json_rows

    known("order", order, sorted(set(frame["order"][frame["kind"] != "delivery"].tolist()) - {""}))
    mine = of_order(frame, order)
    data: dict[str, Any] = {"order": order, "feeds": json_rows(mine)}
    if late is not None:
        data |= {"late": late, "hurts": hurt_by(mine, late)}
    return Outcome(lines=tuple(fed_lines(mine, run, programme, late)), data=data)
