"""Change one place of a run at a time, and count what the audit finds; digests are left out of it.

    python benchmarks/tampering.py            plans the examples itself (the joint plant takes minutes)
    python benchmarks/tampering.py RUN...     takes these runs, whose audit must be clean

Writes benchmarks/tampering.md.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any

from tandemplan.audit import audit_tables
from tandemplan.audit.book import book_of
from tandemplan.audit.check_run import UNPROVED, check_run
from tandemplan.audit.files import check_programme
from tandemplan.model.programme import Programme
from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Run, read_run
from tandemplan.testing.tampering import Tampered, cells, info, rows

HERE = Path(__file__).parent
EXAMPLES = ("first_steps", "tanker_base", "joint_plant")
UNAUDITED = {(s.name, f.name) for s in SHAPES for f in s.fields if not f.audited}
PLACES = {"first_steps": (3, 5), "tanker_base": (10, 8), "joint_plant": (2, 1)}  # a column, a way of mixing up rows


@dataclass
class Tally:
    """What was tried and found, by table and column; `codes` by how often, `slips` in words."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    caught: Counter[tuple[str, str]] = field(default_factory=Counter)
    codes: dict[tuple[str, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slips: list[str] = field(default_factory=list)

    def add(self, one: Tampered, codes: list[str], run: str) -> None:
        """Count one place."""
        place = (one.table, one.column)
        self.tried[place] += 1
        if codes:
            self.caught[place] += 1
            self.codes[place][codes[0]] += 1
        elif not is_unaudited(one):
            self.slips.append(f"{run}: {one.table}.{one.column}: {one.said}")

    def __or__(self, other: Tally) -> Tally:
        codes = {p: self.codes.get(p, Counter()) + other.codes.get(p, Counter()) for p in (*self.codes, *other.codes)}
        return Tally(
            self.tried + other.tried, self.caught + other.caught, defaultdict(Counter, codes), self.slips + other.slips
        )


def is_unaudited(one: Tampered) -> bool:
    """Return whether no second look can prove that place: only a digest guards it."""
    if one.table == "run.json":
        return one.column.split(".")[0] in UNPROVED or one.column.endswith((".iterations", ".relaxed_value"))
    return (one.table, one.column) in UNAUDITED


def tally_of(programme: Programme, run: Run, name: str, *, seed: int, places: tuple[int, int]) -> Tally:
    """Return what the audit finds of a run's places: so many cells of each column, so many mixtures of rows."""
    clean = audit_tables(programme, run.info, run.tables)
    assert not clean, f"{name} is not clean: {clean[0]}"
    draw, tally, each = random.Random(seed), Tally(), dict(zip(("cells", "rows"), places, strict=True))
    for one in chain(cells(run, draw, each["cells"]), rows(run, draw, each["rows"])):
        tally.add(one, codes_of(one, programme), name)
    for one, codes in of_info(programme, run, draw):
        tally.add(one, codes, name)
    return tally


def codes_of(one: Tampered, programme: Programme) -> list[str]:
    """Return the codes of the findings, those of the changed table first."""
    found = audit_tables(programme, one.run.info, one.run.tables)
    return [f.code for f in sorted(found, key=lambda f: f.table != one.table)]


def of_info(programme: Programme, run: Run, draw: random.Random) -> Iterator[tuple[Tampered, list[str]]]:
    """Yield what is found of each change of `run.json`; only one check looks at it."""
    book = book_of(programme, run.info, run.tables)
    for one in info(run, draw):
        found = [*check_run(replace(book, info=one.run.info)), *check_programme(one.run.info, programme)]
        yield one, [f.code for f in found]


def given(path: str) -> tuple[str, Programme, Run]:
    """Return name, programme and run of a folder of a run, or of an example that is planned."""
    if path in EXAMPLES:
        programme = read(HERE.parent / "examples" / path)
        return path, programme, plan(programme)
    return Path(path).name, read(Path(path) / "programme"), read_run(Path(path))


def measured(job: tuple[str, int]) -> Tally:
    """Return the tally of one run; part of the seed says which worker."""
    name, programme, run = given(job[0])
    cells_each, rows_each = PLACES.get(name, (2, 2))
    return tally_of(programme, run, name, seed=job[1], places=(cells_each, rows_each))


def page(tally: Tally, names: list[str], seconds: float) -> str:
    """Return the table as Markdown."""
    audited = [p for p in tally.tried if not _guarded(p)]
    tried, caught = sum(tally.tried[p] for p in audited), sum(tally.caught[p] for p in audited)
    guarded = sum(tally.tried[p] for p in tally.tried if _guarded(p))
    lines = [
        "# Tampering",
        "",
        f"One place of a run changed at a time, in the runs of {', '.join(names)}: {tried:,} untruths in what the audit",
        f"can prove, {caught:,} found; {guarded:,} more in columns that no table proves (marked *digest*), which the",
        "digests in `run.json` guard. Digests were left out: only the content could give an untruth away.",
        f"It took {seconds:,.0f} s. `python benchmarks/tampering.py` does it again.",
        "",
        "A change is at least 0.05 units or 0.5 of money (and 2e-5 of the size), a day, another name, another yes or no.",
        "Rows are dropped, doubled (under a new name), added (half of another), scaled (all numbers of a row times 1.1),",
        "shifted (all its days), exchanged (one column of two rows), compensated (from one row to another) and recounted",
        "(from one column to another). In `run.json` each value is changed, dropped, or made another type.",
        "",
        "| table | column | tried | found | by |",
        "|---|---|--:|--:|---|",
    ]
    for place in sorted(tally.tried, key=_order):
        codes = ", ".join(f"{c} {n}" for c, n in tally.codes[place].most_common(3))
        by = "*digest*" if _guarded(place) else codes
        lines.append(f"| {place[0]} | {place[1]} | {tally.tried[place]} | {tally.caught[place]} | {by} |")
    lines += ["", "## What slipped through", "", *(f"- {s}" for s in tally.slips)] if tally.slips else []
    return "\n".join(lines) + "\n"


def _guarded(place: tuple[str, str]) -> bool:
    one: Any = Tampered(place[0], place[1], "", "", Run({}, {}))
    return is_unaudited(one)


def _order(place: tuple[str, str]) -> tuple[int, str, int, str]:
    tables = [s.name for s in SHAPES]
    if place[0] not in tables:
        return len(tables), place[0], 0, place[1]
    names = SHAPES[tables.index(place[0])].names
    return tables.index(place[0]), place[0], names.index(place[1]) if place[1] in names else len(names), place[1]


def main() -> None:
    """Measure and write the page."""
    runs = sys.argv[1:] or list(EXAMPLES)
    begin = time.perf_counter()
    with ProcessPoolExecutor(2) as workers:
        tallies = list(workers.map(measured, [(run, 1) for run in runs]))
    whole = Tally()
    for tally in tallies:
        whole |= tally
    names = [Path(r).name for r in runs]
    (HERE / "tampering.md").write_text(page(whole, names, time.perf_counter() - begin), encoding="utf-8")
    for slip in whole.slips:
        print(slip)
    print(f"{sum(whole.tried.values()):,} places, {len(whole.slips)} slipped through: benchmarks/tampering.md")


if __name__ == "__main__":
    main()
