"""Which licences and consents goods need on their way, and on which days of dispatch they have them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Licence, Offer, Site, Supplier
from tandemplan.network.cells import Cells, whole_days
from tandemplan.network.consents import bound_items
from tandemplan.network.openings import NEVER, TaskDates
from tandemplan.network.terms import terms_of

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
NO_DAY = -1


class Licensing:
    """Looks up what covers a way, and when; licences are row numbers. `terms` are the times of standing ones.

    `docs/semantics.md`, Licences.
    """

    def __init__(self, programme: Programme, cells: Cells, dates: dict[str, TaskDates]) -> None:
        self.programme, self.cells, self.table = programme, cells, programme[Licence]
        sites, suppliers = programme[Site], programme[Supplier]
        self.site_country = dict(zip(sites.site, sites.country, strict=True))
        self.supplier_country = dict(zip(suppliers.supplier, suppliers.country, strict=True))
        self.terms = terms_of(cells, dates)
        self.bound = bound_items(programme)

    def of_offer(self, offer: int, site: str) -> list[int]:
        """Return the licences that cover what an offer (row number) sends to a site."""
        offers = self.programme[Offer]
        supplier = offers.supplier[offer]
        return self._covering(
            offers.item[offer], {supplier, self.supplier_country.get(supplier, ""), offers.origin_country[offer]}, site
        )

    def of_move(self, item: str, origin: str, to: str) -> list[int]:
        """Return the licences that cover an item on a way from a site to a site."""
        return self._covering(item, {origin, self.site_country.get(origin, "")}, to)

    def consents(self, item: str, origin: str, to: str) -> list[int]:
        """Return the licences whose issuer must consent to each dispatch of an item from a site to a site.

        That is where the item is bound by the licence, a border is crossed, not into a place that it covers nor home to the
        issuer, and no licence of the issuer covers the way.
        """
        table, out, into = self.table, self.site_country.get(origin, ""), self.site_country.get(to, "")
        if out == into or not self.bound:
            return []
        done = {into, *(table.country[k] for k in self.of_move(item, origin, to))} - {""}
        asked = [k for k, bound in self.bound.items() if item in bound and table.country[k] not in done]
        return [k for k in asked if table.to_places[k] and not {to, into} & set(table.to_places[k])]

    def in_force(self, found: list[int], days: Ints) -> Bools:
        """Return on which of some days all standing licences among `found` are in force."""
        good = np.ones(np.shape(days), dtype=np.bool_)
        for k in found:
            if self.table.kind[k] == "standing":
                good &= self.terms.in_force(k, days)
        return good

    def processing(self, found: list[int]) -> NDArray[np.float64]:
        """Return the days that licences per order among `found` take one after another, by day of application."""
        days = np.zeros(self.cells.periods.days)
        for k in found:
            if self.table.kind[k] == "per order":
                days = days + self.cells.daily(self.table, "processing_days", k)
        return days

    def lasts(self, found: list[int]) -> int:
        """Return for how many days the licences per order among `found` are valid: the fewest (NEVER: for good)."""
        each = [self.table.validity_days[k] for k in found if self.table.kind[k] == "per order"]
        return min((int(whole_days([d])[0]) for d in each if not np.isnan(d)), default=NEVER)

    def applied(self, found: list[int], dispatch: Ints) -> Ints:
        """Return the last day on which licences per order can be asked for, to be there on the day of dispatch (NO_DAY: none)."""
        days = np.arange(self.cells.periods.days)
        return latest_before(days + whole_days(self.processing(found)), days, dispatch)

    def permitted(self, item: str, origin: str, to: str, dispatch: Ints) -> Bools:
        """Return on which days of dispatch an item on a way from a site to a site has all that it needs."""
        found = self.of_move(item, origin, to)
        asked = self.applied(found, dispatch)
        granted = asked + whole_days(self.processing(found))[asked]
        good = self.in_force(found, dispatch) & (asked >= 0) & (dispatch < granted + self.lasts(found))
        for k in self.consents(item, origin, to):
            good &= dispatch >= self._granted_first(k) + consent_days(self.programme, k)
        return good

    def _granted_first(self, licence: int) -> int:
        """Return the day from which consents can be asked for: when the licence was granted first, or the plan's start."""
        if self.table.kind[licence] == "per order":
            return 0
        return max(int(self.terms.begin[self.terms.licence == licence].min(initial=NEVER)), 0)

    def _covering(self, item: str, origins: set[str], to: str) -> list[int]:
        table, starts, ends = self.table, origins - {""}, {to, self.site_country.get(to, "")} - {""}
        return [
            k
            for k in range(len(table))
            if (not table.items[k] or item in table.items[k])
            and (not table.from_places[k] or starts & set(table.from_places[k]))
            and (not table.to_places[k] or ends & set(table.to_places[k]))
        ]


def consent_days(programme: Programme, licence: int) -> int:
    """Return for how many days ahead a consent is asked for: as many as the licence takes by its table."""
    return int(whole_days([programme[Licence].processing_days[licence]])[0])


def latest_before(ready: Ints, asked: Ints, wanted: Ints) -> Ints:
    """Return for each wanted day the latest of the days `asked` whose outcome is ready by then (NO_DAY: none).

    `ready` is the day of the outcome for every day of the plan as day of asking.

    >>> latest_before(np.array([2, 2, 3, 7]), np.array([0, 1, 2, 3]), np.array([0, 2, 3])).tolist()
    [-1, 1, 2]
    """
    latest = np.full(len(ready), NO_DAY, dtype=np.int64)
    asked = asked[ready[asked] < len(ready)]
    np.maximum.at(latest, ready[asked], asked)
    latest = np.maximum.accumulate(latest)
    return latest[wanted]
