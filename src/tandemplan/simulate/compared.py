"""Worlds that are run besides that of the plan, the same replications in each: with something held, or lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.results.shape import DELIVERIES
from tandemplan.results.store import Run
from tandemplan.simulate.blocks import Setup, setup_of
from tandemplan.simulate.comparisons import Compared, Comparisons
from tandemplan.simulate.drivers import EVERYTHING, Driver, Measures, driver_columns, drivers_of, measured
from tandemplan.simulate.groups import Case, periods_of
from tandemplan.simulate.outcomes import Outcomes, leading
from tandemplan.simulate.run import replicated_each
from tandemplan.simulate.survival import Kept, Lost, kept, losses_of, survival_columns


@dataclass(frozen=True, eq=False)
class Workplace:
    """Where replications are run: so many processes, or an executor; `told` hears how many worlds are done, of how many."""

    workers: int
    executor: Executor | None
    told: Callable[[int, int], None]


def compared(
    asked: Comparisons, outcomes: Outcomes, programme: Programme, plan: Run, *, setup: Setup, seed: int, at: Workplace
) -> Compared:
    """Return what comes of the first replications of a simulation in other worlds; an interrupt keeps the worlds that are done."""
    first = day_of_loss(asked, programme, plan)
    held = drivers_of(programme, plan, setup.varying, asked.drivers)
    lost = losses_of(programme, plan, asked.lost, first)
    count = min(asked.pairs, len(outcomes))
    if count < 2 or not (held or lost):
        return Compared({})
    worlds = {
        "|".join(("held", *d)): (
            setup_of(programme, plan, seed, held=h, policy=setup.policy),
            1 if d[0] == EVERYTHING else count,
        )
        for d, h in held.items()
    }
    worlds |= {
        "|".join(("lost", *d)): (setup_of(programme, plan, seed, lost=h, policy=setup.policy), count)
        for d, h in lost.items()
    }
    whole = Case(leading(outcomes, count), programme, plan)
    with_held: dict[Driver, Measures] = {}
    with_lost: dict[Lost, Kept] = {}
    done = True
    try:
        at.told(0, len(worlds))
        for name, found in replicated_each(worlds, workers=at.workers, executor=at.executor):
            kind, what, which = name.split("|", 2)
            case = Case(found, programme, plan)
            if kind == "held":
                with_held[what, which] = measured(case)
            else:
                with_lost[what, which] = kept(case)
            at.told(len(with_held) + len(with_lost), len(worlds))
    except KeyboardInterrupt:
        done = False  # what is done by then is the answer
    ordered = {d: with_held[d] for d in held if d in with_held}, {d: with_lost[d] for d in lost if d in with_lost}
    tables = {
        "drivers": driver_columns(measured(whole), ordered[0]),
        "survival": survival_columns(whole, kept(whole), ordered[1], float(periods_of(programme).day(first))),
    }
    return Compared(tables, done)


def day_of_loss(asked: Comparisons, programme: Programme, plan: Run) -> date:
    """Return the day from which on what is lost is gone; raises ValueError where it is no day of the plan."""
    periods = periods_of(programme)
    if asked.lost_from is not None:
        if not 0 <= periods.day(asked.lost_from) < periods.days:
            raise ValueError(f"lost_from is {asked.lost_from}; it must be a day of the plan")
        return asked.lost_from
    days = plan.tables[DELIVERIES.name]["delivered"]
    return days.min().astype("datetime64[D]").item() if len(days) else periods.start
