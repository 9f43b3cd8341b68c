"""Shifts: which sites choose their pattern, and which one they work on each day by the table of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tandemplan.model.programme import Programme
from tandemplan.model.schema import ShiftPattern, WorkCentre


@dataclass(frozen=True)
class Stay:
    """A pattern that is worked from `first` to `last`, both days included."""

    pattern: str
    first: int
    last: int


@dataclass(frozen=True)
class Choice:
    """What a site works at the start, and the patterns that it may choose, that one included."""

    initial: str
    patterns: Mapping[str, ShiftPattern]


Worked = Mapping[str, Sequence[Stay]]


def choices_of(programme: Programme) -> Mapping[str, Choice]:
    r"""Return the sites with a choice: all patterns that their work centres name are one, and there is another for the site.

    >>> from tandemplan.testing.models import programme_of
    >>> text = "start = 2026-06-01\n[shift_patterns]\nshift_pattern\na\nb\n[work_centres]\nwork_centre,shift_pattern\nW,b"
    >>> choices_of(programme_of(text))[""].initial
    'b'
    """
    named: dict[str, set[str]] = defaultdict(set)
    for centre in programme[WorkCentre].rows():
        if centre.shift_pattern:
            named[centre.site].add(centre.shift_pattern)
    found = {}
    for site, names in named.items():
        open_to = {p.shift_pattern: p for p in programme[ShiftPattern].rows() if p.site in ("", site)}
        if len(names) == 1 and len(open_to) > 1:
            found[site] = Choice(next(iter(names)), open_to)
    return found
