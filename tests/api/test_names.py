"""The public names: loaded when first used, complete, typed, and each with an example that is run."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import tandemplan as tp
from tandemplan.api import tables
from tandemplan.results.shape import SHAPES

OWN = {name: getattr(tp, name) for name in tp.__all__}


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout


def members():
    """Every public function, class, method and property, by the name that a user writes."""
    for name, value in OWN.items():
        yield name, value
        if inspect.isclass(value):
            for word, member in vars(value).items():
                described = isinstance(member, property) or inspect.isfunction(member) or hasattr(member, "func")
                if not word.startswith("_") and described:
                    yield f"{name}.{word}", member


MEMBERS = dict(members())


def test_the_import_is_light_and_names_come_when_used():
    heavy = "sorted({'numpy', 'numba', 'pandas', 'highspy', 'typer', 'jinja2'} & set(sys.modules))"
    assert run(f"import sys, tandemplan as tp; print(dir(tp) and {heavy}); tp.Problem; print({heavy})") == "[]\n[]\n"


def test_every_name_is_there_for_a_star_and_in_dir():
    said = run("from tandemplan import *\nprint(sorted(n for n in dir() if not n.startswith('_')))")
    assert ast.literal_eval(said) == sorted(tp.__all__)
    assert set(tp.__all__) <= set(dir(tp))
    assert sorted(tp.__all__) == sorted(tp._HOMES)


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(tp.__file__).read_text(encoding="utf-8"))
    [block] = [n for n in tree.body if isinstance(n, ast.If)]
    seen = {a.name: f"{n.module}" for n in block.body for a in n.names}
    assert sorted(seen) == sorted(tp.__all__)


def test_a_verb_stays_a_verb_when_its_package_is_imported():
    said = run(
        "import tandemplan as tp, tandemplan.plan, tandemplan.audit; print(callable(tp.plan), callable(tp.audit))"
    )
    assert said == "True True\n"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'plann'"):
        tp.plann  # noqa: B018


def test_editors_see_every_result_table():
    block = next(n for n in ast.walk(ast.parse(Path(tables.__file__).read_text())) if isinstance(n, ast.ClassDef))
    [known] = [n for n in block.body if isinstance(n, ast.If)]
    assert [n.target.id for n in known.body] == [s.name for s in SHAPES]


@pytest.mark.parametrize("name", MEMBERS)
def test_every_public_name_has_an_example(name):
    assert ">>> " in (inspect.getdoc(MEMBERS[name]) or ""), f"tp.{name} has no doctest"


def test_members_are_found():
    assert {"plan", "Run", "Run.late", "Run.status", "Programme.digest", "Problem.as_dict"} <= set(MEMBERS)


USED = """
import tandemplan as tp
import tandemplan.plan

run = tp.plan(tp.read("bikes", changes=["items[bike].weight_kg = 3"]), time_limit=60, progress=True)
reveal_type(run.classes)
reveal_type(tp.audit(run).clean)
reveal_type(run.figure("load").numbers)
run.clases
"""


@pytest.mark.long
def test_type_checkers_know_what_comes(tmp_path):
    """Frames are frames, a misspelt table is an error."""
    (tmp_path / "used.py").write_text(USED)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(tmp_path / "used.py")]
    said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600).stdout
    assert [line.partition("used.py:")[2] for line in said.splitlines()[:-1]] == [
        '6: note: Revealed type is "pandas.core.frame.DataFrame"',
        '7: note: Revealed type is "bool"',
        '8: note: Revealed type is "pandas.core.frame.DataFrame"',
        '9: error: "Run" has no attribute "clases"  [attr-defined]',
    ]
