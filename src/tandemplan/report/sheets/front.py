"""The first sheet of a run's workbook as lines: the answer in words, key figures, charts, what lies where, the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import span_words
from tandemplan.report.facts import class_names, item_units, rows, sums
from tandemplan.report.headline import spending
from tandemplan.report.identity import identity
from tandemplan.report.sheets.chart_data import charts_lead
from tandemplan.report.sheets.grid import FIRST, LAST, MIDDLE, Cell, Line, text_height
from tandemplan.report.simulated import changed_words, simulation_identity, simulation_lines
from tandemplan.report.summary import five_lines, has_plan
from tandemplan.report.sureness import left_out, status_words, warning, worst_gap
from tandemplan.report.unserved import why_nothing
from tandemplan.report.why import doubts, reasons, remedies
from tandemplan.report.wording import NOTHING, measure, percent
from tandemplan.results.shape import CLASSES, DEMAND_SUMMARY
from tandemplan.results.store import Run, is_simulation

LINE_PIXELS = 20
SAID_ABOVE = 4  # conflicts that the sentences at the top tell
GAP, SMALL_GAP = Line(height=8), Line(height=4)
Card = tuple[str, float | str, str]  # label, value, style


@dataclass(frozen=True)
class Entry:
    """One sheet in the list of sheets: its name, rows, what a row is, and its group."""

    sheet: str
    rows: int
    meaning: str
    group: str


@dataclass(frozen=True)
class Shown:
    """A chart, what it shows in words, how high it is in pixels, and whether it takes the whole width."""

    chart: Any
    words: str
    height: int
    wide: bool


def summary_lines(run: Run, programme: Programme, entries: Sequence[Entry], charts: Sequence[Shown]) -> list[Line]:
    """Return the lines of the first sheet."""
    planned = has_plan(run)
    parts = [
        _sentences(run, programme),
        _cards(run, programme) if planned else [],
        _classes(run, programme) if planned else [],
        charts_of(charts, charts_lead(run, programme)) if charts else [],
        contents(entries),
        about(run),
    ]
    return assembled(_head(run, programme), parts)


def assembled(head: Sequence[Line], parts: Sequence[Sequence[Line]]) -> list[Line]:
    """Return a head, links to the headings of some parts, and the parts."""
    body = [line for part in parts if part for line in (*part, GAP)]
    return [*head, links([line.name for line in body if line.name]), GAP, *body]


def _head(run: Run, programme: Programme) -> list[Line]:
    settings, scenarios = programme.settings, run.info.get("scenarios", [])
    facts = [
        f"{'Simulation of a supply plan' if is_simulation(run.info) else 'Supply plan'} from {span_words(programme)}",
        f"amounts in {settings.currency}" if settings.currency else "",
        f"scenarios: {', '.join(scenarios)}" if scenarios else "",
        "" if is_simulation(run.info) else status_words(run),
    ]
    return [band(settings.name, "title", 38), band("   ·   ".join(f for f in facts if f), "subtitle", 22)]


def band(text: str, style: str, height: float) -> Line:
    """Return a coloured line over the whole width."""
    rest = (Cell(c, None, style) for c in range(FIRST + 1, LAST + 2))
    return Line((Cell(0, None, style), Cell(FIRST, text, style), *rest), height)


def links(names: Sequence[str]) -> Line:
    """Return a line of links to the headings of some names."""
    columns = range(FIRST, LAST, 2)
    return Line(tuple(Cell(c, n, "jump", link=f"#{n}") for c, n in zip(columns, names, strict=False)), 26)


def heading(text: str, name: str = "") -> Line:
    """Return a heading over the whole width; `name` is what the links at the top call it."""
    cells = (Cell(FIRST, text, "heading"), *(Cell(c, None, "heading") for c in range(FIRST + 1, LAST + 1)))
    return Line(cells, 24, name or text)


def _sentences(run: Run, programme: Programme) -> list[Line]:
    simulated = is_simulation(run.info)
    lines = simulation_lines(run, programme) if simulated else five_lines(run, programme)
    missing = left_out(run)
    said = [*map(worded, lines), *([("Left out", missing)] if missing else [])]
    return sentence_lines(said, changed_words(run) if simulated else warning(run))


def sentence_lines(said: Sequence[tuple[str, str]], warned: str) -> list[Line]:
    """Return words with their sentences as lines, what is `warned` of (blank: nothing) before all."""
    found = []
    for word, sentence in [*([("Warning", warned)] if warned else []), *said]:
        warm = " warm" if sentence == warned else ""
        cells = (Cell(FIRST, word, f"word{warm}"), Cell(FIRST + 1, sentence, f"wrapped{warm}", LAST))
        found.append(Line(cells, text_height(sentence, FIRST + 1)))
    return found


def worded(line: str) -> tuple[str, str]:
    """Return the word of a line and its sentence; what stands in brackets after the word begins the sentence.

    >>> worded("Never: Nothing is lost."), worded("Class 1 (Host): all of it is sure.")
    (('Never', 'Nothing is lost.'), ('Class 1', 'Host: all of it is sure.'))
    """
    word, _, sentence = line.partition(": ")
    word, opens, who = word.partition(" (")
    return word, f"{who.removesuffix(')')}: {sentence}" if opens else sentence


def _cards(run: Run, programme: Programme) -> list[Line]:
    """Return the key figures: labels and numbers of each unit of measure, those of the first with cost and gap."""
    units, table = item_units(programme), rows(run, DEMAND_SUMMARY)
    asked, on_time, late, lost = (sums(table, c, units) for c in ("quantity", "on_time", "late", "lost"))
    spent, _, _ = spending(run)
    gap = worst_gap(run)
    money: list[Card] = [
        (f"cost, {programme.settings.currency or 'money'}", spent, shown(spent, "card")),
        ("largest gap of a class", gap if isfinite(gap) else "unproven", "card percent"),
    ]
    found: list[Line] = []
    for unit in sorted(asked) or ["each"]:
        called = measure(unit)
        wanted, kept = asked.get(unit, 0.0), on_time.get(unit, 0.0)
        missed = late.get(unit, 0.0) + lost.get(unit, 0.0)
        cards: list[Card] = [
            (f"asked for, {called}", wanted, shown(wanted, "card")),
            (f"on time, {called}", kept, shown(kept, "card")),
            ("on time, of what is asked for", percent(kept, wanted), "card"),
            (f"late or never, {called}", missed, shown(missed, "card warm" if missed > NOTHING else "card")),
        ]
        found += card_lines(cards if found else [*cards, *money])
    return found


def card_lines(cards: Sequence[Card]) -> list[Line]:
    """Return a line of labels and one of values, each card two columns wide."""
    labels = [Cell(FIRST + 2 * i, label, "card label", FIRST + 2 * i + 1) for i, (label, _, _) in enumerate(cards)]
    values = [Cell(FIRST + 2 * i, value, style, FIRST + 2 * i + 1) for i, (_, value, style) in enumerate(cards)]
    return [Line(tuple(labels), 20), Line(tuple(values), 32)]


def shown(value: float, style: str) -> str:
    """Return the style that shows a number without more digits than a reader wants."""
    return style if abs(value) >= 1000 or value == int(value) else f"{style} broken"


def _classes(run: Run, programme: Programme) -> list[Line]:
    names = class_names(run, programme)
    words = ("class", "who", "demanded", "on time", "late", "never", "unit-days late", "value", "bound", "gap")
    columns = (FIRST, FIRST + 1, *range(5, LAST + 1))
    head = tuple(
        Cell(c, w, "column" if i < 2 else "column right", 4 if i == 1 else 0)
        for i, (c, w) in enumerate(zip(columns, words, strict=True))
    )
    found = [heading("Classes of demand, in order of service", "Classes"), Line(head, 32)]
    for r in rows(run, CLASSES):
        served = [round(r[n], 1) for n in ("demanded", "on_time", "late", "lost")]
        numbers = [*served, *(r[n] for n in ("late_unit_days", "value", "bound"))]
        who = names.get(r["demand_class"], "")
        cells = [
            Cell(FIRST, r["demand_class"], "left"),
            Cell(FIRST + 1, who, "wrapped", 4),
            *(Cell(c, v, shown(v, "number")) for c, v in zip(columns[2:], numbers, strict=False)),
            Cell(LAST, r["gap"] if isfinite(r["gap"]) and not run.changed else "unproven", "percent"),
        ]
        found.append(Line(tuple(cells), text_height(who, FIRST + 1, 4)))
    why = why_nothing(run, programme)
    return [*found, *([Line((Cell(FIRST, why, "soft", LAST),), text_height(why, FIRST))] if why else [])]


def charts_of(charts: Sequence[Shown], lead: str) -> list[Line]:
    """Return the lines that charts lie on, two beside each other, those that are wide alone."""
    bands: list[list[Shown]] = []
    for chart in charts:
        if chart.wide or not bands or bands[-1][0].wide or len(bands[-1]) == 2:
            bands.append([])
        bands[-1].append(chart)
    found = [heading("Charts"), Line((Cell(FIRST, lead, "soft", LAST),), text_height(lead, FIRST)), GAP]
    for band in bands:
        lines = ceil(max(c.height for c in band) / LINE_PIXELS) + 1
        row = tuple((column, c.chart, c.words) for column, c in zip((FIRST, MIDDLE), band, strict=False))
        found += [Line(charts=row), *[Line()] * (lines - 1)]
    return found[:-1]


def contents(entries: Sequence[Entry]) -> list[Line]:
    """Return the list of sheets, by group."""
    found = [heading("Sheets")]
    for group in dict.fromkeys(e.group for e in entries):
        head = (
            Cell(FIRST, group, "column", 3), Cell(4, "rows", "column right"), Cell(5, "a row is", "column indented", LAST)
        )  # fmt: skip
        found.append(Line(head, 20))
        found += [
            Line((
                Cell(FIRST, e.sheet, "link", link=e.sheet), Cell(4, e.rows, "number"),
                Cell(5, e.meaning, "wrapped indented", LAST),
            ), text_height(e.meaning, 5))
            for e in entries
            if e.group == group
        ]  # fmt: skip
    return found


def about(run: Run, known: Sequence[tuple[str, str]] = ()) -> list[Line]:
    """Return what identifies a run, or what of it is `known`, and what it does not count."""
    known = known or (simulation_identity(run) if is_simulation(run.info) else identity(run))
    told = [*known, *((("Ended by", str(run.info["reason"])),) if run.info.get("reason") else ())]
    found = [heading("About this run"), SMALL_GAP]
    for word, text in told:
        cells = (Cell(FIRST, word, "word", FIRST + 1), Cell(FIRST + 2, text, "wrapped", LAST))
        found.append(Line(cells, text_height(text, FIRST + 2)))
    conflicts = [text for members in reasons(run) for text in members]
    lists = (
        ("Limits that cannot all be kept", conflicts if len(conflicts) > SAID_ABOVE else []),
        ("What would make a plan possible", remedies(run)),
        ("Not proved", [d for d in [doubts(run)] if d]),
        ("Not counted yet", run.info.get("notes", [])),
    )
    for title, texts in lists:
        if texts:
            found += [GAP, heading(title), SMALL_GAP]
            found += [Line((Cell(FIRST, t, "wrapped", LAST),), text_height(t, FIRST)) for t in texts]
    return found
