"""What a run says, gathered for people: rows as values, names of items, customers and classes, limits ranked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tandemplan.model.phrases import kept_needs
from tandemplan.model.programme import Programme
from tandemplan.model.schema import (
    Customer,
    Item,
    Lane,
    Licence,
    Offer,
    Row,
    Site,
    Skill,
    Supplier,
    Task,
    Tool,
    WorkCentre,
)
from tandemplan.report.buckets import last_day, last_days
from tandemplan.report.wording import counted, day, listed
from tandemplan.results.fields import Shape
from tandemplan.results.shape import DEMAND_SUMMARY, LIMITS, LOAD
from tandemplan.results.store import Run

Cells = dict[str, Any]

# Constraint families of the plan, as a reader without the mathematics calls them.
FAMILY_WORDS = {
    "balance": "supply of",
    "hours": "hours of",
    "rolling hours": "the rolling limit on hours of",
    "offers": "what can be sent by",
    "lanes": "carriage on the lane",
    "licence caps": "units that may go under the licence",
    "order caps": "units in one order, by its licence, of",
    "minimum allocation": "what others are sure of by the rule",
    "storage": "room for stock at",
    "hazard storage": "room for hazardous stock at",
    "task": "waiting for the task",
    "bought stations": "most stations of",
    "bought sets": "most sets of",
    "hiring pace": "the hiring pace of",
    "most people": "most people of",
    "trainers": "trainers of",
    "origin share": "the limit on what is from outside in",
    "work share": "the",
    "source share": "the largest share of a source:",
    "fewest sources": "the fewest sources:",
    "country concentration": "the concentration on a country:",
    "subcontract share": "the largest share of a subcontractor:",
    "cash": "money of",
    "least cash": "the least cash of",
}


SHARES = ("work share", "source share", "fewest sources", "country concentration", "subcontract share")


def rows(run: Run, shape: Shape) -> list[Cells]:
    """Return the rows of a result table as cells by column; they are shared, and not to be changed."""
    return run.rows(shape)


def item_names(programme: Programme) -> dict[str, str]:
    """Return what each item is called: its name, or its key where it has none."""
    return row_names(programme, Item)


def item_units(programme: Programme) -> dict[str, str]:
    """Return the unit in which each item is counted."""
    table = programme[Item]
    return dict(zip(map(str, table.item), map(str, table.unit), strict=True))


def customer_names(programme: Programme) -> dict[str, str]:
    """Return what each customer is called."""
    return row_names(programme, Customer)


def class_names(run: Run, programme: Programme) -> dict[int, str]:
    """Return who stands behind each class of demand, classes in order of service."""
    names = customer_names(programme)
    found: dict[int, list[str]] = {}
    for r in rows(run, DEMAND_SUMMARY):
        who = names.get(r["customer"], r["customer"])
        members = found.setdefault(r["demand_class"], [])
        if who and who not in members:
            members.append(who)
    return {c: listed(sorted(found[c])) or f"class {c}" for c in sorted(found)}


def sums(table: Iterable[Cells], column: str, units: dict[str, str]) -> dict[str, float]:
    """Return the sum of a column of quantities, apart for each unit of measure of the rows' items."""
    total: dict[str, float] = defaultdict(float)
    for r in table:
        total[units.get(r["item"], "each")] += r[column]
    return dict(total)


@dataclass(frozen=True)
class Limit:
    """One limit over all periods in which it holds one stage back, from the first day of the first to the last day of the last.

    `name` is the row that limits, `label` what it is called. `worth` is the largest in any period, per `unit`; `demands` the most demands that it hurts in any period, `weight` the demands that it hurts summed over its periods.
    """

    family: str
    name: str
    label: str
    stage: str
    first: date
    last: date
    periods: int
    worth: float
    unit: str
    demands: int
    weight: int

    @property
    def subject(self) -> str:
        """Return the limit as the subject of a sentence."""
        return f"{FAMILY_WORDS.get(self.family, self.family)} {self.label}"

    @property
    def span(self) -> str:
        """Return when it holds, both days included."""
        return f"on {day(self.first)}" if self.first == self.last else f"from {day(self.first)} to {day(self.last)}"


