"""Rules that a whole programme must meet, one function each."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.problems import Problem


def check_programme(programme: Programme) -> list[Problem]:
    """Return every fault of a programme that single cells do not show."""
    return []
