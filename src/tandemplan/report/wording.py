"""Numbers, dates and limits in plain words, the same in the shell and on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from math import isfinite
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOTHING = 5e-4  # units; less than this is rounding
EXACT = 5e-7  # a gap below this is none
ABBREVIATIONS = frozenset({"bar", "bbl", "cwt", "doz", "gal", "kip", "mil", "min", "mol", "pce", "rpm", "sec"})
_WORDS = re.compile("[a-z]{3,}([ -][a-z]{3,})*")


def number(value: float) -> str:
    """Return a number with thousands separators and no more digits than a reader wants.

    >>> number(8330), number(1234.56), number(12.34), number(0.0449), number(float("nan"))
    ('8,330', '1,235', '12.3', '0.0449', 'unknown')
    """
    if not isfinite(value):
        return "unknown"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 4
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def money(amount: float, currency: str) -> str:
    """Return an amount in words for a sentence.

    >>> money(123_456_789, "EUR"), money(42_000.4, "EUR"), money(2.8, "EUR")
    ('123.5 million EUR', '42,000 EUR', '2.80 EUR')
    """
    if abs(amount) >= 999.5e6:
        return f"{amount / 1e9:,.2f} billion {currency}"
    if abs(amount) >= 999_500:
        return f"{amount / 1e6:,.1f} million {currency}"
    return f"{amount:,.{0 if abs(amount) >= 10_000 or amount == int(amount) else 2}f} {currency}"


def percent(part: float, whole: float) -> str:
    """Return a share in per cent; only the whole is 100 %, only nothing is 0 %.

    >>> percent(9_999.9, 10_000), percent(1, 3), percent(5, 5), percent(0, 5)
    ('99.9 %', '33.3 %', '100 %', '0 %')
    """
    if whole <= 0 or part >= whole - NOTHING:
        return "100 %"
    if part <= 0:
        return "0 %"
    share = min(max(100 * part / whole, 0.1), 99.9)
    return f"{share:.1f}".removesuffix(".0") + " %"


def measure(unit: str, amount: float = 0.0) -> str:
    """Return what units of measure are called beside an amount, or in a heading: those without a name are units.

    Small English words of three letters and more take the plural unless the amount reads 1. Abbreviations, names with
    capitals, digits or signs, and what ends in a single s stand as they are.

    >>> measure("each"), measure("each", 1), measure("sortie", 80), measure("sortie", -1), measure("m3", 80)
    ('units', 'unit', 'sorties', 'sortie', 'm3')
    >>> [measure(u) for u in ("kWh", "min", "box", "assembly", "tray", "pieces", "flying hour")]
    ['kWh', 'min', 'boxes', 'assemblies', 'trays', 'pieces', 'flying hours']
    """
    word = "unit" if unit in ("each", "") else unit
    if number(abs(amount)) == "1" or word in ABBREVIATIONS or not _WORDS.fullmatch(word):
        return word
    if word.endswith("s") and not word.endswith("ss"):
        return word
    if re.search("[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("ss", "x", "z", "ch", "sh")) else f"{word}s"


def gap_text(gap: float | None) -> str:
    """Return a gap in per cent; blank or unknown ones are `unproven`.

    >>> gap_text(0.00051), gap_text(1e-12), gap_text(1.0), gap_text(None)
    ('0.051 %', '0 %', '100 %', 'unproven')
    """
    if gap is None or not isfinite(gap):
        return "unproven"
    if gap < EXACT:
        return "0 %"
    return f"{100 * gap:.2g} %" if gap < 0.095 else f"{100 * gap:.0f} %"


def day(value: Any) -> str:
    """Return a day in words; blank for none.

    >>> day(date(2026, 12, 4)), day(None)
    ('4 Dec 2026', '')
    """
    value = value.item() if hasattr(value, "item") else value
    return "" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def month(value: date) -> str:
    """Return the month of a day.

    >>> month(date(2026, 12, 4))
    'Dec 2026'
    """
    return f"{MONTHS[value.month - 1]} {value.year}"


def listed(words: Iterable[str], most: int = 4, comma: str = ", ", rest: str = "more") -> str:
    """Return words as a list in a sentence, cut after `most` of them; a semicolon parts words that hold commas.

    `rest` is what those that are cut are called.

    >>> listed(["a", "b"]), listed("abcdef", most=3), listed(["a, b", "c", "d"], comma="; ")
    ('a and b', 'a, b, c and 3 more', 'a, b; c and d')
    """
    all_words = list(words)
    shown = all_words[:most]
    if len(all_words) > len(shown):
        shown.append(f"{len(all_words) - len(shown)} {rest}")
    return shown[0] if len(shown) == 1 else comma.join(shown[:-1]) + f" and {shown[-1]}" if shown else ""


def quantities(amounts: Mapping[str, float]) -> str:
    """Return quantities by unit of measure; `each` is called units, of which there are no parts worth telling.

    >>> quantities({"each": 1200, "l": 3.5e6}), quantities({"each": 1}), quantities({"each": 0.14})
    ('1,200 units and 3,500,000 l', '1 unit', 'less than 1 unit')
    >>> quantities({"kit": 2, "sortie": 1})
    '2 kits and 1 sortie'
    """
    words = [
        "less than 1 unit" if u in ("each", "") and NOTHING < a < 1 else f"{number(a)} {measure(u, a)}"
        for u, a in sorted(amounts.items())
    ]
    return listed(words) or "0 units"


def counted(count: int, word: str) -> str:
    """Return a count with its word.

    >>> counted(1, "week"), counted(1200, "week")
    ('1 week', '1,200 weeks')
    """
    return f"{count:,} {word}{'' if count == 1 else 's'}"
