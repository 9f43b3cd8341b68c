"""The workbook of a schedule: what is late on its first sheet, every table on one of its own, and the programme."""

import pytest
from python_calamine import CalamineWorkbook

from tandemplan.model.reading import read
from tandemplan.report.workbook import write_run_workbook
from tandemplan.results.schedule_shapes import SCHEDULE_SHAPES
from tandemplan.testing.models import programme_of

from .test_schedule_page import RUN, SHOP, whole


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "schedule.xlsx"
    write_run_workbook(whole(RUN), programme_of(SHOP), path)
    return path


def said(file, sheet):
    return [
        [c for c in row if c != ""] for row in CalamineWorkbook.from_path(file).get_sheet_by_name(sheet).to_python()
    ]


def test_the_first_sheet_says_what_is_late(file):
    text = "\n".join(" ".join(map(str, row)) for row in said(file, "summary"))
    assert "the first class that waits is class 2 (Shop): 0 % in time" in text
    assert "class 2, due 2026-06-03 00:00; 8 of 8 late by 0.5 days on average, the last on 2026-06-03 12:00." in text
    assert ["2", "Shop", "8", "0", "8", "0", "0", "4", "2", "0.5"] in [[str(c).removesuffix(".0") for c in r] for r in said(file, "summary")]  # fmt: skip


def test_every_table_has_a_sheet_and_the_programme_reads_back(file):
    names = CalamineWorkbook.from_path(file).sheet_names
    assert [f"result_{s.name}" for s in SCHEDULE_SHAPES] == [
        n for n in names if n.startswith("result_") and n != "result_chart_data"
    ]
    assert said(file, "result_order_loads")[2][:2] == ["O4", "bench"]
    assert read(file).settings.name == "Chairs"


def test_the_same_schedule_gives_the_same_bytes(file, tmp_path):
    write_run_workbook(whole(RUN), programme_of(SHOP), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == file.read_bytes()
