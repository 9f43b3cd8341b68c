"""What holds the plan back: each limit in time, with what one more unit would be worth."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import horizon, period_starts, period_word
from tandemplan.report.drawing import Drawing, Key
from tandemplan.report.facts import Limit, limit_counts, rows
from tandemplan.report.facts import limits as all_limits
from tandemplan.report.measures import class_units, said, unit_of, worth_of
from tandemplan.report.strips import Course, strips
from tandemplan.report.wording import counted, day, number
from tandemplan.results.shape import LIMITS
from tandemplan.results.store import Run

MOST_ROWS = 12
ROWS = "A limit has a row for each class that it holds back, and one for stock and for cost"
KEYS = (Key("box", "bar", "holds back deliveries"), Key("box", "given", "holds back stock targets or cost only"))
HEADER = (
    "limit",
    "holds back",
    "first day",
    "last day",
    "periods",
    "demands hurt",
    "summed over periods",
    "worth of one more",
    "in",
)


def limits(run: Run, programme: Programme) -> Drawing:
    """Return the limits that hold the plan back most, each with its worth in every period."""
    found = all_limits(run, programme)
    shown = found[:MOST_ROWS]
    starts, end = period_starts(programme)
    until = dict(zip(starts, [*starts[1:], end], strict=True))
    word = period_word(programme)
    classes, currency = class_units(run, programme), programme.settings.currency
    worth = {x: (worth_of(x, classes, currency), unit_of(x, programme)) for x in found}
    courses = [_course(x, (_worths(run, x), until, end), word, worth[x]) for x in shown]
    table = (HEADER, tuple(_numbers(x, worth[x]) for x in found))
    heads = ("worth of one more", "demands hurt")
    panels = (strips("", courses, heads, horizon(programme), table),) if shown else ()
    rest = len(found) - len(shown)
    return Drawing(
        "What holds the plan back",
        " ".join(said(x, worth[x]) for x in shown[:3]) or "No limit holds the plan back.",
        panels,
        tuple(k for k in KEYS if any(c.style == k.style for c in courses)),
        note=(
            "The height of a bar is the worth in that period against the limit's own largest worth. Worth is weighted "
            "delay (amounts late times days late times the weight of their class), or money for cost."
            f" {limit_counts(found)}".rstrip()
            + (f" {ROWS}; {counted(rest, 'more row')} in the numbers." if rest else "")
        )
        if shown
        else "",
    )


def _worths(run: Run, limit: Limit) -> dict[date, float]:
    found: dict[date, float] = defaultdict(float)
    for r in rows(run, LIMITS):
        if (r["family"], r["name"], r["stage"], r["unit"]) == (limit.family, limit.name, limit.stage, limit.unit):
            found[r["period_start"]] = max(found[r["period_start"]], r["worth"])
    return found


def _course(
    limit: Limit, about: tuple[dict[date, float], dict[date, date], date], word: str, worth: tuple[str, str]
) -> Course:
    worths, until, end = about
    values = tuple((d, until.get(d, end), w) for d, w in sorted(worths.items()))
    return Course(
        f"{limit.subject[0].upper()}{limit.subject[1:]}",
        f"{limit.stage}, {counted(limit.periods, word)}",
        values,
        limit.worth,
        (_worth_lines(limit, worth), str(limit.demands) if limit.demands else "–"),
        style="bar" if limit.stage not in ("stock", "cost") else "given",
    )


def _worth_lines(limit: Limit, worth: tuple[str, str]) -> str:
    """Return a worth in two lines: how much of what, and per what."""
    what, unit = worth
    weighted, _, days = what.rpartition(" ")
    return f"{number(limit.worth)} {days}\n{f'{weighted}, ' if weighted else ''}per {unit}"


def _numbers(limit: Limit, worth: tuple[str, str]) -> tuple[str, ...]:
    return (
        limit.subject,
        limit.stage,
        day(limit.first),
        day(limit.last),
        str(limit.periods),
        str(limit.demands),
        str(limit.weight),
        number(limit.worth),
        f"{worth[0]} per {worth[1]}",
    )
