"""Drawings as values: panels of SVG marks with the numbers behind them, and one standalone SVG made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import accumulate

Row = tuple[str, ...]
Band = tuple[float, str]  # height and marks, from its own top
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMBER = re.compile(r"|unknown|–|-?[\d,.]+( %)?")
_NARROW, _WIDE = set("iljtfrI.,:;'|!()[] "), set("mwMW@%—")
LINE_HEIGHT = 15.0
BOLD = 14.8  # a title is 13.5 high, and as wide as plain text of this size


@dataclass(frozen=True)
class Key:
    """One entry of a legend: `mark` is `line`, `box` or `dot`, `style` the class it is drawn in."""

    mark: str
    style: str
    label: str


@dataclass(frozen=True)
class Panel:
    """One picture in its own units of length, and its numbers as a table.

    `marks` is SVG. `least` is the width on the screen below which it cannot be read, 0 for none;
    `track` says where each row of the numbers stands from the left, where a reader may point at it.
    A tall picture is a pile of `bands` instead of `marks`, each with its height: paper may end between two of them.
    """

    title: str
    subtitle: str
    description: str
    width: float
    height: float
    marks: str
    header: Row
    body: tuple[Row, ...]
    least: int = 0
    track: tuple[float, ...] = ()
    bands: tuple[Band, ...] = ()

    @property
    def drawn(self) -> str:
        """Return the marks of the whole picture, bands under each other."""
        tops = accumulate((high for high, _ in self.bands), initial=0.0)
        pile = (f'<g transform="translate(0 {top:g})">{m}</g>' for top, (_, m) in zip(tops, self.bands, strict=False))
        return self.marks + "".join(pile)

    def is_number(self, column: int) -> bool:
        """Tell whether a column of the numbers holds nothing but numbers, shares and blanks."""
        return bool(column) and all(_NUMBER.fullmatch(r[column]) for r in self.body)


@dataclass(frozen=True)
class Drawing:
    """A figure: panels side by side in `columns`, a legend, and a remark on what is shown or left out.

    `heading` stands above it on a page, where a section has several.
    """

    title: str
    description: str
    panels: tuple[Panel, ...]
    keys: tuple[Key, ...] = ()
    columns: int = 1
    note: str = ""
    heading: str = ""
    kind: str = "drawing"


def pile(
    title: str, description: str, width: float, bands: Sequence[Band], table: tuple[Row, tuple[Row, ...]], *, least: int
) -> Panel:
    """Return a panel of bands under each other; `table` is the header and the body of its numbers."""
    high = sum(h for h, _ in bands)
    return Panel(title, "", description, width, high, "", *table, least=least, bands=tuple(bands))


def clean(text: str) -> str:
    r"""Return text that may stand in XML: marks escaped, characters that XML forbids left out.

    >>> clean('<b> & "c"'), clean("a\x00b")
    ('&lt;b&gt; &amp; &quot;c&quot;', 'ab')
    """
    return escape(_NOT_XML.sub("", str(text)))


def tag(name: str, content: str = "", **attributes: object) -> str:
    """Return an element; `class_` is its class, an underscore in a name stands for a hyphen, None leaves it out.

    >>> tag("path", class_="solid", d="M0,0 H5", stroke_width=2)
    '<path class="solid" d="M0,0 H5" stroke-width="2"/>'
    """
    words = "".join(
        f' {n.rstrip("_").replace("_", "-")}="{v:g}"'
        if isinstance(v, float)
        else f' {n.rstrip("_").replace("_", "-")}="{clean(str(v))}"'
        for n, v in attributes.items()
        if v not in (None, "")
    )
    return f"<{name}{words}>{content}</{name}>" if content else f"<{name}{words}/>"


def label(x: float, y: float, words: str, style: str = "", room: float = 0.0, *, size: float = 11.5) -> str:
    """Return a text at a place; longer than `room` it is cut, and its whole stands in its tooltip."""
    shown = fit(words, room, size) if room else words
    whole = f"<title>{clean(words)}</title>" if shown != words else ""
    return tag("text", whole + clean(shown), class_=style, x=round(x, 1), y=round(y, 1)) if words else ""


def hint(mark: str, words: str) -> str:
    """Return a mark with a tooltip."""
    return f"<g>{mark}<title>{clean(words)}</title></g>"


def text_width(words: str, size: float = 11.5) -> float:
    """Return how wide a text is at most, about, in a plain sans-serif font.

    >>> round(text_width("Brasov", 10))
    36
    """
    return size * sum(
        0.36 if c in _NARROW else 0.96 if c in _WIDE or ord(c) > 0x2E80 else 0.7 if c.isupper() else 0.635
        for c in words
    )


def fit(words: str, room: float, size: float = 11.5) -> str:
    """Return a text cut to the room there is, with an ellipsis where something was cut.

    >>> fit("Electronics technician", 80, 10), fit("Brasov", 80, 10)
    ('Electronics te…', 'Brasov')
    """
    if text_width(words, size) <= room:
        return words
    kept = words
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;:(") + "…"


def path(points: Sequence[tuple[float, float]]) -> str:
    """Return an SVG path; corners in the middle of a straight line are left out.

    >>> path([(0, 0), (5, 0), (9, 0), (9, 4)])
    'M0,0 L9,0 L9,4'
    """
    kept = [c for i, c in enumerate(points) if i in (0, len(points) - 1) or not _straight(points[i - 1 : i + 2])]
    return "M" + " L".join(f"{x:g},{y:g}" for x, y in kept) if kept else ""


def _straight(three: Sequence[tuple[float, float]]) -> bool:
    (ax, ay), (bx, by), (cx, cy) = three
    return ax == bx == cx or ay == by == cy


def numbers(drawing: Drawing) -> tuple[Row, tuple[Row, ...]]:
    """Return the numbers of all panels as one table; with several panels, their titles come first in each row."""
    if not drawing.panels:
        return (), ()
    if len(drawing.panels) == 1:
        return drawing.panels[0].header, drawing.panels[0].body
    header = ("panel", *max((p.header for p in drawing.panels), key=len))
    rows = ((p.title, *r) for p in drawing.panels for r in p.body)
    return header, tuple((*r, *[""] * (len(header) - len(r))) for r in rows)


def standalone(drawing: Drawing) -> str:
    """Return a drawing as one SVG that needs nothing else: heading, legend, panels in rows, and its own style."""
    columns = max(min(drawing.columns, len(drawing.panels)), 1)
    cell = max((p.width for p in drawing.panels), default=440.0)
    width, gap = columns * cell + (columns - 1) * 24 + 40, 20.0
    parts = [label(gap, 32, drawing.title, "heading", width - 2 * gap, size=18)]
    legend, top = _legend(drawing.keys, gap, 54.0, width - gap)
    parts += legend
    for start in range(0, len(drawing.panels), columns):
        row = drawing.panels[start : start + columns]
        head = max(_head(p)[0] for p in row)
        parts += [_placed(p, gap + i * (cell + 24), top, head) for i, p in enumerate(row)]
        top += max(p.height for p in row) + head + LINE_HEIGHT
    for line in wrapped(drawing.note, width - 2 * gap):
        parts.append(label(gap, top + 8, line, "soft"))
        top += LINE_HEIGHT
    inner = f"<title>{clean(drawing.title)}</title><desc>{clean(drawing.description)}</desc><style>{style()}</style>"
    ground = tag("rect", class_="paper", width="100%", height="100%")
    box = f'viewBox="0 0 {width:g} {top + 14:g}" width="{width:g}" height="{top + 14:g}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="fig" role="img" {box}>{inner}{ground}{"".join(parts)}</svg>'


def lines_of(words: str, room: float, size: float = 11.5, most: int = 3) -> list[str]:
    """Return a name in at most so many lines; only what does not fit the last of them is cut.

    >>> lines_of("one two three four", 60, 10, most=2)
    ['one two', 'three four']
    >>> lines_of("one two three four five", 60, 10, most=2)
    ['one two', 'three four…']
    """
    lines = wrapped(words, room, size)
    return lines if len(lines) <= most else [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), room, size)]


def text_lines(
    words: str, place: tuple[float, float], style: str, room: float, *, size: float = 11.5, most: int = 3
) -> str:
    """Return a name in lines under each other, the first at a place; where it is cut, its whole stands in a tooltip."""
    lines, (x, y) = lines_of(words, room, size, most), place
    marks = "".join(label(x, y + 13 * i, fit(line, room, size), style, size=size) for i, line in enumerate(lines))
    return hint(marks, words) if " ".join(lines) != " ".join(words.split()) or "…</text>" in marks else marks


def wrapped(words: str, room: float, size: float = 11.5) -> list[str]:
    """Return a text in lines that fit the room.

    >>> wrapped("one two three", 60, 10)
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _placed(panel: Panel, x: float, y: float, high: float) -> str:
    marks = f'<g transform="translate(0 {high:g})">{panel.drawn}</g>'
    return f'<g transform="translate({x:g} {y:g})">{_head(panel)[1]}{marks}</g>'


