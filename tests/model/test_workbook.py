"""Workbooks in and out: types, notes, lists to choose from, and each reason why one cannot be read."""

import datetime as dt
import zipfile
from xml.etree import ElementTree as ET

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tandemplan.model.files import open_source
from tandemplan.model.files.inspection import area_of, inspect
from tandemplan.model.reading import check, read
from tandemplan.model.schema import ROW_CLASSES, Demand, Item, Kind
from tandemplan.model.workbook import LISTS_SHEET, blank_workbook, write_workbook
from tandemplan.problems import CellLimitError
from tandemplan.testing.models import programme_of

SETTINGS = [["setting", "value"], ["start", dt.date(2026, 6, 1)], ["periods", "2 weeks"], ["seed", 7]]
SMALL = """
    start = 2026-06-01
    [items]
    item,standard_cost,hazard
    0012,2.5,yes
    B,0,no
    [offers]
    offer,item
    o1,B
"""


def book(path, sheets, hidden=(), first=0, **options):
    with xlsxwriter.Workbook(path, options) as made:
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for i, row in enumerate(rows, first):
                for j, cell in enumerate(row):
                    sheet.write_datetime(i, j, cell, day) if isinstance(cell, dt.date) else sheet.write(i, j, cell)
            if name in hidden:
                sheet.hide()
    return path


def ods(path, rows):
    content = f"""<?xml version="1.0" encoding="UTF-8"?><office:document-content
    xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.2"
    xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
    <table:table table:name="items">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"""
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def text_cell(text, more=""):
    return f'<table:table-cell office:value-type="string" {more}><text:p>{text}</text:p></table:table-cell>'


def texts(path):
    return [str(p) for p in check(path).problems]


def test_native_cells_are_read(tmp_path):
    demands = [["demand", "item", "quantity_units", "due", "note"], ["d1", "A", "5", dt.date(2026, 6, 5), 12]]
    items = [["item", "weight_kg", "hazard", "x_own"], ["A", 2.5, True, 7]]
    source, problems = open_source(
        book(tmp_path / "b.xlsx", {"programme": SETTINGS, "items": items, "demands": demands})
    )
    assert problems == []
    assert source.settings_text.split() == [
        "start",
        "=",
        "2026-06-01",
        "periods",
        "=",
        '"2',
        'weeks"',
        "seed",
        "=",
        "7",
    ]
    assert source.sheets[1].rows == (("d1", "A", "5", dt.date(2026, 6, 5), 12.0),)


def test_lines_are_row_numbers_of_the_sheet(tmp_path):
    items = [["item", "weight_kg"], ["A", 1], ["", ""], ["B", "heavy"]]
    path = book(tmp_path / "b.xlsx", {"items": items}, first=3)
    sheet = open_source(path)[0].sheets[0]
    assert (sheet.header_line, sheet.lines) == (4, (5, 7))
    assert "b.xlsx:items:7: weight_kg is 'heavy'; it must be a number (kg). [not-a-number]" in texts(path)


def test_hidden_sheets_and_own_sheets_are_passed_over(tmp_path):
    sheets = {"programme": SETTINGS, "items": [["item"], ["A"]], "x_notes": [["?"]], "scratch": [["?"]]}
    path = book(tmp_path / "b.xlsx", sheets, hidden=["scratch"])
    assert read(path)[Item].item.tolist() == ["A"]


def test_formulas_are_problems_even_with_a_value(tmp_path):
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as made:
        made.add_worksheet("programme").write_column(0, 0, ["setting"])
        sheet = made.add_worksheet("items")
        sheet.write_row(0, 0, ["item", "weight_kg"])
        sheet.write_row(1, 0, ["A"])
        sheet.write_formula(1, 1, "=1+1", value=2)
    found = [t for t in texts(path) if "formula" in t]
    assert found == ["b.xlsx:items:2: cell B2 holds a formula. Paste its value instead. [formula]"]


def test_dates_as_text_must_be_iso(tmp_path):
    demands = [["demand", "item", "quantity_units", "due"], ["d1", "A", 5, "5.6.2026"], ["d2", "A", 5, "2026-06-05"]]
    path = book(tmp_path / "b.xlsx", {"programme": SETTINGS, "items": [["item"], ["A"]], "demands": demands})
    found = [t for t in texts(path) if "date" in t]
    assert found == ["b.xlsx:demands:2: due is '5.6.2026'; it must be a date. Write it as 2026-06-01. [not-a-date]"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [([["word", "value"]], "missing-column"), ([*SETTINGS, ["seed", 8]], "repeated-setting"), ([], "empty-file")],
)
def test_the_sheet_of_settings_has_faults_too(tmp_path, rows, code):
    path = book(tmp_path / "b.xlsx", {"programme": rows, "items": [["item"], ["A"]]})
    assert code in [p.code for p in check(path).problems]


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls", "xlsb", "xlsm"])
@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 broken", b"PK\x05\x06" + bytes(18)])
def test_broken_workbooks_are_problems(tmp_path, suffix, content):
    path = tmp_path / f"b.{suffix}"
    path.write_bytes(content)
    assert [p.code for p in check(path).problems] == ["unreadable"]


