"""Promise one more order, from Python."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tandemplan.api.run import Run
from tandemplan.explain.split import has_plan
from tandemplan.model.ordering import Order
from tandemplan.plan.promise import promise as sought

if TYPE_CHECKING:
    from tandemplan.plan.promise import Promise


def promise(
    run: Run,
    item: str,
    quantity: float,
    *,
    site: str = "",
    due: date | str | None = None,
    contract: str = "",
    customer: str = "",
) -> Promise:
    """Return the earliest day on which one more order can be delivered with every other delivery as planned, and whom a wished day `due` hurts.

    `quantity` are units of `item` at `site`, by a `contract` or for a `customer`. Raises ProgrammeFaultsError for an order without a meaning, ValueError where the
    run holds no plan or `due` is no day of it.

    >>> import tandemplan as tp
    >>> run = tp.plan(tp.example("first_steps").with_changes("work_centres[bench].stations = 2"))
    >>> found = tp.promise(run, "bike", 4, customer="school")
    >>> found.earliest, found.hurt
    (datetime.date(2026, 6, 12), ())
    """
    if not isinstance(run, Run):
        raise TypeError(
            f"run is a {type(run).__name__}; plan first, tp.plan(programme), or open one, tp.open_run(folder)"
        )
    if not has_plan(run.answer):
        raise ValueError(f"{run.id} holds no plan: it is {run.status}")
    wished = date.fromisoformat(due) if isinstance(due, str) else due
    return sought(run.answer, run.programme, Order(item, site, quantity, contract, customer), wished)
