"""The search among lists of activities: a small population, recombined and justified, in slices of evaluated schedules."""

from __future__ import annotations

from typing import NamedTuple

from tandemplan.arrays import Floats, Ints
from tandemplan.compiled import kernel
from tandemplan.schedule.orders import draw
from tandemplan.schedule.serial import SPOILED, Desk, Work, justified, missing

MUTATED = 50  # one activity in so many changes its place, and its mode


class Herd(NamedTuple):
    """Lists, modes and values of a population; the last row is room for a child; `best` and its value are kept apart."""

    lists: Ints  # [member, place]
    modes: Ints  # [member, activity]
    value: Ints
    place: Ints  # room: of each activity
    best_start: Ints
    best_mode: Ints
    best: Ints  # the best value, in one place
    luck: Ints


@kernel
def valued(work: Work, desk: Desk, herd: Herd, k: int) -> int:
    """Schedule a member and return its value: the makespan, or much more where nonrenewable resources do not suffice."""
    lacks = missing(work, herd.modes[k])
    if lacks > 0:
        return SPOILED * (1 + lacks)
    found = justified(work, desk, herd.lists[k], herd.modes[k])
    return found if found >= 0 else SPOILED * 1000


@kernel
def crossed(herd: Herd, child: int, mother: int, father: int) -> None:
    """Make a child: a stretch of the father's list stays together, what is before and after it comes from the mother."""
    n = len(herd.place)
    a, b = draw(herd.luck, n), draw(herd.luck, n)
    a, b = min(a, b), max(a, b)
    herd.place[:] = 0
    for k in range(a):
        v = herd.lists[mother, k]
        herd.lists[child, k], herd.modes[child, v], herd.place[v] = v, herd.modes[mother, v], 1
    k = a
    for i in range(n):
        v = herd.lists[father, i]
        if k > b:
            break
        if herd.place[v] == 0:
            herd.lists[child, k], herd.modes[child, v], herd.place[v] = v, herd.modes[father, v], 1
            k += 1
    for i in range(n):
        v = herd.lists[mother, i]
        if herd.place[v] == 0:
            herd.lists[child, k], herd.modes[child, v] = v, herd.modes[mother, v]
            k += 1


@kernel
def mutated(work: Work, herd: Herd, child: int) -> None:
    """Exchange some neighbours that do not wait for each other, and change some modes."""
    n = len(herd.place)
    for k in range(n - 1):
        if draw(herd.luck, MUTATED) == 0:
            u, v = herd.lists[child, k], herd.lists[child, k + 1]
            free = True
            for a in range(work.follow_start[u], work.follow_start[u + 1]):
                free = free and work.follower[a] != v
            if free:
                herd.lists[child, k], herd.lists[child, k + 1] = v, u
    for v in range(n):
        ways = work.mode_start[v + 1] - work.mode_start[v]
        if ways > 1 and draw(herd.luck, MUTATED) == 0:
            herd.modes[child, v] = work.mode_start[v] + draw(herd.luck, ways)


@kernel
def shuffled(work: Work, herd: Herd, k: int, tail: Floats, temper: float) -> None:
    """Make a new member: activities by the longest way that is left, blurred by chance, each after its leaders."""
    n = len(herd.place)
    herd.place[:] = 0
    for v in range(n):
        for a in range(work.follow_start[v], work.follow_start[v + 1]):
            herd.place[work.follower[a]] += 1
    for at in range(n):
        chosen, most = -1, -1.0
        for v in range(n):
            if herd.place[v] == 0:
                luck = 1.0 + temper * draw(herd.luck, 1000) / 1000.0
                if (tail[v] + 1.0) * luck > most:
                    chosen, most = v, (tail[v] + 1.0) * luck
        herd.lists[k, at] = chosen
        herd.place[chosen] = -1
        for a in range(work.follow_start[chosen], work.follow_start[chosen + 1]):
            herd.place[work.follower[a]] -= 1


@kernel
def frugal(work: Work, modes: Ints) -> None:
    """Change modes one by one to those that lack less of nonrenewable resources, until nothing lacks or no change helps."""
    lacks = missing(work, modes)
    better = True
    while lacks > 0 and better:
        better = False
        for v in range(len(modes)):
            kept = modes[v]
            for mode in range(work.mode_start[v], work.mode_start[v + 1]):
                modes[v] = mode
                now = missing(work, modes)
                if now < lacks:
                    lacks, kept, better = now, mode, True
            modes[v] = kept


@kernel
def started(work: Work, desk: Desk, herd: Herd, tail: Floats) -> None:
    """Fill the population; the first member takes its list from the tails alone, and its modes as they stand in the first row."""
    members = len(herd.value) - 1
    for k in range(members):
        if k > 0:
            herd.modes[k] = herd.modes[0]
            for v in range(len(herd.place)):
                ways = work.mode_start[v + 1] - work.mode_start[v]
                if ways > 1 and draw(herd.luck, 4) == 0:
                    herd.modes[k, v] = work.mode_start[v] + draw(herd.luck, ways)
        frugal(work, herd.modes[k])
        shuffled(work, herd, k, tail, 0.0 if k == 0 else 0.2 + 0.8 * k / members)
        herd.value[k] = valued(work, desk, herd, k)
        bettered(desk, herd, k)


@kernel
def bettered(desk: Desk, herd: Herd, k: int) -> None:
    """Keep a member's schedule, which is still on the desk, if it is the best one."""
    if herd.value[k] < herd.best[0]:
        herd.best_start[:] = desk.start
        herd.best_mode[:] = herd.modes[k]
        herd.best[0] = herd.value[k]


@kernel
def bred(work: Work, desk: Desk, herd: Herd, rounds: int, floor: int) -> None:
    """Make children for some rounds; each takes the place of its worse parent, or of the worst of three."""
    members = len(herd.value) - 1
    for _ in range(rounds):
        if herd.best[0] <= floor:
            break
        mother, father = draw(herd.luck, members), draw(herd.luck, members)
        rival = draw(herd.luck, members)
        mother = rival if herd.value[rival] < herd.value[mother] else mother
        crossed(herd, members, mother, father)
        mutated(work, herd, members)
        frugal(work, herd.modes[members])
        herd.value[members] = valued(work, desk, herd, members)
        bettered(desk, herd, members)
        worst = draw(herd.luck, members)
        for _ in range(2):
            other = draw(herd.luck, members)
            worst = other if herd.value[other] > herd.value[worst] else worst
        if herd.value[members] <= herd.value[worst]:
            herd.lists[worst], herd.modes[worst] = herd.lists[members], herd.modes[members]
            herd.value[worst] = herd.value[members]
