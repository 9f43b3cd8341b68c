"""What a plan decides: one named block of columns for each kind of decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Lane, Offer, Partner, StockPolicy
from tandemplan.network.network import Network
from tandemplan.network.origin import lots_there, origin_of
from tandemplan.network.places import only_site
from tandemplan.network.qualifying import start_open
from tandemplan.network.sourcing import followed
from tandemplan.network.value_added import ruled
from tandemplan.plan.money_columns import MoneyColumns, add_money_columns
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Variables:
    """Column numbers (NO_COLUMN: closed), in arrays of entities x periods.

    All columns are at least 0.

    - `buy[w,t]`: units ordered by way w and received in t.
    - `make[r,t]`: units started on route r.
    - `move[m,t]`: units dispatched by move m.
    - `stock[n,t]`: units at node n at the end of t.
    - `deliver[d,t]`: units delivered for demand d, at most its quantity (one per entry of network.delivering).
    - `lost[d]`: units of demand d that are never delivered, at most its quantity (one per demand).
    - `overtime[k,t]`: hours of overtime of skill k, at most those of the people of the start where it hires nobody.
    - `owned[k,t]`: stations or sets of resource k bought and in use, whole, at most as many as there is place for (entries of network.investing).
    - `chosen[o,t]`: 1 from the period on in which option o is chosen, whole.
    - `added[o,k,t]`: hours that option o adds to resource k where they hang on the pattern worked (pairs of network.choices.varying).
    - `shortfall[p,t]`: units of stock policy p below its targets.
    - `excess[p,t]`: units of stock policy p above its targets.
    - `hire[k,t]`: people of skill k who come to work on the first day of t (skills that hire).
    - `trained[k,t]`: hires of skill k trained by the first day of t.
    - `works[p,t]`: 1 where pattern p is worked (entries of network.shifts).
    - `level[p,t]`: 1 where pattern p or one with more hours a week is worked, whole, so that `works` is.
    - `begin[p,t]`: 1 where pattern p must be kept from t on.
    - `extra[k,t]`: hours of what is bought of resource k, where they hang on the pattern worked (entries of network.investing).
    - `raised[c,t]`: premium of hires and of people that options add at site c, undiscounted money (choices of network.shifts).
    - `setup[r,t]`: 1 where route r is set up, whole.
    - `lots[r,i,t]`: whole numbers of the lot multiple of step i of route r (multiples of network.lots).
    - `started[o,t]`: 1 where the qualification of offer o has started by the first day of t, whole.
    - `inside[l,c,t]`: units of lot l that are inside content c in the window that ends with t (pairs of a lot and a content).
    - `remains[l,t]`: units of lot l that are left at the end of the window that ends with t.
    - `bought[o]`: accepted units by offer o over the whole plan, where rules on sourcing or work-share speak of it.
    - `value[p]`: value that partner p adds over the whole plan, in some unit of money, where rules on work-share limit any share.

    `money` is in `MoneyColumns`.
    """

    buy: Ints
    make: Ints
    move: Ints
    stock: Ints
    deliver: Ints
    lost: Ints
    overtime: Ints
    owned: Ints
    chosen: Ints
    added: Ints
    shortfall: Ints
    excess: Ints
    hire: Ints
    trained: Ints
    works: Ints
    level: Ints
    begin: Ints
    extra: Ints
    raised: Ints
    setup: Ints
    lots: Ints
    started: Ints
    inside: Ints
    remains: Ints
    bought: Ints
    value: Ints
    money: MoneyColumns


def add_variables(build: Builder, network: Network) -> Variables:
    """Add the columns of a plan and return their numbers."""
    demands, ways = network.demands, network.delivering
    every = np.ones(network.day.shape, dtype=bool)
    counted = np.flatnonzero(demands.quantity > 0)
    lost = np.full(len(demands.quantity), -1, dtype=np.int64)
    names = tuple(map(str, demands.names))
    lost[counted] = build.add_list("lost", names, counted, np.full(len(counted), -1), demands.quantity[counted])
    investing, bought = network.investing, investment_names(network)
    shifts, hiring = network.shifts, network.hiring
    there = np.ones((len(network.programme[StockPolicy]), len(network.periods)), dtype=bool)
    origin = origin_of(network)
    kept = np.zeros((0, len(network.periods)), dtype=bool) if origin is None else lots_there(network, origin)
    return Variables(
        buy=build.add_grid("buy", way_names(network), network.buying.release >= 0),
        make=build.add_grid("make", route_names(network), network.making.open),
        move=build.add_grid("move", move_names(network), network.moving.release >= 0),
        stock=build.add_grid("stock", network.node_names, every),
        deliver=build.add_list("deliver", names, ways.demand, ways.period, demands.quantity[ways.demand]),
        lost=lost,
        overtime=build.add_grid("overtime", network.hours.names, *_overtime(network)),
        owned=build.add_grid("owned", bought, investing.usable, investing.most[:, None], whole=True),
        chosen=build.add_grid("chosen", network.choices.names, network.choices.there, 1.0, whole=True),
        added=build.add_grid("added", varying_names(network), most_added(network) > 0, most_added(network)),
        shortfall=build.add_grid("shortfall", policy_names(network), there),
        excess=build.add_grid("excess", policy_names(network), there & _has_most(network)[:, None]),
        hire=build.add_grid("hire", hiring.names, hiring.open),
        trained=build.add_grid("trained", hiring.names, hiring.state),
        works=build.add_grid("works", shifts.name, shifts.open, 1.0),
        level=build.add_grid("level", shifts.name, shifts.levels, 1.0, whole=True),
        begin=build.add_grid("begin", shifts.name, shifts.begins & shifts.lasts[:, None], 1.0),
        extra=build.add_grid("extra", bought, investing.usable & _varying(network)),
        raised=build.add_grid("raised", tuple(c.site for c in shifts.choices), _raised(network)),
        setup=build.add_grid(
            "setup", route_names(network), network.making.open & network.lots.setup[:, None], 1.0, whole=True
        ),
        lots=build.add_grid(
            "lots", multiple_names(network), network.making.open[network.lots.multiple_route], whole=True
        ),
        started=build.add_grid("started", tuple(network.programme[Offer].offer), start_open(network), 1.0, whole=True),
        inside=build.add_grid(
            "inside", () if origin is None else origin.part_names, kept if origin is None else kept[origin.part_lot]
        ),
        remains=build.add_grid(
            "remains", () if origin is None else origin.lot_names, kept & (np.arange(kept.shape[1]) < kept.shape[1] - 1)
        ),
        **_shared(build, network),
        money=add_money_columns(build, network),
    )


def idle_plan(network: Network, x: Variables, size: int) -> NDArray[np.float64]:
    """Return the plan that does nothing: nothing is bought, shifts stay, stock lies where it lies or arrives, every demand is lost."""
    values = np.zeros(size)
    shifts = network.shifts
    values[x.works[shifts.initial]] = 1.0
    usual = dict(zip(shifts.of[shifts.initial].tolist(), shifts.rank[shifts.initial].tolist(), strict=True))
    below = shifts.rank <= np.array([usual[c] for c in shifts.of.tolist()], dtype=np.int64)
    values[x.level[below][x.level[below] >= 0]] = 1.0
    values[x.stock] = network.stock[:, None] + np.cumsum(network.arriving, axis=1)
    counted = x.lost >= 0
    values[x.lost[counted]] = network.demands.quantity[counted]
    table, node = network.programme[StockPolicy], policy_nodes(network)
    if len(table):
        safety = np.array([network.cells.daily(table, "safety_units", k).max() for k in range(len(table))])
        values[x.shortfall] = safety[:, None]
        there = x.excess >= 0
        values[x.excess[there]] = values[x.stock[node]][there]
    return values


def way_names(network: Network) -> tuple[str, ...]:
    """Return purchase ways as the user reads them: offer, lane, site."""
    offers, lanes = network.programme[Offer], network.programme[Lane]
    return tuple(
        f"{offers.offer[w.offer]}{' by ' + lanes.lane[w.lane] if w.lane >= 0 else ''}{' to ' + w.site if w.site else ''}"
        for w in network.places.ways
    )


def route_names(network: Network) -> tuple[str, ...]:
    """Return routes as the user reads them: item, alternative, site."""
    return tuple(f"{i}{'|' + a if a else ''}{'@' + s if s else ''}" for i, s, a in network.places.routes)


def multiple_names(network: Network) -> tuple[str, ...]:
    """Return lot multiples as the user reads them: route and step."""
    lots, names = network.lots, route_names(network)
    return tuple(f"{names[r]}/{s}" for r, s in zip(lots.multiple_route, lots.multiple_step, strict=True))


def move_names(network: Network) -> tuple[str, ...]:
    """Return moves as the user reads them: item on lane."""
    lanes = network.programme[Lane]
    return tuple(f"{item} by {lanes.lane[lane]}" for lane, item in network.places.moves)


def investment_names(network: Network) -> tuple[str, ...]:
    """Return the resources of which more can be bought."""
    return tuple(network.hours.names[k] for k in network.investing.resource)


def varying_names(network: Network) -> tuple[str, ...]:
    """Return options with the resources where what they add hangs on the pattern worked."""
    return tuple(f"{network.choices.names[o]} at {network.hours.names[k]}" for o, k in network.choices.varying)


def most_added(network: Network) -> NDArray[np.float64]:
    """Return the most hours that an option can add where they hang on the pattern worked (pairs of network.choices.varying x periods)."""
    choices = network.choices
    most = np.zeros((len(choices.varying), len(network.periods)))
    for gain in (g for g in choices.gains if g.entry >= 0):
        k = choices.varying.index((gain.option, gain.entity))
        there = network.shifts.open[gain.entry]
        most[k] = np.maximum(most[k], np.where(there, gain.amount.max(axis=0), 0.0))
    return most


def _shared(build: Builder, network: Network) -> dict[str, Ints]:
    """Add the columns that rules on sourcing and work-share speak of, one for the whole plan each."""
    offers, partners = tuple(network.programme[Offer].offer), tuple(network.programme[Partner].partner)
    bought, value = followed(network), ruled(network.programme)
    return {
        "bought": build.add_grid("bought", offers, _at_end(network, len(offers), bought)),
        "value": build.add_grid("value added", partners, _at_end(network, len(partners), value)),
    }


def _at_end(network: Network, count: int, rows: Ints) -> NDArray[np.bool_]:
    """Return where some of `count` owners have a column for the whole plan: in the last period (owners x periods)."""
    there = np.zeros((count, len(network.periods)), dtype=bool)
    there[rows, -1] = True
    return there


def _varying(network: Network) -> NDArray[np.bool_]:
    """Return in which periods hours of what is bought hang on the shifts chosen (entries of network.investing x periods)."""
    found = [network.shifts.varying(int(k)) for k in network.investing.resource]
    return np.array(found, dtype=bool).reshape(network.investing.usable.shape)


def _raised(network: Network) -> NDArray[np.bool_]:
    """Return in which periods hires or people of options may be there and paid a premium that is decided (choices of network.shifts x periods)."""
    hiring, shifts = network.hiring, network.shifts
    found = np.zeros((len(shifts.choices), len(network.periods)), dtype=bool)
    for c, paid in enumerate(shifts.paid):
        dearer = shifts.open[(shifts.of == c) & (shifts.premium > 0)].any(axis=0)
        there = (hiring.open | hiring.state)[np.isin(hiring.resource, paid)].any(axis=0)
        for gain in (g for g in network.choices.gains if g.family == "hours" and g.entity in paid):
            there |= (gain.amount > 0).any(axis=0)
        found[c] = dearer & there
    return found


def policy_names(network: Network) -> tuple[str, ...]:
    """Return stock policies as the user reads them: item@site."""
    policies = network.programme[StockPolicy]
    return tuple(f"{i}@{s}" if s else str(i) for i, s in zip(policies.item, policies.site, strict=True))


def policy_nodes(network: Network) -> Ints:
    """Return the node of each stock policy."""
    policies, blank = network.programme[StockPolicy], only_site(network.programme)
    at = {n: k for k, n in enumerate(network.places.nodes)}
    pairs = zip(policies.item, policies.site, strict=True)
    return np.array([at[i, s or blank] for i, s in pairs], dtype=np.int64).reshape(-1)


def _overtime(network: Network) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return where there can be overtime, and its most; where hires may work overtime, the rows of `overtime` say the most."""
    hours, hiring = network.hours, network.hiring
    there, most = hours.overtime > 0, hours.overtime.copy()
    there[hiring.resource] |= hiring.overtime
    most[hiring.resource] = np.where(hiring.overtime, np.inf, most[hiring.resource])
    return there, most


def _has_most(network: Network) -> NDArray[np.bool_]:
    policies = network.programme[StockPolicy]
    return ~np.isnan(policies.most_units) | ~np.isnan(policies.most_days)
