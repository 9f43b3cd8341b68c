"""The short ways through whole columns and files say the same as a look at each cell and each line."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tandemplan.model import column_cells
from tandemplan.model.cells import CellError, parse
from tandemplan.model.column_cells import parse_column
from tandemplan.model.files import csv_file
from tandemplan.model.files.csv_file import csv_sheet
from tandemplan.model.reading import parse_table
from tandemplan.model.schema import TABLES, Column, Demand, Kind
from tandemplan.model.tables import cell_text, column_array, column_texts, default_array, same
from tandemplan.problems import Problem

COLUMNS = [c for row_class in TABLES.values() for c in row_class.DESCRIPTION.columns]
NASTY = [
    "", " ", "\u00a0", "A", " A ", "A\n", "\nA", "A\nB", "A\r\nB", "\r", "A;B", "A|B", "A;A", "=A", " =A", "A\n=B", ";", "\t", "A\tB",
    "\x07", "\x0b", "\x1c", "\u2028", "\ufffe", "é", "e\u0301", "Бот", "\x7f", "a\u200bb", "x" * 10_000, "x" * 10_001, "yes", "No", "TRUE", "0", "1", "-0", "+0", "-1",
    "1.", ".5", ".", "1e3", "1E-3", "e5", "1e", "1e999", "nan", "inf", "-inf", "Infinity", "1_000", "1,5", "1 000", "１２", "٣", "0x10", "1e12",
    "1000000000001", "-1e13", "0.35", "1.5", "36501", "12 kg", "--1", "+-1", "2027-03-01", " 2027-03-01 ", "2027-02-29", "2028-02-29",
    "2027-3-1", "20270301", "1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "0000-01-01", "2027-00-10", "２０２７-03-01",
    "2027-03-01T00", "NaT", "today", "make", "firm", "own", "Mon;Tue",
]  # fmt: skip
CELLS = st.lists(st.sampled_from(NASTY) | st.text(max_size=8) | st.from_regex(r"-?\d{1,3}(\.\d{0,2})?", fullmatch=True))


def one_by_one(column: Column, cells: list[object]) -> tuple[np.ndarray, list[tuple[int, str, str, str]]]:
    values, faults = [], []
    for row, raw in enumerate(cells):
        try:
            values.append(parse(column, raw))
        except CellError as error:
            values.append(column.default)
            faults.append((row, error.code, error.message, error.hint))
    return column_array(column, values), faults


def agree(column: Column, cells: list[object]) -> None:
    wanted, faults = one_by_one(column, cells)
    found, errors = parse_column(column, cells)
    assert [(row, e.code, e.message, e.hint) for row, e in errors] == faults
    assert found.dtype == wanted.dtype
    if found.dtype == object:
        assert [(type(v), v) for v in found] == [(type(v), v) for v in wanted]
    else:
        np.testing.assert_array_equal(found, wanted)
        assert found.dtype.kind != "f" or np.signbit(found).tolist() == np.signbit(wanted).tolist()


@pytest.mark.parametrize("kind", Kind)
def test_each_nasty_cell_alone_and_among_others_is_read_as_parse_reads_it(kind: Kind):
    column = next(c for c in COLUMNS if c.kind is kind)
    for cell in NASTY:
        agree(column, [cell])
    agree(column, NASTY * 2)


@given(st.sampled_from(COLUMNS), CELLS)
@example(next(c for c in COLUMNS if c.kind is Kind.INTEGER), ["-0", "2"])
def test_a_column_of_texts_is_read_as_its_cells_are_one_by_one(column: Column, cells: list[object]):
    agree(column, cells)


@given(st.sampled_from(COLUMNS), st.lists(st.sampled_from([1, 1.0, True, "1", None, "", 2.5, float("inf"), "A", 0])))
def test_native_cells_of_a_workbook_are_told_apart_by_their_kind(column: Column, cells: list[object]):
    agree(column, cells)


def test_a_faulty_cell_among_many_keeps_its_row_and_its_neighbours_their_values():
    column = Demand.DESCRIPTION.column("quantity_units")
    assert column is not None
    cells: list[object] = [f"{k}.5" for k in range(10_000)]
    cells[7777] = "many"
    agree(column, cells)


def test_no_plain_cell_is_looked_at_alone(monkeypatch: pytest.MonkeyPatch):
    looked: list[object] = []
    monkeypatch.setattr(column_cells, "parse", lambda column, raw: looked.append(raw) or parse(column, raw))
    rows = "".join(f"D{k},C{k % 7},{k % 50}.25,2027-0{1 + k % 9}-1{k % 10},note {k}\n" for k in range(10_000))
    sheet, problems = csv_sheet("demands.csv", f"demand,item,quantity_units,due,note\n{rows}".encode())
    assert sheet is not None
    table, more = parse_table(sheet, Demand)
    assert (len(table), problems, more) == (10_000, [], [])
    assert looked == []


def lines_one_by_one(text: str) -> tuple[object, list[Problem]]:
    problems: list[Problem] = []
    try:
        return csv_file._uneven("a.csv", text, problems), problems
    except csv_file._RowError as error:
        return error.reason, problems


@given(
    st.lists(
        st.sampled_from(["a", " ", "", ",", ",,", "\n", "\r\n", "\r", '"', '""', "b,c", "a,b\n", "c,d\n", "\u2028"])
    )
)
@example(["a,b\n", " ,\n", "c,d\n"])
@example(["\n", "a,b\n", "c,d\n"])
def test_an_even_file_is_cut_as_its_lines_are_one_by_one(parts: list[str]):
    text = "".join(parts)
    quick = csv_file._even(text) if text.strip() else None
    if quick is not None:
        assert (quick, []) == lines_one_by_one(text)


def test_a_plain_file_is_even():
    assert csv_file._even('item,name\nA,Frame\nB,"Wing, left"\n') == (
        1,
        ("item", "name"),
        (("A", "Frame"), ("B", "Wing, left")),
        (2, 3),
    )


@given(st.sampled_from(COLUMNS), CELLS)
def test_texts_of_a_column_are_those_of_its_cells(column: Column, cells: list[object]):
    values, _ = parse_column(column, cells)
    assert column_texts(column, values) == [cell_text(column, v) for v in values]
    blank = cell_text(column, column_array(column, [column.default])[0])
    assert same(values, default_array(column, len(values))) == all(cell_text(column, v) == blank for v in values)
