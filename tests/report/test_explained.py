"""Why a demand is late, and what helps, on half a screen, however much there is to say."""

import re

import pytest

import tandemplan as tp
from tandemplan.report.explained import relief_lines, why_lines

HALF_A_SCREEN = 25 - 1  # lines, less the one that says which demand it is
FIRST_STEPS = tp.example("first_steps")


def cause(family, name, unit_days):
    return {
        "family": family,
        "name": name,
        "unit_days": unit_days,
        "unit": "units",
        "from": [],
        "first_day": None,
        "later": [],
    }


def why(causes, **other):
    said = {"rounding": 0.0, "at_best": 0.0, "otherwise": 0.0, "instead": [], "stopped": "", **other}
    total = sum(c["unit_days"] for c in causes) + said["rounding"] + said["at_best"]
    return {"demand": "S1", "late_unit_days": total, "causes": causes, **said}


def relief(k):
    return {
        "text": f"{k} stations more of bench",
        "changes": [f"work_centres[bench].stations += {k}"],
        "late_unit_days": 0.0,
        "repaired": True,
        "cost": float(k),
        "price": None,
        "others_unit_days": 0.0,
        "better": [],
        "worse": [],
    }


def unit_days(lines):
    return [float(m[1]) for line in lines[1:] if (m := re.match(r" +([\d.]+) unit-days?:", line))]


def test_few_causes_are_told_one_by_one_in_their_order():
    lines = why_lines(why([cause("hours", "bench", 3.0), cause("lead time", "kit", 5.0)]), FIRST_STEPS)
    assert lines[1:3] == [
        "  3 unit-days: hours of bench.",
        "  5 unit-days: supply of Kit of parts: nothing brings it.",
    ]


def test_many_causes_of_a_kind_share_a_line_and_add_up():
    parts = [cause("lead time", f"part{k}", float(k)) for k in range(1, 15)]
    lines = why_lines(
        why([cause("hours", "bench", 7.0), *parts, {**cause("task", "hall", 4.0), "first_day": "2026-06-12"}]),
        FIRST_STEPS,
    )
    assert lines[1:4] == [
        "  105 unit-days: earlier supply of part14; part13; part12 and 11 more.",
        "  7 unit-days: hours of bench.",
        "  4 unit-days: waiting for the task hall, done on 12 Jun 2026.",
    ]


@pytest.mark.parametrize("kinds", [1, 3, 6, 40])
@pytest.mark.parametrize("count", [1, 6, 40])
@pytest.mark.parametrize("reliefs", [0, 6, 12])
def test_an_explanation_is_never_longer_than_half_a_screen(kinds, count, reliefs):
    """With every line that there can be; what is cut is counted, and unit-days still add up."""
    causes = [cause(f"kind {k % kinds}", f"name{k}", 1.0 + k) for k in range(count)]
    said = why(causes, rounding=2.0, at_best=3.0, instead=causes[:1])
    lines = why_lines(said, FIRST_STEPS)
    helps = relief_lines([relief(k + 1) for k in range(reliefs)], FIRST_STEPS, near=True)
    assert len(lines) + len(helps) <= HALF_A_SCREEN
    assert sum(unit_days(lines)) == pytest.approx(said["late_unit_days"])
    assert ("more that help" in helps[-1]) == (reliefs > 6)
