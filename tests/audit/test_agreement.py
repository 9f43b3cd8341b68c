"""Two programs that share no code read a programme alike: the planner's network and the audit's book."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tandemplan.audit.book import Book, book_of
from tandemplan.audit.hours import hours_present
from tandemplan.audit.ways import dispatch_opening, latest_open, lead_of, places_of_offer, places_of_site, serves
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Lane, Offer, Site, Task
from tandemplan.network.network import Network, network_of
from tandemplan.testing.programmes import programmes

from . import plant


def tasks_agree(network: Network, book: Book) -> None:
    start = book.horizon.start
    assert book.openings.spans == {t: (d.start + start, d.end + start) for t, d in network.dates.items()}


def hours_agree(network: Network, book: Book) -> None:
    hours, present = network.hours, hours_present(book.dated, book.openings, book.horizon)
    resources = list(zip(hours.kinds, hours.names, strict=True))
    assert list(present) == resources
    for row, resource in enumerate(resources):
        mine = present[resource]
        assert mine.site == hours.sites[row]
        assert mine.hours == pytest.approx(hours.present[row])
        assert mine.overtime == pytest.approx(hours.overtime[row])
        assert mine.cost == pytest.approx(hours.hour_cost[row])
        assert mine.overtime_cost == pytest.approx(hours.overtime_cost[row])


def demands_agree(network: Network, book: Book) -> None:
    demands, start = network.demands, book.horizon.start
    assert set(book.wanted) == set(demands.names[demands.quantity > 0])
    for row in np.flatnonzero(demands.quantity > 0):
        mine = book.wanted[demands.names[row]]
        assert mine.quantity == pytest.approx(demands.quantity[row])
        assert (mine.due - start, mine.latest - start) == (demands.due[row], demands.latest[row])
        assert (mine.demand_class, mine.lost_days) == (demands.demand_class[row], demands.late_if_lost[row])
        late = np.array([10])
        assert mine.damages_per_unit(10) == pytest.approx(demands.damages(np.array([row]), late)[0])


def routes_agree(network: Network, book: Book) -> None:
    good = {route: network.making.good[r] for r, route in enumerate(network.places.routes)}
    assert good == pytest.approx({route: book.routes[route].good for route in good})


def purchases_agree(network: Network, book: Book) -> None:
    for k, way in enumerate(network.places.ways):
        days = network.day[network.way_node[k]]
        said = [
            None if r < 0 else (r, d)
            for r, d in zip(network.buying.release[k].tolist(), network.buying.dispatch[k].tolist(), strict=True)
        ]
        is_open = network.receipt.open[network.way_node[k]].tolist()
        mine = [order(book, (way.offer, way.lane, way.site), int(day)) for day in days]
        assert [m if received else None for m, received in zip(mine, is_open, strict=True)] == said


def order(book: Book, way: tuple[int, int, str], receipt: int) -> tuple[int, int] | None:
    """Return the days of order and of dispatch of a purchase, from the plan's start, as the audit sees them."""
    programme, openings, start = book.programme, book.openings, book.horizon.start
    offer, site = programme[Offer].row(way[0]), way[2]
    lane = "" if way[1] < 0 else str(programme[Lane].lane[way[1]])
    assert serves(programme, offer, lane, site)
    lead = lead_of(book.dated, openings, book.horizon, (way[0], lane, site))
    day = latest_open(lead, book.horizon, receipt + start)
    if day is None:
        return None
    sent = day + int(lead.dispatch[day - start])
    ends = (places_of_offer(programme, offer), places_of_site(programme, site))
    opens = dispatch_opening(programme, openings, offer.item, ends)
    if lane:
        opens = max(opens, openings.after(programme[Lane].opens_after[way[1]]))
    row = programme[Site].index.get((site,))
    there = openings.after(() if row is None else programme[Site].opens_after[row])
    return (day - start, sent - start) if sent >= opens and receipt + start >= there else None


def needing_nothing(programme: Programme) -> Programme:
    """Return the programme whose tasks need nothing made."""
    tasks = programme[Task]
    needs = np.empty(len(tasks), dtype=object)
    needs[:] = [()] * len(tasks)
    return replace(programme, tables={**programme.tables, "tasks": tasks.with_column("needs", needs)})


ALIKE = (tasks_agree, hours_agree, demands_agree, routes_agree, purchases_agree)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programmes())
def test_random_programmes_are_read_alike(programme):
    programme = needing_nothing(programme)  # when needs are met hangs on the plan
    network, book = network_of(programme), book_of(programme, {}, {})
    for agree in ALIKE:
        agree(network, book)


@pytest.mark.parametrize("agree", ALIKE)
def test_the_small_plant_is_read_alike(agree):
    agree(network_of(plant.programme()), book_of(plant.programme(), {}, {}))
