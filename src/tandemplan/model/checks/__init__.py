"""Rules that a whole programme must meet, one function each; `check_programme` runs them all.

To add a rule: write a function with the decorator `check(code)` in the file of its subject, add it to that file's
`CHECKS`, and write docs/reference/problems.md anew (`python -m tandemplan.model.checks`).
"""

from __future__ import annotations

from collections.abc import Iterable

from tandemplan.model.checks import (
    bills,
    dates,
    demands,
    effects,
    funding,
    limits,
    making,
    names,
    numbers,
    shares,
    shop,
    starting,
    supply,
)
from tandemplan.model.checks.doubts import doubts_of
from tandemplan.model.checks.facts import Check, Facts, problems_of
from tandemplan.model.checks.strays import in_doubt, mend
from tandemplan.model.programme import Programme
from tandemplan.problems import Problem

CHECKS: tuple[Check, ...] = (
    *names.CHECKS,
    *dates.CHECKS,
    *numbers.CHECKS,
    *bills.CHECKS,
    *making.CHECKS,
    *supply.CHECKS,
    *demands.CHECKS,
    *starting.CHECKS,
    *limits.CHECKS,
    *funding.CHECKS,
    *shares.CHECKS,
    *shop.CHECKS,
    *effects.CHECKS,
)


def check_programme(programme: Programme, known: Iterable[Problem] = ()) -> list[Problem]:
    """Return every fault of a programme that single cells do not show.

    `known` are the problems of files and cells: what could not be read is not blamed again. Names that no table gives
    are reported once and then taken for the nearest known ones, so that a misspelt name is one problem.
    """
    facts = Facts(programme, doubts_of(known))
    found = [problem for rule in names.CHECKS for problem in problems_of(rule, facts)]
    mended = facts
    if facts.strays:
        mended = Facts(mend(programme, facts.strays), in_doubt(facts.strays, facts.doubts))
    rest = [rule for rule in CHECKS if rule not in names.CHECKS]
    found += [problem for rule in rest for problem in problems_of(rule, mended)]
    return found + [problem for rule in effects.change_checks(facts) for problem in problems_of(rule, facts)]
