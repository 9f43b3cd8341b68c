"""What each way of a plan does first, and the tasks and units that it waits for, from the printed rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tandemplan.audit.book import Book, Line, Node
from tandemplan.audit.check_qualifications import decided, start_for
from tandemplan.audit.days import whole_days
from tandemplan.audit.permits import consents_of
from tandemplan.audit.routes import counter_steps
from tandemplan.audit.ways import covering, places_of_offer, places_of_site
from tandemplan.model.schema import Contract, Demand, Lane, Offer, Operation, Row, Site, Skill, Tool, WorkCentre
from tandemplan.results.shape import DELIVERIES, MOVES, PRODUCTION, PURCHASES

ORDER = ("production", "purchase", "move", "delivery")


@dataclass
class Act:
    """The first act of a way: its days, `needs` the latest end of each task it waits for, `takes` the nodes whose units it uses."""

    kind: str
    name: str
    node: Node
    start: int
    end: int
    takes_on: int
    needs: dict[str, int] = field(default_factory=dict)
    takes: set[Node] = field(default_factory=set)

    def need(self, day: int, tasks: Sequence[str]) -> None:
        """Note that tasks must be done by a day."""
        for task in tasks:
            self.needs[task] = min(day, self.needs.get(task, day))

    @property
    def rank(self) -> tuple[int, str]:
        """Return the order among acts on one day."""
        return ORDER.index(self.kind), self.name


def acts_of(book: Book) -> list[Act]:
    """Return the first act of each way; rows that name what is not there are left out (other checks say so)."""
    found: list[Act] = []
    makers: tuple[tuple[Sequence[Line], Callable[[Line], tuple[str, ...]], Callable[[Book, list[Line]], Act | None]], ...] = (
        (book.rows(PRODUCTION), lambda r: (r.item, r.site, r.alternative), _production),
        (book.rows(PURCHASES), lambda r: (r.offer, r.lane, r.site), _purchase),
        (book.rows(MOVES), lambda r: (r.lane, r.item), _move),
        (book.rows(DELIVERIES), lambda r: (r.demand,), _delivery),
    )  # fmt: skip
    for rows, key, make in makers:
        groups: dict[tuple[str, ...], list[Line]] = defaultdict(list)
        for r in rows:
            groups[key(r)].append(r)
        found += [act for group in groups.values() if (act := make(book, group)) is not None]
    return found


def tasks_of(book: Book, row_class: type[Row], name: str) -> tuple[str, ...]:
    """Return the tasks that a named row waits for."""
    table = book.programme[row_class]
    return tuple(table.opens_after[table.index[name,]]) if (name,) in table.index else ()


def _step_tasks(book: Book, row: int) -> Iterator[str]:
    operation = book.programme[Operation].row(row)
    yield from operation.opens_after
    yield from tasks_of(book, WorkCentre, operation.work_centre)
    yield from tasks_of(book, Skill, operation.skill)
    yield from tasks_of(book, Tool, operation.tool)


def _handled(book: Book, when: str, node: Node) -> list[str]:
    site, item = node
    steps = counter_steps(book.dated, book.openings, when).get((item, site), ())
    return [t for s in steps for t in _step_tasks(book, s.row)]


def _production(book: Book, rows: list[Line]) -> Act | None:
    r = rows[0]
    route = book.routes.get((r.item, r.site, r.alternative))
    if route is None:
        return None
    name = r.item + (f"|{r.alternative}" if r.alternative else "") + (f"@{r.site}" if r.site else "")
    day = min(x.end for x in rows)
    act = Act("production", name, (r.site, r.item), min(x.start for x in rows), day, day)
    act.need(day, tasks_of(book, Site, r.site))
    for step in route.steps:
        act.need(day, list(_step_tasks(book, step.row)))
    for x in rows if route.bill is not None else ():
        for line, _ in route.bill.in_force(x.end) if route.bill else ():
            act.need(x.end, line.opens_after)
            if x.end == day:
                act.takes.add((r.site, line.component))
    return act


def _purchase(book: Book, rows: list[Line]) -> Act | None:
    r, offers = rows[0], book.programme[Offer]
    if (r.offer,) not in offers.index:
        return None
    offer = offers.row(offers.index[r.offer,])
    node = (r.site, offer.item)
    order, sent, receipt = (min(getattr(x, n) for x in rows) for n in ("release", "shipped", "receipt"))
    act = Act("purchase", r.offer + (f" by {r.lane}" if r.lane else ""), node, order, receipt, order)
    begun = order - (0 if offer.qualified else whole_days(offer.qualification_days))
    act.need(start_for(offer, order, book.horizon) or begun if decided(offer) else begun, offer.opens_after)
    act.need(sent, tasks_of(book, Lane, r.lane))
    ways = (places_of_offer(book.programme, offer), places_of_site(book.programme, r.site))
    act.need(sent, [x.task for _, x in covering(book.programme, "standing", offer.item, ways) if x.task])
    act.need(receipt, [*tasks_of(book, Site, r.site), *_handled(book, "receive", node)])
    return act


def _move(book: Book, rows: list[Line]) -> Act | None:
    r, lanes = rows[0], book.programme[Lane]
    if (r.lane,) not in lanes.index:
        return None
    lane = lanes.row(lanes.index[r.lane,])
    node = (lane.to_site, r.item)
    sent, receipt = min(x.release for x in rows), min(x.receipt for x in rows)
    act = Act("move", r.lane, node, sent, receipt, sent, takes={(lane.from_place, r.item)})
    ways = (places_of_site(book.programme, lane.from_place), places_of_site(book.programme, lane.to_site))
    act.need(sent, lane.opens_after)
    act.need(sent, [x.task for _, x in covering(book.programme, "standing", r.item, ways) if x.task])
    for licence in consents_of(book.programme, r.item, lane):
        act.need(sent - whole_days(licence.processing_days), [licence.task] if licence.task else [])
    act.need(receipt, [*tasks_of(book, Site, lane.to_site), *_handled(book, "receive", node)])
    return act


def _delivery(book: Book, rows: list[Line]) -> Act | None:
    r, demands = rows[0], book.programme[Demand]
    if (r.demand,) not in demands.index:
        return None
    demand = demands.row(demands.index[r.demand,])
    day, node = min(x.delivered for x in rows), (r.site, r.item)
    act = Act("delivery", r.demand, node, day, day, day, takes={node})
    act.need(day, [*demand.opens_after, *tasks_of(book, Contract, demand.contract), *tasks_of(book, Site, r.site)])
    act.need(day, _handled(book, "deliver", node))
    return act
