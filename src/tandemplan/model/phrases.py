"""The little phrases inside cells: predecessors with lags, needs of tasks, payments, price breaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tandemplan.model.cells import CellError

_NUMBER = r"\d+(?:\.\d+)?"
_LAG = re.compile(rf"(.+?)\s*\+\s*({_NUMBER})")
_NEED = re.compile(
    rf"(?P<what>produced|made|bought|share|money):(?P<name>[^<>=]+)>=(?P<least>{_NUMBER})"
    rf"(?:/(?P<per>week))?(?: (?P<span>for|over) (?P<weeks>{_NUMBER}))?"
)
_PAYMENT = re.compile(rf"({_NUMBER})@(start|middle|end)")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_BREAK = re.compile(rf"({_NUMBER}):({_NUMBER})")


@dataclass(frozen=True)
class Need:
    """What must have happened before a task ends.

    `what` is `produced` (units a week, for `weeks` in a row), `made` (units in all), `bought` (accepted units of an offer in all),
    `share` (of a group, over `weeks`) or `money` (in a pool); `name` the item, offer, group or pool, `least` the number that must be reached.
    """

    what: str
    name: str
    least: float
    weeks: float | None = None


def predecessor(text: str) -> tuple[str, float]:
    """Return the task and the lag in days that a predecessor says.

    >>> predecessor("hall"), predecessor("hall+14"), predecessor("M-8+2.5")
    (('hall', 0.0), ('hall', 14.0), ('M-8', 2.5))
    """
    match = _LAG.fullmatch(text)
    return (match[1], float(match[2])) if match else (text, 0.0)


def need(text: str) -> Need:
    """Return what a need of a task says; raises CellError when it cannot be read.

    >>> need("produced:A>=40/week for 4")
    Need(what='produced', name='A', least=40.0, weeks=4.0)
    >>> need("money:host>=1000000").least
    1000000.0
    """
    match = _NEED.fullmatch(text)
    forms = {"produced": ("week", "for"), "share": (None, "over")}
    if match is None or forms.get(match["what"], (None, None)) != (match["per"], match["span"]):
        hint = "Write produced:ITEM>=40/week for 4, made:ITEM>=10, bought:OFFER>=10, share:host>=0.5 over 26 or money:POOL>=1000000."
        raise CellError("bad-need", f"needs names '{text}', which cannot be read.", hint)
    weeks = None if match["weeks"] is None else float(match["weeks"])
    return Need(match["what"], match["name"].strip(), float(match["least"]), weeks)


def kept_needs(texts: Sequence[str]) -> tuple[Need, ...]:
    """Return the needs that plans keep: those that production meets, `made` and `produced`, purchases, `bought`, or cash, `money`.

    >>> [n.what for n in kept_needs(("made:A>=9", "share:host>=0.5 over 26", "money:host>=5"))]
    ['made', 'money']
    """
    return tuple(n for n in map(need, texts) if n.what != "share")


def payments(texts: Sequence[str]) -> tuple[tuple[float, str], ...]:
    """Return shares of an amount and when each is paid; blank is all at the end, `monthly` is (1.0, 'monthly').

    Raises CellError when a share cannot be read or the shares do not add up to 1.

    >>> payments(("0.3@start", "0.7@end")), payments(("monthly",))
    (((0.3, 'start'), (0.7, 'end')), ((1.0, 'monthly'),))
    """
    if tuple(texts) == ("monthly",):
        return ((1.0, "monthly"),)
    found = []
    for text in texts:
        match = _PAYMENT.fullmatch(text)
        if match is None:
            hint = "Write shares such as 0.3@start;0.5@middle;0.2@end, or monthly alone."
            raise CellError("bad-payments", f"payments names '{text}', which cannot be read.", hint)
        found.append((float(match[1]), match[2]))
    total = sum(share for share, _ in found)
    if found and abs(total - 1) > 1e-6:
        message = f"payments is '{';'.join(texts)}'; the shares add up to {total:g}, not 1."
        raise CellError("bad-payments", message, "Shares are fractions of the whole cost.")
    return tuple(found) or ((1.0, "end"),)


def price_breaks(texts: Sequence[str]) -> tuple[tuple[float, float], ...]:
    """Return the least quantity and the price of each price break, in rising order of quantity.

    Raises CellError when one cannot be read, or when quantities do not rise.

    >>> price_breaks(("100:9.5", "500:8"))
    ((100.0, 9.5), (500.0, 8.0))
    """
    found = []
    for text in texts:
        match = _BREAK.fullmatch(text)
        if match is None:
            hint = "Write quantity:price, such as 100:9.5;500:8."
            raise CellError("bad-price-breaks", f"price_breaks names '{text}', which cannot be read.", hint)
        found.append((float(match[1]), float(match[2])))
    if any(second[0] <= first[0] for first, second in pairwise(found)):
        message = f"price_breaks is '{';'.join(texts)}'; the quantities must rise."
        raise CellError("bad-price-breaks", message, "Write the smallest quantity first.")
    return tuple(found)


def seconds_of_day(text: str, blank: int) -> int:
    """Return the second of the day that a time such as 06:00 or 14:30:15 names, `blank` for a blank; raises CellError.

    >>> seconds_of_day("06:00", 0), seconds_of_day("24:00", 0), seconds_of_day("", 86_400)
    (21600, 86400, 86400)
    """
    if not text:
        return blank
    match = _TIME.fullmatch(text)
    if match is None or int(match[2]) > 59 or int(match[3] or 0) > 59:
        raise CellError("not-a-time", f"'{text}'; it must be a time of day, from 00:00 to 24:00.")
    second = 3600 * int(match[1]) + 60 * int(match[2]) + int(match[3] or 0)
    if second > 86_400:
        raise CellError("not-a-time", f"'{text}'; a day ends at 24:00.")
    return second
