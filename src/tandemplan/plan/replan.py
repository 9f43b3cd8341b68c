"""What now: the plan of a changed programme that comes from a plan, and what moved in it, order by order."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from tandemplan.interrupts import held_back
from tandemplan.model.programme import Programme
from tandemplan.plan.again import FENCE, Again, Base, Search, again, base_of
from tandemplan.plan.certificates import certified
from tandemplan.plan.class_costs import values_alone
from tandemplan.plan.model import PlanModel
from tandemplan.plan.notes import notes_of
from tandemplan.plan.replaced import less_replaced, without_replaced
from tandemplan.plan.rounding import Solve
from tandemplan.plan.rule_costs import rule_values
from tandemplan.plan.shipments import SHIPMENT
from tandemplan.plan.solve import PlanOptions, Progress, info_of, noted, solving, tables_of
from tandemplan.results.store import Frame, Run
from tandemplan.solver.stages import OUT_OF_TIME, Outcome, Report, Work, unproved

GIVEN = "planned from another plan: how far it is from the best is not proved"
DAY = np.timedelta64(1, "D")
SMALLEST = 1e-5  # units
NEAR, NEAR_SHARE = 1e-2, 1e-5  # unit-days, and share of a value, by which two plans serve a class alike
DONE = {
    "purchases": (("offer", "lane", "site", "release", "receipt"), "quantity", "shipped"),
    "production": (("item", "site", "alternative", "start"), "started", "start"),
    "moves": (("lane", "item", "release", "receipt"), "quantity", "release"),
    "deliveries": (("demand", "delivered"), "quantity", "delivered"),
}  # table: what names a row, its amount, the day from which it is done


@held_back()
def replan(
    run: Run,
    before: Programme,
    programme: Programme,
    options: PlanOptions = PlanOptions(),  # noqa: B008
    *,
    as_of: date | None = None,
    improve: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Run:
    """Return the plan of a changed programme that moves little of the plan in `run`, which is of the programme `before`.

    What was shipped, started, dispatched and delivered before `as_of` stays, and so do stations, options and shifts. Classes are served as well as can
    be around that, then orders move by as few unit-days as can be. Where nothing has changed nothing moves, and a plan that would serve a class better is
    offered; with `improve` it is taken. The status is `feasible`, or `stopped` where no plan is found; `replan` in its info tells what moved, and what is
    offered. Open orders of the changed programme stand for purchases that they replace. Raises NoBaseError where the tables of `run` are no plan of
    `before`, UnknownOrderError where what is replaced is not in them.
    """
    tell = progress or (lambda _: None)
    begin = time.perf_counter()

    def hear(report: Report) -> None:
        tell(Progress(report.stage, None, None, None, time.perf_counter() - begin))

    search = Search(Work(options.time_limit, options.threads, options.memory_mb), hear, as_of)
    base = base_of(run, before, Search(replace(search.work, seconds=None), hear))
    built = time.perf_counter()
    rest = without_replaced(run, before, programme)
    found, offer = again(less_replaced(base, run, rest), programme, search), None
    if programme.digest == before.digest and not improve:
        offer, found = _offer(base, found), Again(base.model, base.x, base.x)
    solve = solving(options, begin, tell, stopped=False)
    outcome = _outcome(found)
    if outcome.x is not None:
        outcome = certified(found.model, outcome, solve("certificates of origin"))
    asked = {"as_of": None if as_of is None else as_of.isoformat(), "improve": improve}
    info = _info(run, programme, options, outcome, asked)
    frames: Mapping[str, Frame] = {}
    if outcome.x is not None:
        frames, more = _tables(found.model, outcome, solve)
        info |= more
        if done_digest(frames, as_of) != done_digest(rest.tables, as_of):
            words = f"the changed programme does not allow what was done before {as_of}"
            return Run(_info(run, programme, options, Outcome("stopped", None, (), words), asked), {})
        info["replan"] = {**_told(rest, frames, found, as_of), "offer": offer}
        roughly = SHIPMENT not in found.model.lp.columns
        info |= noted(notes_of(found.model.network, frames, relaxed=info["relaxed"], roughly=roughly))
    info["size"] = dict(zip(("rows", "columns", "non_zeros"), found.model.lp.size, strict=True))
    info["seconds"] = {"build": built - begin, "solve": time.perf_counter() - built, "write": 0.0}
    return Run(info, frames)


def _tables(
    model: PlanModel, outcome: Outcome, solve: Callable[[str], Solve]
) -> tuple[Mapping[str, Frame], dict[str, Any]]:
    """Return the result tables of a plan, and what run.json says of them."""
    compared = (
        values_alone(model, outcome, solve("a class alone")),
        rule_values(model, outcome, solve("without a rule of origin")),
    )
    frames, more = tables_of(model, outcome, {}, compared)
    for said in more["objective"]["stages"]:
        said["relaxed_value"] = None
    return frames, more


def _offer(base: Base, found: Again) -> dict[str, Any] | None:
    """Return what a plan found near another one does for the classes, and how far orders move for it; None where it does nothing for them."""
    if found.x is None:
        return None
    pairs = zip(base.model.stages[: base.model.classes], found.model.stages, strict=False)
    told = [(now.name, float(now.cost @ base.x), float(then.cost @ found.x)) for now, then in pairs]
    differ = [(value, better) for _, value, better in told if abs(value - better) > NEAR + NEAR_SHARE * value]
    if not differ or differ[0][1] > differ[0][0]:
        return None
    stages = [{"stage": name, "value": round(v, 6), "better": round(b, 6)} for name, v, b in told]
    return {"stages": stages, "moved_unit_days": round(found.moved, 6)}


def _outcome(found: Again) -> Outcome:
    if found.x is None:
        return Outcome("stopped", None, (), found.reason)
    stages = tuple(unproved(s.cost, found.x) for s in found.model.stages)
    return Outcome("feasible", found.x, stages, found.reason or GIVEN)


def _info(
    run: Run, programme: Programme, options: PlanOptions, outcome: Outcome, more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what run.json says, under the id of a re-plan; `more` are its own options."""
    info = info_of(programme, options, outcome)
    asked = {**info["options"], "base": run.info["run"], **more}
    said = {"programme": programme.digest, "options": asked, "versions": info["versions"]}
    name = hashlib.sha256(_json(said)).hexdigest()[:12]
    again_same = outcome.x is not None and outcome.reason != OUT_OF_TIME
    return {**info, "run": f"replan-{name}", "verb": "replan", "options": asked, "reproducible": again_same}


