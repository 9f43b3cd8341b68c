"""Result tables of service: deliveries, demand_summary, classes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tandemplan.arrays import sums, texts
from tandemplan.model.schema import Demand
from tandemplan.network.demands import CERTAINTIES
from tandemplan.network.network import Network
from tandemplan.network.places import only_site
from tandemplan.plan.flows import Amounts
from tandemplan.results.store import Frame

Floats = NDArray[np.float64]


def deliveries(network: Network, amounts: Amounts) -> Frame:
    """Return what is delivered, by day, then demand."""
    ways, demands, table = network.delivering, network.demands, network.programme[Demand]
    kept = np.flatnonzero(amounts.deliver > 0)
    order = kept[np.lexsort((demands.names[ways.demand[kept]].astype(str), ways.day[kept]))] if len(kept) else kept
    row = ways.demand[order]
    quantity = amounts.deliver[order]
    return {
        "demand": demands.names[row],
        "contract": table.contract[row],
        "customer": texts(demands.customers)[row],
        "demand_class": demands.demand_class[row],
        "site": network.site[network.demand_node[row]],
        "item": texts(demands.items)[row],
        "quantity": quantity,
        "due": network.periods.dates(demands.due[row]),
        "delivered": network.periods.dates(ways.day[order]),
        "late_days": ways.late[order],
        "damages": np.round(quantity * demands.damages(row, ways.late[order]), 2),
    }


def demand_summary(network: Network, amounts: Amounts) -> Frame:
    """Return what becomes of each demand that counts, by class, due day and name."""
    demands, ways, table = network.demands, network.delivering, network.programme[Demand]
    count = len(demands.quantity)

    def total(values: Floats) -> Floats:
        return sums(ways.demand, values, count)

    on_time = total(np.where(ways.late == 0, amounts.deliver, 0.0))
    late = total(np.where(ways.late > 0, amounts.deliver, 0.0))
    lost = np.round(np.maximum(demands.quantity - on_time - late, 0.0), 6)
    lost = np.where(lost < 1e-5, 0.0, lost)
    last = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    order = np.argsort(ways.day, kind="stable")
    order = order[amounts.deliver[order] > 0]
    last[ways.demand[order]] = network.periods.dates(ways.day[order])
    rows = np.arange(count)
    damages = total(amounts.deliver * demands.damages(ways.demand, ways.late))
    damages = damages + lost * demands.damages(rows, demands.late_if_lost)
    kept = np.flatnonzero(demands.quantity > 0)
    kept = kept[np.lexsort((demands.names[kept].astype(str), demands.due[kept], demands.demand_class[kept]))]
    frame = {
        "demand": demands.names,
        "customer": texts(demands.customers),
        "demand_class": demands.demand_class,
        "certainty": texts([CERTAINTIES[c] for c in demands.certainty]),
        "item": texts(demands.items),
        "site": texts([s or only_site(network.programme) for s in table.site]),
        "quantity": demands.quantity,
        "due": network.periods.dates(demands.due),
        "on_time": on_time,
        "late": late,
        "lost": lost,
        "late_unit_days": total(amounts.deliver * ways.late) + lost * demands.late_if_lost,
        "last_delivery": last,
        "damages": np.round(damages, 2),
        "lost_revenue": np.round(lost * demands.price, 2),
    }
    return {n: v[kept] for n, v in frame.items()}


def values_by_stage(network: Network, summary: Frame) -> dict[tuple[int, str], tuple[float, float]]:
    """Return for each (class, certainty) the weighted unit-days late and the smallest denominator of the gap."""
    weight = dict(zip(network.demands.names, network.demands.weight, strict=True))
    weights = np.array([weight[d] for d in summary["demand"]], dtype=np.float64)
    found: dict[tuple[int, str], tuple[float, float]] = {}
    for demand_class in np.unique(summary["demand_class"]):
        for certainty in CERTAINTIES:
            rows = (summary["demand_class"] == demand_class) & (summary["certainty"] == certainty)
            if rows.any() and summary["quantity"][rows].sum() > 0:
                value = float((weights * summary["late_unit_days"])[rows].sum())
                asked = float((weights * summary["quantity"])[rows].sum())
                found[int(demand_class), certainty] = (value, 1e-3 * asked * network.periods.longest)
    return found


def gap_of(value: float, bound: float, scale: float) -> float:
    """Return (value - bound) / max(value, scale): the gap of a class as the language defines it.

    >>> gap_of(10.0, 9.0, 1.0), gap_of(0.0, 0.0, 5.0)
    (0.1, 0.0)
    """
    below = max(value, scale)
    return (value - bound) / below if below > 0 else 0.0


def classes(network: Network, summary: Frame, bounds: Mapping[tuple[int, str], float]) -> Frame:
    """Return how each class is served; its value and bound are the sums over firm, option and forecast demand.

    Where a class is no objective, its bound is 0: nothing is delivered before it is due.
    """
    stages = values_by_stage(network, summary)
    ranks = np.array(sorted({c for c, _ in stages}), dtype=np.int64)
    columns: dict[str, list[float]] = {n: [] for n in ("value", "bound", "gap")}
    for rank in ranks:
        parts = {k: v for k, v in stages.items() if k[0] == rank}
        value = sum(v for v, _ in parts.values())
        bound = sum(min(bounds.get(k, 0.0), v) for k, (v, _) in parts.items())
        columns["value"].append(value)
        columns["bound"].append(bound)
        columns["gap"].append(gap_of(value, bound, sum(s for _, s in parts.values())))
    served = {
        n: np.array([summary[m][summary["demand_class"] == r].sum() for r in ranks])
        for n, m in (("demanded", "quantity"), ("on_time", "on_time"), ("late", "late"), ("lost", "lost"))
    }
    days = np.array([summary["late_unit_days"][summary["demand_class"] == r].sum() for r in ranks])
    return {"demand_class": ranks, **served, "late_unit_days": days, **{n: np.array(v) for n, v in columns.items()}}
