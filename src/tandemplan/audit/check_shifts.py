"""Shifts chosen: one pattern on each day, decided in time, kept long enough."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tandemplan.audit.book import BLANK, Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.days import iso, number, whole_days
from tandemplan.audit.equations import equal_day, not_before
from tandemplan.audit.findings import Finding
from tandemplan.audit.shifts import Choice, Stay, Worked, choices_of
from tandemplan.results.shape import SHIFTS


def worked(book: Book) -> Worked:
    """Return what each site with a choice works by the run."""
    found: dict[str, list[Stay]] = defaultdict(list)
    known = choices_of(book.programme)
    for r in book.rows(SHIFTS):
        if r.site in known and r.shift_pattern in known[r.site].patterns:
            found[r.site].append(Stay(r.shift_pattern, r.first_day, r.last_day))
    return found


def check_shifts(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the shifts chosen."""
    choices = choices_of(book.programme)
    patterns = {f"{name} at {site}": None for site, c in choices.items() for name in c.patterns}
    said = [(r.line, f"{r.shift_pattern} at {r.site}") for r in book.rows(SHIFTS)]
    yield from each_once("shifts", "shift_pattern", [x for x in said if x[1] not in patterns], {})
    for site, choice in choices.items():
        rows = [r for r in book.rows(SHIFTS) if r.site == site and r.shift_pattern in choice.patterns]
        yield from _followed(book, site, rows)
        for k, r in enumerate(sorted(rows, key=lambda r: r.first_day)):
            yield from _stay(book, r, choice, first=k == 0)


def _followed(book: Book, site: str, rows: Sequence[Line]) -> Iterator[Finding]:
    """Yield where days are left out, counted twice or not those of periods, and where a pattern follows itself."""
    ordered = sorted(rows, key=lambda r: r.first_day)
    if not ordered:
        yield Finding("shifts", None, "site", "shifts-rows", f"site '{site}' may choose its shifts, and is missing.")
        return
    due = book.horizon.start
    for r, before in zip(ordered, [None, *ordered], strict=False):
        where = ("shifts", r.line, f"site '{site}'")
        yield from equal_day(where, "first_day", r.first_day, due)
        if r.first_day not in book.horizon.begins:
            message = f"{where[2]}: first_day is {iso(r.first_day)}, no first day of a period."
            yield Finding("shifts", r.line, "first_day", "shifts-period", message)
        if before is not None and before.shift_pattern == r.shift_pattern:
            message = f"{where[2]}: '{r.shift_pattern}' follows itself on {iso(r.first_day)}."
            yield Finding("shifts", r.line, "shift_pattern", "shifts-again", message)
        due = r.last_day + 1
    last = ordered[-1]
    yield from equal_day(("shifts", last.line, f"site '{site}'"), "last_day", last.last_day, book.horizon.end - 1)


def _stay(book: Book, r: Line, choice: Choice, *, first: bool) -> Iterator[Finding]:
    where, pattern = ("shifts", r.line, f"'{r.shift_pattern}' at site '{r.site}'"), choice.patterns[r.shift_pattern]
    if first and r.shift_pattern == choice.initial:
        yield from equal_day(where, "decided", r.decided, BLANK)
        return
    decided = r.first_day - whole_days(pattern.notice_days)
    yield from equal_day(where, "decided", r.decided, decided)
    yield from not_before(where, "decided", decided, (book.horizon.start, "the plan starts"))
    if pattern.earliest is not None:
        yield from not_before(where, "first_day", r.first_day, (number(pattern.earliest), "it may first be worked"))
    kept, least = r.last_day + 1 - r.first_day, whole_days(pattern.shortest_stay_days)
    if kept < least and r.last_day + 1 < book.horizon.end:
        message = f"{where[2]}: kept for {kept} days, but {least} is its shortest stay; off by {least - kept}."
        yield Finding("shifts", r.line, "last_day", "shifts-stay", message, float(least - kept))
