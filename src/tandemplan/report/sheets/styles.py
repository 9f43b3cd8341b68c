"""How the cells of a run's workbook look: one format for each name."""

from __future__ import annotations

from typing import Any

from tandemplan.model.book import TEXT_FORMAT

_HEAD, _BLUE, _SOFT, _WARM, _GROUND, _LINE = "#10335C", "#0B5CAD", "#566273", "#B4500A", "#F3F5F8", "#D7DDE5"
_NUMBER, _BROKEN = "#,##0", "#,##0.0#####"
_TOP = {"valign": "top"}
_CARD = {"bold": True, "font_size": 16, "font_color": _HEAD, "bg_color": _GROUND, "align": "left", "indent": 1}
_COLUMN = {"bold": True, "font_color": _SOFT, "bottom": 1, "bottom_color": _LINE, "valign": "vcenter"}

STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "bold": {"bold": True},
    "title": {"bold": True, "font_size": 20, "font_color": "#FFFFFF", "bg_color": _HEAD, "valign": "vcenter"},
    "subtitle": {"font_color": "#C5D6EA", "bg_color": _HEAD, "valign": "top"},
    "link": {"font_color": _BLUE, "underline": 1, "valign": "top"},
    "jump": {"font_color": _BLUE, "underline": 1, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 13, "font_color": _HEAD, "bottom": 2, "bottom_color": _BLUE},
    "word": {"bold": True, "font_color": _BLUE, **_TOP},
    "soft": {"text_wrap": True, "font_color": _SOFT, **_TOP},
    "wrapped": {"text_wrap": True, **_TOP},
    "word warm": {"bold": True, "font_color": _WARM, **_TOP},
    "wrapped warm": {"text_wrap": True, "bold": True, "font_color": _WARM, **_TOP},
    "wrapped indented": {"text_wrap": True, "align": "left", "indent": 1, **_TOP},
    "card label": {
        "font_color": _SOFT,
        "bg_color": _GROUND,
        "font_size": 9,
        "valign": "bottom",
        "align": "left",
        "indent": 1,
    },
    "card": {**_CARD, "num_format": _NUMBER},
    "card broken": {**_CARD, "num_format": "#,##0.0##"},
    "card warm": {**_CARD, "num_format": _NUMBER, "font_color": _WARM},
    "card warm broken": {**_CARD, "num_format": "#,##0.0##", "font_color": _WARM},
    "card percent": {**_CARD, "num_format": "0.0#%"},
    "column": _COLUMN,
    "column right": {**_COLUMN, "align": "right", "text_wrap": True},
    "column indented": {**_COLUMN, "align": "left", "indent": 1},
    "left": {"align": "left", **_TOP},
    "number": {"num_format": _NUMBER, **_TOP},
    "number broken": {"num_format": "#,##0.0##", **_TOP},
    "percent": {"num_format": "0.0###%", "align": "right", **_TOP},
    # tables
    "header": {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "align": "left", "indent": 1},
    "text": {"num_format": TEXT_FORMAT, "align": "left", "indent": 1},
    "numbers": {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEAD, "align": "right"},
    "day": {"num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
    "whole": {"num_format": _NUMBER},
    "broken": {"num_format": _BROKEN},
    "amount": {"num_format": "#,##0.00"},
}


def styles_of(book: Any) -> dict[str, Any]:
    """Return the format of each name, made for one workbook."""
    return {name: book.add_format(look) for name, look in STYLES.items()}
