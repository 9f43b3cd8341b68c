"""Result table of licences: each time that a standing one is valid, each one per order, each consent, and what goes under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import ints, texts
from tandemplan.model.schema import Lane, Licence, Offer
from tandemplan.network.cells import whole_days
from tandemplan.network.licensing import Licensing, consent_days
from tandemplan.network.network import Network
from tandemplan.network.openings import NEVER, TaskDates
from tandemplan.results.store import Frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Row:
    """A row of the table, in days from the plan's start; `end` NEVER: valid for good, `sent` the days of dispatch."""

    licence: int
    kind: str
    number: int
    order: str
    asked: int
    granted: int
    end: int
    sent: Ints
    units: float


@dataclass(frozen=True, eq=False)
class _Sent:
    """What is dispatched: the order's name, the row of its way in network.permits, units, and the days of order and dispatch.

    `covers` and `consents` say which licences there are for each order (licences x orders).
    """

    order: NDArray[np.object_]
    units: Floats
    released: Ints
    day: Ints
    covers: NDArray[np.bool_]
    consents: NDArray[np.bool_]


def licences(network: Network, frames: Mapping[str, Frame], dates: Mapping[str, TaskDates]) -> Frame:
    """Return the licences of a plan in these tables of purchases and moves; tasks end on `dates` under it.

    By licence in the order of its table, kind, day granted and order.
    """
    table = network.programme[Licence]
    found: list[_Row] = []
    if len(table):
        sent = (_purchases(network, frames["purchases"]), _moves(network, frames["moves"]))
        found = [*_standing(network, sent, dates), *_per_order(network, sent), *_consents(network, sent[1])]
    kinds = ("standing", "per order", "consent")
    found.sort(key=lambda r: (r.licence, kinds.index(r.kind), r.granted, r.order))
    rows = ints(r.licence for r in found)
    units, cap = np.round([r.units for r in found], 6).reshape(-1), table.cap_units[rows]
    capped = ~np.isnan(cap) & np.array([r.kind != "consent" for r in found], dtype=np.bool_)
    cap = np.where(capped, cap, 0.0)
    return {
        "licence": table.licence[rows],
        "kind": texts(r.kind for r in found),
        "number": ints(r.number for r in found),
        "order": texts(r.order for r in found),
        "asked": network.periods.dates(ints(r.asked for r in found)),
        "granted": network.periods.dates(ints(r.granted for r in found)),
        "valid_until": _days(network, [None if r.end >= NEVER else r.end for r in found]),
        "first_dispatch": _days(network, [r.sent.min() if len(r.sent) else None for r in found]),
        "last_dispatch": _days(network, [r.sent.max() if len(r.sent) else None for r in found]),
        "units": units,
        "capped": capped,
        "cap": cap,
        "margin": np.where(capped, np.round(cap - units, 6), 0.0),
    }


def _purchases(network: Network, frame: Frame) -> _Sent:
    offers, lanes = network.programme[Offer].offer, np.append(network.programme[Lane].lane, "")
    at = {(offers[w.offer], lanes[w.lane], w.site): k for k, w in enumerate(network.places.ways)}
    way = ints(at[key] for key in zip(frame["offer"], frame["lane"], frame["site"], strict=True))
    covers = network.permits.buying[:, way]
    released, sent = _numbers(network, frame["release"]), _numbers(network, frame["shipped"])
    return _Sent(frame["order"], frame["quantity"], released, sent, covers, np.zeros_like(covers))


def _moves(network: Network, frame: Frame) -> _Sent:
    lanes, permits = network.programme[Lane].lane, network.permits
    at = {(lanes[lane], item): k for k, (lane, item) in enumerate(network.places.moves)}
    move = ints(at[key] for key in zip(frame["lane"], frame["item"], strict=True))
    sent = _numbers(network, frame["release"])
    asked = np.full(len(move), -1, dtype=np.int64)
    licensing = Licensing(network.programme, network.cells, network.dates)
    for m in np.unique(move).tolist():
        mine = move == m
        asked[mine] = licensing.applied(np.flatnonzero(permits.moving[:, m]).tolist(), sent[mine])
    return _Sent(frame["order"], frame["quantity"], asked, sent, permits.moving[:, move], permits.consents[:, move])


def _standing(network: Network, sent: tuple[_Sent, _Sent], dates: Mapping[str, TaskDates]) -> Iterator[_Row]:
    terms, table = network.permits.terms, network.programme[Licence]
    for e in range(len(terms.licence)):
        k, begin, end = int(terms.licence[e]), int(terms.begin[e]), int(terms.end[e])
        task = dates[table.task[k]]
        granted = max(begin, task.end)
        if max(granted, 0) >= min(end, network.periods.days):
            continue
        mine = [s.covers[k] & (s.day >= begin) & (s.day < end) for s in sent]
        days = np.concatenate([s.day[m] for s, m in zip(sent, mine, strict=True)])
        units = sum(float(s.units[m].sum()) for s, m in zip(sent, mine, strict=True))
        asked = task.start if terms.number[e] == 1 else int(terms.asked[e])
        yield _Row(k, "standing", int(terms.number[e]), "", asked, granted, end, days, units)


def _per_order(network: Network, sent: tuple[_Sent, _Sent]) -> Iterator[_Row]:
    table = network.programme[Licence]
    single = table.kind == "per order"
    taken = np.array([network.cells.daily(table, "processing_days", k) for k in range(len(table))])
    for s in sent:
        days = (taken[:, np.maximum(s.released, 0)] * (s.covers & single[:, None])).sum(axis=0)
        granted = s.released + whole_days(days)
        for k in np.flatnonzero(single).tolist():
            lasts = table.validity_days[k]
            for i in np.flatnonzero(s.covers[k]).tolist():
                end = NEVER if np.isnan(lasts) else int(granted[i] + whole_days([lasts])[0])
                asked, unit = int(s.released[i]), float(s.units[i])
                yield _Row(k, "per order", 1, str(s.order[i]), asked, int(granted[i]), end, s.day[i : i + 1], unit)


def _consents(network: Network, moved: _Sent) -> Iterator[_Row]:
    for k, i in zip(*np.nonzero(moved.consents), strict=True):
        day, ahead = int(moved.day[i]), consent_days(network.programme, int(k))
        sent, unit = moved.day[i : i + 1], float(moved.units[i])
        yield _Row(int(k), "consent", 1, str(moved.order[i]), day - ahead, day, day + 1, sent, unit)


def _numbers(network: Network, days: NDArray[np.datetime64]) -> Ints:
    start = np.datetime64(network.periods.start, "D")
    return np.asarray((days.astype("datetime64[D]") - start).astype(np.int64))


def _days(network: Network, days: list[int | None]) -> NDArray[np.datetime64]:
    """Return days as dates, blank for None."""
    found = network.periods.dates(ints(d or 0 for d in days))
    found[[d is None for d in days]] = np.datetime64("NaT")
    return found
