"""What a plan does not count yet, said in words wherever a programme asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.model.phrases import kept_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    Contract,
    Customer,
    Demand,
    Item,
    Lane,
    Offer,
    Operation,
    Partner,
    Row,
    Rule,
    Site,
    Stock,
    Supplier,
    Task,
    Tool,
    Tranche,
)
from tandemplan.model.tables import Table, only_default
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.network.sharing import groups_of
from tandemplan.network.sourcing import KINDS as SOURCING
from tandemplan.network.value_added import KINDS as WORK
from tandemplan.network.value_added import bands_of
from tandemplan.network.windows import origin_rules, unknown_scopes
from tandemplan.plan.dated_notes import early_money, rules_without_a_day
from tandemplan.results.pieces import fractions
from tandemplan.results.store import Frame


@dataclass(frozen=True)
class Note:
    """What a plan does not count, in words; `hopeful` where counting it can only make deliveries fewer or later."""

    text: str
    hopeful: bool = False


@dataclass(frozen=True)
class Uncounted:
    """Cells that plans do not obey yet: a note is due where one of `columns` (none: any row) says more than its default.

    `hopeful` is that of the note: limits that are not kept are, and so are losses of time and of units that are not counted.
    """

    row_class: type[Row]
    columns: tuple[str, ...]
    note: str
    hopeful: bool = False


# The weightiest first: reports name the first few in words.
UNCOUNTED = (
    Uncounted(Tool, ("supplier",), "Tools held by suppliers do not limit what they send.", hopeful=True),
    Uncounted(Customer, ("fill_rate_share",), "Fill rates of customers are not sought yet."),
    Uncounted(Demand, ("group",), "Demands of a group may be delivered apart.", hopeful=True),
    Uncounted(Offer, ("price_breaks",), "Price breaks are not counted: units cost the full price."),
    Uncounted(
        Operation,
        ("transfer",),
        "Steps of one lot may run in the same period: transfers do not delay it.",
        hopeful=True,
    ),
    Uncounted(Item, ("shelf_life_days",), "Shelf life is not a limit yet.", hopeful=True),
    Uncounted(Stock, ("expiry",), "Stock on hand does not expire.", hopeful=True),
    Uncounted(Site, ("receiving_lines_per_week",), "Order lines received in a week are not limited.", hopeful=True),
)
# Terms that shape a plan where money is a limit; elsewhere they do not.
TERMS = (
    Uncounted(Contract, ("advance_share", "payment_days"), "Advances and terms of payment do not shape the plan: no money is limited."),
    Uncounted(Supplier, ("prepayment_share", "payment_days"), "Prepayments and terms of suppliers do not shape the plan: the venture's money is no limit."),
)  # fmt: skip


# Kinds of rules that plans keep, or seek; a report is no limit.
KEPT = (
    "rolling hours", "fair sharing", "minimum allocation", "class order", "origin share", "least cash", *WORK, *SOURCING, "report",
)  # fmt: skip
SHARES = "Fair shares of customers count only where a rule of fair sharing asks for it, and the objective is not cost."
SOFT = {
    "rolling hours": "Soft limits on rolling hours are not sought yet.",
    "minimum allocation": "Soft minimum allocations are not sought yet.",
    "origin share": "Soft limits on shares of origin are not sought yet.",
    "least cash": "Soft limits on cash are not sought yet.",
    **dict.fromkeys(WORK, "Soft limits on work-share are reported, not sought."),
    **dict.fromkeys(SOURCING, "Soft limits on sources, subcontractors and countries are reported, not sought."),
}
UNRULED = "Work-shares of partners limit nothing: no rule of work-share names them."
WHOLE = (
    "Limits on work-share and on sourcing hold over the whole plan: dates and windows of these rules are not obeyed."
)
BARE = "Third-country shares that tranches accept limit nothing that no rule of origin limits."
CARRIAGE = "Cash is not kept for the cost of shipments: it may be lower by that."
NEEDS = "Conditions on shares that end a task are not checked: such tasks take their mean durations, or end with what else they need."
SHOP = "{} are not planned: a plan counts operations, offers and lanes; `schedule` reads processes."
CLASSES = "Classes that demands name themselves are not counted by plans, only those of customers."
SCHEDULED = ("processes", "process_flows", "process_loads", "process_waits", "process_orders", "calendar_hours")
NOTHING: Mapping[str, Sequence[str]] = {}
WEIGHTS = "Weights of demands differ by more than a factor of 100,000: the smallest may count as nothing."


def notes_of(
    network: Network,
    frames: Mapping[str, Frame],
    *,
    relaxed: Mapping[str, Sequence[str]] = NOTHING,
    roughly: bool = False,
) -> list[Note]:
    """Return what the plan in these tables does not count, in words, the weightiest first; `roughly`: its model leaves shipments out."""
    money = money_of(network)
    free = TERMS if not money.pools else TERMS[1:] if money.company < 0 else ()
    found = [*_shop(network.programme), *(Note(text) for text in network.cells.not_obeyed())]
    found += [*_rules(network.programme[Rule])]
    found += [Note(u.note, u.hopeful) for u in (*UNCOUNTED, *free) if _says(network, u)]
    if money.company >= 0 and roughly and (network.programme[Lane].shipment_cost > 0).any():
        found.append(Note(CARRIAGE, hopeful=True))
    rules = network.programme[Rule]
    found += [Note(t) for t in dict.fromkeys(t for k, t in SOFT.items() if ((rules.kind == k) & rules.soft).any())]
    found += [Note(text, hopeful=True) for text in (*early_money(network), *rules_without_a_day(network))]
    found += [*_origin(network.programme), *_shares(network.programme)]
    if not groups_of(network) and not only_default(network.programme[Customer], "fair_share"):
        found.append(Note(SHARES))
    tasks = network.programme[Task].rows()
    if any(len(kept_needs(t.needs)) < len(t.needs) and t.finished is None for t in tasks):
        found.append(Note(NEEDS))
    found += [Note(text) for text in network.choices.left_alone]
    found += _relaxed(relaxed)
    found += _fractions(network.programme, frames)
    weights = network.demands.weight[(network.demands.quantity > 0) & (network.demands.weight > 0)]
    if len(weights) and weights.max() > 1e5 * weights.min():
        found.append(Note(WEIGHTS))
    return found


def _shop(programme: Programme) -> list[Note]:
    """Return notes on what schedules alone count."""
    there = [name for name in SCHEDULED if len(programme.tables.get(name, ()))]
    found = [Note(SHOP.format(f"The rows of {', '.join(there)}"))] if there else []
    own = ~np.isnan(programme[Demand].demand_class)
    return [*found, Note(CLASSES)] if own.any() else found


def _rules(table: Table[Rule]) -> list[Note]:
    """Return a note that names the kinds of rules that are there and that plans do not keep yet."""
    kinds = list(dict.fromkeys(k for k in table.kind.astype(str).tolist() if k not in KEPT))
    named = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    kind = "kinds" if len(kinds) > 1 else "kind"
    return [Note(f"Rules of the {kind} {named} are not limits yet.", hopeful=True)] if kinds else []


def _origin(programme: Programme) -> list[Note]:
    """Return notes on what of origin is no limit: names in the scope of a rule that it cannot speak of, and tranches without a rule."""
    names = unknown_scopes(programme)
    found = (
        [Note(f"Rules of origin limit items, groups of items and contracts, not {', '.join(names)}.", True)]
        if names
        else []
    )
    asked = not np.isnan(programme[Tranche].third_country_share.astype(np.float64)).all()
    return [*found, Note(BARE, hopeful=True)] if asked and not any(origin_rules(programme)) else found


def _shares(programme: Programme) -> list[Note]:
    """Return notes on what of work-share and sourcing is no limit: partners without a rule, and days of rules."""
    table, partners = programme[Rule], programme[Partner]
    named = {b.partner for b in bands_of(programme)}
    asked = set(np.flatnonzero(~np.isnan(partners.work_share.astype(np.float64))).tolist())
    found = [Note(UNRULED, hopeful=True)] if asked - named else []
    mine = np.isin(table.kind.astype(str), (*WORK, *SOURCING)) & ~table.soft
    dated = ~np.isnat(table.from_date) | ~np.isnat(table.to_date) | ~np.isnan(table.window_days)
    return [*found, Note(WHOLE)] if (mine & dated).any() else found


def _says(network: Network, uncounted: Uncounted) -> bool:
    table = network.programme[uncounted.row_class]
    if not uncounted.columns:
        return len(table) > 0
    return not all(only_default(table, name) for name in uncounted.columns)


def _relaxed(relaxed: Mapping[str, Sequence[str]]) -> list[Note]:
    """Return a note on orders and part deliveries of sizes that they may not have, where no plan near was found that keeps them all."""
    words = [f"{len(names):,} {kind if len(names) > 1 else kind[:-1]}" for kind, names in relaxed.items() if names]
    text = (
        f"Minimums and multiples of {' and '.join(words)} are relaxed: no plan near this one was found that keeps them."
    )
    return [Note(text, hopeful=True)] if words else []


def _fractions(programme: Programme, frames: Mapping[str, Frame]) -> list[Note]:
    """Return a note on orders of parts of a piece, where there are any: the plan is a linear one."""
    found = fractions(programme, frames)
    words = [f"{f.broken:,} of {f.pieces:,} {name}" for name, f in found.items() if f.broken]
    if not words:
        return []
    said = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    text = (
        f"Units are not kept whole: {said} of items counted by the piece are fractions, to be rounded before release."
    )
    return [Note(text, hopeful=True)]
