"""The page of two runs: what changed in the input, who gains and who loses, what holds back now, at what cost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tandemplan.explain.split import Split
from tandemplan.model.differences import Change, input_changes
from tandemplan.model.programme import Programme
from tandemplan.report.altered import said_changes
from tandemplan.report.buckets import span_words
from tandemplan.report.contrasts import input_section, sections_of_both
from tandemplan.report.datatable import signed
from tandemplan.report.differences import Moved, limits_of_both, moved_demands
from tandemplan.report.fared import NONE_SERVED, Served, by_unit, names_of_classes, served
from tandemplan.report.figures.both import Side
from tandemplan.report.headline import Headline, Tile, holding_back, isolated, spending
from tandemplan.report.identity import identity
from tandemplan.report.measures import days_of
from tandemplan.report.page import render
from tandemplan.report.section import Section
from tandemplan.report.splits import split_section
from tandemplan.report.summary import five_lines, has_plan
from tandemplan.report.sureness import proof, warning
from tandemplan.report.why import why_section
from tandemplan.report.wording import NOTHING, counted, listed, measure, money, number, quantities
from tandemplan.results.store import Run

LONGEST_NAME = 80  # letters of changes by which a run may be called


def comparison(
    run: Run, programme: Programme, other: Run, other_programme: Programme, split: Split | None = None
) -> str:
    """Return the page that compares two runs as HTML text: `run` is A, what `other` is measured against, B.

    With `split` it tells which change of the input did what.
    """
    first, second = sides(run, programme, other, other_programme)
    changes = input_changes(programme, other_programme)
    planned = has_plan(run) and has_plan(other)
    moved = moved_demands(first, second) if planned else []
    return render(
        {
            "kind": "Two plans of a joint production programme compared",
            "title": f"{first.name} against {second.name}: {programme.settings.name}",
            "name": " and ".join(dict.fromkeys([programme.settings.name, other_programme.settings.name])),
            "chips": [f"{s.letter}: {s.name}" for s in (first, second)] + [span_words(programme)],
            "warnings": [f"{s.letter}: {warning(s.run)}" for s in (first, second) if s.run.changed],
            "top": _headline(first, second, changes, moved) if planned else _unplanned(first, second, changes),
            "why": None if planned else _why(first, second),
            "sections": _sections(first, second, changes, moved, split)
            if planned
            else (input_section(second, changes),),
            "notes": _notes(first, second),
            "about_title": "these runs",
            "foot": [(f"{s.letter}: {name}", text) for s in (first, second) for name, text in identity(s.run)],
        }
    )


def _sections(
    first: Side, second: Side, changes: list[Change], moved: list[Moved], split: Split | None
) -> tuple[Section, ...]:
    top, *rest = sections_of_both(first, second, changes, moved)
    return (top, *([split_section(split, second.programme)] if split else []), *rest)


def _why(first: Side, second: Side) -> dict[str, Any]:
    """Return why there is no plan, with the letter of the run without one before each sentence."""
    sides = [(s.letter, why_section(s.run)) for s in (first, second) if not has_plan(s.run)]
    return {
        "conflicts": [[f"{letter}: {t}" for t in members] for letter, w in sides for members in w["conflicts"]],
        "remedies": [(f"{letter}: {t}", change) for letter, w in sides for t, change in w["remedies"]],
        "doubts": " ".join(f"{letter}: {w['doubts']}" for letter, w in sides if w["doubts"]),
    }


def _notes(first: Side, second: Side) -> list[str]:
    """Return what the plans leave out: what both do, then what only one does, under its letter."""
    a, b = (list(s.run.info.get("notes", [])) for s in (first, second))
    both = [n for n in a if n in b]
    return [*both, *(f"A: {n}" for n in a if n not in both), *(f"B: {n}" for n in b if n not in both)]


def comparison_lines(run: Run, programme: Programme, other: Run, other_programme: Programme) -> list[str]:
    """Return the comparison of two runs in a few lines: what differs in sum, in the input, and for each class."""
    first, second = sides(run, programme, other, other_programme)
    changes = input_changes(programme, other_programme)
    if not (has_plan(run) and has_plan(other)):
        return [_unplanned(first, second, changes).sentence, f"Input: {said_changes(changes, second.programme)}"]
    return [
        _sentence(first, second),
        f"Input: {said_changes(changes, second.programme)}",
        f"Classes: {_by_class(first, second)}",
    ]


def sides(run: Run, programme: Programme, other: Run, other_programme: Programme) -> tuple[Side, Side]:
    """Return two runs as the sides of a comparison."""
    names = side_names(run, other)
    return Side("A", names[0], run, programme), Side("B", names[1], other, other_programme)


def side_names(run: Run, other: Run) -> tuple[str, str]:
    """Return what two runs are called: by their scenarios, their single changes, or their ids, whichever differ first."""
    found = [" and ".join(r.info.get("scenarios", [])) or "no scenario" for r in (run, other)]
    if found[0] == found[1]:
        found = [" and ".join(r.info.get("changes", [])) or "no change" for r in (run, other)]
    if max(map(len, found)) > LONGEST_NAME:
        found = ["", ""]
    if found[0] == found[1]:
        found = [str(r.info.get("run", "")) for r in (run, other)]
    if found[0] == found[1]:
        found = ["the first run", "the second run"]
    return found[0], found[1]


def _unplanned(first: Side, second: Side, changes: list[Change]) -> Headline:
    said = [
        f"{s.letter} ({s.name}) {'holds a plan' if has_plan(s.run) else 'holds none: ' + five_lines(s.run, s.programme)[0].partition(': ')[2]}"
        for s in (first, second)
    ]
    return Headline(
        " ".join(f"{w.rstrip('.')}." for w in said),
        (),
        (("What changed in the input?", said_changes(changes, second.programme)),),
    )


def _headline(first: Side, second: Side, changes: list[Change], moved: list[Moved]) -> Headline:
    tiles = (
        _delivered(first, second),
        _never(first, second),
        _lateness(first, second),
        _moved(moved),
        _cost(first, second),
        _changed(changes),
    )
    answers = (
        ("What is compared?", f"A: {first.name}, {_digest(first)}. B: {second.name}, {_digest(second)}."),
        ("What changed in the input?", said_changes(changes, second.programme)),
        ("Who loses, who gains?", _by_class(first, second)),
        ("What holds B back?", f"{holding_back(second.run, second.programme)} {_limits_changed(first, second)}"),
        ("How sure is this?", f"A: {proof(first.run)} B: {proof(second.run)}"),
    )  # fmt: skip
    return Headline(_sentence(first, second), tiles, answers)


def _digest(side: Side) -> str:
    return f"digest {str(side.run.info.get('programme', {}).get('digest', ''))[:12]}"


def _sentence(first: Side, second: Side) -> str:
    one, two = (by_unit(s) for s in (first, second))
    parts = [_against(one.get(u, NONE_SERVED), two.get(u, NONE_SERVED), u) for u in sorted({*one, *two})]
    spent = [spending(s.run)[0] for s in (first, second)]
    dearer, currency = spent[1] - spent[0], second.programme.settings.currency
    cost = f"{money(abs(dearer), currency)} {'more' if dearer > 0 else 'less'}" if abs(dearer) >= 0.5 else "the same"
    late = {u: d for u, d in _differences(one, two, "late_days").items() if abs(d) >= 0.5}
    waits = listed([f"{number(abs(d))} {days_of(u)} {'more' if d > 0 else 'less'}" for u, d in late.items()])
    return (
        f"With {second.name} (B) against {first.name} (A): B delivers {listed(parts)}, costs {cost}"
        f"{f' and waits {waits}' if waits else ''}."
    )


def _against(a: Served, b: Served, unit: str) -> str:
    """Return what B delivers of a unit against A, with what is asked of each."""
    alike = abs(a.asked - b.asked) < 0.5
    more = b.delivered - a.delivered
    if abs(more) < 0.5:
        other = "" if alike else f", against {number(a.delivered)} of {number(a.asked)}"
        return f"as many {measure(unit)} as A ({number(b.delivered)} of {number(b.asked)} asked{other})"
    both = (
        f"{number(b.delivered)} against {number(a.delivered)} of {number(a.asked)} asked"
        if alike
        else f"{number(b.delivered)} of {number(b.asked)} asked, against {number(a.delivered)} of {number(a.asked)}"
    )
    return f"{number(abs(more))} {measure(unit, more)} {'more' if more > 0 else 'fewer'} than A ({both})"


def _differences(one: dict[str, Served], two: dict[str, Served], what: str) -> dict[str, float]:
    """Return the difference of a figure by unit of measure."""
    return {
        u: getattr(two.get(u, NONE_SERVED), what) - getattr(one.get(u, NONE_SERVED), what) for u in sorted({*one, *two})
    }


def _tile(name: str, sides: tuple[dict[str, Served], dict[str, Served]], what: str, words: str) -> Tile:
    """Return the tile of a figure that is better when it is less, unless it is the units delivered."""
    one, two = sides
    unit = (lambda u, _: days_of(u)) if what == "late_days" else measure
    change = {unit(u, d): d for u, d in _differences(one, two, what).items()}
    worse = _differences(one, two, "lost" if what == "delivered" else what)
    return Tile(name, _changes(change), words, _tone(-sum(worse.values())))


def _changes(change: dict[str, float]) -> str:
    real = {u: v for u, v in change.items() if abs(v) >= 0.05}
    return ", ".join(f"{signed(v)} {u}" for u, v in real.items()) or "the same"


def _tone(gain: float) -> str:
    return "good" if gain >= 0.05 else "bad" if gain <= -0.05 else ""


def _delivered(first: Side, second: Side) -> Tile:
    one, two = sides = (by_unit(first), by_unit(second))
    asked = {u: d for u, d in _differences(one, two, "asked").items() if abs(d) >= 0.05}
    more = [f"{number(abs(d))} {measure(u, d)} {'more' if d > 0 else 'fewer'} are asked" for u, d in asked.items()]
    units = sorted({*one, *two}, key=lambda u: (u not in asked, u))
    rest = [_of_both(one.get(u, NONE_SERVED), two.get(u, NONE_SERVED), u) for u in units]
    return _tile("Delivered", sides, "delivered", "; ".join([*more, *rest]))


def _of_both(a: Served, b: Served, unit: str) -> str:
    """Return what both deliver of what is asked."""
    one, two = (f"{number(s.delivered)} of {number(s.asked)}" for s in (a, b))
    called = measure(unit, b.asked)
    return f"{one} {called} in both" if one == two else f"A {one}, B {two} {called}"


def _never(first: Side, second: Side) -> Tile:
    sides = (by_unit(first), by_unit(second))
    lost = [{u: s.lost for u, s in side.items() if s.lost > NOTHING} for side in sides]
    return _tile("Never delivered", sides, "lost", _in_both([quantities(x) if x else "nothing" for x in lost]))


def _lateness(first: Side, second: Side) -> Tile:
    sides = (by_unit(first), by_unit(second))
    days = [
        listed([f"{number(s.late_days)} {days_of(u)}" for u, s in sorted(side.items()) if s.late_days >= 0.05])
        or "none"
        for side in sides
    ]
    return _tile("Lateness", sides, "late_days", _in_both(days))


def _in_both(said: list[str]) -> str:
    """Return what is said of A and of B, once where it is the same."""
    return f"{said[0]} in both" if said[0] == said[1] else f"A {said[0]}, B {said[1]}"


def _moved(moved: list[Moved]) -> Tile:
    counts = Counter(m.how for m in moved)
    words = listed([f"{n:,} {w}" for w, n in counts.most_common()], most=6) or "every demand fares alike"
    return Tile("Demands that move", f"{len(moved):,}", words)


def _cost(first: Side, second: Side) -> Tile:
    spent, currency = [spending(s.run)[0] for s in (first, second)], second.programme.settings.currency
    change = spent[1] - spent[0]
    words = f"A {money(spent[0], currency)}, B {money(spent[1], currency)}"
    figure = f"{'+' if change > 0 else '−'}{money(abs(change), currency)}" if abs(change) >= 0.5 else "the same"
    return Tile("Cost", figure, words)


def _changed(changes: list[Change]) -> Tile:
    tables = Counter(c.table for c in changes)
    words = listed([f"{n} in {t.replace('_', ' ')}" for t, n in tables.most_common()]) or "the programmes are the same"
    return Tile("Input cells that differ", f"{len(changes):,}", words)


def _by_class(first: Side, second: Side) -> str:
    who = names_of_classes(first, second)
    one, two = (served(s) for s in (first, second))
    parts: dict[int, list[str]] = {rank: [] for rank in sorted(who)}
    for rank, unit in sorted({*one, *two}):
        a, b = (side.get((rank, unit), NONE_SERVED) for side in (one, two))
        parts[rank] += _gains(b.delivered - a.delivered, b.asked - a.asked, b.late_days - a.late_days, unit)
    said = [f"Class {rank}, {isolated(who[rank])}: {', '.join(words) or 'as before'}" for rank, words in parts.items()]
    return f"{'; '.join(said)}."


def _gains(got: float, asked: float, days: float, unit: str) -> list[str]:
    """Return what a class gets more or less, with what is asked more or less, and how it waits."""
    found = []
    if abs(got) >= 0.05:
        more = f" ({signed(asked)} asked)" if abs(asked) >= 0.05 else ""
        found.append(f"{signed(got)} {measure(unit, got)} delivered{more}")
    elif abs(asked) >= 0.05:
        found.append(f"{signed(asked)} {measure(unit, asked)} asked, as many delivered")
    if abs(days) >= 0.05:
        found.append(f"{signed(days)} {days_of(unit)} of lateness")
    return found


def _limits_changed(first: Side, second: Side) -> str:
    counts = Counter(x.fate for x in limits_of_both(first, second))
    return f"{counted(counts['new in B'], 'limit')} came, {counts['gone in B']} went, {counts['in both']} stay."