def limits(run: Run, programme: Programme) -> list[Limit]:
    """Return the limits, those of deliveries first, each by the demands that it hurts, summed over its periods.

    One week that hurts many demands weighs less than years that hurt some; worth is per hour of one limit and per unit of
    another, so it cannot rank them.
    """
    groups: dict[tuple[str, str, str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, LIMITS):
        groups[r["family"], r["name"], r["stage"], r["unit"]].append(r)
    called, ends = labels(programme), last_days(programme)
    found = [
        Limit(
            family,
            name,
            called.get(family, _same)(name),
            stage,
            min(r["period_start"] for r in members),
            last_day((r["period_start"] for r in members), ends),
            len(members),
            max(r["worth"] for r in members),
            unit,
            max(r["demands_hurt"] for r in members),
            sum(r["demands_hurt"] for r in members),
        )
        for (family, name, stage, unit), members in groups.items()
    ]
    return sorted(found, key=lambda x: (not of_delivery(x), -x.weight, -x.periods, -x.worth, x.family, x.name, x.stage))


def labels(programme: Programme) -> dict[str, Callable[[str], str]]:
    """Return how rows of each constraint family are called; other families call them by their names."""
    items, offers = item_names(programme), {r.offer: r for r in programme[Offer].rows()}
    lanes = {r.lane: r for r in programme[Lane].rows()}
    sites, tasks = row_names(programme, Site), row_names(programme, Task)
    suppliers = row_names(programme, Supplier)

    def node(name: str) -> str:
        item, _, site = name.partition("@")
        return items.get(item, item) + (f" at {site}" if site else "")

    def offer(name: str) -> str:
        row = offers.get(name)
        if row is None:
            return name
        return f"{suppliers.get(row.supplier, row.supplier) or name}: {items.get(row.item, row.item)}"

    def lane(name: str) -> str:
        row = lanes.get(name)
        return name if row is None else f"{name} ({row.from_place} to {row.to_site}, {row.mode or 'any mode'})"

    def ruled(name: str) -> str:
        rule, _, who = name.rpartition("|")
        return f"{called.get(who, who)} by rule {rule}"

    resources = resource_names(programme)
    called = {**items, **resources}
    named = {
        "hours": resources,
        "bought stations": resources,
        "bought sets": resources,
        "hiring pace": resources,
        "most people": resources,
        "trainers": resources,
        "storage": sites,
        "hazard storage": sites,
        "licence caps": row_names(programme, Licence),
        "task": tasks,
    }
    return {
        "balance": node,
        "rolling hours": ruled,
        **dict.fromkeys(("origin share", *SHARES), ruled),
        "offers": offer,
        "lanes": lane,
        **{family: _called(known) for family, known in named.items()},
    }


def _called(known: dict[str, str]) -> Callable[[str], str]:
    return lambda name: known.get(name, name)


def resource_names(programme: Programme) -> dict[str, str]:
    """Return what each work centre, skill and tool is called: its name and key, or its key alone."""
    names: dict[str, str] = {}
    for row_class in (WorkCentre, Skill, Tool):
        names |= {k: n if n == k else f"{n} ({k})" for k, n in row_names(programme, row_class).items()}
    return names


def task_names(programme: Programme) -> dict[str, str]:
    """Return what each task is called, with a word where a condition ends it that the plan does not check.

    >>> from tandemplan.testing.models import programme_of
    >>> task_names(programme_of('''
    ...     start = 2026-06-01
    ...     [items]
    ...     item
    ...     bike
    ...     [tasks]
    ...     task,name,needs
    ...     hall,Hall,
    ...     gate,Gate,share:host>=0.5 over 26
    ... '''))
    {'hall': 'Hall', 'gate': 'Gate (condition not checked)'}
    """
    unchecked = {
        str(t.task) for t in programme[Task].rows() if len(kept_needs(t.needs)) < len(t.needs) and t.finished is None
    }
    return {
        t: f"{name} (condition not checked)" if t in unchecked else name
        for t, name in row_names(programme, Task).items()
    }


def _same(name: str) -> str:
    return name


def of_delivery(limit: Limit) -> bool:
    """Tell whether a limit holds back deliveries, not only stock targets or cost."""
    return limit.stage not in ("stock", "cost")


def limit_counts(found: list[Limit]) -> str:
    """Return how many limits there are of deliveries and how many of stock targets or cost only, in a sentence; blank for one alone.

    One on several classes counts once; one on deliveries and on cost counts with deliveries.
    """
    held = {(x.family, x.name) for x in found if of_delivery(x)}
    rest = {(x.family, x.name) for x in found} - held
    if len(held) + len(rest) < 2:
        return ""
    hold = f"{counted(len(held), 'limit')} {'holds' if len(held) == 1 else 'hold'} back deliveries"
    return f"In all {hold}{f', {len(rest):,} more stock targets or cost only' if rest else ''}."


def tightest(run: Run, count: int = 5) -> list[tuple[Cells, list[Cells]]]:
    """Return the resources that are full in most periods, then the most used over all, each with its rows in time.

    A period counts as full when at least 99.5 % of its hours are used. Resources that are never used are left out.
    """
    groups: dict[tuple[str, str, str], list[Cells]] = defaultdict(list)
    for r in rows(run, LOAD):
        groups[r["kind"], r["resource"], r["site"]].append(r)
    found = []
    for (kind, resource, site), members in groups.items():
        used, hours = sum(r["used_hours"] for r in members), sum(r["available_hours"] for r in members)
        full = sum(r["used_hours"] >= 0.995 * r["available_hours"] and r["used_hours"] > NO_HOURS for r in members)
        about = {"kind": kind, "resource": resource, "site": site, "used": used, "hours": hours, "full": full}
        if used > NO_HOURS:
            found.append((about, sorted(members, key=lambda r: r["period_start"])))
    found.sort(
        key=lambda f: (-f[0]["full"], -f[0]["used"] / max(f[0]["hours"], NO_HOURS), f[0]["kind"], f[0]["resource"])
    )
    return found[:count]


NO_HOURS = 1e-4


def row_names(programme: Programme, row_class: type[Row]) -> dict[str, str]:
    """Return the full name of each row of a table with one key and a column `name`; its key where it has none."""
    table = programme[row_class]
    return {str(k[0]): str(n) or str(k[0]) for k, n in zip(table.keys, table.columns["name"], strict=True)}