def _json(said: Mapping[str, Any]) -> bytes:
    import json

    return json.dumps(said, sort_keys=True).encode()


def _told(run: Run, frames: Mapping[str, Frame], found: Again, as_of: date | None) -> dict[str, Any]:
    """Return what a re-plan says of itself: where it comes from, what is done, and what moved."""
    fence = found.model.network.programme.settings.planning_fence_days or FENCE
    changes = [m.as_dict() for m in moves_between(run.tables, frames, fence, _causes(found))]
    return {
        "base": run.info["run"],
        "scenarios": list(run.info.get("scenarios", [])),
        "as_of": None if as_of is None else as_of.isoformat(),
        "done": done_digest(run.tables, as_of),
        "frozen_units": round(found.frozen, 6),
        "orders_moved": len(changes),
        "units_moved": round(sum(c["quantity"] for c in changes), 6),
        "moved_unit_days": round(sum(c["unit_days"] for c in changes), 6),
        "limits": [f"{c.family}: {c.name}" for c in found.limits],
        "changes": changes,
    }


def done_digest(tables: Mapping[str, Frame], as_of: date | None) -> str:
    """Return a SHA-256 of what is done before a day: shipped, started, dispatched, delivered; order numbers apart, as rows are numbered anew."""
    lines: list[str] = []
    for table, (names, amount, when) in DONE.items():
        frame = tables[table]
        past = np.zeros(len(frame[amount]), dtype=bool) if as_of is None else frame[when] < np.datetime64(as_of, "D")
        columns = [frame[n][past].astype(str).tolist() for n in names]
        lines += [
            f"{table} {' '.join(c)} {q:.6f}" for *c, q in zip(*columns, frame[amount][past].tolist(), strict=True)
        ]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


