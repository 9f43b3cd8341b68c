"""What the material of a product costs at least, with and without a rule of origin, and by suppliers of the first day alone. Table `materials`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import texts
from tandemplan.calendar import Periods
from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Offer, Rule
from tandemplan.network.origin import bill_versions, items_below, outside_shares
from tandemplan.network.places import routes_of
from tandemplan.network.windows import origin_rules
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]
Lines = tuple[tuple[str, float], ...]
NONE: Floats = np.zeros((0, 2))
DUST = 1e-9  # share by which a limit may be missed, through rounding
STRAIGHT = 1e-12  # relative: a corner that turns by less is none


def materials(programme: Programme, periods: Periods) -> Frame:
    """Return the cheapest material of one unit of what each rule of origin speaks of. `docs/semantics.md`, Origin."""
    rules = programme[Rule]
    subjects = sorted(origin_rules(programme, soft=True), key=lambda s: (str(rules.rule[s[0]]), s[1]))
    items = {s.item for _, s in subjects}
    bills = _bills(programme, periods, items_below(programme, items))
    first = np.asarray(programme[Offer].qualified, dtype=np.bool_)
    by_all, by_first = (_fronts(_offered(programme, known), bills) for known in (np.ones_like(first), first))
    high = [float(rules.high[k]) for k, _ in subjects]
    said = [
        (*_answers(by_all[s.item], h), *_answers(by_first[s.item], h)) for (_, s), h in zip(subjects, high, strict=True)
    ]
    columns = np.array(said, dtype=np.float64).reshape(-1, 6).T
    names = ("cost", "ruled_cost", "least_share", "day_one_cost", "day_one_ruled_cost", "day_one_least_share")
    return {
        "rule": texts(str(rules.rule[k]) for k, _ in subjects),
        "product": texts(s.item for _, s in subjects),
        "contract": texts(s.contract for _, s in subjects),
        "soft": np.array([bool(rules.soft[k]) for k, _ in subjects], dtype=np.bool_),
        "limit": np.array(high, dtype=np.float64),
        **{n: np.round(c, 6 if "share" in n else 2) for n, c in zip(names, columns, strict=True)},
    }


def _bills(programme: Programme, periods: Periods, items: set[str]) -> Mapping[str, list[Lines]]:
    """Return what a unit of each item can hold that is made: the lines of its bills as they stand on any day of the plan."""
    found: dict[str, list[Lines]] = {i: [] for i in sorted(items)}
    parents = set(programme[BomLine].parent.tolist())
    for item, alternative in sorted({(i, a) for i, _, a in routes_of(programme) if i in items}):
        cuts, standing = bill_versions(programme, periods, item, alternative)
        kept = dict.fromkeys(b.lines for day, b in zip(cuts.tolist(), standing, strict=True) if day < periods.days)
        found[item] += [lines for lines in kept if lines or item not in parents]
    return found


def _offered(programme: Programme, known: NDArray[np.bool_]) -> Mapping[str, Floats]:
    """Return cost, and cost from outside, of a unit by each of the known offers of an item."""
    offers, found = programme[Offer], defaultdict(list)
    outside = offers.unit_price * outside_shares(programme)
    for k in np.flatnonzero(known).tolist():
        found[str(offers.item[k])].append((float(offers.unit_price[k]), float(outside[k])))
    return {item: np.array(pairs) for item, pairs in found.items()}


def _fronts(offered: Mapping[str, Floats], bills: Mapping[str, Sequence[Lines]]) -> Mapping[str, Floats]:
    """Return what a unit of each item can cost, and of that from outside: the corners below all mixes, by rising cost.

    A mix of offers and bills lies between theirs, and what a bill holds is the sum of its lines: so the corners of an item are the lower
    convex hull of those of its offers and bills (Andrew 1979, Another efficient algorithm for convex hulls in two dimensions, Information
    Processing Letters 9(5)), and those of a bill the sum of those of its lines, whose edges follow each other by rising slope (Minkowski).
    """
    fronts: dict[str, Floats] = {}
    parts = {item: [c for lines in found for c, _ in lines] for item, found in bills.items()}
    for item in TopologicalSorter(parts).static_order():
        made = [_sum([fronts[c] * units for c, units in lines]) for lines in bills[item]]
        fronts[item] = _lowest(np.concatenate([offered.get(item, NONE), *made]))
    return fronts


def _sum(fronts: Sequence[Floats]) -> Floats:
    """Return the corners of what holds something of each; none where something cannot be had."""
    if any(len(f) == 0 for f in fronts):
        return NONE
    edges = np.concatenate([NONE, *(np.diff(f, axis=0) for f in fronts)])
    first = np.sum([np.zeros(2), *(f[0] for f in fronts)], axis=0)
    return np.asarray(
        np.cumsum([first, *edges[np.argsort(np.arctan2(edges[:, 1], edges[:, 0]), kind="stable")]], axis=0)
    )


def _lowest(points: Floats) -> Floats:
    """Return the corners of the lower convex hull of points, by rising cost.

    >>> _lowest(np.array([[2.0, 2.0], [4.0, 0.0], [3.0, 2.0], [3.0, 1.0]])).tolist()
    [[2.0, 2.0], [4.0, 0.0]]
    """
    hull: list[list[float]] = []
    for point in points[np.lexsort((points[:, 1], points[:, 0]))].tolist():
        if hull and point[0] == hull[-1][0]:
            continue
        while len(hull) > 1 and not _turns(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return np.array(hull).reshape(-1, 2)


def _turns(a: list[float], b: list[float], c: list[float]) -> bool:
    """Say whether the way from a by b to c turns upwards at b."""
    up, down = (b[0] - a[0]) * (c[1] - a[1]), (b[1] - a[1]) * (c[0] - a[0])
    return up - down > STRAIGHT * (abs(up) + abs(down))


def _answers(front: Floats, limit: float) -> tuple[float, float, float]:
    """Return the least cost, the least cost within a limit on the share from outside, and the least share; nan where there is none.

    >>> _answers(np.array([[2.0, 2.0], [4.0, 0.0]]), 0.5)
    (2.0, 2.6666666666666665, 0.0)
    """
    if not len(front):
        return np.nan, np.nan, np.nan
    cost, outside = front.T
    share = float(np.min(outside / np.where(cost > 0, cost, 1.0)))
    return float(cost[0]), _within(cost, outside - limit * cost), share


def _within(cost: Floats, beyond: Floats) -> float:
    """Return the least cost on the way by corners at which nothing is `beyond` the limit; nan where there is always something."""
    kept = np.flatnonzero(beyond <= DUST * cost)
    if not len(kept):
        return np.nan
    k = int(kept[0])
    if k == 0:
        return float(cost[0])
    part = min(float(beyond[k - 1] / (beyond[k - 1] - beyond[k])), 1.0)
    return float(cost[k - 1] + part * (cost[k] - cost[k - 1]))
