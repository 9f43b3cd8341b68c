"""The audit shares no code with the planner."""

import ast
from pathlib import Path

import pytest

from tandemplan.audit import findings

ALLOWED = ("tandemplan.audit", "tandemplan.model", "tandemplan.results", "tandemplan.problems", "tandemplan.disk")
FILES = sorted(Path(findings.__file__).parent.glob("*.py"))


def imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test sees them"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_only_the_model_and_the_tables_are_imported(file):
    ours = {name for name in imported(file) if name.split(".")[0] == "tandemplan"}
    assert all(name.startswith(ALLOWED) for name in ours), ours
    others = {name.split(".")[0] for name in imported(file) - ours}
    assert not others & {"highspy", "ortools", "scipy"}
