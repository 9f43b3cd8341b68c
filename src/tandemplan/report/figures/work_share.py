"""Work-share: what each partner adds to the value of the plan, as a share of what all add, against its band."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Partner
from tandemplan.report.drawing import Drawing, Key, Panel, hint, label, tag
from tandemplan.report.facts import Cells, row_names, rows
from tandemplan.report.wording import counted, listed, money, percent
from tandemplan.results.share_shapes import WORK_SHARE
from tandemplan.results.store import Run

WIDTH, ROOM, SPAN, STEP = 1060.0, 230.0, 560.0, 62.0
PARTS = (("wages", "h5"), ("overhead", "h3"), ("content", "given"))
KEYS = (
    *(Key("box", style, name) for name, style in PARTS),
    Key("line", "dashed", "band that rules keep the share in"),
)
NOTE = (
    "Shares in what all partners add over the whole plan: pay of the people at their sites, without overtime and premiums; costs at their sites, capex apart; "
    "and what their suppliers send, less what is from outside."
)


def work_share(run: Run, programme: Programme) -> Drawing:
    """Return the share of each partner in the value added, made of wages, overhead and content; nothing without partners that add any."""
    table = rows(run, WORK_SHARE)
    partners = list(dict.fromkeys(r["partner"] for r in table))
    about = [_band([r for r in table if r["partner"] == p]) for p in partners]
    total = sum(r["value_added"] for r, _, _ in about)
    if total <= 0:
        return Drawing("Work-share", "No partner adds any value.", ())
    names, currency = row_names(programme, Partner), programme.settings.currency
    about.sort(key=lambda a: (-a[0]["share"], a[0]["partner"]))
    said = listed([f"{names.get(r['partner'], r['partner'])} {percent(r['share'], 1)}" for r, _, _ in about], most=12)
    words = f"{counted(len(about), 'partner')} add {money(total, currency)}: {said}." if len(about) > 1 else f"{said}."
    return Drawing("Work-share", words, (_panel(about, total, names, currency),), KEYS, note=NOTE)


def _band(listed_rows: list[Cells]) -> tuple[Cells, float, float]:
    """Return a row of a partner and the band that all hard rules leave it."""
    hard = [r for r in listed_rows if not r["soft"]]
    low, high = max((r["low"] for r in hard), default=0.0), min((r["high"] for r in hard), default=1.0)
    return listed_rows[0], low, high


def called(row: Cells, names: dict[str, str]) -> str:
    """Return the name of a partner."""
    return str(names.get(row["partner"], row["partner"]))


def band_words(low: float, high: float) -> str:
    """Return a band of shares in words.

    >>> band_words(0.52, 0.68), band_words(0.25, 1), band_words(0, 0.4), band_words(0, 1)
    ('52 % to 68 %', 'at least 25 %', 'at most 40 %', 'no band')
    """
    if low > 0 and high < 1:
        return f"{percent(low, 1)} to {percent(high, 1)}"
    return f"at least {percent(low, 1)}" if low > 0 else f"at most {percent(high, 1)}" if high < 1 else "no band"


def _panel(about: list[tuple[Cells, float, float]], total: float, names: dict[str, str], currency: str) -> Panel:
    marks = _scale(len(about))
    for k, (row, low, high) in enumerate(about):
        marks += _row(24 + k * STEP, row, called(row, names), total, band=(low, high))
    header = (
        "partner",
        *(f"{n}, {currency}" for n in ("wages", "overhead", "content", "value added")),
        "share",
        "band",
    )
    body = tuple(
        (
            called(r, names),
            *(f"{r[n]:,.0f}" for n in ("wages", "overhead", "content", "value_added")),
            percent(r["share"], 1),
            band_words(low, high),
        )
        for r, low, high in about
    )
    said = "; ".join(
        f"{names.get(r['partner'], r['partner'])} has {percent(r['share'], 1)}, {band_words(a, b)}" for r, a, b in about
    )
    return Panel("", "", f"{said}.", WIDTH, 24 + STEP * len(about) + 4, marks, header, body, least=760)  # fmt: skip


def _scale(count: int) -> str:
    """Return the axis of shares."""
    parts = []
    for k in range(5):
        x = ROOM + SPAN * k / 4
        parts.append(tag("path", class_="rule", d=f"M{x:g},18 V{24 + STEP * count:g}"))
        parts.append(label(x, 11, percent(k / 4, 1), "mid small"))
    return "".join(parts)


def _row(y: float, row: Cells, name: str, total: float, *, band: tuple[float, float]) -> str:
    low, high = band
    parts = [
        label(0, y + 24, name, "ink", ROOM - 20, size=12.5),
        label(0, y + 40, row["partner"] if row["partner"] != name else "", "small"),
    ]
    at = 0.0
    for part, style in PARTS:
        wide = SPAN * row[part] / total
        if wide > 0:
            box = tag("rect", class_=style, x=round(ROOM + at, 1), y=y + 12, width=round(wide, 1), height=18)
            parts.append(hint(box, f"{name}, {part}: {row[part]:,.0f}"))
        at += wide
    if low > 0 or high < 1:
        left, right = ROOM + SPAN * low, ROOM + SPAN * high
        parts.append(
            tag("path", class_="dashed", d=f"M{left:g},{y + 6:g} V{y + 40:g} M{right:g},{y + 6:g} V{y + 40:g}")
        )
        parts.append(tag("path", class_="tick", d=f"M{left:g},{y + 40:g} H{right:g}"))
    inside = low - 1e-6 <= row["share"] <= high + 1e-6
    parts.append(
        label(ROOM + SPAN + 130, y + 26, percent(row["share"], 1), "end strong" if inside else "end hot", size=12.5)
    )
    parts.append(label(WIDTH, y + 26, band_words(low, high), "end"))
    return "".join(parts)  # fmt: skip
