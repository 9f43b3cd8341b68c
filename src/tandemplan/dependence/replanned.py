"""How much a plan depends on each source where planners react: what is late if it is lost for its time to recover and everything is planned anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from tandemplan.arrays import texts
from tandemplan.dependence.measures import EVERY_DAYS
from tandemplan.dependence.sources import COUNTRY, CROSSING, LANE, PART, SITE, SUPPLIER, Bools, Source, sources_of
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Lane, Offer, OpenOrder, Site, Supplier
from tandemplan.network.network import Network
from tandemplan.plan.lost import Lost, Worse, worse_by
from tandemplan.plan.standing import standing
from tandemplan.results.dependence_shape import REPLANNED
from tandemplan.results.store import Frame, Run

LEAST = 0.01  # unit-days that are more than what tables round away


class OutsideError(ValueError):
    """Raised for a day of loss that is not within the plan."""


def replanned(
    programme: Programme,
    run: Run,
    kinds: Sequence[str],
    *,
    every_days: int = EVERY_DAYS,
    first: date | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Frame:
    """Return what is late if each source of some kinds is lost for its time to recover and everything is planned anew: the columns of `REPLANNED`.

    Losses begin on the plan's start and every so many days, or on one day alone; of each source the worst is told, most unit-days first. The risk
    exposure index is that of Simchi-Levi et al. 2015, Identifying risks and mitigating disruptions in the automotive supply chain, Interfaces 45(5):
    the harm of a loss for the time to recover as a share of the largest. Sources without a time to recover are left out. `worse_by` says what is
    planned anew; `workers` are processes (0: this one). Raises NoPlanError where
    the tables are no plan of the programme, OutsideError for a day outside it, SolverStoppedError where processes are killed again and again.
    """
    plan = standing(run, programme)
    periods = plan.model.network.periods
    days = np.arange(0, periods.days, every_days) if first is None else np.array([periods.day(first)])
    if not 0 <= days[0] < periods.days:
        raise OutsideError(f"{first} is no day of the plan")
    found, _ = sources_of(programme, run)
    sources = [s for s in found if s.kind in kinds and s.recover_days > 0]
    through = Through(plan.model.network)
    losses = [through.lost(s, float(day)) for s in sources for day in days.tolist()]
    worse = worse_by(plan, losses, workers=workers, progress=lambda done: progress(done, len(losses)))
    each = [worse[k * len(days) : (k + 1) * len(days)] for k in range(len(sources))]
    rows = [_told(s, mine, days.tolist(), programme) for s, mine in zip(sources, each, strict=True)]
    most = max((r["late_unit_days"] for r in rows if r["late_unit_days"] > 0), default=1.0)
    for row in rows:
        row["exposure_index"] = round(row["late_unit_days"] / most, 6)
    rows.sort(key=lambda r: (-np.nan_to_num(r["late_unit_days"], nan=np.inf), r["kind"], r["name"]))
    return {n: _column([r[n] for r in rows], n) for n in REPLANNED.names}


def _told(source: Source, worse: Sequence[Worse], days: Sequence[int], programme: Programme) -> dict[str, Any]:
    """Return the row of a source: its worst loss."""
    harm = np.array([w.unit_days.sum() if w.planned else np.nan for w in worse])
    k = int(np.argmax(np.nan_to_num(harm, nan=-1.0)))
    late = bool(harm[k] >= LEAST)
    one, start = worse[k], programme.settings.start
    return {
        "kind": source.kind,
        "name": source.name,
        "recover_days": source.recover_days,
        "late_unit_days": round(float(harm[k]), 2) if late or np.isnan(harm[k]) else 0.0,
        "late_units": round(float(one.units.sum()), 3) if late else 0.0,
        "lost_units": round(float(one.lost.sum()), 3) if late else 0.0,
        "by_class": "; ".join(_class(one, c) for c in range(len(one.classes)) if one.units[c] >= LEAST) if late else "",
        "late_from": np.datetime64(start, "D") + np.timedelta64(days[k], "D") if late else np.datetime64("NaT", "D"),
        "survive_days": min((w.survives for w, h in zip(worse, harm, strict=True) if h >= LEAST), default=np.nan),
        "without": one.without,
    }


def _class(worse: Worse, c: int) -> str:
    units, lost = (f"{n:,.1f}".removesuffix(".0") for n in (worse.units[c], worse.lost[c]))
    return f"class {worse.classes[c]}: {units} units" + (f", {lost} of them never" if worse.lost[c] >= LEAST else "")


def _column(values: list[Any], name: str) -> Any:
    if name in ("kind", "name", "by_class", "without"):
        return texts(values)
    return np.array(values, dtype="datetime64[D]" if name == "late_from" else np.float64)


class Through:
    """What goes through each source: ways to buy, routes and moves of a network, used or not, and open orders."""

    def __init__(self, network: Network) -> None:
        programme, places = network.programme, network.places
        offers, lanes = programme[Offer], programme[Lane]
        home = dict(zip(programme[Supplier].supplier.tolist(), programme[Supplier].country.tolist(), strict=True))
        land = dict(zip(programme[Site].site.tolist(), programme[Site].country.tolist(), strict=True))
        seller = offers.supplier.tolist()
        origin = [o or home.get(s, "") for o, s in zip(offers.origin_country.tolist(), seller, strict=True)]
        border = [*lanes.crossing.tolist(), ""]
        names = [*lanes.lane.tolist(), ""]
        row = {o: k for k, o in enumerate(offers.offer.tolist())}
        lane = {n: k for k, n in enumerate(lanes.lane.tolist())}
        orders = programme[OpenOrder]

        def bought(ways: Sequence[tuple[int, int, str, str]]) -> dict[str, list[Any]]:
            return {
                SUPPLIER: [texts(seller[o] if o >= 0 else "" for o, _, _, _ in ways)],
                COUNTRY: [
                    texts(home.get(seller[o], "") if o >= 0 else "" for o, _, _, _ in ways),
                    texts(origin[o] if o >= 0 else "" for o, _, _, _ in ways),
                ],
                PART: [texts(i for _, _, i, _ in ways)],
                SITE: [texts(s for _, _, _, s in ways)],
                CROSSING: [texts(border[n] for _, n, _, _ in ways)],
                LANE: [texts(names[n] for _, n, _, _ in ways)],
            }

        self.buy = bought([(w.offer, w.lane, offers.item[w.offer], w.site) for w in places.ways])
        each = zip(orders.offer.tolist(), orders.lane.tolist(), orders.item.tolist(), orders.site.tolist(), strict=True)
        self.orders = bought([(row.get(o, -1), lane.get(n, -1), i, s) for o, n, i, s in each])
        made = texts(s for _, s, _ in places.routes)
        self.make = {SITE: [made], COUNTRY: [texts(land.get(s, "") for s in made.tolist())]}
        sent, to = (texts(c[n] for n, _ in places.moves) for c in (lanes.from_place, lanes.to_site))
        self.move = {
            LANE: [texts(names[n] for n, _ in places.moves)],
            CROSSING: [texts(border[n] for n, _ in places.moves)],
            SITE: [sent, to],
            COUNTRY: [texts(land.get(s, "") for s in sent.tolist())],
        }
        self.sizes = len(places.ways), len(places.routes), len(places.moves), len(orders)

    def lost(self, source: Source, first: float) -> Lost:
        """Return what goes with a source from a day on."""

        def through(columns: dict[str, list[Any]], size: int) -> Bools:
            found = np.zeros(size, dtype=bool)
            for column in columns.get(source.kind, ()):
                found |= column == source.name
            return found

        parts = (self.buy, self.make, self.move, self.orders)
        buy, make, move, orders = (through(c, n) for c, n in zip(parts, self.sizes, strict=True))
        return Lost(buy, make, move, orders, first, source.recover_days)
