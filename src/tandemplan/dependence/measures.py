"""How much a plan depends on each source: what it buys there, what nobody else sells, what stops without it, and after how long."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tandemplan.arrays import Floats, texts
from tandemplan.calendar import Periods, cut
from tandemplan.dependence.harm import Harm, harm_of
from tandemplan.dependence.losses import FOR_EVER, Losses, losses_of
from tandemplan.dependence.sources import PART, Names, Source, Ways, sources_of
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Offer, Supplier
from tandemplan.results.dependence_shape import DEPENDENCE
from tandemplan.results.shape import PURCHASES
from tandemplan.results.store import Frame, Run

EVERY_DAYS = 91  # between the days from which on each source is lost


def dependence(programme: Programme, run: Run, every_days: int = EVERY_DAYS) -> Frame:
    """Return how much a plan depends on each source, most exposed first: the columns of `DEPENDENCE`.

    Losses begin on the plan's start and every so many days; of each source the worst is told. Nobody plans anew: what is bought, made and moved
    stays as planned and only waits for what is missing. Time to survive, time to recover and risk exposure index after Simchi-Levi et al.
    2015, Identifying risks and mitigating disruptions in the automotive supply chain, Interfaces 45(5).
    """
    settings = programme.settings
    assert settings.start is not None
    periods = cut(settings.start, settings.periods)
    sources, ways = sources_of(programme, run)
    losses = losses_of(sources, np.arange(0, periods.days, every_days))
    harm = harm_of(programme, run, sources, losses, periods)
    found = {**_bought(programme, run, sources, ways), **_stops(sources, losses, harm, periods)}
    order = np.lexsort(
        (
            texts(s.name for s in sources).astype(str),
            -found["value"],
            -found["units"],
            -np.nan_to_num(found["exposure_index"], nan=-1),
        )
    )
    return {n: found[n][order] for n in DEPENDENCE.names}


def _bought(programme: Programme, run: Run, sources: Sequence[Source], ways: Ways) -> Frame:
    """Return what is bought through each source: value, origin, parts that come from nowhere else, concentration."""
    frame, offers = run[PURCHASES], programme[Offer]
    share = dict(zip(offers.offer.tolist(), np.nan_to_num(offers.third_country_share).tolist(), strict=True))
    outside = np.array([share.get(o, 0.0) for o in frame["offer"].tolist()], dtype=np.float64)
    cost, item, supplier = frame["cost"], frame["item"], frame["supplier"]
    origin = texts(_origins(programme).get(o, "") for o in frame["offer"].tolist())
    total = float(cost.sum())
    rows = []
    for source in sources:
        mine, spent = source.purchases, float(cost[source.purchases].sum())
        parts = np.unique(item[mine].astype(str))
        alone = _alone(parts, item[~mine]), _alone(parts, ways.item[~source.ways])
        if source.kind == PART:
            sold = supplier[mine], ways.supplier[ways.item == source.name]
            alone = int(len(set(sold[0].tolist())) == 1), int(len(set(sold[1].tolist())) == 1)
        third = _share(float((cost * outside)[mine].sum()), spent)
        spread = _concentration(supplier[mine], cost[mine]), _concentration(origin[mine], cost[mine])
        rows.append((spent, _share(spent, total), third, len(parts), *alone, *spread))
    names = (
        "value",
        "share",
        "third_country_share",
        "parts",
        "only_in_plan",
        "only_in_programme",
        "supplier_hhi",
        "country_hhi",
    )
    columns = np.array(rows, dtype=np.float64).reshape(-1, len(names)).T
    counts = ("parts", "only_in_plan", "only_in_programme")
    found = {n: c.astype(np.int64) if n in counts else c for n, c in zip(names, columns, strict=True)}
    return {"kind": texts(s.kind for s in sources), "name": texts(s.name for s in sources), **found}


def _alone(parts: Names, elsewhere: Names) -> int:
    """Return how many of some parts are not among those that come from elsewhere."""
    return len(set(parts.tolist()) - set(elsewhere.tolist()))


def _origins(programme: Programme) -> dict[str, str]:
    """Return the country where the goods of each offer originate."""
    home = dict(zip(programme[Supplier].supplier.tolist(), programme[Supplier].country.tolist(), strict=True))
    offers = programme[Offer]
    rows = zip(offers.offer.tolist(), offers.origin_country.tolist(), offers.supplier.tolist(), strict=True)
    return {o: c or home.get(s, "") for o, c, s in rows}


def _share(part: float, total: float) -> float:
    return round(part / total, 6) if total > 0 else 0.0


def _concentration(names: Names, cost: Floats) -> float:
    """Return the sum of squared shares of some names in a cost: 1 where it is all one's (Herfindahl and Hirschman)."""
    total = float(cost.sum())
    if not total > 0:
        return np.nan
    _, of = np.unique(names.astype(str), return_inverse=True)
    return round(float(((np.bincount(of, cost) / total) ** 2).sum()), 6)


def _stops(sources: Sequence[Source], losses: Losses, harm: Harm, periods: Periods) -> Frame:
    """Return what stops without each source: for good from the start, how long nothing does, and for its time to recover."""
    count = len(sources)
    needed, demands = np.zeros(count), np.zeros(count, dtype=np.int64)
    survive, survive_from = np.full(count, np.nan), np.full(count, np.datetime64("NaT", "D"))
    hurt = {n: np.full(count, np.nan) for n in ("recover_days", "late_unit_days", "late_units", "late_demands")}
    since = np.full(count, np.datetime64("NaT", "D"))
    for k, source in enumerate(sources):
        mine = losses.source == k
        good = np.flatnonzero(mine & (losses.days == FOR_EVER))
        needed[k], demands[k] = harm.units[good[0]], harm.demands[good[0]]
        lasts = harm.missed[good] - losses.first[good]
        if np.isfinite(lasts).any():
            worst = int(np.argmin(lasts))
            survive[k], survive_from[k] = lasts[worst], _date(periods, losses.first[good[worst]])
        short = np.flatnonzero(mine & (losses.days != FOR_EVER))
        if len(short):
            worst = short[int(np.argmax(harm.unit_days[short]))]
            values = source.recover_days, harm.unit_days[worst], harm.units[worst], harm.demands[worst]
            for column, value in zip(hurt.values(), values, strict=True):
                column[k] = value
            since[k] = _date(periods, losses.first[worst]) if harm.unit_days[worst] > 0 else since[k]
    most = float(np.nanmax(hurt["late_unit_days"], initial=0.0))
    index = hurt["late_unit_days"] / most if most > 0 else hurt["late_unit_days"]
    return {
        "units": needed,
        "demands": demands,
        "survive_days": survive,
        "survive_from": survive_from,
        **hurt,
        "late_from": since,
        "exposure_index": np.round(index, 6),
    }


def _date(periods: Periods, day: float) -> np.datetime64:
    return np.datetime64(periods.start, "D") + np.timedelta64(int(day), "D")
