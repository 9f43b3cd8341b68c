"""Every figure of a plan, of a simulation and of a schedule, by name, as one SVG that stands alone, with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tandemplan.model.programme import Programme
from tandemplan.problems import did_you_mean
from tandemplan.report.drawing import Drawing, Row, numbers, standalone
from tandemplan.report.figures import fan
from tandemplan.report.figures.cash import cash
from tandemplan.report.figures.cash_cone import cash_cone
from tandemplan.report.figures.chances import promises
from tandemplan.report.figures.costs import costs
from tandemplan.report.figures.deliveries import by_class, by_customer, by_product
from tandemplan.report.figures.dependence import on_map, replanned_on_map
from tandemplan.report.figures.drivers import drivers
from tandemplan.report.figures.expansion import expansion
from tandemplan.report.figures.gantt import gantt
from tandemplan.report.figures.learning import learning, yields
from tandemplan.report.figures.licences import licences
from tandemplan.report.figures.limits import limits
from tandemplan.report.figures.load import load
from tandemplan.report.figures.moved import moved
from tandemplan.report.figures.network import network
from tandemplan.report.figures.origin import origin
from tandemplan.report.figures.paths import paths
from tandemplan.report.figures.people import people
from tandemplan.report.figures.promise_map import promise_map
from tandemplan.report.figures.purchases import purchases
from tandemplan.report.figures.rate import rate
from tandemplan.report.figures.shop_load import shop_load
from tandemplan.report.figures.shop_service import by_class as shop_by_class
from tandemplan.report.figures.startup import startup
from tandemplan.report.figures.startup_bands import startup_bands
from tandemplan.report.figures.stock import stock
from tandemplan.report.figures.survival import survival
from tandemplan.report.figures.tornado import tornado
from tandemplan.report.figures.work_share import work_share
from tandemplan.results.store import Run, kind_of

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "deliveries": "Units asked for and units delivered over time, by class of demand.",
        "customers": "Units asked for and units delivered over time, by customer.",
        "products": "Units asked for and units delivered over time, by product.",
        "rate": "Good units a week of each product against what is promised, with first delivery and full rate.",
        "learning": "Hours of one unit over time, down to the plateau, by operation, with the units made.",
        "yield": "First-pass yield over time, up to what is mature, by operation, with the units made.",
        "people": "People of each skill over time, and who is hired and leaves.",
        "expansion": "Shift patterns that sites work when, and stations and tool sets that are bought.",
        "load": "Share of the hours present that is used, by work centre, skill and tool over time.",
        "limits": "What holds the plan back, when, and what one more unit of it would be worth.",
        "purchases": "Cost of what is bought from each supplier over time.",
        "origin": "Share of the cost of components that is from outside, by day of evidence, against its limit.",
        "work_share": "Share of each partner in the value that all add, made of wages, overhead and content, against its band.",
        "stock": "Value of stock over time by site and kind of item, and stock targets against what is reached.",
        "costs": "Terms of the cost up to their total, and sales that are lost.",
        "cash": "Money of the venture over time and its low point, and what payers release and pay.",
        "startup": "Tasks of the start-up in time, the critical ones, and what each opens.",
        "paths": "Critical paths to first delivery and to full rate, step by step in time.",
        "licences": "Licences and consents on a calendar: when each is valid, asked for and used, up to which cap.",
        "moved": "Units that a re-plan takes off their days, and puts on others, by kind of order over time.",
        "map": "Countries that parts come from, sites, and what moves between them.",
        "dependence": "Countries that the plan depends on, the larger the more waits if one is lost.",
    }
)
SIMULATION_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "deliveries": "Units delivered over time to each class, with quantiles, against what is asked for and planned.",
        "customers": "The same for each customer.",
        "contracts": "The same for each contract.",
        "products": "Units made of each product over time, with quantiles, against the plan.",
        "promise_map": "Mean probability to be on time of the promises of each contract, by when they are due.",
        "promises": "Each demand that the plan has on time, the least sure first, with its probability and interval.",
        "risks": "Units late with each risk and without it, and what each explains of how much that varies.",
        "drivers": "Units late because of each source of randomness, where it was asked for.",
        "survival": "Days until promises fall once a source is lost, where it was asked for.",
        "cash": "Money of the venture over time, with quantiles, against the plan and the least that must be there.",
        "startup": "Tasks of the start-up as planned, and the days between which each is done.",
    }
)
SCHEDULE_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "deliveries": "Units asked for and units delivered over time, by class of demand.",
        "gantt": "Orders as bars on their work centres, by the second: the first part of them.",
        "load": "Share of the open hours of work centres that is used, by day, week or month.",
    }
)
_DRAWN: Mapping[str, Callable[[Run, Programme], Drawing]] = {
    "deliveries": by_class,
    "customers": by_customer,
    "products": by_product,
    "rate": rate,
    "learning": learning,
    "yield": yields,
    "people": people,
    "expansion": expansion,
    "load": load,
    "limits": limits,
    "purchases": purchases,
    "origin": origin,
    "work_share": work_share,
    "stock": stock,
    "costs": costs,
    "cash": cash,
    "startup": startup,
    "paths": paths,
    "licences": licences,
    "moved": moved,
    "map": network,
    "dependence": on_map,
    "losses": replanned_on_map,
}


_SIMULATED: Mapping[str, Callable[[Run, Programme], Drawing]] = {
    "deliveries": fan.by_class,
    "customers": fan.by_customer,
    "contracts": fan.by_contract,
    "products": fan.output,
    "promise_map": promise_map,
    "promises": promises,
    "risks": tornado,
    "drivers": drivers,
    "survival": survival,
    "cash": cash_cone,
    "startup": startup_bands,
}


_SCHEDULED: Mapping[str, Callable[[Run, Programme], Drawing]] = {
    "deliveries": shop_by_class,
    "gantt": gantt,
    "load": shop_load,
}


class UnknownFigureError(KeyError):
    """Raised when there is no figure of a name."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Figure:
    """One figure of a run: `svg` is a whole SVG document, `header` and `body` are its numbers in words."""

    name: str
    title: str
    description: str
    svg: str
    header: Row
    body: tuple[Row, ...]


def figure(name: str, run: Run, programme: Programme) -> Figure:
    """Return a figure of a run by its name in `FIGURES`, of a simulation in `SIMULATION_FIGURES`, of a schedule in `SCHEDULE_FIGURES`; raises UnknownFigureError for any other name."""
    drawn = drawing(name, run, programme)
    header, body = numbers(drawn)
    return Figure(name, drawn.title, drawn.description, standalone(drawn), header, body)


def drawing(name: str, run: Run, programme: Programme) -> Drawing:
    """Return the drawing of a figure: its panels, legend and numbers."""
    drawn = {"simulation": _SIMULATED, "schedule": _SCHEDULED}.get(kind_of(run.info), _DRAWN)
    if name not in drawn:
        known = ", ".join(drawn)
        raise UnknownFigureError(f"There is no figure '{name}'; there are {known}. {did_you_mean(name, drawn)}".strip())
    return drawn[name](run, programme)