def test_every_cut_of_a_workbook_is_a_problem_or_a_programme(tmp_path):
    write_workbook(programme_of(SMALL), tmp_path / "b.xlsx")
    content = (tmp_path / "b.xlsx").read_bytes()
    for at in range(0, len(content), 389):
        (tmp_path / "c.xlsx").write_bytes(content[:at] + bytes(8) + content[at + 8 :])
        reading = check(tmp_path / "c.xlsx")
        assert (reading.programme is None) == bool(reading.problems)


def test_a_sheet_that_spans_too_many_cells_is_refused(tmp_path):
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("items")
        sheet.write(0, 0, "item")
        sheet.write(1_048_575, 16_383, "far")
    assert texts(path) == [
        "b.xlsx: sheet 'items' spans 17179869184 cells; at most 10000000 are read. [refused-archive]"
    ]


def test_an_open_document_is_read_with_its_rows(tmp_path):
    rows = (
        f"<table:table-row>{text_cell('item')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        f"<table:table-row>{text_cell('A')}</table:table-row>"
    )
    source, problems = open_source(ods(tmp_path / "b.ods", rows))
    assert problems == []
    assert (source.sheets[0].header, source.sheets[0].rows, source.sheets[0].lines) == (("item",), (("A",),), (4,))


def test_formulas_and_repeats_of_an_open_document_are_found(tmp_path):
    cell = text_cell("A", 'table:formula="of:=[.B1]"')
    header, blanks = text_cell("item"), '<table:table-cell table:number-columns-repeated="2"/>'
    rows = f"<table:table-row>{header}</table:table-row><table:table-row>{blanks}{cell}</table:table-row>"
    assert inspect(ods(tmp_path / "f.ods", rows)).formulas == {"items": (("C", 2),)}
    many = text_cell("A", 'table:number-columns-repeated="16384"')
    rows = f'<table:table-row table:number-rows-repeated="1000">{many}</table:table-row>'
    assert texts(ods(tmp_path / "m.ods", rows)) == [
        "m.ods: its sheets hold 16384000 cells; at most 10000000 are read. [refused-archive]"
    ]


def test_area_is_that_of_the_rectangle_of_cells():
    assert area_of(b'<row r="5"><c r="C5"/><c r="E7"/></row>') == 9
    assert area_of(b"<sheetData/>") == 0


def test_texts_stay_texts_and_dates_are_dates(tmp_path):
    programme = programme_of(
        SMALL + "[demands]\ndemand,item,quantity_units,due\nd1,B,5,2026-06-05\n".replace("\n", "\n    ")
    )
    write_workbook(programme, tmp_path / "b.xlsx")
    opened = CalamineWorkbook.from_path(tmp_path / "b.xlsx")
    assert opened.sheet_names == ["programme", "items", "offers", "demands", LISTS_SHEET]
    rows = opened.get_sheet_by_name("items").to_python()
    names = rows[0]
    assert [rows[1][names.index(n)] for n in ("item", "standard_cost", "hazard")] == ["0012", 2.5, "yes"]
    rows = opened.get_sheet_by_name("demands").to_python()
    assert rows[1][rows[0].index("due")] == dt.date(2026, 6, 5)
    assert read(tmp_path / "b.xlsx")[Demand] == programme[Demand]


def test_a_blank_workbook_has_every_table_with_notes_and_lists(tmp_path):
    blank_workbook(tmp_path / "blank.xlsx")
    opened = CalamineWorkbook.from_path(tmp_path / "blank.xlsx")
    tables = [c.DESCRIPTION.name for c in ROW_CLASSES]
    assert [n for n in opened.sheet_names if n != LISTS_SHEET] == ["programme", *tables]
    for row_class in ROW_CLASSES:
        header = opened.get_sheet_by_name(row_class.DESCRIPTION.name).to_python()[0]
        assert header == [c.name for c in row_class.DESCRIPTION.columns]
    with zipfile.ZipFile(tmp_path / "blank.xlsx") as archive:
        items = archive.read(f"xl/worksheets/sheet{tables.index('items') + 2}.xml").decode()
        notes = b"".join(archive.read(n) for n in archive.namelist() if "comments" in n).decode()
        offers = archive.read(f"xl/worksheets/sheet{tables.index('offers') + 2}.xml").decode()
    assert '"product,assembly,subassembly,part,kit,service"' in items
    assert "<formula1>suppliers!$A$2:$A$2000</formula1>" in offers
    assert "<formula1>items!$A$2:$A$2000</formula1>" in offers
    assert "Weight of one unit. A number in kg, at least 0. Blank means 0." in notes
    assert [p.message for p in check(tmp_path / "blank.xlsx").problems] == ["setting 'start' is missing."]