def _head(panel: Panel) -> tuple[float, str]:
    """Return the height and the marks of what stands above a panel: its title and its subtitle, in a few lines."""
    title = lines_of(panel.title, panel.width, BOLD)
    said = lines_of(panel.subtitle, panel.width, most=2)
    below = LINE_HEIGHT * len(title) + 13
    marks = [label(0, 13 + LINE_HEIGHT * i, t, "title", panel.width, size=BOLD) for i, t in enumerate(title)]
    marks += [label(0, below + 13 * i, t, "soft", panel.width) for i, t in enumerate(said)]
    return (below + 13 * len(said) - 3 if title else 0.0), "".join(marks)


def _legend(keys: Iterable[Key], x: float, y: float, right: float) -> tuple[list[str], float]:
    """Return the legend's marks and the height below it."""
    parts, left = [], x
    for k in keys:
        wide = 40 + text_width(k.label) + 18
        if left > x and left + wide > right:
            left, y = x, y + LINE_HEIGHT + 4
        parts += [
            f'<g transform="translate({left:g} {y - 9:g})">{key_mark(k)}</g>',
            label(left + 38, y, k.label, "soft"),
        ]
        left += wide
    return parts, y + 18 if parts else y - 8


def key_mark(key: Key) -> str:
    """Return the mark of a legend entry, 32 wide and 10 high."""
    if key.mark == "line":
        return tag("path", class_=key.style, d="M0,5 H32")
    if key.mark == "dot":
        return tag("circle", class_=key.style, cx=16, cy=5, r=5)
    return tag("rect", class_=key.style, x=0.5, y=0.5, width=31, height=9)


def style() -> str:
    """Return the style of a standalone SVG: that of figures with the colours of the light page written out."""
    text = template("figure.css")
    root = template("colours.css").partition("}")[0]
    colours = dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", root))
    return re.sub(r"var\(--([a-z0-9-]+)\)", lambda m: colours[m[1]], text).strip()


def template(name: str) -> str:
    """Return a template as text."""
    return files("tandemplan.report").joinpath("templates", name).read_text(encoding="utf-8")
