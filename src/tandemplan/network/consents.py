"""Goods that may cross further borders only with the consent of who licensed them, or what they are made of."""

from __future__ import annotations

from collections import defaultdict

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Licence, Offer, Supplier


def bound_items(programme: Programme) -> dict[int, frozenset[str]]:
    """Return for each licence with consent (row number) the items that it covers, and all that a bill leads to from them.

    A licence that lists no items covers those of the offers that start at its `from_places`. `docs/semantics.md`, Licences.
    """
    bom, licences = programme[BomLine], programme[Licence]
    parents: dict[str, set[str]] = defaultdict(set)
    for parent, component in zip(bom.parent, bom.component, strict=True):
        parents[component].add(parent)
    found = {}
    for k in licences.reexport_consent.nonzero()[0].tolist():
        listed: list[str] = list(licences.items[k])
        waiting = listed or _sold_from(programme, licences.from_places[k])
        reached: set[str] = set()
        while waiting:
            item = waiting.pop()
            if item not in reached:
                reached.add(item)
                waiting += parents[item]
        found[k] = frozenset(reached)
    return found


def _sold_from(programme: Programme, places: tuple[str, ...]) -> list[str]:
    offers, suppliers = programme[Offer], programme[Supplier]
    country = dict(zip(suppliers.supplier, suppliers.country, strict=True))
    starts = ({s, country.get(s, ""), c} for s, c in zip(offers.supplier, offers.origin_country, strict=True))
    return [str(i) for i, start in zip(offers.item, starts, strict=True) if not places or start & set(places)]
