"""Everything that a plan decides, as one list: what, when, how much, and what waits for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Licence, Skill, Tool, Tranche, WorkCentre
from tandemplan.results.money_shapes import CASH, FUNDING
from tandemplan.results.shape import (
    INVESTMENTS,
    LICENCES,
    LOAD,
    MOVES,
    OPTIONS,
    PEOPLE,
    PRODUCTION,
    PURCHASES,
    QUALIFICATIONS,
    SHIFTS,
    TASKS,
)
from tandemplan.results.store import Run

RELEASE, QUALIFY, DECIDE, OBTAIN, DRAW, START = (
    "release", "qualify", "decide", "obtain licence", "draw tranche", "start task",
)  # fmt: skip
DUST, CENT = 1e-4, 0.5
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """One thing that a plan does on a day.

    `key` makes it the same in another plan, beside its day and units. `waits` are orders that wait for it, each with the days that lie between;
    where there are none, `last_safe` is the last day on which it can be done (None: not known). `touches` are keys of the programme's rows that
    it is about, `detail` says by which way, pattern or offer, `serves` which objective is worse without it.
    """

    action: str
    what: str
    name: str
    planned: date
    key: tuple[str, ...]
    item: str = ""
    site: str = ""
    quantity: float = 0.0
    last_safe: date | None = None
    waits: tuple[tuple[str, int], ...] = ()
    touches: frozenset[str] = frozenset()
    detail: str = ""
    serves: str = ""


def decisions(programme: Programme, run: Run) -> Iterator[Decision]:
    """Yield the decisions of a plan: orders first, then what is qualified, chosen, bought, hired, asked for, drawn and started."""
    yield from _purchases(run)
    yield from _production(run)
    yield from _moves(run)
    yield from _qualifications(run)
    yield from _options(run)
    yield from _investments(programme, run)
    yield from _shifts(run)
    yield from _hires(programme, run)
    yield from _licences(programme, run)
    yield from _tranches(programme, run)
    yield from _tasks(programme, run)


def _purchases(run: Run) -> Iterator[Decision]:
    for r in run.rows(PURCHASES):
        touches = frozenset({r["offer"], r["supplier"], r["lane"], r["item"], r["site"]} - {""})
        yield Decision(
            RELEASE, "purchase", r["order"], r["release"], ("purchase", r["offer"], r["lane"], r["site"]), r["item"], r["site"],
            r["quantity"], waits=((r["order"], 0),), touches=touches, detail=r["offer"],
        )  # fmt: skip


def _production(run: Run) -> Iterator[Decision]:
    for r in run.rows(PRODUCTION):
        yield Decision(
            RELEASE, "production", r["order"], r["start"], ("production", r["item"], r["site"], r["alternative"]), r["item"], r["site"],
            r["started"], waits=((r["order"], 0),), touches=frozenset({r["item"], r["site"]} - {""}), detail=r["route"],
        )  # fmt: skip


def _moves(run: Run) -> Iterator[Decision]:
    for r in run.rows(MOVES):
        yield Decision(
            RELEASE, "move", r["order"], r["release"], ("move", r["lane"], r["item"]), r["item"], r["to_site"],
            r["quantity"], waits=((r["order"], 0),), touches=frozenset({r["lane"], r["item"], r["from_site"], r["to_site"]} - {""}), detail=r["lane"],
        )  # fmt: skip


def _qualifications(run: Run) -> Iterator[Decision]:
    for r in run.rows(QUALIFICATIONS):
        orders = [p for p in run.rows(PURCHASES) if p["offer"] == r["offer"]]
        waits = tuple((p["order"], (p["release"] - r["qualified"]).days) for p in orders)
        yield Decision(
            QUALIFY, "offer", r["offer"], r["started"], ("offer", r["offer"]), orders[0]["item"] if orders else "",
            waits=waits, touches=frozenset({r["offer"]}),
        )  # fmt: skip


def _options(run: Run) -> Iterator[Decision]:
    """Yield options that are chosen; a plan chooses them as late as it can, so there is no day later than theirs."""
    for r in run.rows(OPTIONS):
        if r["chosen"] and r["date"] is not None:
            yield Decision(
                DECIDE, "option", r["option"], r["date"], ("option", r["option"]), last_safe=r["date"],
                touches=frozenset({r["option"]}), serves=r["serves"],
            )  # fmt: skip


def _investments(programme: Programme, run: Run) -> Iterator[Decision]:
    base = dict(zip(programme[WorkCentre].work_centre, programme[WorkCentre].stations, strict=True))
    base |= dict(zip(programme[Tool].tool, programme[Tool].sets, strict=True))
    load: dict[str, list[Cells]] = defaultdict(list)
    for r in run.rows(LOAD):
        load[r["resource"]].append(r)
    there = {name: float(n) for name, n in base.items()}
    for r in sorted(run.rows(INVESTMENTS), key=lambda r: (r["resource"], r["usable"])):
        total = there[r["resource"]] = there[r["resource"]] + r["units"]
        used = (x for x in load[r["resource"]] if x["period_start"] >= r["usable"])
        first = next(
            (
                x["period_start"]
                for x in used
                if x["used_hours"] > x["available_hours"] * (1 - r["units"] / total) + DUST
            ),
            None,
        )
        yield Decision(
            DECIDE, "stations" if r["kind"] == "work centre" else "sets", r["resource"], r["ordered"], ("investment", r["resource"]),
            site=r["site"], quantity=r["units"], touches=frozenset({r["resource"], r["site"]} - {""}),
            last_safe=None if first is None else r["ordered"] + (first - r["usable"]),
        )  # fmt: skip


def _shifts(run: Run) -> Iterator[Decision]:
    for r in run.rows(SHIFTS):
        if r["decided"] is not None:
            yield Decision(
                DECIDE, "shifts", r["site"], r["decided"], ("shifts", r["site"], r["shift_pattern"]), site=r["site"],
                last_safe=r["decided"], touches=frozenset({r["site"], r["shift_pattern"]}), detail=r["shift_pattern"],
            )  # fmt: skip


def _hires(programme: Programme, run: Run) -> Iterator[Decision]:
    recruit = dict(zip(programme[Skill].skill, programme[Skill].recruit_days, strict=True))
    for r in run.rows(PEOPLE):
        if r["hired"] > DUST:
            day = r["period_start"] - timedelta(days=ceil(float(recruit[r["skill"]]) - 1e-9))
            yield Decision(
                DECIDE, "people", r["skill"], day, ("people", r["skill"]), quantity=r["hired"], last_safe=day, touches=frozenset({r["skill"]})
            )  # fmt: skip


def _licences(programme: Programme, run: Run) -> Iterator[Decision]:
    """Yield licences and consents on the day of asking; the first time of a standing licence stands for the task that obtains it."""
    task_of = {str(x.licence): str(x.task) for x in programme[Licence].rows()}
    safe = {d.name: d.last_safe for d in _all_tasks(run)}
    for r in run.rows(LICENCES):
        spare = None if r["order"] or r["first_dispatch"] is None else r["asked"] + (r["first_dispatch"] - r["granted"])
        known = [spare, safe.get(task_of.get(r["licence"], "")) if r["number"] == 1 and not r["order"] else None]
        yield Decision(
            OBTAIN, r["kind"] if r["kind"] == "consent" else "licence", r["licence"], r["asked"],
            ("licence", r["licence"], "" if r["order"] else str(r["number"])), quantity=r["units"],
            waits=((r["order"], 0),) if r["order"] else (), detail=r["order"], touches=frozenset({r["licence"]}),
            last_safe=min((d for d in known if d is not None), default=None),
        )  # fmt: skip


def _tranches(programme: Programme, run: Run) -> Iterator[Decision]:
    """Yield tranches that are used, to be drawn before the first period at whose end their pool would hold less than it must."""
    cash: dict[str, list[Cells]] = defaultdict(list)
    for r in run.rows(CASH):
        cash[r["pool"]].append(r)
    lines = {t.tranche for t in programme[Tranche].rows() if t.interest_per_year_share}
    for r in run.rows(FUNDING):
        if r["opens"] is None or r["used"] <= CENT or r["kind"] == "outside" or r["tranche"] in lines:
            continue
        later = (c for c in cash[r["pool"]] if c["period_start"] >= r["opens"])
        first = next((c["period_start"] for c in later if c["closing"] - r["used"] < c["least"] - CENT), None)
        ends = [d for d in (first, r["expires"]) if d is not None]
        yield Decision(
            DRAW, "tranche", r["tranche"], r["opens"], ("tranche", r["tranche"]), quantity=r["used"], detail=r["pool"],
            last_safe=max(min(ends), r["opens"]) if ends else None, touches=frozenset({r["tranche"]}),
        )  # fmt: skip


def _tasks(programme: Programme, run: Run) -> Iterator[Decision]:
    licensed = {str(x.task) for x in programme[Licence].rows()}
    return (d for d in _all_tasks(run) if d.name not in licensed or d.key[-1] != "1")


def _all_tasks(run: Run) -> Iterator[Decision]:
    for r in run.rows(TASKS):
        spare = None if r["needed_by"] is None else max(r["needed_by"] - r["end"], timedelta(0))
        yield Decision(
            START, "task", r["task"], r["start"], ("task", r["task"], str(r["occurrence"])), touches=frozenset({r["task"]}),
            last_safe=None if spare is None else r["start"] + spare,
        )  # fmt: skip
