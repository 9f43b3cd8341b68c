"""The command about one more order: `promise`."""

from __future__ import annotations

from typing import Annotated

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import NO_ANSWER, Outcome, UseError, day_given, finish, refused


def promise(
    run: RunName,
    *,
    item: Annotated[str, typer.Option(metavar="I", help="Item that is asked for.")],
    quantity: Annotated[float, typer.Option(metavar="Q", help="Units that are asked for.")],
    site: Annotated[str, typer.Option(metavar="S", help="Site of delivery; blank in a programme without sites.")] = "",
    due: Annotated[str, typer.Option(metavar="DATE", help="Day that is wished for, such as 2027-03-01.")] = "",
    contract: Annotated[str, typer.Option(metavar="C", help="Contract that it belongs to.")] = "",
    customer: Annotated[str, typer.Option(metavar="C", help="Customer who asks, where there is no contract yet.")] = "",
    as_json: AsJson = False,
) -> None:
    """Tell the earliest day on which one more order can be promised with every other delivery as planned, or whom a wished day hurts."""
    asked: dict[str, str | float] = {
        "item": item,
        "site": site,
        "quantity": quantity,
        "contract": contract,
        "customer": customer,
    }
    finish(lambda: _promise(run, asked, due), as_json=as_json, faulty="nothing was promised")


def _promise(name: str, asked: dict[str, str | float], due: str) -> Outcome:
    from tandemplan.model.ordering import Order
    from tandemplan.plan.promise import DueError, promise
    from tandemplan.plan.standing import NoPlanError
    from tandemplan.report.promised import promise_data, promise_lines

    day = day_given("--due", due)
    given = plan_given(name)
    folder = given.folder
    order = Order(**asked)  # type: ignore[arg-type]
    try:
        found = promise(given.run, given.programme, order, day)
    except NoPlanError as error:
        return refused(NO_ANSWER, f"{folder}: {error}")
    except DueError as error:
        raise UseError(f"--due {error}.") from error
    said = {"earliest": found.earliest, "goods_allow": found.goods, "promised": found.promised}
    hurt = [
        (h.demand, h.customer, h.demand_class, h.before[0], h.before[1], h.after[0], h.after[1]) for h in found.hurt
    ]
    code = 0 if found.promised else NO_ANSWER
    data = {"run": str(folder), **promise_data(asked, said, hurt, found.unsized)}
    return Outcome(code, promise_lines(asked, said, hurt, found.unsized, day), data, given.faults)
