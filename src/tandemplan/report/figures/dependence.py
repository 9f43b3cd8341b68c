"""Whom a plan depends on, on maps: the larger the mark, the more waits if what is there is lost, where nobody plans anew, and where somebody does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan, sqrt
from typing import Any

from tandemplan.dependence.measures import dependence
from tandemplan.dependence.sources import COUNTRY, SITE, SUPPLIER
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Site, Supplier
from tandemplan.report.drawing import Drawing, Key
from tandemplan.report.facts import row_names, rows
from tandemplan.report.figures.network import Mark, map_panel, site_places
from tandemplan.report.geo import Degrees, country_places
from tandemplan.report.wording import number
from tandemplan.results.dependence_shape import REPLANNED
from tandemplan.results.shape import DELIVERIES, DEMAND_SUMMARY, MOVES, PRODUCTION, PURCHASES
from tandemplan.results.store import Frame, Run

LEAST, MOST = 7.0, 22.0  # radius of a mark

NEEDED = (PURCHASES, PRODUCTION, MOVES, DELIVERIES, DEMAND_SUMMARY)
Cells = Mapping[str, Any]


def told(run: Run, programme: Programme) -> list[Cells]:
    """Return the table of dependence as rows, most exposed first; none of a run whose tables were changed, or are not all there."""
    whole = not run.changed and all(s.name in run.tables for s in NEEDED)
    return cells_of(dependence(programme, run)) if whole else []


def cells_of(frame: Frame) -> list[Cells]:
    """Return the rows of a table as cells by column."""
    columns = [frame[n].tolist() for n in frame]
    return [dict(zip(frame, cells, strict=True)) for cells in zip(*columns, strict=True)]


def on_map(run: Run, programme: Programme) -> Drawing:
    """Return a map of the countries that a plan depends on, the most exposed first."""
    return drawn(told(run, programme), programme)


def drawn(rows: Sequence[Cells], programme: Programme) -> Drawing:
    """Return the map of what is told of each source."""
    rows = [r for r in rows if r["kind"] == COUNTRY]
    names, places = row_names(programme, Country), country_places()
    marks = []
    for i, row in enumerate(rows, 1):
        name = str(names.get(row["name"], row["name"]))
        where = places.get(row["name"]) or places.get(name)
        known = not isnan(row["exposure_index"])
        size = LEAST + (MOST - LEAST) * sqrt(row["exposure_index"]) if known else LEAST
        figures = (number(row["late_unit_days"]) if known else "", days_of(row))
        marks.append(Mark(str(i), name, figures, where, "place", size))
    hubs = [Mark("", s, (), at, "site", 4.0) for s, at in sorted(site_places(programme).items())]
    shown = any(m.where for m in marks)
    heads = ("country", "unit-days late", "days")
    body = tuple((m.name, *m.figures) for m in marks)
    panels = (map_panel("Countries that the plan depends on", marks, [], (heads, body), hubs),) if shown else ()
    said = f"Most waits if {marks[0].name} is lost." if shown else ""
    note = "The larger a mark, the more unit-days late if the country is lost for its time to recover and nobody plans anew. Days: how long nothing is missed. Land and borders: Natural Earth, public domain."
    keys = (Key("dot", "place", "country, numbered by what waits for it"), Key("dot", "site", "site"))
    return Drawing("Whom the plan depends on", said, panels, keys if shown else (), note=note if shown else "")


def replanned_on_map(run: Run, programme: Programme) -> Drawing:
    """Return a map of what makes somebody wait even where everything is planned anew; without panels where that was not asked of the run.

    Suppliers and sites stand at their countries, of which each has one mark: that of the worst loss there. What lies nowhere (a part, a lane) is in the
    table beside it alone.
    """
    asked = rows(run, REPLANNED)
    worst: dict[str, Cells] = {}
    for row in asked:
        country = _country_of(row, programme)
        if country and row["late_unit_days"] > 0:
            worst.setdefault(country, row)
    marks = [_worst_mark(str(i), country, row, programme) for i, (country, row) in enumerate(worst.items(), 1)]
    title = "Losses planned anew"
    if not asked:
        return Drawing(title, "Not asked yet: `tandemplan dependence RUN --replan` does.", ())
    if not any(m.where for m in marks):
        return Drawing(title, "Nothing that lies on a map makes anybody wait.", ())
    hubs = [Mark("", s, (), at, "site", 4.0) for s, at in sorted(site_places(programme).items())]
    heads = ("country: worst loss", "unit-days late", "days")
    body = tuple((m.name, *m.figures) for m in marks)
    panel = map_panel("Where a loss makes somebody wait whatever is done", marks, [], (heads, body), hubs)
    said = f"Most waits, though all is planned anew, if {marks[0].name} is lost."
    note = "The larger a mark, the more unit-days late if the worst of what is there is lost for its time to recover. Days: for how long it can be lost before anybody waits. Land and borders: Natural Earth, public domain."
    keys = (Key("dot", "place", "country, numbered by what waits for its worst loss"), Key("dot", "site", "site"))
    return Drawing(title, said, (panel,), keys, note=note)


def _country_of(row: Cells, programme: Programme) -> str:
    """Return the country of a source; blank for what lies in none."""
    if row["kind"] == COUNTRY:
        return str(row["name"])
    table: type[Supplier | Site] | None = {SUPPLIER: Supplier, SITE: Site}.get(row["kind"])
    if table is None:
        return ""
    homes = zip(programme[table].keys, programme[table].columns["country"], strict=True)
    return next((str(c) for key, c in homes if key[0] == row["name"]), "")


def _worst_mark(number_: str, country: str, row: Cells, programme: Programme) -> Mark:
    names, places = row_names(programme, Country), country_places()
    name = str(names.get(country, country))
    where: Degrees | None = places.get(country) or places.get(name)
    table = {SUPPLIER: Supplier, SITE: Site}.get(row["kind"])
    own = str(row_names(programme, table).get(row["name"], row["name"])) if table else ""
    size = LEAST + (MOST - LEAST) * sqrt(row["exposure_index"])
    figures = (number(row["late_unit_days"]), days_of(row))
    return Mark(number_, f"{name}: {own}" if own else name, figures, where, "place", size)


def days_of(row: Cells) -> str:
    """Return how long a plan survives without a source in words, blank where it misses nothing.

    >>> days_of({"survive_days": 25.0}), days_of({"survive_days": float("nan")})
    ('25', 'all')
    """
    days = row["survive_days"]
    return "all" if isnan(days) else number(days)