def test_the_answers_of_a_report_are_passed_over_even_with_formulas_in_them(tmp_path):
    answers = {"summary": [["Joint plant"], ["=1+1"]], "result_stock": [["anything"], ["=A1"]], "result_": []}
    sheets = {"programme": SETTINGS, **answers, "items": [["item"], ["A"]]}
    assert check(book(tmp_path / "b.xlsx", sheets)).problems == ()
    assert read(tmp_path / "b.xlsx")[Item].item.tolist() == ["A"]


@pytest.mark.parametrize("name", ["results_stock", "Summary", "result", "stok"])
def test_a_sheet_that_is_no_table_and_no_answer_is_a_problem(tmp_path, name):
    found = check(book(tmp_path / "b.xlsx", {"programme": SETTINGS, name: [["item"], ["A"]]})).problems
    assert [p.code for p in found] == ["unknown-table"]


def test_a_text_too_long_for_a_cell_is_refused_and_nothing_is_written(tmp_path):
    programme = programme_of("start = 2026-06-01\n[items]\nitem,x_own\nA," + "a" * 32_768)
    with pytest.raises(CellLimitError, match=r"sheet 'items', row 2; .* 32,767 characters"):
        write_workbook(programme, tmp_path / "b.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_columns_are_as_wide_as_their_texts(tmp_path):
    programme = programme_of("start = 2026-06-01\n[items]\nitem,name\nA," + "a" * 30)
    write_workbook(programme, tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        columns = archive.read("xl/worksheets/sheet2.xml").decode()
    assert '<col min="2" max="2" width="32.7109375"' in columns


def test_the_size_of_answers_does_not_count(tmp_path, monkeypatch):
    monkeypatch.setattr("tandemplan.model.files.archive.MOST_BYTES", 50_000)
    long = [["stock"], *[[f"row {i}"] for i in range(3_000)]]
    rows = [["item"], *[[f"item {i}"] for i in range(3_000)]]
    with_answers = {"programme": SETTINGS, "items": [["item"], ["A"]], "result_stock": long}
    path = book(tmp_path / "b.xlsx", with_answers, constant_memory=True)
    assert check(path).problems == ()
    path = book(tmp_path / "c.xlsx", {"programme": SETTINGS, "items": rows}, constant_memory=True)
    assert [p.code for p in check(path).problems] == ["refused-archive"]


def test_a_member_that_two_sheets_share_counts(tmp_path, monkeypatch):
    monkeypatch.setattr("tandemplan.model.files.archive.MOST_BYTES", 50_000)
    rows = [["item"], *[[f"item {i}"] for i in range(3_000)]]
    path = book(tmp_path / "b.xlsx", {"programme": SETTINGS, "items": rows, "result_a": [["x"]]}, constant_memory=True)
    alias = '<sheet name="result_b" sheetId="9" r:id="rId2"/></sheets>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, text.replace(b"</sheets>", alias.encode()) if name == "xl/workbook.xml" else text)
    assert [p.code for p in check(tmp_path / "c.xlsx").problems] == ["refused-archive"]


def test_what_is_typed_into_a_blank_workbook_stays_a_text_where_a_name_belongs(tmp_path):
    blank_workbook(tmp_path / "b.xlsx")
    main = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        formats = [x.get("numFmtId") for x in ET.fromstring(archive.read("xl/styles.xml")).find(f"{main}cellXfs")]
        for number, row_class in enumerate(ROW_CLASSES, 2):
            sheet = ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            found = {
                at: formats[int(c.get("style", 0))]
                for c in sheet.iter(f"{main}col")
                for at in range(int(c.get("min")), int(c.get("max")) + 1)
            }
            for at, column in enumerate(row_class.DESCRIPTION.columns, 1):
                number_like = column.kind in (Kind.NUMBER, Kind.INTEGER)
                assert (found[at] == "0") if number_like else (found[at] != "0")
                if column.kind in (Kind.NAME, Kind.NAMES, Kind.TEXT):
                    assert found[at] == "49"  # @
