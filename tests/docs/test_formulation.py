"""The page of the formulation says what the code says now, of every family; its mathematics is well formed."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from tandemplan.plan import model
from tandemplan.plan.money_columns import MoneyColumns
from tandemplan.plan.variables import Variables

from .pages import ROOT

TOOL = ROOT / "tools" / "formulation.py"
spec = importlib.util.spec_from_file_location("formulation", TOOL)
formulation = importlib.util.module_from_spec(spec)
sys.modules["formulation"] = formulation  # dataclasses look their module up
spec.loader.exec_module(formulation)
PAGE = ROOT / "docs" / "reference" / "formulation.md"
MATH = re.compile(r"```math\n(.*?)\n```|\$([^$\n]+)\$", re.DOTALL)


def test_the_kept_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == formulation.page(), "run python tools/formulation.py"


@pytest.mark.parametrize("function", formulation.FAMILIES, ids=lambda f: f.__name__)
def test_every_family_of_the_model_is_on_the_page_with_its_inequality(function):
    assert f"Code: [{function.__name__}](" in PAGE.read_text(encoding="utf-8")
    assert formulation.told(function).formulas


def test_no_family_of_the_model_is_left_out():
    source = Path(model.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r"\badd_\w+", source)) - {"add_variables"}
    assert named == {f.__name__ for f in formulation.FAMILIES}


def test_formulas_have_the_names_of_the_rows():
    """Each golden file is linked, and each family has one."""
    told = [f for function in formulation.FAMILIES for f in formulation.told(function).formulas]
    families = {f.family for f in told if not f.added}
    kept = {f.name for f in (ROOT / formulation.GOLDEN).glob("*.lp.txt")}
    assert {formulation.golden_file(f) for f in families} == kept
    assert {f.family.removeprefix(formulation.ADDED) for f in told if f.added} <= families


def test_every_column_is_on_the_page():
    columns = PAGE.read_text(encoding="utf-8").split("## 2 ")[1].split("## 3 ")[0]
    assert re.findall(r"^- \$\\textit\{(\w+)\}_", columns, re.MULTILINE) == [
        *(name for name, kind in Variables.__annotations__.items() if kind == "Ints"),
        *(name for name in MoneyColumns.__annotations__ if name != "pairs"),
    ]


def test_mathematics_is_well_formed():
    found = [m[1] or m[2] for m in MATH.finditer(PAGE.read_text(encoding="utf-8"))]
    assert len(found) > 100
    for formula in found:
        plain = formula.replace(r"\_", "")
        assert plain.count("{") == plain.count("}")
        assert plain.count("(") == plain.count(")")
        assert "[" not in plain
        assert set(re.findall(r"\\[a-z]+", plain)) <= {
            *(r"\textit", r"\text", r"\sum", r"\le", r"\ge", r"\min", r"\max", r"\quad", r"\qquad", r"\begin", r"\end"),
        }


def test_a_formula_is_set():
    said = formulation.typeset("sum[r, s <= t] most use[r,s] * make[r,s] - units_a_week[g] >= max(0, done[g,t-1])")
    assert said == (
        r"\sum_{r,s\le t} \textit{most use}_{r,s}\, \textit{make}_{r,s} - \textit{units\_a\_week}_{g}"
        r" \ge \max (0,\textit{done}_{g,t-1} )"
    )


def test_a_docstring_of_another_form_is_refused():
    def add_nothing():
        """Add nothing."""

    with pytest.raises(ValueError, match="does not end with its section"):
        formulation.told(add_nothing)
    with pytest.raises(ValueError, match="no section of"):
        formulation._sections("Lots, Nothing")
