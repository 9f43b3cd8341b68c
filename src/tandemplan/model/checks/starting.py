"""Start-up: tasks and their phrases, licences, tranches that wait, payments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tandemplan.model.cells import CellError
from tandemplan.model.checks.cycles import cycles
from tandemplan.model.checks.facts import Facts, Fault, check
from tandemplan.model.phrases import need, payments, predecessor, price_breaks
from tandemplan.model.schema import Contract, Cost, Item, Licence, Offer, Task, Tranche
from tandemplan.model.schema.columns import MOST_DAYS
from tandemplan.model.tables import Table
from tandemplan.problems import did_you_mean


@check("task-cycle", Task)
def tasks_do_not_wait_in_a_circle(facts: Facts) -> Iterator[Fault]:
    """No task waits, through its predecessors, for itself; the problem names the cycle."""
    table = facts[Task]
    known = facts.names["tasks"]
    graph = {
        task: [name for name, _ in map(predecessor, before) if name in known]
        for task, before in zip(table.task.tolist(), table.predecessors.tolist(), strict=True)
    }
    for way in cycles(graph):
        message = f"tasks wait for each other in a circle: {' -> '.join(way)} (each waits for the next)."
        yield Fault(table, table.index[(way[0],)], message, "Drop one of the predecessors.", ("task", "predecessors"))


@check("bad-predecessor")
def lags_can_be_read(facts: Facts) -> Iterator[Fault]:
    """A predecessor is a task, or a task and a lag in days such as `hall+14`."""
    table, tasks = facts[Task], facts.names["tasks"]
    for i, before in enumerate(table.predecessors.tolist()):
        for text in before:
            if predecessor(text)[1] > MOST_DAYS:
                message = f"predecessors names '{text}': a lag is at most {MOST_DAYS} days."
                yield Fault(table, i, message, "", ("predecessors",))
                continue
            name, _, lag = text.partition("+")
            if lag and predecessor(text)[0] not in tasks and name.strip() in tasks:
                message = f"predecessors names '{text}': '{lag.strip()}' is no number of days."
                yield Fault(table, i, message, "Write the task and its lag as task+14.", ("predecessors",))


@check("bad-need")
def needs_can_be_read(facts: Facts) -> Iterator[Fault]:
    """Each need of a task is `produced:ITEM>=40/week for 4`, `made:ITEM>=10`, `bought:OFFER>=10`, `share:GROUP>=0.5 over 26` or `money:POOL>=9`."""
    yield from _unreadable(facts[Task], "needs", lambda texts: [need(t) for t in texts])


@check("unknown-name", Item, Tranche)
def needs_name_what_is_there(facts: Facts) -> Iterator[Fault]:
    """The needs of tasks name items, offers, and pools of funding or contracts."""
    table, items = facts[Task], facts.names["items"]
    pools = {*facts[Tranche].pool.tolist(), *facts[Contract].pool.tolist()} - {""}
    for i, texts in enumerate(table.needs.tolist()):
        for text in texts:
            try:
                found = need(text)
            except CellError:  # `needs_can_be_read` reports it
                continue
            known = {"produced": items, "made": items, "bought": facts.names["offers"], "money": pools}.get(found.what)
            if known is not None and found.name not in known:
                where = {"money": "a pool of funding", "bought": "in offers"}.get(found.what, "in items")
                message = f"needs names '{text}': '{found.name}' is not {where}."
                yield Fault(table, i, message, did_you_mean(found.name, known), ("needs",))


@check("bad-payments")
def payments_add_up(facts: Facts) -> Iterator[Fault]:
    """Payments of a task or a cost are `share@start`, `share@middle`, `share@end` that add up to 1, or `monthly` alone."""
    yield from _unreadable(facts[Task], "payments", payments)
    yield from _unreadable(facts[Cost], "payments", payments)


@check("bad-price-breaks")
def price_breaks_can_be_read(facts: Facts) -> Iterator[Fault]:
    """Price breaks of an offer are `quantity:price`, the smallest quantity first."""
    yield from _unreadable(facts[Offer], "price_breaks", price_breaks)


@check("licence-task")
def licences_have_their_task(facts: Facts) -> Iterator[Fault]:
    """A standing licence names the task that obtains it; one per order has no task, for each order asks anew."""
    table = facts[Licence]
    for i, (kind, task) in enumerate(zip(table.kind.tolist(), table.task.tolist(), strict=True)):
        name = table.licence[i]
        if kind == "standing" and not task:
            message, hint = f"licence '{name}' is standing but no task obtains it.", "Name the task."
        elif kind == "per order" and task:
            message = f"licence '{name}' is asked for with each order, but names task '{task}'."
            hint = "Leave task blank, or make the licence standing."
        else:
            continue
        yield Fault(table, i, message, hint, ("kind", "task"))


@check("awaits-task", Task)
def awaits_is_no_task(facts: Facts) -> Iterator[Fault]:
    """What a tranche awaits is no task of the plan, and not given beside `opens_after`."""
    table = facts[Tranche]
    for i, (awaits, after) in enumerate(zip(table.awaits.tolist(), table.opens_after.tolist(), strict=True)):
        if awaits in facts.names["tasks"]:
            message, hint = f"awaits is '{awaits}', which is a task of the plan.", "Write it in opens_after."
        elif awaits and after:
            message = (
                f"awaits is '{awaits}' beside opens_after '{';'.join(after)}'; the tranche would never open by them."
            )
            hint = "Keep one of them."
        else:
            continue
        yield Fault(table, i, message, hint, ("awaits", "opens_after"))


CHECKS = (
    tasks_do_not_wait_in_a_circle,
    lags_can_be_read,
    needs_can_be_read,
    needs_name_what_is_there,
    payments_add_up,
    price_breaks_can_be_read,
    licences_have_their_task,
    awaits_is_no_task,
)


def _unreadable(table: Table[Any], column: str, read: Callable[[tuple[str, ...]], object]) -> Iterator[Fault]:
    """Yield the rows whose phrases in a column cannot be read, with the reason that `read` gives."""
    for i, texts in enumerate(table.columns[column].tolist()):
        try:
            read(texts)
        except CellError as error:
            yield Fault(table, i, str(error), error.hint, (column,))
