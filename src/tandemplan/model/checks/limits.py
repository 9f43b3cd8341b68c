"""Rules on the whole: the numbers that each kind needs, and what their scope names."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tandemplan.model.checks.facts import Facts, Fault, check, listed
from tandemplan.model.schema import TABLES, Contract, Customer, Kind, Risk, Rule, Tranche
from tandemplan.problems import did_you_mean

_NEEDS = {
    "origin share": ("high",),
    "subcontract share": ("high",),
    "host content": ("low",),
    "minimum allocation": ("low",),
    "budget": ("high",),
    "least cash": ("low",),
    "rolling hours": ("high", "window_days"),
    "stock cover": ("low",),
    "fewest sources": ("low",),
    "source share": ("high",),
    "country concentration": ("high",),
    "service level": ("low",),
    "fence": ("window_days",),
}
_SHARES = (
    "origin share",
    "subcontract share",
    "work share",
    "host content",
    "source share",
    "country concentration",
    "service level",
)
_POLICIES = ("proportional", "uniform gains", "uniform losses")
_ALLOCATED = ("share", "units")
_NAMED = (
    "items",
    "contracts",
    "customers",
    "skills",
    "work_centres",
    "tools",
    "partners",
    "suppliers",
    "countries",
    "sites",
    "offers",
)


@check("rule-incomplete")
def rules_say_enough(facts: Facts) -> Iterator[Fault]:
    """A rule gives the numbers that its kind needs: a most (high), a least (low), a window; a sharing rule, a policy."""
    table = facts[Rule]
    for i, kind in enumerate(table.kind.tolist()):
        for column in _NEEDS.get(kind, ()):
            if np.isnan(table.columns[column][i]):
                message = f"{column} is blank; a rule of kind '{kind}' needs it."
                yield Fault(table, i, message, "", ("kind", column))
        if kind == "fair sharing" and table.policy[i] not in _POLICIES:
            message = f"policy is '{table.policy[i]}'; it must be {listed(_POLICIES, 'or')}."
            yield Fault(table, i, message, did_you_mean(table.policy[i], _POLICIES), ("kind", "policy"))
        if kind == "minimum allocation":
            if table.policy[i] not in _ALLOCATED:
                message = f"policy is '{table.policy[i]}'; it must be {listed(_ALLOCATED, 'or')}."
                yield Fault(table, i, message, did_you_mean(table.policy[i], _ALLOCATED), ("kind", "policy"))
            if set(table.scope[i]) <= facts.names["items"]:
                message = "scope names nobody; a rule of kind 'minimum allocation' favours contracts, customers, groups or classes."
                yield Fault(table, i, message, "", ("kind", "scope"))


@check("share-out-of-range")
def shares_are_fractions(facts: Facts) -> Iterator[Fault]:
    """The numbers of a rule about shares lie between 0 and 1."""
    table = facts[Rule]
    for i, kind in enumerate(table.kind.tolist()):
        for column in ("low", "high"):
            value = table.columns[column][i]
            if (kind in _SHARES or (kind == "minimum allocation" and table.policy[i] == "share")) and not (
                np.isnan(value) or 0 <= value <= 1
            ):
                message = f"{column} is {value:g}; a rule of kind '{kind}' limits a share, from 0 to 1."
                yield Fault(table, i, message, "Shares are fractions: write 0.35 for 35 %.", ("kind", column))


@check("unknown-name", Tranche)
def scopes_name_what_is_there(facts: Facts) -> Iterator[Fault]:
    """The scope of a rule names items, contracts, customers, classes (`class 2`), resources, partners, places, groups of these or pools."""
    table = facts[Rule]
    if any(name in facts.doubts.tables or facts.doubts.keys(name) for name in _NAMED):
        return
    known = frozenset().union(*(facts.names[name] for name in _NAMED), _groups(facts), _classes(facts), _pools(facts))
    for i, scope in enumerate(table.scope.tolist()):
        for name in scope:
            if name not in known:
                message = (
                    f"scope '{name}' is no item, contract, customer, class, resource, partner, place, group or pool."
                )
                yield Fault(table, i, message, did_you_mean(name, known), ("scope",))


CHECKS = (rules_say_enough, shares_are_fractions, scopes_name_what_is_there)


def _groups(facts: Facts) -> set[str]:
    """Return the groups of items, customers, suppliers, countries and risks."""
    found = set(facts[Risk].group.tolist()) - {""}
    for row_class in TABLES.values():
        column = row_class.DESCRIPTION.column("groups")
        if column is not None and column.kind is Kind.NAMES:
            found.update(g for groups in facts[row_class].columns["groups"] for g in groups)
    return found


def _classes(facts: Facts) -> set[str]:
    return {"class 1", *(f"class {int(c)}" for c in facts[Customer].demand_class.tolist() if c == c)}  # noqa: PLR0124


def _pools(facts: Facts) -> set[str]:
    return {*facts[Tranche].pool.tolist(), *facts[Contract].pool.tolist()} - {""}
