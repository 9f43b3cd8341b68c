"""The numbers of the lists in which jobs and orders wait: by route, move, step, step blocked before, offer, lane and crossing; and of held orders."""

from __future__ import annotations

from tandemplan.compiled import inlined
from tandemplan.simulate.layout import World


def list_count(world: World) -> int:
    """Return how many lists of jobs there are."""
    return len(world.routes) + len(world.moves) + 2 * len(world.steps) + len(world.offers) + len(world.lanes) + len(world.crossings) + 2  # fmt: skip


@inlined
def move_list(w: World, move: int) -> int:
    """Return the list of jobs that wait for a move; those that wait for a route have its number."""
    return len(w.routes) + move


@inlined
def queue_of(w: World, step: int) -> int:
    """Return the list of jobs that wait for a step."""
    return move_list(w, len(w.moves)) + step


@inlined
def blocked_list(w: World, step: int) -> int:
    """Return the list of jobs that a step blocks at the step before."""
    return queue_of(w, len(w.steps)) + step


@inlined
def offer_list(w: World, offer: int) -> int:
    """Return the list of orders that an offer cannot dispatch now."""
    return blocked_list(w, len(w.steps)) + offer


@inlined
def lane_list(w: World, lane: int) -> int:
    """Return the list of what a lane cannot carry now."""
    return offer_list(w, len(w.offers)) + lane


@inlined
def crossing_list(w: World, crossing: int) -> int:
    """Return the list of what waits at a closed border point."""
    return lane_list(w, len(w.lanes)) + crossing


@inlined
def held_list(w: World) -> int:
    """Return the list of orders that cannot be released now."""
    return crossing_list(w, len(w.crossings))


@inlined
def permit_list(w: World) -> int:
    """Return the list of orders that come by no lane and wait for a licence: the last one."""
    return held_list(w) + 1
