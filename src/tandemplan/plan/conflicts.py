"""Why there is no plan: commitments and limits that conflict, and the least that restores a plan, as `run.json` says it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.calendar import Periods
from tandemplan.network.network import Network
from tandemplan.plan.causes import Cause, guilty, tried_changes
from tandemplan.plan.commitments import LIMITS, Commitment, commitments_of, soft_of
from tandemplan.plan.model import PlanModel
from tandemplan.solver.conflict import Conflict, Found, Remedy
from tandemplan.solver.process import conflicts_in_child
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Report, Work

Ints = NDArray[np.int64]
Said = dict[str, Any]  # an object of run.json
TOLD = 6  # conflicts, and as many remedies, that a run tells of
MOST_NAMED = 4  # items of one member
DIGITS = 6


@dataclass(frozen=True, eq=False)
class _Speech:
    """What can be said of the entries of a search: commitments, and of which one and which place in it each entry is."""

    commitments: list[Commitment]
    of: Ints
    place: Ints
    periods: Periods


def told_conflicts(model: PlanModel, work: Work, hear: Callable[[Report], None]) -> Said:
    """Return what `run.json` says of a model without a plan: `conflicts`, `remedies`, and of the search `conflict_search`.

    Conflicts are irreducible where `irreducible` says so: without any one of its members, the others of a conflict can be kept. Ctrl-C
    ends the search, and what it has found so far is told.
    """
    begin = time.monotonic()
    commitments = commitments_of(model)
    if not commitments:
        return _info(Found(reason="the programme has no limits that may give way"), [], [])
    try:
        found = conflicts_in_child(model.lp, soft_of(commitments), work, hear)
    except KeyboardInterrupt:
        return _info(Found(reason=BY_USER), [], [])
    lengths = [len(c.row) for c in commitments]
    place = np.concatenate([np.arange(n) for n in lengths])
    of = np.repeat(np.arange(len(commitments)), lengths)
    speech = _Speech(commitments, of, place, model.network.periods)
    conflicts = [_members(c, speech) for c in found.conflicts[:TOLD]]
    remedies = [_remedy(r, speech) for r in found.remedies[:TOLD]]
    if found.reason in (OUT_OF_TIME, BY_USER) or not conflicts:
        return _info(found, conflicts, remedies)

    def left() -> Work:
        return (
            work if work.seconds is None else replace(work, seconds=max(work.seconds - (time.monotonic() - begin), 0.0))
        )

    try:
        known = _add_causes(model.network, conflicts, remedies, left(), hear)
        _add_changes(model.network, remedies, left(), hear)
    except KeyboardInterrupt:
        return _info(replace(found, complete=False, reason=BY_USER), conflicts, remedies)
    return _info(found if known else replace(found, complete=False), conflicts, remedies)


def _add_causes(
    network: Network, conflicts: list[list[Said]], remedies: list[Said], work: Work, hear: Callable[[Report], None]
) -> bool:
    """Add events and chosen options to the conflicts and remedies that they belong to, and return whether all were looked at."""
    names = [{(m["family"], m["name"]) for m in members} for members in conflicts]
    guilt, known = guilty(network, names, work, hear)
    for g in guilt:
        for k in g.conflicts:
            conflicts[k].append(_cause(g.cause))
    remedies += [_left_out(g.cause) for g in guilt if g.enough]
    return known


def _add_changes(network: Network, remedies: list[Said], work: Work, hear: Callable[[Report], None]) -> None:
    """Add to remedies the changes that come to the same, where there are some and they have been tried."""
    named = [r for r in remedies if all(e["family"] in LIMITS for e in r["eases"])]
    changes = [[LIMITS[e["family"]].change(e["name"], e["amount"]) for e in r["eases"]] for r in named]
    for remedy, tried in zip(named, tried_changes(network.programme, changes, work, hear), strict=True):
        remedy["changes"] = tried


def _info(found: Found, conflicts: list[list[Said]], remedies: list[Said]) -> Said:
    search = {
        "irreducible": all(c.proved for c in found.conflicts),
        "complete": found.complete and max(len(found.conflicts), len(found.remedies)) <= TOLD,
        "reason": found.reason,
        "solves": found.solves,
    }
    members = [{"conflict": k, **m} for k, told in enumerate(conflicts, 1) for m in told]
    return {"conflicts": members, "remedies": remedies, "conflict_search": search}


def _cause(cause: Cause) -> Said:
    """Return an event, or a chosen option, as a member of a conflict."""
    text = f"{cause.said[0].upper()}{cause.said[1:]}, in effect from {cause.day}."
    return {
        "family": cause.table, "name": cause.name, "period_start": cause.day, "period_end": None, "violation": None, "unit": "",
        "text": text,
    }  # fmt: skip


def _left_out(cause: Cause) -> Said:
    """Return as a remedy that an event does not come, or an option is not chosen: all of it is left out."""
    text = f"without {cause.said}"
    ease = {"family": cause.table, "name": cause.name, "amount": 1.0, "unit": "", "text": text}
    return {"text": f"Without {cause.said}.", "size": 1.0, "changes": [], "eases": [ease]}


def _members(conflict: Conflict, speech: _Speech) -> list[Said]:
    """Return the members of a conflict, the last of its limits first: these are the ones that programmes are most about."""
    periods, found = speech.periods, []
    first_days, last_days = periods.dates(periods.starts), periods.dates(periods.starts + periods.lengths - 1)
    for limit, short in reversed(list(zip(conflict.limits.tolist(), conflict.short.tolist(), strict=True))):
        of = speech.commitments[limit]
        there = speech.place[conflict.entries[speech.of[conflict.entries] == limit]]
        days = str(first_days[of.period[there].min()]), str(last_days[of.period[there].max()])
        known = None if np.isnan(short) else round(short, DIGITS)
        found.append({
            "family": of.family, "name": of.who, "period_start": days[0], "period_end": days[1], "violation": known,
            "unit": of.unit + of.words.per, "text": _member_text(of, there, known, days),
        })  # fmt: skip
    return found


def _member_text(of: Commitment, there: Ints, short: float | None, days: tuple[str, str]) -> str:
    """Return a member in a sentence.

    >>> one, no_end = np.array([0]), np.array([np.inf])
    >>> room = Commitment("storage", "P", "m3", one, np.array([-1.0]), no_end, np.array([1.0]), one)
    >>> _member_text(room, one, 0.5, ("2026-06-01", "2026-06-07"))
    'Room for stock at P: 1 m3 from 2026-06-01 to 2026-06-07, 0.5 m3 too little.'
    """
    words, sides = of.words, of.side[there]
    said = of.told(words.said)
    size = ""
    if words.counted and (of.goods or np.ptp(sides) < 10.0**-DIGITS):
        size = f" {_amount(of, float(sides.sum() if of.goods else sides[0]))}{_goods(of, there)}"
    when = words.when.format(first=days[0], last=days[1])
    lack = "" if short is None else f", {_amount(of, short)} {words.lack}"
    return f"{said[0].upper()}{said[1:]}:{size}{when}{lack}."


def _goods(of: Commitment, there: Ints) -> str:
    names = [of.goods[k] for k in there.tolist()] if of.goods else []
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more items"]
    return f" of {', '.join(names)}" if names else ""


def _remedy(remedy: Remedy, speech: _Speech) -> Said:
    eases = []
    for limit, amount in reversed(list(zip(remedy.limits.tolist(), remedy.eases.tolist(), strict=True))):
        of = speech.commitments[limit]
        text = f"{_amount(of, amount)} {of.told(of.words.more)}"
        eases.append({
            "family": of.family, "name": of.who, "amount": round(amount, DIGITS), "unit": of.unit + of.words.per, "text": text,
        })  # fmt: skip
    *most, last = (e["text"] for e in eases)
    text = f"{', '.join(most)} and {last}" if most else last
    return {"text": f"{text}.", "size": round(remedy.size, DIGITS), "changes": [], "eases": eases}


def _amount(of: Commitment, value: float) -> str:
    unit = "unit" if (of.unit, round(value, DIGITS)) == ("units", 1.0) else of.unit
    return f"{_number(value)} {unit}{of.words.per}"


def _number(value: float) -> str:
    """Return a number with its thousands apart and no needless digits.

    >>> _number(12500.0), _number(0.1250004), _number(3.0), _number(0.00002)
    ('12,500', '0.125', '3', '2e-05')
    """
    rounded = round(value, 3 if abs(value) < 1000 else 0)
    return f"{rounded:,.3f}".rstrip("0").rstrip(".") if rounded else f"{value:g}"
