"""Rolling limits: hours used in any so many days against the most hours of each head."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from tandemplan.audit.book import Book
from tandemplan.audit.days import Horizon, iso, number
from tandemplan.audit.equations import Sums, over
from tandemplan.audit.findings import Finding
from tandemplan.audit.hours import SKILL, WORK_CENTRE, Resource
from tandemplan.model.schema import Rule, Skill, WorkCentre
from tandemplan.results.shape import LOAD, PEOPLE

Span = tuple[int, int]  # first period, and the one after the last


def check_rolling(book: Book) -> Iterator[Finding]:
    """Yield the windows in which people or stations work longer than a rule allows."""
    heads, used = heads_by_period(book), used_by_period(book)
    for rule in book.programme[Rule].rows():
        if rule.kind != "rolling hours" or rule.soft or rule.high is None or rule.window_days is None:
            continue
        window = max(1, math.floor(rule.window_days + 1e-9))
        for span in spans(book.horizon, window, kept_periods(book.horizon, rule)):
            days = book.horizon.cuts[span[1]] - book.horizon.cuts[span[0]]
            for resource in [(kind, name) for name in rule.scope for kind in (SKILL, WORK_CENTRE)]:
                if resource in heads:
                    there = sum(heads[resource].get(t, 0.0) * book.horizon.lengths[t] for t in range(*span)) / days
                    yield from _run(book, (rule, resource), span, used, there * max(1.0, days / window))


def _run(
    book: Book, who: tuple[Rule, Resource], span: Span, used: Mapping[tuple[Resource, int], float], heads: float
) -> Iterator[Finding]:
    (rule, resource), total = who, Sums()
    for t in range(*span):
        total.add(used.get((resource, t), 0.0))
    last = iso(book.horizon.cuts[span[1]] - 1)
    what = f"{resource[0]} '{resource[1]}', hours from {iso(book.horizon.cuts[span[0]])} to {last} under rule '{rule.rule}'"
    assert rule.high is not None
    yield from over(("load", None, what), "load-rolling", total, rule.high * heads)


def kept_periods(horizon: Horizon, rule: Rule) -> list[bool]:
    """Return for each period whether all its days lie within the dates of a rule."""
    first = -math.inf if rule.from_date is None else number(rule.from_date)
    last = math.inf if rule.to_date is None else number(rule.to_date)
    return [first <= a and b - 1 <= last for a, b in zip(horizon.cuts, horizon.cuts[1:], strict=False)]


def spans(horizon: Horizon, window: int, kept: list[bool]) -> list[Span]:
    """Return the longest runs of kept periods with at most `window` days, a longer period alone being a run.

    >>> spans(Horizon((0, 7, 14, 21, 51)), 14, [True] * 4)
    [(0, 2), (1, 3), (3, 4)]
    """
    found: list[Span] = []
    for begin in range(len(kept)):
        after = begin
        while (
            after < len(kept)
            and kept[after]
            and (horizon.cuts[after + 1] - horizon.cuts[begin] <= window or after == begin)
        ):
            after += 1
        if after > begin and (not found or found[-1][1] < after):
            found.append((begin, after))
    return found


def heads_by_period(book: Book) -> Mapping[Resource, Mapping[int, float]]:
    """Return mean people of each skill (as `people` prints them) and stations of each work centre, by period."""
    found: dict[Resource, dict[int, float]] = {(SKILL, name): {} for name in book.programme[Skill].skill.tolist()}
    for r in book.rows(PEOPLE):
        if (SKILL, r.skill) in found and r.period_start in book.horizon.begins:
            found[SKILL, r.skill][book.horizon.period(r.period_start)] = r.productive
    for row, name in enumerate(book.programme[WorkCentre].work_centre.tolist()):
        sums = book.horizon.sums(book.dated.values("work_centres", row, "stations", book.horizon.days))
        found[WORK_CENTRE, name] = {t: s / n for t, (s, n) in enumerate(zip(sums, book.horizon.lengths, strict=True))}
    return found


def used_by_period(book: Book) -> Mapping[tuple[Resource, int], float]:
    """Return the hours used of each resource in each period, as `load` prints them."""
    rows = [r for r in book.rows(LOAD) if r.period_start in book.horizon.begins]
    return {((r.kind, r.resource), book.horizon.period(r.period_start)): r.used_hours for r in rows}
