"""Funding: each pool holds money of one kind, the venture has one, and tranches pay for what there is to pay for."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.model.checks.facts import Facts, Fault, check, listed
from tandemplan.model.schema import Contract, Cost, Item, Tranche
from tandemplan.problems import did_you_mean

SPENDING = ("purchases", "transport", "labour", "training", "capex", "opex")  # beside items and categories of costs


@check("mixed-pool")
def pools_are_of_one_kind(facts: Facts) -> Iterator[Fault]:
    """All tranches of a pool are of one kind, and those of the venture's own cash (kind `company`) are in one pool."""
    table = facts[Tranche]
    kinds: dict[str, str] = {}
    own = ""
    for i, (pool, kind) in enumerate(zip(table.pool.tolist(), table.kind.tolist(), strict=True)):
        first = kinds.setdefault(pool, kind)
        own = own or (pool if kind == "company" else "")
        if kind != first:
            message = f"pool '{pool}' has tranches of the kinds '{first}' and '{kind}'."
            yield Fault(table, i, message, "Give each kind a pool of its own.", ("pool", "kind"))
        elif kind == "company" and pool != own:
            message = f"the venture's cash is in the pools '{own}' and '{pool}'."
            yield Fault(table, i, message, "Its cash is one pool: name the same one.", ("pool", "kind"))


@check("not-a-payer", Tranche)
def contracts_are_paid_by_payers(facts: Facts) -> Iterator[Fault]:
    """The pool that pays for a contract is not the venture's own cash."""
    tranches, table = facts[Tranche], facts[Contract]
    own = {p for p, k in zip(tranches.pool.tolist(), tranches.kind.tolist(), strict=True) if k == "company"}
    for i, pool in enumerate(table.pool.tolist()):
        if pool and pool in own:
            message = f"pool '{pool}' is the venture's own cash; it cannot pay for what the venture delivers."
            yield Fault(table, i, message, "Name the pool of a payer, or leave it blank.", ("pool",))


@check("unknown-name", Item, Cost)
def tranches_pay_for_something(facts: Facts) -> Iterator[Fault]:
    """What a tranche of the venture pays for is a category of spending (of `costs`, or purchases, labour and so on), an item, or a group of items."""
    table, items = facts[Tranche], facts[Item]
    known = {
        *SPENDING,
        *facts[Cost].category.tolist(),
        *items.item.tolist(),
        *(g for gs in items.groups.tolist() for g in gs),
    }
    for i, (kind, words) in enumerate(zip(table.kind.tolist(), table.pays_for.tolist(), strict=True)):
        for word in words if kind == "company" else ():
            if word not in known:
                message = f"pays_for names '{word}', which is no category of spending, item or group of items."
                hint = did_you_mean(word, known) or f"Write a category of costs, an item, or {listed(SPENDING, 'or')}."
                yield Fault(table, i, message, hint, ("pays_for", "kind"))


CHECKS = (pools_are_of_one_kind, contracts_are_paid_by_payers, tranches_pay_for_something)
