"""Why a demand of a schedule is late, in lines: the stretches of its chain, those of one kind and place together, and what each makes of the lateness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tandemplan.explain.waits import (
    BUCKET,
    FENCE,
    FREE,
    GAP,
    HOLD,
    INTERRUPTED,
    LEAD,
    MOVING,
    SET_UP,
    SHUT,
    STATION,
    WORK,
    Chain,
    Chains,
    Wait,
)
from tandemplan.model.programme import Programme
from tandemplan.report.facts import item_names, resource_names
from tandemplan.report.gantt import days_words
from tandemplan.report.lot_listings import late_demands
from tandemplan.report.pegged import moment_or_day
from tandemplan.report.wording import counted, listed, number
from tandemplan.results.schedule_shapes import ORDERS
from tandemplan.results.store import Run
from tandemplan.schedule.hours import DAY

BEGINNINGS = {
    "start": "the start of the schedule",
    "fence": "the start of the schedule",
    "given": "an order that is given",
}
MOST_SAID = 3
WAITING = (STATION, BUCKET, GAP, SHUT, FREE)
LEAST = 1 / 1440  # days: less than a minute is not told


@dataclass(frozen=True)
class Stretch:
    """Stretches of a chain that follow each other and are told as one."""

    waits: tuple[Wait, ...]

    @property
    def days(self) -> float:
        """Return how long it is, in days."""
        return sum(w.days for w in self.waits)

    @property
    def effect(self) -> float:
        """Return how many days of the lateness it is."""
        return sum(w.effect for w in self.waits)


def stretches(chain: Chain) -> list[Stretch]:
    """Return the stretches of a chain, those that follow each other with one kind, order and place as one; times when a place is shut or too briefly free go with what they interrupt."""
    found: list[list[Wait]] = []
    for w in chain.waits:
        if found and _alike(found[-1][-1], w):
            found[-1].append(w)
        else:
            found.append([w])
    return [Stretch(tuple(f)) for f in found]


def _alike(one: Wait, other: Wait) -> bool:
    waiting, taken = (STATION, GAP, BUCKET, FREE, SHUT), (WORK, LEAD, MOVING, INTERRUPTED)
    if one.order != other.order:
        return False
    if one.kind in waiting and other.kind in waiting:
        return bool(one.resource) == bool(other.resource)
    return one.resource == other.resource and (one.kind == other.kind or (one.kind in taken and other.kind in taken))


def chain_lines(chains: Chains, chain: Chain, programme: Programme) -> list[str]:
    """Return the chain of a late demand as lines: a head, a table, and how the effects are counted."""
    first = chain.waits[0].begin if chain.waits else chain.delivered
    length, room = chain.delivered - first, chain.due - first
    begins = BEGINNINGS[chain.starts]
    head = f"Why its last delivery ({chain.order}) is late: {days_words(length)} pass from {begins} to it, and it is due after {days_words(max(room, 0))}."
    told = [s for s in stretches(chain) if s.days >= LEAST or s.effect > 0]
    body = [("from", "for", "late by", "what")]
    body += [
        (moment_or_day(chains.moment(s.waits[0].begin)), days_words(s.days * DAY), days_words(s.effect * DAY) if s.effect > LEAST else "", stretch_words(s, chains, programme))
        for s in told
    ]  # fmt: skip
    wide = [max(len(r[c]) for r in body) for c in range(3)]
    lines = ["  " + "  ".join([*(r[c].ljust(wide[c]) for c in range(3)), r[3]]).rstrip() for r in body]
    closing = f"Late by: {days_words(chain.late * DAY)} in all; waits are counted first, the longest first, then what the work itself takes."
    return [head, *lines, closing]


def stretch_words(stretch: Stretch, chains: Chains, programme: Programme) -> str:
    """Return what a stretch is, in words."""
    first, names = stretch.waits[0], resource_names(programme)
    place = names.get(first.resource, first.resource)
    orders, row = chains.run[ORDERS], chains.row[first.order]
    item = item_names(programme).get(orders["item"][row], orders["item"][row]) or orders["process"][row]
    what, days = f"{item} ({first.order})", _days_of(stretch)
    done = next((k for k in (WORK, LEAD, MOVING) if k in days), "")
    if done:
        word = {WORK: "work on", LEAD: "lead time of", MOVING: "transport of"}[done]
        rest = f", {days_words(days[INTERRUPTED] * DAY)} of it shut" if days.get(INTERRUPTED, 0.0) > LEAST else ""
        return f"{word} {what}{f' on {place}' if place else ''}{rest}"
    if len(days) == 1 or not place:
        words = {
            SET_UP: f"change of set-up of {place} for {first.order}", SHUT: f"{place or what} is shut", HOLD: f"{what} is held after its end",
            FENCE: f"no new order of {item} begins before its fence", FREE: f"{what} could begin{f' on {place}' if place else ''}, and this schedule begins it later",
        }  # fmt: skip
        if first.kind in words:
            return words[first.kind]
    told = sorted((k for k in WAITING if days.get(k, 0.0) > LEAST), key=lambda k: -days[k]) or [first.kind]
    parts = [_waited(k, stretch, names) for k in told]
    said = [f"{days_words(days[k] * DAY)} {p}" for k, p in zip(told, parts, strict=True)] if len(told) > 1 else parts
    return f"{what} waits: {', '.join(said)}"


def _waited(kind: str, stretch: Stretch, names: dict[str, str]) -> str:
    """Return what an order waits for in one way, and where."""
    places = dict.fromkeys(names.get(w.resource, w.resource) for w in stretch.waits if w.kind == kind)
    place, are = listed(places, most=MOST_SAID), "is" if len(places) == 1 else "are"
    words = {
        STATION: f"{place} {are} held {_holders(stretch)}", BUCKET: f"the bucket of {place} is full", GAP: f"{place} {are} free for too short a time",
        SHUT: f"{place} {are} shut", FREE: f"{place} {are} free, and this schedule begins later",
    }  # fmt: skip
    return words[kind]


def _days_of(stretch: Stretch) -> dict[str, float]:
    """Return the days of each kind in a stretch."""
    days: dict[str, float] = defaultdict(float)
    for w in stretch.waits:
        days[w.kind] += w.days
    return dict(days)


def _holders(stretch: Stretch) -> str:
    """Return who holds a station, by class and demand, the longest first."""
    by: dict[tuple[int, str], float] = defaultdict(float)
    for w in stretch.waits:
        if w.kind == STATION:
            by[w.demand_class, w.demand] += w.days
    found = sorted(by, key=lambda k: (-by[k], k))
    classes = sorted({c for c, d in found if d})
    names = listed([d for _, d in found if d], most=MOST_SAID)
    if not names:
        return "by orders for no demand"
    return f"for {names} ({'class' if len(classes) == 1 else 'classes'} {listed(map(str, classes))})"


def reason(chain: Chain, chains: Chains, programme: Programme) -> str:
    """Return why a demand is late in one line: what makes most of it, and where."""
    days: dict[tuple[str, str], float] = defaultdict(float)
    for w in chain.waits:
        days[w.kind, _place(w, chains)] += w.effect
    told = sorted((k for k in days if days[k] > LEAST), key=lambda k: (-round(days[k], 9), k))
    names = item_names(programme) | resource_names(programme)
    parts = [f"{days_words(days[k] * DAY)} {CAUSES[k[0]]} {names.get(k[1], k[1])}".rstrip() for k in told[:2]]
    rest = sum(days[k] for k in told[2:])
    return "; ".join([*parts, *([f"{days_words(rest * DAY)} other causes"] if rest > LEAST else [])])


def _place(wait: Wait, chains: Chains) -> str:
    """Return where a stretch is: its work centre, else the item of its order."""
    return wait.resource or str(chains.run[ORDERS]["item"][chains.row[wait.order]])


def reasons_of(run: Run, programme: Programme, most: int = 200) -> dict[str, str]:
    """Return why demands are late, of the first `most` that are, as `late_demands` lists them."""
    chains, found = Chains(programme, run), {}
    for r in late_demands(run)[:most]:
        chain = chains.of(r["demand"])
        if chain is not None and chain.late > 0:
            found[r["demand"]] = reason(chain, chains, programme)
        elif chain is None:
            found[r["demand"]] = "nothing of it is delivered"
    return found


def causes(run: Run, programme: Programme) -> list[dict[str, Any]]:
    """Return what makes late demands late, over all of them: kind and place, days of lateness of last deliveries, and demands, most days first."""
    chains = Chains(programme, run)
    days: dict[tuple[str, str], float] = defaultdict(float)
    hurt: dict[tuple[str, str], set[str]] = defaultdict(set)
    for r in late_demands(run):
        chain = chains.of(r["demand"])
        for w in chain.waits if chain else ():
            if w.effect > 0:
                key = w.kind, _place(w, chains)
                days[key] += w.effect
                hurt[key].add(r["demand"])
    found = sorted(days, key=lambda k: (-round(days[k], 9), k))
    return [{"kind": k, "name": n, "days": round(days[k, n], 9), "demands": len(hurt[k, n])} for k, n in found]


CAUSES = {
    WORK: "work on", LEAD: "lead time of", MOVING: "transport of", SET_UP: "set-ups of", SHUT: "shut before work on", INTERRUPTED: "shut during work on", HOLD: "hold after the end of",
    STATION: "other orders on", BUCKET: "full buckets of", GAP: "gaps too short on", FREE: "begun later than it could be, on", FENCE: "fence of",
}  # fmt: skip


def cause_lines(found: Sequence[dict[str, Any]], programme: Programme, most: int = 10) -> list[str]:
    """Return what makes demands late, as lines, most days first."""
    if not found:
        return ["Nothing is late."]
    names = resource_names(programme) | item_names(programme)
    lines = ["What makes last deliveries late, over all late demands:"]
    lines += [
        f"  {days_words(c['days'] * DAY)} of {counted(c['demands'], 'demand')}: {CAUSES[c['kind']]} {names.get(c['name'], c['name'])}".rstrip()
        for c in found[:most]
    ]
    rest = sum(c["days"] for c in found[most:])
    return [
        *lines,
        *(
            [f"  {number(rest)} days: {counted(len(found) - most, 'cause')} more; --json has all."]
            if len(found) > most
            else []
        ),
    ]


def chain_said(chains: Chains, chain: Chain) -> dict[str, Any]:
    """Return a chain for JSON: moments as texts."""
    rows = [
        {
            "kind": w.kind, "from": str(chains.moment(w.begin)), "to": str(chains.moment(w.end)), "days": round(w.days, 9), "late_days": round(w.effect, 9),
            "order": w.order, "resource": w.resource, "held_by": w.by, "demand": w.demand, "demand_class": w.demand_class if w.by else None,
        }
        for w in chain.waits
    ]  # fmt: skip
    return {"order": chain.order, "late_days": round(chain.late, 9), "starts": chain.starts, "waits": rows}
