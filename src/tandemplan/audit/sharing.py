"""Who shares fairly with whom: customers of one class and certainty that a rule speaks of, and how far each is behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tandemplan.audit.scopes import due_in, names_of
from tandemplan.audit.wanted import Wanted
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Customer, Rule

CERTAINTIES = ("firm", "option", "forecast")
SMALLEST = 1e-3  # of the largest fair share: what a fair share of 0 counts as


@dataclass(frozen=True)
class Sharing:
    """A rule with the demands of each customer of one class and certainty that share by it, and their fair shares."""

    rule: str
    policy: str
    demand_class: int
    certainty: str
    demands: Mapping[str, Sequence[Wanted]]
    shares: Mapping[str, float]

    @property
    def claims(self) -> dict[str, float]:
        """Return what each customer would be late by, in weighted unit-days, if it were given nothing."""
        return {c: sum(d.weight * d.quantity * d.lost_days for d in ds) for c, ds in self.demands.items()}

    def behind(self, value: Mapping[str, float]) -> dict[str, float]:
        """Return how far each customer is behind, from the weighted unit-days by which it is late. `docs/semantics.md`, Sharing."""
        claims, shares = self.claims, self.shares
        if self.policy == "uniform losses":
            largest = max(shares[c] * claims[c] for c in claims)
            return {c: shares[c] * value[c] / largest for c in claims}
        if self.policy == "uniform gains":
            largest = max(claims[c] / shares[c] for c in claims)
            return {c: 1 - (claims[c] - value[c]) / shares[c] / largest for c in claims}
        largest = max(1 / shares[c] for c in claims)
        return {c: 1 - (1 - value[c] / claims[c]) / shares[c] / largest for c in claims}

    def worst(self, value: Mapping[str, float]) -> list[float]:
        """Return how far the customer is behind that is behind most, the two that are behind most together, and so on."""
        apart = sorted(self.behind(value).values(), reverse=True)
        return [sum(apart[: k + 1]) for k in range(len(apart))]


def sharings_of(programme: Programme, wanted: Mapping[str, Wanted]) -> list[Sharing]:
    """Return all that is shared fairly, by class, certainty and rule."""
    if programme.settings.objective == "cost":
        return []
    rules = [r for r in programme[Rule].rows() if r.kind == "fair sharing"]
    kinds = {(d.demand_class, CERTAINTIES.index(d.certainty)) for d in wanted.values()}
    found = []
    for demand_class, certainty in sorted(kinds):
        mine = [d for d in wanted.values() if (d.demand_class, d.certainty) == (demand_class, CERTAINTIES[certainty])]
        for rule in rules:
            by: dict[str, list[Wanted]] = defaultdict(list)
            for d in mine:
                if d.weight > 0 and spoken_of(programme, rule, d):
                    by[d.customer].append(d)
            if len(by) > 1:
                shares = _shares(programme, sorted(by))
                found.append(Sharing(rule.rule, rule.policy, demand_class, CERTAINTIES[certainty], by, shares))
    return found


def spoken_of(programme: Programme, rule: Rule, demand: Wanted) -> bool:
    """Tell whether a demand is due within the dates of a rule, and it or what it is of stands in its scope."""
    named = {demand.item, *names_of(programme, demand)}
    return due_in(rule, demand) and (not rule.scope or not named.isdisjoint(rule.scope))


def _shares(programme: Programme, customers: Sequence[str]) -> dict[str, float]:
    rows = {r.customer: r.fair_share for r in programme[Customer].rows()}
    given = {c: share for c in customers if (share := rows.get(c)) is not None}
    mean = sum(given.values()) / len(given) if given else 0.0
    if mean == 0:
        return dict.fromkeys(customers, 1.0)
    shares = {c: given.get(c, mean) for c in customers}
    return {c: max(s, SMALLEST * max(shares.values())) for c, s in shares.items()}
