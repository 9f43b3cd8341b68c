"""What to do today: the decisions of a plan that are due soon, each with its last safe day, and whom it hurts to miss it.

Last safe days of orders come from pegging: the days by which an order may come later with no delivery later, if what waits for it moves along. Each
is for one action alone, all else as planned.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import floor

from tandemplan.explain.decisions import Decision, decisions
from tandemplan.explain.needs import NO_NEED, Need, needs_of
from tandemplan.model.differences import Change, input_changes
from tandemplan.model.programme import Programme
from tandemplan.model.schema import OpenOrder, StockPolicy
from tandemplan.pegging.tables import pegging
from tandemplan.results.store import Run

EXPEDITE, DEFER, CANCEL, NONE = "expedite", "defer", "cancel", "none"
NEW, GONE, LATER, EARLIER, SAME = "new", "gone", "later", "earlier", "same"
LEAST_DEFERRED = 14  # days that an open order lies before it is taken, from which on it can be put off
DUST = 1e-4
DAYS = 28


@dataclass(frozen=True)
class Slip:
    """Where an action stands in the plan that it is measured against: its day there, how it moved, and what changed in its own input."""

    how: str
    before: date | None = None
    days: int = 0
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Action:
    """Something to do: a decision, or what is to become of an open order (`action` says); its last safe day, who needs it, how it slipped."""

    action: str
    decision: Decision
    last_safe: date | None
    need: Need = NO_NEED
    slip: Slip | None = field(default=None)


@dataclass(frozen=True)
class Window:
    """Days in which something is to be done: from `begin` on, before `end`."""

    begin: date
    end: date


def window_of(programme: Programme, as_of: date | None = None, days: int = DAYS) -> Window:
    """Return the days to look at: from a day on (None: the plan's start), so many."""
    begin = as_of or programme.settings.start
    assert begin is not None, "a programme without faults has a start"
    return Window(begin, begin + timedelta(days=days))


def actions(programme: Programme, run: Run, window: Window) -> tuple[Action, ...]:
    """Return what is to be done within some days, the most pressing first.

    Decisions are there when the plan takes them in these days; open orders that come after their first day whenever they come, as suppliers are told today.
    """
    due = [d for d in decisions(programme, run) if window.begin <= d.planned < window.end]
    orders = {order for d in due for order, _ in d.waits} | set(programme[OpenOrder].order.tolist())
    needs = needs_of(pegging(programme, run), run, orders)
    found = [*(_due(d, needs) for d in due), *_of_open_orders(programme, needs, window.begin)]
    return tuple(sorted(found, key=_pressing))


def _pressing(action: Action) -> tuple[object, ...]:
    need, decision = action.need, action.decision
    return (
        action.last_safe or date.max,
        need.demand_class or 10**6,
        -need.units,
        action.action,
        decision.name,
        decision.planned,
    )


def _due(decision: Decision, needs: Mapping[str, Need]) -> Action:
    if not decision.waits:
        return Action(decision.action, decision, decision.last_safe)
    waiting = [(needs.get(order, NO_NEED), spare) for order, spare in decision.waits]
    known = [(need.room + spare, need) for need, spare in waiting if need.room is not None]
    if not known:
        return Action(decision.action, decision, None, waiting[0][0])
    room, need = min(known, key=lambda k: k[0])
    return Action(decision.action, decision, decision.planned + timedelta(days=floor(room + 1e-6)), need)


def _of_open_orders(programme: Programme, needs: Mapping[str, Need], begin: date) -> Iterator[Action]:
    """Yield what is to become of orders under way: sooner where someone waits for them, later or never where nobody does.

    What is left at the end is no reason to cancel where a stock policy asks for stock.
    """
    kept = set(zip(programme[StockPolicy].item.tolist(), programme[StockPolicy].site.tolist(), strict=True))
    for o in programme[OpenOrder].rows():
        if o.promised is None or o.promised <= begin:
            continue
        need = needs.get(o.order, NO_NEED)
        touches = frozenset({o.order, o.offer, o.lane, o.item, o.site} - {""})
        decision = Decision(
            "",
            "open order",
            o.order,
            o.promised,
            ("open order", o.order),
            o.item,
            o.site,
            o.quantity_units,
            touches=touches,
            detail=o.status,
        )
        if need.room is None:
            if (o.item, o.site) not in kept:
                yield Action(CANCEL, decision, o.promised, need)
        elif need.late and need.room < 1 and need.slack < 1:
            yield Action(EXPEDITE, decision, begin, need)
        elif need.slack >= LEAST_DEFERRED:
            yield Action(DEFER, decision, o.promised, need)


def against(
    found: Sequence[Action], now: tuple[Programme, Run], before: tuple[Programme, Run], window: Window
) -> tuple[Action, ...]:
    """Return actions with how they slipped against another plan, and after them those that only that plan had in these days.

    Units of one way, route or lane are matched in the order in which they go: an action's day is compared to that on which the other plan
    had sent as many. What changed in the input is named where it is a row of the action's own.
    """
    changes = input_changes(before[0], now[0])
    ours, theirs = (_schedule(decisions(*side)) for side in (now, before))
    slipped = [
        Action(a.action, a.decision, a.last_safe, a.need, _slip(a.decision, ours, theirs, changes)) for a in found
    ]
    gone = [
        Action(d.action, d, None, NO_NEED, Slip(GONE, d.planned, 0, _own(d, changes)))
        for key, steps in theirs.items()
        if key not in ours
        for _, d in steps
        if window.begin <= d.planned < window.end
    ]
    return (*slipped, *gone)


Steps = Mapping[tuple[str, ...], list[tuple[float, Decision]]]


def _schedule(found: Iterable[Decision]) -> Steps:
    """Return the decisions of each key by day, each with the units up to and with it."""
    by_key: dict[tuple[str, ...], list[Decision]] = defaultdict(list)
    for d in found:
        by_key[d.key].append(d)
    steps: dict[tuple[str, ...], list[tuple[float, Decision]]] = {}
    for key, members in by_key.items():
        total = 0.0
        for d in sorted(members, key=lambda d: (d.planned, d.name)):
            total += d.quantity
            steps.setdefault(key, []).append((total, d))
    return steps


def _slip(decision: Decision, ours: Steps, theirs: Steps, changes: Sequence[Change]) -> Slip | None:
    if decision.key not in ours:  # an open order
        return None
    upto = next(total for total, d in ours[decision.key] if d == decision)
    middle = upto - decision.quantity / 2
    there = next((d for total, d in theirs.get(decision.key, ()) if total >= middle - DUST), None)
    if there is None:
        return Slip(NEW, changes=_own(decision, changes))
    days = (decision.planned - there.planned).days
    how = LATER if days > 0 else EARLIER if days < 0 else SAME
    return Slip(how, there.planned, days, _own(decision, changes) if days else ())


def _own(decision: Decision, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes of the input in rows that a decision is about."""
    return tuple(c for c in changes if decision.touches & {c.row, *c.row.split("|")})
