"""What tasks wait for: those before a task that set its start, one after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tandemplan.network.network import Network
from tandemplan.network.openings import task_links


def setting(network: Network, task: str) -> list[str]:
    """Return a task and those before it that set its start, one after another: those whose end and lag come last."""
    links, dates = task_links(network.programme), network.dates
    chain = [task]
    while True:
        last = max(links[chain[-1]], key=lambda b: (dates[b[0]].end + b[1], b[0]), default=None)
        if last is None or dates[last[0]].end + last[1] < dates[chain[-1]].start:
            return chain
        chain.append(last[0])


def roots(network: Network, tasks: Iterable[str]) -> list[str]:
    """Return some tasks and what sets their start: first what most of them wait for, then the longest; none that is done at the start."""
    dates = network.dates
    count = Counter(t for task in tasks for t in setting(network, task) if dates[t].end > 0)
    return sorted(count, key=lambda t: (-count[t], -dates[t].length, t))
