"""Every code that a problem can carry stands on the page of problems, and the page is written from the rules."""

import ast
from pathlib import Path

from tandemplan.model.checks import CHECKS
from tandemplan.model.checks.reference import READING, problems_page

ROOT = Path(__file__).parents[2]
CODE_AT = {"Problem": 2, "CellError": 0, "check": 0, "say": 1}


def codes_in(source: str) -> set[str]:
    found = set()
    for call in (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        given = [k.value for k in call.keywords if k.arg == "code"] if name in ("Problem", "CellError") else []
        given += call.args[CODE_AT[name] : CODE_AT[name] + 1] if name in CODE_AT else []
        found |= {a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_codes_are_found_where_they_are_raised():
    assert codes_in('Problem(a, 1, "too-hot", "m")\nCellError("bad", "m")\n@check("late", X)\ndef f(): pass') == {
        "too-hot",
        "bad",
        "late",
    }
    assert codes_in('Problem(source=a, line=1, code="cold", message="m")\nother("x", "y", "z")') == {"cold"}


def test_every_code_in_the_source_is_documented():
    used = set().union(*(codes_in(f.read_text(encoding="utf-8")) for f in (ROOT / "src").rglob("*.py")))
    documented = set(READING) | {rule.code for rule in CHECKS}
    assert used - documented == set(), "add them to READING in model/checks/reference.py"
    assert documented - used == set(), "no code raises these"


def test_the_page_is_the_one_written_from_the_rules():
    page = (ROOT / "docs/reference/problems.md").read_text(encoding="utf-8")
    assert page == problems_page(CHECKS), "run python -m tandemplan.model.checks > docs/reference/problems.md"


def test_every_rule_says_its_meaning():
    assert [rule.code for rule in CHECKS if not rule.meaning.endswith((".", ".)"))] == []
