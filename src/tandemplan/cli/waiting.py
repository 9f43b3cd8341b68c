"""Why a demand of a schedule is late, what feeds it, and what an order feeds: `explain` of a schedule."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tandemplan.cli.saying import Outcome, UseError

if TYPE_CHECKING:
    from tandemplan.model.programme import Programme
    from tandemplan.results.store import Frame, Run


def schedule_given(name: str) -> tuple[Path, Run, Programme] | None:
    """Return a schedule by its folder or id; None where that is another run."""
    from tandemplan.results.store import kind_of, read_answer, read_info, run_folder

    folder = run_folder(name)
    if kind_of(read_info(folder)) != "schedule":
        return None
    return folder, *read_answer(folder)


def explained_schedule(given: tuple[Path, Run, Programme], demand: str, order: str, late: float | None) -> Outcome:
    """Return why a demand of a schedule waits, or what an order feeds, or what makes demands late where neither is named."""
    from tandemplan.pegging.tables import pegging
    from tandemplan.report.schedule_page import changed_schedule
    from tandemplan.report.waited import cause_lines, causes

    folder, run, programme = given
    if demand:
        lines, data = _demand(pegging(programme, run), run, programme, demand)
    elif order:
        lines, data = _order(pegging(programme, run), run, programme, (order, late))
    else:
        found = causes(run, programme)
        lines, data = cause_lines(found, programme), {"causes": found}
    faults = (f"{folder}: {changed_schedule(run)}",) if run.changed else ()
    return Outcome(lines=tuple(lines), data={"run": str(folder), **data}, faults=faults)


def _demand(frame: Frame, run: Run, programme: Programme, demand: str) -> tuple[list[str], dict[str, Any]]:
    from tandemplan.explain.waits import Chains
    from tandemplan.pegging.tables import of_demand
    from tandemplan.report.pegged import demand_line, feeding_lines, json_rows
    from tandemplan.report.waited import chain_lines, chain_said
    from tandemplan.results.schedule_shapes import DEMAND_SUMMARY

    known("demand", demand, run[DEMAND_SUMMARY]["demand"].tolist())
    mine, chains = of_demand(frame, demand), Chains(programme, run)
    chain = chains.of(demand)
    late = chain is not None and chain.late > 0
    why = chain_lines(chains, chain, programme) if chain is not None and late else []
    said = chain_said(chains, chain) if chain is not None and late else None
    lines = [demand_line(run, programme, demand), *why, *feeding_lines(mine, programme)]
    return lines, {"demand": demand, "why": said, "feeds": json_rows(mine)}


def _order(
    frame: Frame, run: Run, programme: Programme, asked: tuple[str, float | None]
) -> tuple[list[str], dict[str, Any]]:
    from tandemplan.pegging.tables import of_order
    from tandemplan.report.pegged import fed_lines, hurt_by, json_rows

    order, late = asked
    known("order", order, sorted(set(frame["order"][frame["kind"] != "delivery"].tolist()) - {""}))
    mine = of_order(frame, order)
    data: dict[str, Any] = {"order": order, "feeds": json_rows(mine)}
    if late is not None:
        data |= {"late": late, "hurts": hurt_by(mine, late)}
    return fed_lines(mine, run, programme, late), data


def known(word: str, name: str, names: list[str]) -> None:
    """Raise UseError when a run has nothing of that name."""
    from tandemplan.problems import did_you_mean

    if name not in names:
        raise UseError(f"The run has no {word} '{name}'. {did_you_mean(name, names)}".strip())
