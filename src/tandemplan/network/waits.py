"""Which tasks rows and routes wait for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tandemplan.model.programme import Programme
from tandemplan.model.schema import BomLine, Operation, Row, Site, Skill, Tool, WorkCentre
from tandemplan.network.places import only_site


def route_tasks(programme: Programme, routes: Sequence[tuple[str, str, str]]) -> list[set[str]]:
    """Return the tasks that each route waits for: those of its operations, of what they need, of its parts and of its site."""
    blank = only_site(programme)
    operations: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    lines: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in programme[Operation].rows():
        if row.when == "make":
            operations[row.item, row.site or blank].append(row)
    for line in programme[BomLine].rows():
        lines[line.parent, line.alternative] |= {*line.opens_after}
    found = []
    for item, site, alternative in routes:
        tasks = {*opening_tasks(programme, Site, site), *lines.get((item, alternative), ())}
        for row in operations.get((item, site), ()):
            if row.alternative in ("", alternative):
                tasks |= {*row.opens_after}
                for row_class, name in ((WorkCentre, row.work_centre), (Skill, row.skill), (Tool, row.tool)):
                    tasks |= {*opening_tasks(programme, row_class, name)}
        found.append(tasks)
    return found


def opening_tasks(programme: Programme, row_class: type[Row], name: str) -> tuple[str, ...]:
    """Return the tasks after which a row opens; none where there is no such row."""
    table = programme[row_class]
    row = table.index.get((name,))
    return () if row is None else tuple(table.columns["opens_after"][row])
