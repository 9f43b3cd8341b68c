"""The result tables `origin` and `origin_parts`: shares against limits, and what is inside the units that count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.network.network import Network
from tandemplan.network.origin import Origin, Source, counted_for, origin_of
from tandemplan.network.windows import Evidence
from tandemplan.plan.flows import SMALLEST
from tandemplan.plan.variables import Variables
from tandemplan.results.store import Frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MADE = "made"


def origin_tables(network: Network, variables: Variables, x: Floats) -> dict[str, Frame]:
    """Return the certificate of origin of a plan, by rule, subject and evidence, and all parts of what counts, by window."""
    origin = origin_of(network)
    if origin is None:
        return {"origin": _shares(network, [], {}), "origin_parts": _parts(network, None, np.zeros((0, 1)))}
    columns = variables.inside[:, origin.last]
    units = np.where(columns >= 0, np.round(np.append(x, 0.0)[columns], 6), 0.0)
    units = np.where(units > SMALLEST, units, 0.0)
    found = {e: _sums(origin, units, e) for e in origin.evidence}
    return {
        "origin": _shares(network, list(origin.evidence), found),
        "origin_parts": _parts(network, origin, units),
    }


def _costs(origin: Origin, units: Floats) -> tuple[Floats, Floats]:
    """Return what parts cost in all, and what of it is from outside, in cents as printed."""
    cost = units * origin.price[:, None]
    return np.round(cost, 2), np.round(cost * origin.share[:, None], 2)


def _sums(origin: Origin, units: Floats, evidence: Evidence) -> tuple[float, float, float, float]:
    """Return units that counted by the day of an evidence, what their components cost, what of it is from outside, and its share: of amounts as printed."""
    inside = origin.inside(evidence.subject)[:, None] & (origin.last <= evidence.last)[None, :]
    whole = np.array([origin.item[c] == evidence.subject.item for c in origin.part_content.tolist()], dtype=bool)
    cost, outside = _costs(origin, units)
    spent, beyond = float(cost[inside].sum()), float(outside[inside].sum())
    return float(units[whole][inside[whole]].sum()), spent, beyond, beyond / spent if spent > 0 else 0.0


def _shares(
    network: Network, evidence: list[Evidence], found: dict[Evidence, tuple[float, float, float, float]]
) -> Frame:
    evidence = sorted(evidence, key=lambda e: (e.rule, e.subject, e.day))
    units, cost, outside, share = (np.array([found[e][k] for e in evidence], dtype=np.float64) for k in range(4))
    high = np.array([e.high for e in evidence], dtype=np.float64)
    return {
        "rule": texts(e.rule for e in evidence),
        "product": texts(e.subject.item for e in evidence),
        "contract": texts(e.subject.contract for e in evidence),
        "evidence": network.periods.dates(np.array([e.day for e in evidence], dtype=np.int64)),
        "units": np.round(units, 6),
        "eligible_cost": np.round(cost - outside, 2),
        "other_cost": np.round(outside, 2),
        "share": np.round(share, 4),
        "limit": high,
        "margin": np.round(high * cost - outside, 2) + 0.0,  # no -0
    }


def _parts(network: Network, origin: Origin | None, units: Floats) -> Frame:
    part, window = np.nonzero(units)
    said = [] if origin is None else [_said(origin, p) for p in part.tolist()]
    order = sorted(range(len(part)), key=lambda k: (int(window[k]), *said[k][:5]))
    rows, part, window = [said[k] for k in order], part[order], window[order]
    cost, outside = (np.zeros(units.shape), np.zeros(units.shape)) if origin is None else _costs(origin, units)
    nothing = np.zeros(len(units))
    price, share = (nothing, nothing) if origin is None else (origin.price, origin.share)
    last = np.zeros(0, dtype=np.int64) if origin is None else origin.last[window]
    bill = np.array([r[4] for r in rows], dtype=np.int64)
    return {
        "window_end": network.periods.dates(network.periods.starts[last] + network.periods.lengths[last] - 1),
        **{name: texts(str(r[k]) for r in rows) for k, name in enumerate(("counts_for", "item", "kind", "source"))},
        "bill_from": np.where(bill >= 0, network.periods.dates(np.maximum(bill, 0)), np.datetime64("NaT", "D")),
        "quantity": units[part, window],
        "unit_price": price[part],
        "third_country_share": share[part],
        "cost": cost[part, window],
        "other_cost": outside[part, window],
    }


def _said(origin: Origin, part: int) -> tuple[str, str, str, str, int]:
    """Return of a part what it counts for, its item, kind and source, and the day of its bill (-1: it is not made)."""
    lot, content = int(origin.part_lot[part]), int(origin.part_content[part])
    who, item = counted_for(origin.group[content]), origin.item[content]
    found: Source | None = origin.sources[lot] if lot < len(origin.sources) else None
    if found is not None:
        return who, item, found.kind, found.name, -1
    bill = origin.recipes[lot - len(origin.sources)]
    return who, item, MADE, bill.name, bill.first
