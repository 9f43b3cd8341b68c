"""The generated pages of commands and result tables are those that the code says now."""

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "reference.py"
spec = importlib.util.spec_from_file_location("reference", TOOL)
reference = importlib.util.module_from_spec(spec)
spec.loader.exec_module(reference)


@pytest.mark.parametrize("name", list(reference.PAGES))
def test_the_kept_page_is_up_to_date(name):
    kept = (reference.REFERENCE / name).read_text(encoding="utf-8")
    assert kept == reference.PAGES[name](), "run python tools/reference.py"


def test_every_result_column_is_on_the_page():
    page = reference.results_page()
    for shape in reference.SHAPES:
        part = page.split(f"## {shape.name}\n")[1].split("\n## ")[0]
        assert all(f"| `{n}` |" in part for n in shape.names)
