"""The network on maps: the countries that parts come from, the sites, and what moves between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Lane, Site, Supplier
from tandemplan.report.drawing import Drawing, Key, Panel, hint, label, lines_of, tag, text_lines, text_width
from tandemplan.report.facts import item_units, row_names, rows
from tandemplan.report.geo import Corner, Degrees, View, country_labels, country_places, land, spread, view_of
from tandemplan.report.wording import counted, listed, number, percent, quantities
from tandemplan.results.shape import DELIVERIES, MOVES, PURCHASES
from tandemplan.results.store import Run

WIDTH, MAP = 1060.0, 700.0
MOST_LISTED = 22


@dataclass(frozen=True)
class Mark:
    """A place on a map, or one that has none: its number, what the list says of it, and its size."""

    number: str
    name: str
    figures: tuple[str, ...]
    where: Degrees | None
    style: str
    size: float = 9.0


@dataclass(frozen=True)
class Flow:
    """Something that travels from one place to another; `share` of the largest flow gives its width."""

    start: Degrees
    end: Degrees
    share: float
    style: str
    words: str


def network(run: Run, programme: Programme) -> Drawing:
    """Return a map of the countries that supply, and one of the sites with what moves between them."""
    sources, source_flows = _sources(run, programme)
    sites, site_flows = _sites(run, programme)
    hubs = [m for m in sites if m.where]
    idle = _idle_countries(run, programme)
    panels: list[Panel] = []
    if any(m.where for m in sources) and hubs:
        around = [Mark("", m.name, (), m.where, "site", 4.0) for m in hubs] + idle
        table = _source_table(run, programme)
        heads = ("country", f"spend, {programme.settings.currency}", "share")
        panels.append(map_panel("Where parts come from", sources, source_flows, (heads, table), around))
    if hubs:
        panels.append(
            map_panel(
                "Sites and moves between them",
                sites,
                site_flows,
                (("site", "delivered there"), _site_table(run, programme)),
                [],
            )
        )
    lost = [m.name for m in [*sources, *sites] if not m.where]
    note = "Maps are schematic; land and borders: Natural Earth, public domain. Numbers are moved a little where they would cover each other."
    if lost:
        note += f" Not on a map, for want of coordinates or a known country: {listed(lost, most=8)}."
    if idle and len(panels) > 1:
        note += f" Suppliers in {listed([m.name for m in idle], most=12)} sell nothing in this plan."
    keys: tuple[Key, ...] = (
        Key("dot", "place", "country of suppliers, numbered by spend"),
        Key("dot", "given", "country whose suppliers are not used"),
        Key("dot", "site", "site"),
        Key("line", "lane", "purchases, wider for more money"),
        Key("line", "move", "moves, wider for more units"),
        Key("line", "unused", "lane without moves"),
    )
    said = f"{counted(len(sites), 'site')}, suppliers in {counted(len(sources), 'country').replace('countrys', 'countries')}."
    drawn = "".join(p.marks for p in panels)
    keys = tuple(k for k in keys if f'class="{k.style}"' in drawn)
    return Drawing("The network on the map", said, tuple(panels), keys, note=note if panels else "")


def _idle_countries(run: Run, programme: Programme) -> list[Mark]:
    """Return the countries with suppliers from whom nothing is bought, where they can be placed."""
    used, names, places = _spend_by_country(run, programme), row_names(programme, Country), country_places()
    homes = sorted({str(c) for c in programme[Supplier].columns["country"]} - set(used))
    found = [(names.get(c, c), places.get(c) or places.get(names.get(c, c))) for c in homes]
    return [Mark("", name, ("no supplier there is used",), where, "given", 4.0) for name, where in found if where]


def _spend_by_country(run: Run, programme: Programme) -> dict[str, dict[str, float]]:
    """Return the cost of purchases by country of the supplier and site of receipt."""
    home = {
        str(k[0]): str(c) for k, c in zip(programme[Supplier].keys, programme[Supplier].columns["country"], strict=True)
    }
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for r in rows(run, PURCHASES):
        found[home.get(r["supplier"], "")][r["site"]] += r["cost"]
    return found


def _sources(run: Run, programme: Programme) -> tuple[list[Mark], list[Flow]]:
    spend, names = _spend_by_country(run, programme), row_names(programme, Country)
    places, sites = country_places(), site_places(programme)
    total = sum(sum(v.values()) for v in spend.values())
    ranked = sorted(spend, key=lambda c: (-sum(spend[c].values()), c))
    most = max((v for to in spend.values() for v in to.values()), default=0.0) or 1.0
    marks, flows = [], []
    for i, country in enumerate(ranked, 1):
        amount = sum(spend[country].values())
        name = names.get(country, country) or "country not given"
        where = places.get(country) or places.get(name)
        marks.append(Mark(str(i), name, (f"{amount:,.0f}", percent(amount, total)), where, "place"))
        for site, value in sorted(spend[country].items()):
            if where and site in sites and value > 0:
                words = f"{name}: {number(value)} {programme.settings.currency}"
                flows.append(Flow(where, sites[site], value / most, "lane", words))
    return marks, flows


def site_places(programme: Programme) -> dict[str, Degrees]:
    """Return where each site is, for those with coordinates."""
    table = programme[Site]
    known = zip(
        table.keys, table.columns["longitude_deg"].tolist(), table.columns["latitude_deg"].tolist(), strict=True
    )
    return {str(k[0]): (x, y) for k, x, y in known if x is not None and y is not None and x == x and y == y}  # noqa: PLR0124 - nan


def _delivered(run: Run, programme: Programme) -> dict[str, str]:
    units = item_units(programme)
    sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for r in rows(run, DELIVERIES):
        sums[r["site"]][units.get(r["item"], "each")] += r["quantity"]
    return {s: quantities(v) for s, v in sums.items()}


def _sites(run: Run, programme: Programme) -> tuple[list[Mark], list[Flow]]:
    names, places, got = row_names(programme, Site), site_places(programme), _delivered(run, programme)
    order = sorted(names, key=lambda s: (s not in places, names[s]))
    marks = [
        Mark(chr(65 + i) if i < 26 else str(i + 1), names[s], (got.get(s, "–"),), places.get(s), "site")
        for i, s in enumerate(order)
    ]
    moved: dict[tuple[str, str], float] = defaultdict(float)
    for r in rows(run, MOVES):
        moved[r["from_site"], r["to_site"]] += r["quantity"]
    most = max(moved.values(), default=0.0) or 1.0
    lanes = programme[Lane]
    idle = {(str(a), str(b)) for a, b in zip(lanes.from_place, lanes.to_site, strict=True)} - set(moved)
    flows = [
        Flow(places[a], places[b], 0.0, "unused", f"{names[a]} to {names[b]}: a lane without moves")
        for a, b in sorted(idle)
        if a in places and b in places
    ]
    flows += [
        Flow(places[a], places[b], units / most, "move", f"{names[a]} to {names[b]}: {number(units)} units")
        for (a, b), units in sorted(moved.items())
        if a in places and b in places
    ]
    return marks, flows


def map_panel(
    title: str,
    marks: list[Mark],
    flows: list[Flow],
    about: tuple[tuple[str, ...], tuple[tuple[str, ...], ...]],
    around: list[Mark],
) -> Panel:
    """Return a map of marks and flows with a list of the marks beside it; `about` are the heads and rows of its numbers, `around` marks without a number."""
    heads, body = about
    high = max(330.0, 40 + 21.0 * len(marks[:MOST_LISTED]))
    placed = [m for m in marks if m.where]
    view = view_of([m.where for m in [*placed, *around] if m.where], MAP, high)
    inner = land(view) + "".join(_curve(view, f) for f in flows) + _names(view, placed)
    inner += "".join(_dot(view.place(m.where), m) for m in around if m.where)
    at = spread([view.place(m.where) for m in placed if m.where], 19.0)
    inner += "".join(_dot(c, m) for c, m in zip(at, placed, strict=True))
    box = f'<svg x="0" y="0" width="{MAP:g}" height="{high:g}" viewBox="0 0 {MAP:g} {high:g}">{inner}</svg>'
    said = "; ".join(f"{m.number} {m.name} {' '.join(m.figures)}" for m in marks[:6])
    return Panel(title, "", said, WIDTH, high, box + _list(marks, heads, high), (*heads,), body, least=860)


def _names(view: View, marks: Sequence[Mark]) -> str:
    """Return the names of countries in a narrow window, where they cover no mark."""
    if not view.digits:
        return ""
    taken = [(*view.place(m.where), 12.0) for m in marks if m.where]
    parts = []
    for name, where in country_labels():
        half = text_width(name, 13.5) / 2
        middle = view.place(where)
        for dx, dy in ((0, 0), (0, -34), (0, 34), (-70, 0), (70, 0), (-70, -34), (70, 34), (-70, 34), (70, -34)):
            x, y = middle[0] + dx, middle[1] + dy
            clear = all(abs(x - a) > half + wide + 4 or abs(y - 4 - b) > 18 for a, b, wide in taken)
            if clear and half < x < view.width - half and 14 < y < view.height - 8:
                parts.append(label(x, y, name, "mid country"))
                taken.append((x, y - 4, half))
                break
    return "".join(parts)


def _curve(view: View, flow: Flow) -> str:
    (x0, y0), (x1, y1) = view.place(flow.start), view.place(flow.end)
    if (x0 - x1) ** 2 + (y0 - y1) ** 2 < 9:
        return ""
    bend = 0.16
    mx, my = (x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - abs(x1 - x0) * bend
    wide = round(0.9 + 4.2 * sqrt(max(flow.share, 0.0)), 1)
    mark = tag(
        "path", class_=flow.style, d=f"M{x0:.1f},{y0:.1f} Q{mx:.1f},{my:.1f} {x1:.1f},{y1:.1f}", stroke_width=wide
    )
    return hint(mark, flow.words)


def _dot(corner: Corner, mark: Mark) -> str:
    x, y = corner
    ring = tag("circle", class_=mark.style, cx=round(x, 1), cy=round(y, 1), r=mark.size)
    text = tag("text", mark.number, class_="dot-text", x=round(x, 1), y=round(y + 3.4, 1)) if mark.number else ""
    return hint(ring + text, ", ".join([mark.name, *mark.figures]))


def _list(marks: Sequence[Mark], heads: tuple[str, ...], high: float) -> str:
    columns = [WIDTH] if len(heads) == 2 else [WIDTH - 62, WIDTH]
    parts = [label(MAP + 46, 12, heads[0])]
    parts += [label(x, 12, h, "end") for x, h in zip(columns, heads[1:], strict=True)]
    y, spare = 34.0, int((high - 40 - 21 * len(marks)) / 13)  # lines that names may take beyond their first
    for m in marks[:MOST_LISTED]:
        style = m.style if m.where else "given"
        parts.append(_dot((MAP + 30, y - 4), Mark(m.number, m.name, m.figures, m.where, style, 8.5)))
        room = columns[0] - MAP - 50 - text_width(m.figures[0]) - 8
        lines = lines_of(m.name, room, most=1 + max(min(spare, 2), 0))
        parts.append(text_lines(m.name, (MAP + 46, y), "ink", room, most=len(lines)))
        parts += [
            label(x, y, f, "end ink" if j == 0 else "end")
            for j, (x, f) in enumerate(zip(columns, m.figures, strict=True))
        ]
        y, spare = y + 21 + 13 * (len(lines) - 1), spare - len(lines) + 1
    if marks[MOST_LISTED:]:
        parts.append(label(MAP + 46, y, f"and {len(marks) - MOST_LISTED} more in the numbers"))
    return "".join(parts)


def _source_table(run: Run, programme: Programme) -> tuple[tuple[str, ...], ...]:
    marks, _ = _sources(run, programme)
    return tuple((m.name, *m.figures) for m in marks)


def _site_table(run: Run, programme: Programme) -> tuple[tuple[str, ...], ...]:
    marks, _ = _sites(run, programme)
    return tuple((m.name, *m.figures) for m in marks)
