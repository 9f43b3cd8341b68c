"""Factories are scheduled: what schedules obey, how good they are, and what no schedule is below."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from tandemplan.schedule.dispatch import dispatch_factory
from tandemplan.schedule.factory import DELIVER, FOREVER, Factory, no_orders
from tandemplan.schedule.improving import worse
from tandemplan.schedule.scheduling import schedule_factory

from .factories import DAY, Draft, one_machine, shop, synthetic
from .obeyed import broken, lateness


def _alternate_machine() -> Factory:
    """A runs on M1 (preferred) or M2, B only on M1; five days each, both due on day 6."""
    draft = Draft()
    m1, m2 = draft.resource(), draft.resource()
    a, b = draft.buffer("A"), draft.buffer("B")
    p = draft.process(minimum=1.0)
    for rank, machine in enumerate((m1, m2)):
        draft.mode(p, fixed=5.0 * DAY, flows=[(a, 1.0)], loads=[(machine, 1.0)], rank=rank)
    draft.made(b, {}, on=m1, fixed=5.0 * DAY, minimum=1.0)
    draft.demand(a, 1.0, 6 * DAY)
    draft.demand(b, 1.0, 6 * DAY + 1)
    return draft.factory()


def _alternate_material() -> Factory:
    """A is made of X (preferred) or Y, B only of X; 10 of each lie there, and no more come."""
    draft = Draft()
    a, b, x, y = draft.buffer("A"), draft.buffer("B"), draft.buffer("X", 10.0), draft.buffer("Y", 10.0)
    p = draft.process(minimum=1.0)
    for rank, material in enumerate((x, y)):
        draft.mode(p, fixed=1.0 * DAY, flows=[(material, -1.0), (a, 1.0)], rank=rank)
    draft.made(b, {x: 1.0}, fixed=1.0 * DAY, minimum=1.0)
    draft.demand(a, 10.0, 9 * DAY)
    draft.demand(b, 10.0, 10 * DAY)
    return draft.factory()


def _order_of_due_moments() -> Factory:
    """Nine units, all at once, are due on day 8, and eight single ones on day 9; one machine makes one a day.

    Late at least: the nine by 1 day (9 unit-days), then the eight by 1 to 8 days (36).
    """
    draft = Draft()
    item, machine = draft.buffer("P"), draft.resource()
    draft.made(item, {}, on=machine, unit=1.0 * DAY, minimum=1.0)
    draft.demand(item, 9.0, 8 * DAY, least=9.0)
    for _ in range(8):
        draft.demand(item, 1.0, 9 * DAY, least=1.0)
    return draft.factory()


@pytest.mark.parametrize(
    ("factory", "best"), [(_alternate_machine(), 0), (_alternate_material(), 0), (_order_of_due_moments(), 45)]
)
def test_greedy_choices_are_put_right(factory: Factory, best: float):
    found = schedule_factory(factory, steps=300)
    assert not broken(factory, found.orders)
    assert (found.missing.sum(), found.late.sum()) == (0, pytest.approx(best, abs=1e-4))


def test_what_competes_for_a_machine_is_proved():
    """The best schedule of the nine units and the eight is proved: 9 unit-days, and 1 + ... + 8."""
    assert schedule_factory(_order_of_due_moments(), steps=300).proved


def test_the_bound_sees_choices_and_what_lies_there():
    """Two machines make one of two ways a unit a day each; of 13 units due at once three lie there. Ten come two a day: 2 * (1 + ... + 5) unit-days.

    The bound lets a day's two units come one after the other at equal distances: half a day each, so 0.5 + 1 + ... of full days less than that.
    """
    draft = Draft()
    item, machines = draft.buffer("P", 3.0), [draft.resource(), draft.resource()]
    for machine in machines:
        draft.made(item, {}, on=machine, unit=1.0 * DAY, minimum=1.0)
    draft.demand(item, 13.0, 0, least=1.0)
    found = schedule_factory(draft.factory(), steps=200)
    assert found.late.sum() == pytest.approx(30, abs=1e-4)
    assert 20 < found.late_bound.sum() <= 30


def test_several_lots_are_made_at_once_where_that_helps():
    """Ten units that must be delivered as one, due at once, at a unit a day on each of two machines: two lots of five are late by 5 days."""
    draft = Draft()
    item, machines = draft.buffer("P"), draft.resource(2.0)
    draft.made(item, {}, on=machines, unit=1.0 * DAY, minimum=1.0)
    draft.demand(item, 10.0, 0, least=10.0)
    found = schedule_factory(draft.factory(), steps=400)
    assert not broken(draft.factory(), found.orders)
    assert found.late.sum() == pytest.approx(50, abs=1e-4)


def test_what_may_not_be_early_is_late_to_the_second():
    """A machine is open from day 1 to 3 and from day 20, and may be held a day before the need: what is due on day 10 is begun on day 2, and done a second after day 20."""
    draft = Draft()
    item = draft.buffer("P")
    machine = draft.resource(early=DAY)
    draft.made(
        item, {}, on=machine, unit=1.0 * DAY, minimum=1.0, calendar=draft.calendar((DAY, 3 * DAY), (20 * DAY, 40 * DAY))
    )
    draft.demand(item, 1.0, 10 * DAY, least=1.0)
    found = schedule_factory(draft.factory(), steps=0)
    assert found.late.sum() == pytest.approx(10 + 1 / DAY, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "frugal", "loss"),
    [
        ((0.0, -1.0, 0.0, 9.0), True, False),
        ((0.0, -1.0, 0.0, 11.0), True, True),
        ((0.0, -1.0, 0.0, 11.0), False, False),
        ((-1.0, 5.0, 0.0, 99.0), True, False),
        ((0.0, 0.0, 1.0, -9.0), False, True),
    ],
)
def test_a_gain_that_is_dear_to_later_classes_is_none_where_frugal(change: tuple[float, ...], frugal: bool, loss: bool):
    """Units missing and late unit-days of two classes change."""
    assert worse.py_func(np.array(change), frugal) == loss


def test_what_is_late_is_delivered_as_it_comes():
    """One machine makes a unit a day; three of ten units lie there. Due at once, the other seven are late by 1 to 7 days: 28 unit-days."""
    draft = Draft()
    item, machine = draft.buffer("P", 3.0), draft.resource()
    draft.made(item, {}, on=machine, unit=1.0 * DAY, minimum=1.0)
    draft.demand(item, 10.0, 0, least=1.0)
    found = schedule_factory(draft.factory(), steps=0)
    assert not broken(draft.factory(), found.orders)
    assert (found.missing.sum(), found.late.sum()) == (0, pytest.approx(28, abs=1e-4))


def test_as_much_as_can_be_is_in_time():
    """What delivers uses two units of ten that lie there: five of a hundred are in time, and the rest is delivered when all comes, six days late."""
    draft = Draft()
    item, source = draft.buffer("P", 10.0), draft.buffer("Q", 0.0)
    supply = draft.process(rank=0)
    draft.mode(supply, flows=[(source, 1.0)])
    draft.made(item, {source: 1.0}, minimum=1.0)
    way = draft.process(kind=DELIVER)
    draft.mode(way, flows=[(item, -2.0)])
    draft.demand(item, 100.0, 9 * DAY, least=1.0, ways=[way])
    base = {"process": supply, "mode": 0, "firm": 1, "parent": -1, "demand": -1}
    draft.given.append({**base, "quantity": 1000.0, "start": 15 * DAY, "end": 15 * DAY})
    found = schedule_factory(draft.factory(), steps=0)
    assert not broken(draft.factory(), found.orders)
    assert (found.missing.sum(), found.late.sum()) == (0, pytest.approx(95 * 6, abs=1e-4))


@pytest.mark.parametrize("seed", range(30))
def test_schedules_of_random_factories_obey_all(seed: int):
    factory = shop(seed)
    at_once, found = dispatch_factory(factory), schedule_factory(factory, steps=100, seed=seed)
    assert not broken(factory, at_once)
    assert not broken(factory, found.orders)
    missing, late = lateness(factory, found.orders)
    assert missing == pytest.approx(found.missing.tolist(), abs=1e-6)
    assert late == pytest.approx(found.late.tolist(), abs=1e-6)
    assert _better_or_same((missing, late), lateness(factory, at_once))
    assert (
        _better_or_same((found.missing_bound, found.late_bound), (missing, late)) or missing[0] > found.missing_bound[0]
    )


def _better_or_same(one: tuple, other: tuple) -> bool:
    for a, b in zip(np.stack(one, axis=1).ravel(), np.stack(other, axis=1).ravel(), strict=True):
        if abs(a - b) > 1e-5:
            return bool(a < b)
    return True


def test_schedules_of_one_machine_are_mostly_the_best_and_never_below_the_bound():
    reached = 0
    for seed in range(12):
        factory = one_machine(seed, 5)
        found = schedule_factory(factory, steps=1000)
        best = min(_in_sequence(factory, order) for order in permutations(range(5)))
        assert not broken(factory, found.orders)
        assert found.late.tolist() >= [x - 1e-6 for x in best]
        assert found.late_bound[0] <= best[0] + 1e-6
        reached += found.late.tolist() == pytest.approx(list(best), abs=1e-6)
    assert reached >= 11


def _in_sequence(factory: Factory, order: tuple[int, ...]) -> tuple[float, ...]:
    t, late = 0, [0.0] * (int(factory.demands.rank.max()) + 1)
    for d in order:
        p = factory.modes.process[factory.buffers.maker[d]]
        t = max(t, int(factory.processes.fence[p])) + int(factory.modes.fixed[factory.buffers.maker[d]])
        late[factory.demands.rank[d]] += factory.demands.quantity[d] * max(0, t - factory.demands.due[d]) / DAY
    return tuple(late)


def test_the_same_seed_gives_the_same_schedule():
    one, other = (schedule_factory(synthetic(60), steps=300, seed=3).orders for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


def test_more_stations_from_the_old_schedule_are_no_worse():
    for seed in range(6):
        factory = one_machine(seed, 6)
        old = schedule_factory(factory, steps=50)
        size = factory.resources.size
        more = Factory(
            **{
                **factory.__dict__,
                "resources": factory.resources._replace(size=size._replace(value=size.value + 1.0)),
            }
        )
        new = schedule_factory(more, steps=0, start=old.orders)
        assert not broken(more, new.orders)
        assert _better_or_same((new.missing, new.late), (old.missing, old.late))


def test_a_factory_without_demands_has_an_empty_schedule():
    draft = Draft()
    draft.buffer("item")
    assert len(dispatch_factory(draft.factory()).start) == len(no_orders().start)


def test_a_group_is_delivered_at_one_moment_or_not_at_all():
    draft = Draft()
    fast, slow, never = draft.buffer("fast", 5.0), draft.buffer("slow"), draft.buffer("never")
    draft.made(slow, {}, fixed=10.0 * DAY)
    for group, items in enumerate(((fast, slow), (fast, never))):
        for item in items:
            draft.demand(item, 2.0, 3 * DAY, group=group)
    orders = dispatch_factory(draft.factory())
    assert sorted(
        zip(orders.demand[orders.demand >= 0].tolist(), orders.end[orders.demand >= 0].tolist(), strict=True)
    ) == [
        (0, 10 * DAY),
        (1, 10 * DAY),
    ]


def test_set_ups_hold_the_station_before_an_order():
    """Two colours, a change takes an hour: the later order's colour goes first, since there is no room behind the other one."""
    draft = Draft(matrices=np.array([[[0, 0], [0, 3600], [3600, 0]]], dtype=np.int64))
    station = draft.resource(matrix=0, set_up=0)
    for colour in range(2):
        item = draft.buffer(f"colour {colour}")
        draft.made(item, {}, on=station, fixed=7200.0, minimum=1.0, set_up=colour)
        draft.demand(item, 1.0, 7200 * 3 + 3600 * colour)
    orders = dispatch_factory(draft.factory())
    made = np.flatnonzero(orders.process >= 0)
    found = zip(orders.change[made].tolist(), orders.start[made].tolist(), orders.end[made].tolist(), strict=True)
    assert sorted(found) == [(0, 3600, 10800), (10800, 14400, 21600)]


