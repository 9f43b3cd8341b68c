"""The frame of a random programme: what is drawn first, and small strategies that all of its parts share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

START = date(2026, 6, 1)  # a Monday
HORIZONS = {"3 weeks": 21, "4 weeks": 28, "6 weeks": 42, "2 weeks, 1 months": 42, "12 days": 12}
Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Frame:
    """What was drawn first, and the rest refers to: names of sites, made items and parts, how many sell each part, and what is switched on."""

    days: int
    sites: tuple[str, ...]
    made: tuple[str, ...]
    parts: tuple[str, ...]
    lanes: bool
    tasks: tuple[str, ...]
    calendar: str
    contracts: bool
    border: bool
    hazard: bool
    funding: bool
    partners: bool
    sellers: tuple[int, ...]

    @property
    def here(self) -> str:
        """Return the country of the sites; blank in a programme without a border."""
        return "N1" if self.border else ""

    @property
    def abroad(self) -> str:
        """Return the country of the suppliers."""
        return "N2" if self.border else ""

    @property
    def further(self) -> str:
        """Return the country of the site farthest away."""
        return "N3" if self.border else ""

    @property
    def rivals(self) -> tuple[str, ...]:
        """Return the parts that two suppliers sell."""
        return tuple(p for p, n in zip(self.parts, self.sellers, strict=True) if n > 1)

    @property
    def plant(self) -> str:
        """Return the site where everything is made; blank in a programme without sites."""
        return self.sites[0] if self.sites else ""


def opens(frame: Frame) -> st.SearchStrategy[tuple[str, ...]]:
    """Draw the tasks that open a row: mostly none."""
    return st.sampled_from([(), (), (), *((t,) for t in frame.tasks)])


def sometimes(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw a value of `strategy`, or None."""
    return st.one_of(st.none(), strategy)


def few(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Draw none, one or two of `values`."""
    return st.lists(st.sampled_from(values), max_size=2, unique=True)


def spans(days: int) -> st.SearchStrategy[tuple[date, date]]:
    """Draw the first and last day of up to two weeks that begin within `days` of the start."""
    return st.tuples(st.integers(0, days - 1), st.integers(0, 13)).map(lambda s: (day(s[0]), day(s[0] + s[1])))


def day(number: int) -> date:
    """Return the date that many days after the start."""
    return START + timedelta(days=number)
