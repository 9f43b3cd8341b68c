"""The house rules that a reader cannot check by eye: layers, sizes, and what may not stand in the source."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "tandemplan"
FILES = sorted(PACKAGE.rglob("*.py"))

# Each layer may import itself, those listed for it, and nothing else of the package.
BASICS = {"arrays", "compiled", "disk", "interrupts", "problems", "calendar"}
LAYERS: dict[str, set[str]] = {
    "problems": set(),
    "calendar": set(),
    "arrays": set(),
    "compiled": set(),
    "disk": set(),
    "interrupts": set(),
    "model": BASICS,
    "network": BASICS | {"model"},
    "results": BASICS | {"model"},
    "solver": BASICS,
    "plan": BASICS | {"model", "network", "results", "solver"},
    "schedule": BASICS | {"model", "network", "results", "solver"},
    "simulate": BASICS | {"model", "network", "results"},
    "pegging": BASICS | {"model", "results"},
    "dependence": BASICS | {"model", "network", "results", "pegging", "plan"},
    "audit": {"disk", "problems", "model", "results"},
    "explain": BASICS | {"model", "network", "results", "solver", "pegging", "plan", "schedule"},
    "report": BASICS | {"model", "results", "schedule", "pegging", "dependence", "explain"},
    "testing": BASICS | {"model", "results"},
    "api": BASICS
    | {"model", "results", "plan", "schedule", "simulate", "pegging", "audit", "dependence", "explain", "report"},
    "interop": BASICS | {"model", "results", "solver"},
    "cli": BASICS
    | {
        "model",
        "results",
        "plan",
        "schedule",
        "simulate",
        "pegging",
        "audit",
        "dependence",
        "explain",
        "report",
        "interop",
    },
    "__main__": {"cli"},
    "__init__": {"api", "problems", "model", "results", "plan", "audit"},  # names alone: loaded when first used
}


def _layer(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {n.split(".")[1] for n in names if n.startswith("tandemplan.")}
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_layers_import_only_leftwards(file: Path):
    layer = _layer(file)
    assert _imports(file) - {layer} <= LAYERS[layer]


def test_only_the_solver_imports_solvers():
    direct = {
        _layer(f)
        for f in FILES
        for node in ast.walk(ast.parse(f.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in [getattr(node, "module", None) or "", *(a.name for a in node.names)]
        if name.split(".")[0] in {"highspy", "ortools"}
    }
    assert direct == {"solver"}


def test_only_what_is_compiled_imports_the_compiler():
    """Numba takes half a second to import: nothing that plans, audits or shows may wait for it."""
    imports = {
        _layer(f)
        for f in FILES
        for node in ast.walk(ast.parse(f.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and any(
            n.split(".")[0] == "numba" for n in [getattr(node, "module", None) or "", *(a.name for a in node.names)]
        )
    }
    assert imports == {"compiled", "simulate"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_files_functions_and_classes_stay_small(file: Path):
    text = file.read_text(encoding="utf-8")
    assert text.count("\n") <= 400, "split the file, or give a reason here"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert _length(node) <= 50, f"{node.name} has {_length(node)} lines"
            positional = [a.arg for a in node.args.args if a.arg not in ("self", "cls")]
            assert len(positional) <= 5, f"{node.name} takes too many positional arguments"
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")]
            public = [m for m in methods if not m.decorator_list]  # a property is a column by another name
            assert len(public) <= 8, f"{node.name} has {len(public)} public methods"


def _length(node: ast.FunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_no_work_is_left_in_comments(file: Path):
    words = file.read_text(encoding="utf-8")
    assert not [w for w in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK") if w in words]


def test_the_highspy_pin_stands():
    """1.15 cannot be imported beside ortools 9.15: docs/decisions/0002-solver.md."""
    from importlib.metadata import version

    assert version("highspy").startswith("1.14.")
    assert 'highspy>=1.14,<1.15"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_pages_of_the_house_are_there_and_short():
    for name, lines in (("README.md", 60), ("ARCHITECTURE.md", 120)):
        assert (ROOT / name).read_text(encoding="utf-8").count("\n") <= lines, f"{name} is no longer one page"
