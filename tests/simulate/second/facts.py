"""What the second engine reads off a programme and its plan: rows to release, deliveries, bills, routes, and who comes first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from math import inf

from tandemplan.calendar import cut
from tandemplan.model.schema import (
    BomLine,
    Contract,
    Crossing,
    Customer,
    Demand,
    Item,
    Lane,
    Licence,
    Offer,
    OpenOrder,
    Operation,
    Risk,
    RiskLink,
    ShiftPattern,
    Site,
    Skill,
    Stock,
    Supplier,
    Task,
    Tool,
    Tranche,
    WorkCentre,
)
from tandemplan.results.money_shapes import CASH
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY, INVESTMENTS, LOAD, MOVES, PEOPLE, PRODUCTION, PURCHASES

USUAL = {
    "levels": 1.0,
    "ahead": 2.0,
    "service": "class",
    "sources": "soonest",
    "timing": "cover",
}  # what planners do if nothing is said
ROUNDING = 1e-3  # units of a lot that are for nobody
CERTAINTIES = ("firm", "option", "forecast")
TABLES = {
    "offers": Offer,
    "demands": Demand,
    "contracts": Contract,
    "tasks": Task,
    "lanes": Lane,
    "crossings": Crossing,
    "suppliers": Supplier,
    "risks": Risk,
    "work_centres": WorkCentre,
    "shift_patterns": ShiftPattern,
    "funding": Tranche,
    "customers": Customer,
    "items": Item,
    "skills": Skill,
    "tools": Tool,
    "licences": Licence,
    "sites": Site,
}
Node = tuple[str, str]
Key = tuple[int, int, float]  # class, certainty, due day


@dataclass(eq=False)
class Line:
    """A row of the plan that brings units to a place: `good` of them are expected, `came` on that day by the plan."""

    kind: str
    node: Node
    good: float
    quantity: float
    planned: int
    came: int
    way: str
    takes: list[tuple[Node, float]] = field(default_factory=list)
    lane: str = ""
    key: Key = (9, 9, inf)
    day: int = 0
    due: int = 0
    planned_row: bool = True


@dataclass(eq=False)
class Part:
    """A planned delivery: a part of a demand on a day."""

    demand: str
    node: Node
    quantity: float
    day: int
    key: Key
    begin: int = 0  # from when on it is got ready


class Facts:
    """Tables by name, and what follows from them."""

    def __init__(self, programme, run, **policy):
        self.programme, self.run = programme, run
        self.policy = USUAL | policy
        self.periods = cut(programme.settings.start, programme.settings.periods)
        self.starts = [int(s) for s in self.periods.starts]
        self.horizon = self.periods.days
        self.tables = {name: {r[next(iter(r))]: r for r in self.rows_of(kind)} for name, kind in TABLES.items()}
        operations = self.rows_of(Operation)
        self.operations = [r for r in operations if r["when"] == "make"]
        self.handled = {(r["item"], r["site"], r["when"]) for r in operations if r["when"] != "make"}
        self.handling = sorted((r for r in operations if r["when"] != "make"), key=lambda r: r["step"])
        self.bom = self.rows_of(BomLine)
        self.links = self.rows_of(RiskLink)
        self.open_orders, self.stock = self.rows_of(OpenOrder), self.rows_of(Stock)
        planned = {r["demand"]: r["quantity"] for r in run.rows(DEMAND_SUMMARY)}
        self.planned = {d: planned[d] for d in self.tables["demands"]}
        self.cash = run.rows(CASH) if "cash" in run.tables else []

    def rows_of(self, kind) -> list[dict]:
        table = self.programme[kind]
        names = [c.name for c in kind.DESCRIPTION.columns]
        columns = {n: plain(getattr(table, n)) for n in names}
        return [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]

    def day(self, when) -> int | None:
        return None if when is None else self.periods.day(when)

    def key_of(self, demand: str) -> Key:
        row = self.tables["demands"][demand]
        contract = self.tables["contracts"].get(row["contract"])
        customer = row["customer"] or (contract["customer"] if contract else "")
        due = float(self.day(row["due"]))
        if self.policy["service"] == "due":
            return (0, 0, due)
        rank = self.tables["customers"][customer]["demand_class"] if customer else 1
        certainty = CERTAINTIES.index(contract["certainty"]) if contract else 0
        return (int(rank), certainty, due)

    def foreseen(self, risk: str) -> bool:
        """Say whether the plan knows of a risk: it has a date, and no later day from which it is known."""
        row = self.tables["risks"][risk]
        known = self.day(row["known_from"])
        return row["date"] is not None and (known is None or known <= 0)

    def period_of(self, time: float) -> tuple[int, int]:
        """Return the first day of the period that holds a time, and that of the next."""
        first = max(s for s in self.starts if s <= time)
        return first, min((s for s in self.starts if s > first), default=self.horizon)

    @cached_property
    def dues(self) -> list[float]:
        """Due days of the demands, in the order of the table."""
        return [float(self.day(self.tables["demands"][d]["due"])) for d in self.planned]

    @cached_property
    def deliveries(self) -> list[Part]:
        found = [
            Part(r["demand"], (r["item"], r["site"]), r["quantity"], self.day(r["delivered"]), self.key_of(r["demand"]))
            for r in self.run.rows(DELIVERIES)
        ]
        for part in found:
            part.begin = max(
                0, part.day - self.periods.longest * self.policy["levels"] * ((*part.node, "deliver") in self.handled)
            )
        return sorted(found, key=lambda p: p.day)

    @cached_property
    def lines(self) -> list[Line]:
        """All rows: due on the plan's days less a period (or `levels`) for each level of work that follows (work: one more), released two (or `ahead`) before that."""
        found = [*self._purchases(), *self._works(), *self._moves()]
        levels = self.levels(found)
        for line in found:
            back = levels[line.node] + (line.kind == "work" or self.receives(line.node))
            line.due = max(0, line.planned - back * self.policy["levels"] * self.periods.longest)
            early = self.policy["ahead"] * self.periods.longest if back or line.kind == "purchase" else 0
            line.day = max(0, line.due - early)
        found.sort(key=lambda r: r.day)
        self._peg(found)
        return found

    def receives(self, node: Node) -> bool:
        return (*node, "receive") in self.handled

    def _purchases(self) -> list[Line]:
        return [
            Line(
                "purchase", (r["item"], r["site"]), r["accepted"], r["quantity"],
                self.day(r["release"]), self.day(r["receipt"]), r["offer"], lane=r["lane"],
            )
            for r in self.run.rows(PURCHASES)
        ]  # fmt: skip

    def _works(self) -> list[Line]:
        found = []
        for r in self.run.rows(PRODUCTION):
            route = (r["item"], r["site"], r["alternative"])
            takes = [(n, q * r["started"]) for n, q in self.needs(route)]
            days = self.day(r["start"]), self.day(r["end"])
            found.append(Line("work", route[:2], r["good"], r["started"], *days, r["alternative"], takes))
        return found

    def _moves(self) -> list[Line]:
        return [
            Line(
                "move", (r["item"], r["to_site"]), r["quantity"], r["quantity"], self.day(r["release"]),
                self.day(r["receipt"]), r["lane"], [((r["item"], r["from_site"]), r["quantity"])], r["lane"],
            )
            for r in self.run.rows(MOVES)
        ]  # fmt: skip

    @cached_property
    def lines_of(self) -> dict[Node, list[Line]]:
        found: dict[Node, list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.node].append(line)
        return found

    @cache  # noqa: B019  (facts live as long as the test)
    def claims_by(self, node: Node, end: int) -> float:
        """Return what the plan has claimed from a place by a day."""
        total = sum(p.quantity for p in self.deliveries if p.node == node and p.begin < end)
        return total + sum(q for r in self.lines if r.day < end for n, q in r.takes if n == node)

    def needs(self, route) -> list[tuple[Node, float]]:
        item, site, alternative = route
        return [
            ((b["component"], site), b["quantity_units"] * (1 + b["scrap_share"]))
            for b in self.bom
            if b["parent"] == item and b["alternative"] == alternative
        ]

    def steps(self, route) -> list[dict]:
        item, site, alternative = route
        if alternative in ("receive", "deliver"):
            return [o for o in self.handling if (o["item"], o["site"], o["when"]) == route]
        at = [o for o in self.operations if o["item"] == item and o["site"] == site]
        chosen = {o["step"]: o for o in at if o["alternative"] == ""}
        chosen |= {o["step"]: o for o in at if o["alternative"] == alternative}
        return [chosen[s] for s in sorted(chosen)]

    def levels(self, lines: list[Line]) -> dict[Node, int]:
        """Return for each place how many levels of work follow it, by the longest way through bills and moves."""
        ways = {(n, r.node, int(self.receives(r.node))) for r in lines if r.kind == "move" for n, _ in r.takes}
        for site in {o["site"] for o in self.operations}:
            made = {o["item"] for o in self.operations if o["site"] == site} & self.of_use()
            ways |= {((b["component"], site), (b["parent"], site), 1) for b in self.bom if b["parent"] in made}
        levels: dict[Node, int] = defaultdict(int)
        for part in self.deliveries:
            levels[part.node] = int((*part.node, "deliver") in self.handled)
        for _ in range(len(ways) + 1):
            for source, node, more in ways:
                levels[source] = max(levels[source], levels[node] + more)
        return levels

    def of_use(self) -> set[str]:
        """Return the items that are asked for, and all that goes into them."""
        found = {p.node[0] for p in self.deliveries}
        for _ in self.bom:
            found |= {b["component"] for b in self.bom if b["parent"] in found}
        return found

    @cached_property
    def order(self) -> list[Node]:
        """All places, those that take before those that are taken from."""
        return self.ordered(self.lines)

    def ordered(self, lines: list[Line]) -> list[Node]:
        depth: dict[Node, int] = defaultdict(int)
        for _ in range(len({r.node for r in lines}) + 1):
            for line in lines:
                for node, _ in line.takes:
                    depth[node] = max(depth[node], depth[line.node] + 1)
        nodes = {r.node for r in lines} | {p.node for p in self.deliveries} | set(depth)
        return sorted(nodes, key=lambda n: (depth[n], n))

    def _peg(self, lines: list[Line]) -> None:
        """Match lots and uses first in, first out at each place: a line has the first key in order of service of its uses."""
        uses: dict[int, list] = defaultdict(list)
        for node in self.ordered(lines):
            given = [(-1.0, 0, r["quantity_units"], None) for r in self.stock if (r["item"], r["site"]) == node]
            given += [
                (float(max(0, self.day(r["promised"]))), -1, r["quantity_units"], None)
                for r in self.open_orders
                if (r["item"], r["site"]) == node
            ]
            lots = given + [(float(r.came), r.day, r.good, r) for r in lines if r.node == node]
            wanted = [(p.day, p.key, p.quantity) for p in self.deliveries if p.node == node]
            wanted += [
                (r.came if r.kind == "work" else r.planned, r.key, q) for r in lines for n, q in r.takes if n == node
            ]
            match(sorted(lots, key=lambda x: x[:2]), sorted(wanted), uses)
            for line in lines:
                if line.node == node:
                    line.key = min(uses[id(line)], default=(9, 9, inf))

    @cached_property
    def resources(self) -> dict[str, tuple[list[float], list[float], tuple[float, float] | None]]:
        """Servers of each resource by day, its hours by day, and its repair hours and availability."""
        found = {}
        for name, row in self.tables["work_centres"].items():
            breaks = row["repair_hours"] and row["availability_share"] < 1
            repair = (row["repair_hours"], row["availability_share"]) if breaks else None
            found[name] = (self.there(name, row["stations"]), self.hours(name), repair)
        for name, row in self.tables["skills"].items():
            found[name] = (self.people(name, row["headcount"]), self.hours(name), None)
        for name, row in self.tables["tools"].items():
            found[name] = (self.there(name, row["sets"]), self.hours(name), None)
        return {name: r for name, r in found.items() if sum(r[1]) > 0}

    def there(self, resource: str, usual: float) -> list[float]:
        """Return the stations or sets that the plan has on each day: those of the start, and what is bought, from the period on whose first day it is usable."""
        found = [usual] * self.horizon
        for row in self.run.rows(INVESTMENTS):
            if row["resource"] == resource:
                first = min((s for s in self.starts if s >= self.day(row["usable"])), default=self.horizon)
                found = [n + (row["units"] if d >= first else 0) for d, n in enumerate(found)]
        return found

    def people(self, skill: str, usual: float) -> list[float]:
        """Return the people that the plan has on each day, trained, on average over the period."""
        found = [usual] * self.horizon
        for row in self.run.rows(PEOPLE):
            if row["skill"] == skill:
                begin = self.day(row["period_start"])
                for d in range(*self.period_of(begin)):
                    found[d] = row["productive"]
        return found

    def hours(self, resource: str) -> list[float]:
        """Return the hours of a resource on each day: those of the plan, on the days that are worked."""
        daily = [0.0] * self.horizon
        worked = self.worked(resource)
        for row in self.run.rows(LOAD):
            if row["resource"] == resource:
                begin = self.day(row["period_start"])
                end = next((s for s in self.starts if s > begin), self.horizon)
                days = [d for d in range(begin, end) if worked(d)]
                for d in days:
                    daily[d] = (row["available_hours"] + row["overtime_hours"]) / len(days)
        return daily

    def worked(self, resource: str):
        rows = {**self.tables["work_centres"], **self.tables["skills"]}
        tool = self.tables["tools"].get(resource)
        row = rows.get(tool["work_centre"] if tool else resource)
        pattern = self.tables["shift_patterns"].get(row["shift_pattern"]) if row else None
        first = self.programme.settings.start.weekday()
        return lambda d: pattern is None or (d + first) % 7 < pattern["days_per_week"]


def match(lots, uses, found) -> None:
    """Hand out lots to uses in order; `found` collects for each line the keys of those it is for.

    The first and the last 1e-3 units of a lot are rounding and for nobody, of a lot below 2e-3 all but its middle.
    """
    spans, end = [], 0.0
    for _, use, wanted in uses:
        spans.append((end, end + wanted, use))
        end += wanted
    end = 0.0
    for _, _, quantity, line in lots:
        edge = min(ROUNDING, 0.49 * quantity)
        low, high, end = end + edge, end + quantity - edge, end + quantity
        if line is not None:
            found[id(line)] += [use for first, last, use in spans if first < high and last > low]


def plain(column) -> list:
    """Return a column as Python's own values; blank numbers and dates are None."""
    values = column.tolist()
    return [None if v != v else v for v in values]
