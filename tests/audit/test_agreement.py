"""Two programs that share no code read a programme alike: the planner's network and the audit's book."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tandemplan.audit.book import Book, book_of
from tandemplan.audit.hours import hours_present
from tandemplan.audit.permits import Needs, asked_for, needs_of_move, needs_of_offer, refusals, times_of
from tandemplan.audit.ways import latest_open, lead_of, serves
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Lane, Licence, Offer, Site, Task
from tandemplan.network.licensing import Licensing
from tandemplan.network.network import Network, network_of
from tandemplan.testing.models import programme_of
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
    opens = openings.after(programme[Lane].opens_after[way[1]]) if lane else start
    needs = needs_of_offer(programme, offer, site)
    if not book.horizon.holds(sent) or list(refusals(book, needs, times_of(book), day, sent)):
        return None
    row = programme[Site].index.get((site,))
    there = openings.after(() if row is None else programme[Site].opens_after[row])
    return (day - start, sent - start) if sent >= opens and receipt + start >= there else None


def licences_agree(network: Network, book: Book) -> None:
    """Moves have what they need on the same days, whether or not the lane is open."""
    licensing = Licensing(network.programme, network.cells, network.dates)
    lanes, days, times = network.programme[Lane], book.horizon.days.tolist(), times_of(book)
    for lane, item in network.places.moves:
        row = lanes.row(lane)
        said = licensing.permitted(item, row.from_place, row.to_site, np.arange(network.periods.days))
        assert [permitted(book, needs_of_move(book.programme, item, row), times, day) for day in days] == said.tolist()


def permitted(book: Book, needs: Needs, times, day: int) -> bool:
    return not list(refusals(book, needs, times, asked_for(book, needs.single, day), day))


def needing_nothing(programme: Programme) -> Programme:
    """Return the programme whose tasks need nothing made."""
    tasks = programme[Task]
    needs = np.empty(len(tasks), dtype=object)
    needs[:] = [()] * len(tasks)
    return replace(programme, tables={**programme.tables, "tasks": tasks.with_column("needs", needs)})


ALIKE = (tasks_agree, hours_agree, demands_agree, routes_agree, purchases_agree, licences_agree)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(programmes())
def test_random_programmes_are_read_alike(programme):
    programme = needing_nothing(programme)  # when needs are met hangs on the plan
    network, book = network_of(programme), book_of(programme, {}, {})
    for agree in ALIKE:
        agree(network, book)


BORDERS = """
start = 2026-06-01
periods = 4 weeks
[countries]
country
H
C
D
[sites]
site,country
P,H
W,{w}
Q,{q}
[items]
item
X
K
A
[bom]
parent,component
X,K
K,A
[operations]
item,site,work_centre,plateau_hours
X,P,M,1
K,P,M,1
[work_centres]
work_centre,site
M,P
[suppliers]
supplier,country
U,C
[offers]
offer,supplier,item,origin_country,lead_days
O,U,A,{origin},2
N,U,K,,1
[lanes]
lane,from_place,to_site,transit_days
in,C,P,3
on,P,W,1
out,P,Q,2
back,Q,W,0
[tasks]
task,duration_days,finished
t1,6,
t2,9,
old,5,2026-05-20
[licences]
licence,kind,task,country,items,from_places,to_places,processing_days,validity_days,renewal_lead_days,renewable,reexport_consent
{licences}
[risks]
risk,date,duration_days,changes
r,2026-06-08,5,licences[L0].processing_days += 3
[demands]
demand,site,item,quantity_units,due
d1,Q,X,4,2026-06-21
d2,W,K,4,2026-06-14
d3,W,A,4,2026-06-14
"""


@pytest.mark.parametrize("seed", range(40))
def test_licences_drawn_by_chance_are_read_alike(seed):
    """Standing and per order, of some countries for some goods and ways, renewed or not, with and without consent."""
    chance = random.Random(seed)

    def some(*cells):
        return chance.choice(cells)

    def licence(k):
        kind = some("standing", "standing", "per order")
        validity = some("", 4, 9.5, 15)
        lead = some("", 0, 2, 4) if validity else ""
        return (
            f"L{k},{kind},{some('t1', 't2', 'old') if kind == 'standing' else ''},{some('', 'H', 'C', 'D')},{some('', 'A', 'K', 'X', 'A;X')},"
            f"{some('', 'C', 'P', 'H;Q')},{some('', 'P', 'W', 'H', 'D')},{some(0, 1.5, 4)},{validity},{lead},{some('yes', 'no')},{some('yes', 'no')}"
        )

    text = BORDERS.format(
        w=some("H", "C"), q=some("D", "C"), origin=some("", "D"), licences="\n".join(map(licence, range(4)))
    )
    programme = programme_of(text)
    network, book = network_of(programme), book_of(programme, {}, {})
    licences_agree(network, book)
    purchases_agree(network, book)
    for k, (lane, item) in enumerate(network.places.moves):
        mine = [x.licence for x in needs_of_move(programme, item, programme[Lane].row(lane)).consents]
        assert programme[Licence].licence[network.permits.consents[:, k]].tolist() == mine


@pytest.mark.parametrize("agree", ALIKE)
def test_the_small_plant_is_read_alike(agree):
    agree(network_of(plant.programme()), book_of(plant.programme(), {}, {}))
