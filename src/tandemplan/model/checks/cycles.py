"""Cycles in a directed graph of names."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]


def cycles(graph: Graph) -> list[list[str]]:
    """Return one shortest cycle for each set of names that reach each other, from its first name in the alphabet.

    >>> cycles({"A": ["B"], "B": ["C", "A"], "C": [], "D": ["D"]})
    [['A', 'B', 'A'], ['D', 'D']]
    """
    found = []
    for group in _knots(graph):
        first = min(group)
        found.append(_shortest(graph, first, group))
    return sorted(found)


def _knots(graph: Graph) -> Iterator[set[str]]:
    """Yield the sets of names that reach each other: strip what has no way in or out, then look from what is left."""
    left = set(_stripped(graph))
    back: dict[str, list[str]] = {n: [] for n in left}
    for n in left:
        for m in graph[n]:
            if m in left:
                back[m].append(n)
    while left:
        start = min(left)
        knot = _reached(graph, start, left) & _reached(back, start, left)
        if len(knot) > 1 or start in graph[start]:
            yield knot
        left -= knot


def _stripped(graph: Graph) -> list[str]:
    """Return the names from which some cycle can be reached (Kahn's algorithm on what leads out)."""
    into: dict[str, list[str]] = {}
    for n, following in graph.items():
        for m in following:
            into.setdefault(m, []).append(n)
    out = {n: len(following) for n, following in graph.items()}
    done = deque([n for n, count in out.items() if count == 0] + [m for m in into if m not in graph])
    while done:
        for n in into.get(done.popleft(), ()):
            out[n] -= 1
            if out[n] == 0:
                done.append(n)
    return [n for n, count in out.items() if count > 0]


def _reached(graph: Graph, start: str, within: set[str]) -> set[str]:
    seen, waiting = {start}, deque([start])
    while waiting:
        for m in graph[waiting.popleft()]:
            if m in within and m not in seen:
                seen.add(m)
                waiting.append(m)
    return seen


def _shortest(graph: Graph, first: str, within: set[str]) -> list[str]:
    """Return the shortest way from a name back to itself."""
    came: dict[str, str] = {}
    waiting = deque([first])
    while first not in came:
        n = waiting.popleft()
        for m in sorted(graph[n]):
            if m in within and m not in came:
                came[m] = n
                waiting.append(m)
    way = [first, came[first]]
    while way[-1] != first:
        way.append(came[way[-1]])
    return way[::-1]
