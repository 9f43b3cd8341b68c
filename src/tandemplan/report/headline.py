"""The answer at the top of a page: one sentence, a few large figures, and five questions with their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from unicodedata import bidirectional

from tandemplan.model.programme import Programme
from tandemplan.report.axes import months_between
from tandemplan.report.buckets import horizon, period_starts, period_word
from tandemplan.report.facts import (
    Limit,
    class_names,
    item_units,
    limit_counts,
    limits,
    of_delivery,
    resource_names,
    rows,
    sums,
    tightest,
)
from tandemplan.report.served import amounts, by_kind, kinds, lost_sales, on_time, said_amounts
from tandemplan.report.summary import LOST_REVENUE, five_lines, unfinished
from tandemplan.report.sureness import NO_PROOF, ended, hopeful, hopeful_words, is_replan, left_out, proof, worst_gap
from tandemplan.report.unserved import why_nothing
from tandemplan.report.wording import (
    EXACT,
    NOTHING,
    counted,
    day,
    gap_text,
    listed,
    money,
    month,
    number,
    percent,
    quantities,
)
from tandemplan.results.shape import COSTS, DELIVERIES, DEMAND_SUMMARY
from tandemplan.results.store import Run

MOST_MILESTONES = 4


@dataclass(frozen=True)
class Tile:
    """One large figure: what it is, the figure, and what it is made of. `tone` is `good`, `bad` or blank, `link` the anchor that says more."""

    name: str
    figure: str
    below: str
    tone: str = ""
    link: str = ""


@dataclass(frozen=True)
class Headline:
    """What a hurried reader takes away."""

    sentence: str
    tiles: tuple[Tile, ...]
    answers: tuple[tuple[str, str], ...]


def headline(run: Run, programme: Programme) -> Headline:
    """Return the top of the page of a run that holds a plan."""
    said = {w: t for w, _, t in (line.partition(": ") for line in five_lines(run, programme))}
    return Headline(
        _sentence(run, programme),
        tuple(
            t
            for t in (
                _delivered(run, programme),
                _first(run, programme),
                _never(run, programme),
                _bottleneck(run, programme),
                _cost(run, programme),
                _proof(run),
            )
            if t
        ),
        (
            ("How many, by when?", f"{_amounts(run, programme)}. {_milestones(run, programme)}{said['By when']}"),
            ("Who waits?", who_waits(run, programme)),
            ("What holds it back?", holding_back(run, programme)),
            ("What does it cost?", said["Cost"]),
            ("How sure is this?", _sure(run)),
        ),
    )


def _amounts(run: Run, programme: Programme) -> str:
    return said_amounts(rows(run, DEMAND_SUMMARY), programme)


def _milestones(run: Run, programme: Programme) -> str:
    """Return how many units are delivered up to the ends of years, or of months in a short plan."""
    units, table = item_units(programme), rows(run, DELIVERIES)
    start, end = horizon(programme)
    if len({units.get(r["item"], "each") for r in table}) != 1:
        return ""
    step = 12 if end.year - start.year > 1 else 1
    firsts = [d for d in months_between(start, end) if (step == 1 or d.month == 1) and d > start][:MOST_MILESTONES]
    words = []
    for first in firsts:
        got = sum(r["quantity"] for r in table if r["delivered"] < first)
        last = first - timedelta(days=1)
        words.append(f"{number(got)} by the end of {last.year if step == 12 else month(last)}")
    whole = number(sum(r["quantity"] for r in table))
    return f"{listed([*words, f'{whole} in all'], most=9)}. " if words else ""


def _sentence(run: Run, programme: Programme) -> str:
    table = rows(run, DEMAND_SUMMARY)
    lost = sums([r for r in table if r["lost"] > NOTHING], "lost", item_units(programme))
    last = max((r["delivered"] for r in rows(run, DELIVERIES) if r["quantity"] > NOTHING), default=None)
    if last is None:
        early = "The work ended before anything was planned; this is what becomes of doing nothing: "
        return f"{early}nothing is delivered." if unfinished(run) else "Nothing is delivered."
    got = listed([f"{number(g)} of {number(a)} {u}" for u, g, a in amounts(table, programme)])
    if not lost:
        whole = listed([f"{number(a)} {u}" for u, _, a in amounts(table, programme)])
        late = any(r["late"] > NOTHING for r in table)
        return f"All {whole} are delivered by {day(last)}, {'some of them late' if late else 'every one on time'}."
    cause = _first_limit(run, programme)
    because = f" What holds the plan back first: {cause.subject}." if cause else ""
    by = by_kind(table, programme)
    split = f" By kind of demand: {by}." if by else ""
    return f"{got} are delivered by {day(last)}; {quantities(lost)} never.{split}{because}"


def _first_limit(run: Run, programme: Programme) -> Limit | None:
    return next((x for x in limits(run, programme) if of_delivery(x)), None)


def _delivered(run: Run, programme: Programme) -> Tile | None:
    found = amounts(rows(run, DEMAND_SUMMARY), programme)
    if not found:
        return None
    _, got, asked = min(found, key=lambda a: a[1] / a[2] if a[2] else 1.0)
    below = by_kind(rows(run, DEMAND_SUMMARY), programme) or "; ".join(
        f"{number(g)} of {number(a)} {u}" for u, g, a in found
    )
    tone = "good" if got >= asked - NOTHING else "bad"
    return Tile("Delivered", percent(got, asked), below, tone)


def _first(run: Run, programme: Programme) -> Tile:
    table = [r for r in rows(run, DELIVERIES) if r["quantity"] > NOTHING]
    if not table:
        return Tile("First delivery", "never", "nothing is delivered", "bad")
    days = [r["delivered"] for r in table]
    words = f"last {day(max(days))}; {on_time(rows(run, DEMAND_SUMMARY), programme)}"
    return Tile("First delivery", day(min(days)), words)


def _never(run: Run, programme: Programme) -> Tile | None:
    table = rows(run, DEMAND_SUMMARY)
    hurt = [r for r in table if r["lost"] > NOTHING]
    if not hurt:
        return (
            Tile("Never delivered", "nothing", f"all {counted(len(table), 'demand')} are served", "good")
            if table
            else None
        )
    units = item_units(programme)
    lost = sums(hurt, "lost", units)
    words = f"of {counted(len(hurt), 'demand')} out of {len(table):,}, within the plan"
    if split := kinds(hurt):
        each = (f"{name} {quantities(sums(members, 'lost', units))}" for name, members in split.items())
        words += f": {', '.join(each)}"
    return Tile("Never delivered", quantities(lost), words, "bad")


def _bottleneck(run: Run, programme: Programme) -> Tile | None:
    cause, whole = _first_limit(run, programme), counted(len(period_starts(programme)[0]), period_word(programme))
    if is_replan(run):
        return Tile("Bottleneck", "not sought", "a re-plan moves little, and names no limits")
    if unfinished(run):
        return Tile("Bottleneck", "not known yet", "the work ended before the first class was planned")
    if cause is None:
        return Tile("Bottleneck", "none", "no single limit holds deliveries back", "good")
    name = cause.label
    full = {r["resource"]: r["full"] for r, _ in tightest(run, count=10_000)}
    words = f"holds in {cause.periods} of {whole}"
    if cause.family == "hours":
        name = resource_names(programme).get(cause.name, cause.name).removesuffix(f" ({cause.name})")
        words = f"hours full in {full.get(cause.name, 0)} of {whole}"
    elif cause.demands:
        words += f", hurts {counted(cause.demands, 'demand')} of {cause.stage}"
    return Tile("Bottleneck", name, words)


def spending(run: Run) -> tuple[float, float, float]:
    """Return what is spent, its present value, and the sales that are lost."""
    table = rows(run, COSTS)
    spent = [r for r in table if r["term"] not in LOST_REVENUE]
    lost = sum(r["amount"] for r in table if r["term"] in LOST_REVENUE)
    return sum(r["amount"] for r in spent), sum(r["present_amount"] for r in spent), lost


def _cost(run: Run, programme: Programme) -> Tile:
    amount, present, lost = spending(run)
    currency = programme.settings.currency
    words = f"{money(present, currency)} at present value" if abs(present - amount) > 0.5 else "over the plan"
    if lost > 0:
        first = lost_sales(rows(run, DEMAND_SUMMARY), currency).partition(", ")[0]
        words += f"; besides, {money(lost, currency)} of sales lost" + (f", of which {first}" if first else "")
    return Tile("Cost", money(amount, currency), words)


def _proof(run: Run) -> Tile:
    worst, left = worst_gap(run), len(run.info.get("notes", []))
    link = "left-out" if left else ""
    worse, _ = hopeful(run)
    fewer = f", {worse:,} of which could only make deliveries fewer or later" if worse else ""
    missing = f"; {counted(left, 'thing')} left out{fewer}." if left else ""
    if worst > NO_PROOF:
        why = "changed after the plan" if run.changed else "a re-plan" if is_replan(run) else "give it more time"
        return Tile("Proof", "not proved", why, "bad")
    if worst < EXACT:
        whole = "under its assumptions: no better plan exists on these days"
        words = f"{'deliveries under its assumptions; stock and cost are not proved' if ended(run) else whole}{missing}"
        return Tile("Proof", "best possible", words, "" if worse else "good", link)
    words = f"of the best possible under its assumptions{missing}"
    return Tile("Proof", f"within {gap_text(worst)}", words, "good" if worst < 0.02 and not worse else "", link)


def isolated(name: str) -> str:
    """Return a name that a right-to-left script makes part of a sentence, kept apart from the numbers around it.

    >>> isolated("Brasov"), len(isolated("\u05d0"))
    ('Brasov', 3)
    """
    turned = any(bidirectional(c) in ("R", "AL") for c in name)
    return f"\u2068{name}\u2069" if turned else name


def who_waits(run: Run, programme: Programme) -> str:
    """Return what each class gets, in order of service."""
    table = rows(run, DEMAND_SUMMARY)
    parts = []
    for rank, who in class_names(run, programme).items():
        members = [r for r in table if r["demand_class"] == rank]
        parts.append(f"{isolated(who)} {said_amounts(members, programme)}")
    if len(parts) < 2:
        return f"{'; '.join(parts)}."
    why = why_nothing(run, programme)
    order = "A later class gets only what delays no earlier one."
    return f"In order of service: {'; '.join(parts)}. {order}{f' {why}' if why else ''}"


def holding_back(run: Run, programme: Programme) -> str:
    """Return the limits that hold deliveries back, the first with its worth."""
    if is_replan(run):
        return "Not sought: a re-plan moves little, and names no limits."
    if unfinished(run):
        return "Not known yet: the work ended before the first class of demand was planned."
    holding = [x for x in limits(run, programme) if of_delivery(x)]
    if not holding:
        suffers = any(r["late"] + r["lost"] > NOTHING for r in rows(run, DEMAND_SUMMARY))
        return (
            "Lead times and opening days; no single capacity would help."
            if suffers
            else "Nothing; everything asked for comes on time."
        )
    first = holding[0]
    others = [s for s in dict.fromkeys(x.subject for x in holding) if s != first.subject]
    said = f"{first.subject[0].upper()}{first.subject[1:]}, {first.span}"
    if first.demands:
        what = "if it were done earlier" if first.family == "task" else "from more"
        said += f": {counted(first.demands, 'demand')} of {first.stage} would gain {what}"
    then = f" Then {listed(others, most=3, comma='; ', rest='weaker limits')}." if others else ""
    return f"{said}.{then} {limit_counts(limits(run, programme))}".rstrip()


def _sure(run: Run) -> str:
    parts = (left_out(run), hopeful_words(run), "All stand at the end of this page.")
    missing = f" {' '.join(p for p in parts if p)}" if left_out(run) else ""
    return f"{proof(run)} {ended(run)}".rstrip() + missing
