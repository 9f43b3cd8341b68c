"""The compiled searches as they are called: on shops by insertion, on all else by breeding lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tandemplan.arrays import Ints
from tandemplan.schedule.breeding import Herd, bred, started
from tandemplan.schedule.insertion import TABOO, searched
from tandemplan.schedule.orders import Shop, State, timed
from tandemplan.schedule.serial import Desk, Work
from tandemplan.solver.activities import Activities, Schedule, tails

MEMBERS = 30  # of a population
MEMBERS_OF_SHOPS = 8  # of that which gives shops their first schedule
NEVER = 1 << 60


class Search(Protocol):
    """A search that goes on step by step, and always holds the best schedule that it has seen."""

    @property
    def makespan(self) -> int:
        """Return the makespan of the best schedule."""

    def go(self, steps: int, floor: int) -> None:
        """Take some steps; end early where the makespan is `floor`."""

    def best(self) -> Schedule:
        """Return the best schedule."""

    def take(self, schedule: Schedule, makespan: int) -> None:
        """Go on from a better schedule, found elsewhere."""


@dataclass(eq=False)
class Insertion:
    """Tabu search on a shop."""

    shop: Shop
    state: State
    tenure: int

    @property
    def makespan(self) -> int:
        """Return the best makespan so far."""
        return int(self.state.progress[2])

    def go(self, steps: int, floor: int) -> None:
        """Take some steps."""
        searched(self.shop, self.state, steps, self.tenure, floor)

    def best(self) -> Schedule:
        """Return the best schedule: each operation as early as its machine's order allows."""
        shown = self.state._replace(
            mode=self.state.kept_mode.copy(), prev=self.state.kept_prev, next=_next(self.state.kept_prev)
        )
        timed(self.shop, shown)
        return Schedule(self.state.head.copy(), shown.mode)

    def take(self, schedule: Schedule, makespan: int) -> None:
        """Go on from the orders of another schedule."""
        prev, first = _orders(schedule, self.shop)
        self.state.mode[:], self.state.prev[:], self.state.first[:] = schedule.mode, prev, first
        self.state.next[:] = _next(prev)
        self.state.kept_mode[:], self.state.kept_prev[:] = schedule.mode, prev
        self.state.progress[1:] = self.state.progress[0], makespan


def insertion_of(activities: Activities, first: Schedule, seed: int) -> Insertion:
    """Return the tabu search of a shop, which starts from a first schedule."""
    n, machines = len(activities), len(activities.capacity)
    leader, follower = np.full(n, -1), np.full(n, -1)
    leader[activities.after], follower[activities.before] = activities.before, activities.after
    shop = Shop(activities.mode_start, activities.duration, activities.needs.item, leader, follower)
    prev, head = _orders(first, shop)
    state = State(
        mode=first.mode.copy(),
        prev=prev,
        next=_next(prev),
        first=head,
        head=_room(n),
        tail=_room(n),
        sequence=_room(n),
        waits=_room(n),
        path=_room(n),
        forbidden=_room(TABOO),
        banned=_room(len(activities.duration)),
        kept_mode=first.mode.copy(),
        kept_prev=prev.copy(),
        luck=_luck(seed),
        move=_room(5),
        progress=np.array([0, 0, first.makespan(activities)], dtype=np.int64),
    )
    tenure = 10 + n // max(machines * machines, 1)
    return Insertion(shop, state, tenure)


def _next(prev: Ints) -> Ints:
    """Return who follows each operation on its machine."""
    found = np.full(len(prev), -1)
    has = np.flatnonzero(prev >= 0)
    found[prev[has]] = has
    return found


def _orders(schedule: Schedule, shop: Shop) -> tuple[Ints, Ints]:
    """Return who comes before each operation on its machine, and the first of each machine, by start, end and number."""
    machine = shop.on[schedule.mode]
    end = schedule.start + shop.takes[schedule.mode]
    order = np.lexsort((np.arange(len(machine)), end, schedule.start, machine))
    prev, first = np.full(len(order), -1), np.full(int(shop.on.max()) + 1, -1)
    same = machine[order[1:]] == machine[order[:-1]]
    prev[order[1:][same]] = order[:-1][same]
    leads = order[np.r_[True, ~same]] if len(order) else order
    first[machine[leads]] = leads
    return prev, first


@dataclass(eq=False)
class Breeding:
    """The search among lists of activities, for resources of any capacity and modes."""

    work: Work
    desk: Desk
    herd: Herd

    @property
    def makespan(self) -> int:
        """Return the best makespan so far, much more where no modes suffice yet."""
        return int(self.herd.best[0])

    def go(self, steps: int, floor: int) -> None:
        """Make some children."""
        bred(self.work, self.desk, self.herd, steps, floor)

    def best(self) -> Schedule:
        """Return the best schedule."""
        return Schedule(self.herd.best_start.copy(), self.herd.best_mode.copy())

    def take(self, schedule: Schedule, makespan: int) -> None:
        """Put another schedule in the place of the worst member."""
        worst = int(np.argmax(self.herd.value[:-1]))
        self.herd.lists[worst] = np.lexsort((self.herd.lists[worst], schedule.start))
        self.herd.modes[worst], self.herd.value[worst], self.herd.best[0] = schedule.mode, makespan, makespan
        self.herd.best_start[:], self.herd.best_mode[:] = schedule.start, schedule.mode


def breeding_of(activities: Activities, seed: int, members: int = MEMBERS) -> Breeding:
    """Return the search among lists; its population is filled from priority rules."""
    n, resources = len(activities), len(activities.capacity)
    needs = activities.needs
    lead, follow = activities.leaders, activities.followers
    work = Work(
        *(activities.mode_start, activities.duration, needs.start, needs.item, needs.value.astype(np.int64)),
        *(activities.capacity, activities.renewable, lead.start, lead.item, lead.value.astype(np.int64)),
        *(follow.start, follow.item, follow.value.astype(np.int64)),
    )
    time, free = _room(resources, 2 * n + 3), _room(resources, 2 * n + 3)
    desk = Desk(time, free, points=_room(resources), start=_room(n), list=_room(n), key=np.zeros(n))
    herd = Herd(
        lists=_room(members + 1, n),
        modes=_room(members + 1, n),
        value=_room(members + 1),
        place=_room(n),
        best_start=_room(n),
        best_mode=_room(n),
        best=np.array([NEVER]),
        luck=_luck(seed),
    )
    herd.modes[0] = _quickest(activities)
    started(work, desk, herd, tails(activities))
    return Breeding(work, desk, herd)


def _quickest(activities: Activities) -> Ints:
    """Return the first shortest mode of each activity."""
    order = np.lexsort((np.arange(len(activities.duration)), activities.duration, activities.activity))
    return np.asarray(order[activities.mode_start[:-1]], dtype=np.int64)


def _room(*shape: int) -> Ints:
    """Return an array of zeros."""
    return np.zeros(shape, dtype=np.int64)


def _luck(seed: int) -> Ints:
    """Return the state of a generator of random numbers, which may not be 0."""
    return np.random.default_rng(seed).integers(1, 1 << 62, 1)


def search_of(activities: Activities, seed: int) -> Search:
    """Return the search that fits the activities, with its first schedule made."""
    if not activities.is_shop:
        return breeding_of(activities, seed)
    return insertion_of(activities, breeding_of(activities, seed, MEMBERS_OF_SHOPS).best(), seed)