def test_buckets_hold_what_they_hold():
    """Three units fit into a day: ten are made on four days, the last of which is the day of the due moment."""
    draft = Draft(horizon=30 * DAY)
    line = draft.resource([(-FOREVER, 0.0), *((d * DAY, 3.0) for d in range(30))], buckets=1)
    item = draft.buffer("item")
    p = draft.process(minimum=1.0, multiple=1.0)
    draft.mode(p, flows=[(item, 1.0)], loads=[(line, 0.0, -1, (0.0, 1.0))])
    draft.demand(item, 10.0, 10 * DAY + 1)
    orders = dispatch_factory(draft.factory())
    made = orders.process >= 0
    used = np.bincount(orders.start[made] // DAY, orders.quantity[made])
    assert used.max() <= 3.0
    assert used[[10, 9, 8]].tolist() == [3.0, 3.0, 3.0]


def test_a_route_goes_step_by_step_and_its_tool_stays():
    draft = Draft()
    item, press, oven, tool = draft.buffer("item"), draft.resource(), draft.resource(), draft.resource()
    first, second = draft.process(wait=3600), draft.process()
    draft.mode(first, fixed=3600.0, loads=[(press, 1.0), (tool, 1.0, -1, (0.0, 0.0), 1)])
    draft.mode(second, fixed=7200.0, loads=[(oven, 1.0), (tool, 1.0, -1, (0.0, 0.0), 1)])
    route = draft.process(minimum=1.0, steps=[first, second])
    draft.mode(route, flows=[(item, 1.0)])
    for _ in range(2):
        draft.demand(item, 1.0, DAY, least=1.0)
    orders = dispatch_factory(draft.factory())
    whole = np.flatnonzero(orders.process == route)
    assert sorted(zip(orders.start[whole].tolist(), orders.end[whole].tolist(), strict=True)) == [
        (DAY - 8 * 3600, DAY - 4 * 3600),
        (DAY - 4 * 3600, DAY),
    ]
    assert (orders.mode[whole] == -1).all()
    assert (orders.parent >= 0).sum() == 4


def test_given_orders_stand_and_what_they_lack_is_made():
    draft = Draft()
    item, part, machine = draft.buffer("item"), draft.buffer("part"), draft.resource()
    draft.made(part, {}, fixed=1.0 * DAY)
    p = draft.made(item, {part: 1.0}, on=machine, fixed=1.0 * DAY, minimum=1.0)
    draft.given.append(
        {
            "process": p,
            "mode": 1,
            "quantity": 3.0,
            "start": 5 * DAY,
            "end": 6 * DAY,
            "firm": 1,
            "parent": -1,
            "demand": -1,
        }
    )
    draft.demand(item, 3.0, 7 * DAY)
    orders = dispatch_factory(draft.factory())
    assert orders.given.tolist().count(0) == 1
    assert sorted(orders.start[orders.process == 0].tolist()) == [4 * DAY]
    assert (orders.process == p).sum() == 1


def test_safety_stock_is_raised_after_all_demand():
    draft = Draft()
    item = draft.buffer("item", 4.0)
    draft.safety[item] = [(-FOREVER, 5.0)]
    p = draft.made(item, {}, fixed=1.0 * DAY)
    draft.demand(item, 4.0, 0)
    orders = dispatch_factory(draft.factory())
    made = np.flatnonzero(orders.process == p)
    assert orders.quantity[made].sum() == 5.0
    assert orders.end[made].max() == DAY