@dataclass(frozen=True)
class Move:
    """So many units of one way that moved from one day to another; a blank day: they are new, or cancelled."""

    table: str
    way: str
    item: str
    site: str
    from_date: date | None
    to_date: date | None
    quantity: float
    unit_days: float
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Return it with texts for days, as run.json holds it."""
        days = {
            n: "" if d is None else d.isoformat() for n, d in (("from_date", self.from_date), ("to_date", self.to_date))
        }
        return {**self.__dict__, **days, "quantity": round(self.quantity, 6), "unit_days": round(self.unit_days, 6)}


WAYS = {
    "purchases": (("offer", "lane", "site"), "item", "site", "quantity", "receipt"),
    "production": (("item", "site", "alternative"), "item", "site", "started", "start"),
    "moves": (("lane", "item"), "item", "from_site", "quantity", "release"),
    "deliveries": (("demand",), "item", "site", "quantity", "delivered"),
}  # table: what names a way, item, site, amount, day


def moves_between(
    old: Mapping[str, Frame], new: Mapping[str, Frame], fence: float, causes: Mapping[str, str] | None = None
) -> Iterator[Move]:
    """Yield what moved between two plans, way by way: what came off days is matched in their order with what came on others.

    Units matched over more than twice `fence` days are cancelled and new instead, each for `fence` days. `causes` say why, by way or item.
    """
    for table, (names, item, site, amount, when) in WAYS.items():
        series = [_series(tables[table], names, amount, when) for tables in (old, new)]
        where = {
            "|".join(map(str, key)): (str(i), str(s))
            for tables in (new, old)
            for *key, i, s in zip(*(tables[table][n].tolist() for n in (*names, item, site)), strict=True)
        }
        for way in sorted(where):
            of, at = where[way]
            why = _why(causes or {}, way, of)
            for start, end, units in _matched(series[0].get(way, {}), series[1].get(way, {}), fence):
                days = fence if start is None or end is None else float(abs((end - start) / DAY))
                yield Move(table, way, of, at, _plain(start), _plain(end), units, units * days, why)


def _plain(day: Any) -> date | None:
    return None if day is None else day.astype("datetime64[D]").item()


def _why(causes: Mapping[str, str], way: str, item: str) -> str:
    for part in (way, *way.split("|"), item):
        if part in causes:
            return causes[part]
    return ""


def _series(frame: Frame, names: Sequence[str], amount: str, when: str) -> dict[str, dict[Any, float]]:
    found: dict[str, dict[Any, float]] = {}
    for *key, day, units in zip(*(frame[n].tolist() for n in names), frame[when], frame[amount].tolist(), strict=True):
        mine = found.setdefault("|".join(map(str, key)), {})
        mine[day] = mine.get(day, 0.0) + units
    return found


def _matched(old: Mapping[Any, float], new: Mapping[Any, float], fence: float) -> Iterator[tuple[Any, Any, float]]:
    """Yield from which day to which how many units moved; None: they are new, or cancelled."""
    off: list[list[Any]] = [[d, old[d] - new.get(d, 0.0)] for d in sorted(old) if old[d] - new.get(d, 0.0) > SMALLEST]
    on: list[list[Any]] = [[d, new[d] - old.get(d, 0.0)] for d in sorted(new) if new[d] - old.get(d, 0.0) > SMALLEST]
    while off and on:
        days = float((on[0][0] - off[0][0]) / DAY)
        if abs(days) > 2 * fence:
            first = off if days > 0 else on
            day, units = first.pop(0)
            yield (day, None, units) if first is off else (None, day, units)
            continue
        units = min(off[0][1], on[0][1])
        yield off[0][0], on[0][0], units
        for left in (off, on):
            left[0][1] -= units
            if left[0][1] <= SMALLEST:
                left.pop(0)
    yield from ((d, None, u) for d, u in off)
    yield from ((None, d, u) for d, u in on)


def _causes(found: Again) -> dict[str, str]:
    """Return why orders move, by the lane, offer, item or demand that a broken limit speaks of."""
    said: dict[str, str] = {}
    for limit in found.limits:
        text = f"{limit.family} {limit.name} from {limit.day}"
        for name in (limit.name, *limit.items):
            said.setdefault(name, text)
    return said
