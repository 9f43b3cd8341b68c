"""The workbook of a run: what it shows, that it reads back as the programme, and that nothing in it changes its kind."""

import csv
import io
import re
import zipfile
from datetime import date
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from tandemplan.cli import app
from tandemplan.model.files.sheet import RESULT_PREFIX, SUMMARY_SHEET
from tandemplan.model.reading import read
from tandemplan.model.schema import ROW_CLASSES, TABLES
from tandemplan.plan import PlanOptions, plan
from tandemplan.problems import CellLimitError
from tandemplan.report.sheets.charts import CHART_SHEET
from tandemplan.report.workbook import write_run_workbook
from tandemplan.results.fields import Type
from tandemplan.results.origin_shapes import MATERIALS
from tandemplan.results.shape import SHAPES
from tandemplan.results.sound import unsound_cell
from tandemplan.results.store import Run, RunError, read_table, table_text, write_run
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes
from tandemplan.testing.runs import run_of

EXAMPLES = Path(__file__).parents[2] / "examples"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
HOSTILE = (
    "0012", "22E1", "6-10", "MAR1", "1e5", "TRUE", "2026-06-01", "12:30", "=1+1", "+1", "-x", "@cmd", "\tx", " kept ",
    "<r>a</r>", "<r>_x0041_</r>", "_x0041_", "<b>&\"'", "l1\nl2", "ä €", "日本", "😀", "http://x.y", "a" * 300,
)  # fmt: skip
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}


class Book:
    """The parts of an .xlsx file as XML."""

    def __init__(self, file):
        self.file = file
        self._cells = {}
        with zipfile.ZipFile(file) as archive:
            self.xml = {n: ET.fromstring(archive.read(n)) for n in archive.namelist() if not n.endswith(".vml")}

    @cached_property
    def members(self):
        """Return the member of each sheet by name, in order."""
        targets = self.targets("xl/workbook.xml")
        sheets = self.xml["xl/workbook.xml"].iter(f"{MAIN}sheet")
        return {s.get("name"): f"xl/{targets[s.get(RELATION)]}" for s in sheets}

    def targets(self, member):
        folder, name = member.rsplit("/", 1)
        relations = self.xml.get(f"{folder}/_rels/{name}.rels", ())
        return {r.get("Id"): r.get("Target") for r in relations}

    def sheet(self, name):
        return self.xml[self.members[name]]

    def notes(self, name):
        """Return the notes of a sheet by cell."""
        target = next(t for t in self.targets(self.members[name]).values() if "comments" in t)
        comments = self.xml["xl/" + target.removeprefix("../")].iter(f"{MAIN}comment")
        return {c.get("ref"): "".join(t.text or "" for t in c.iter(f"{MAIN}t")) for c in comments}

    @property
    def charts(self):
        return [x for n, x in self.xml.items() if re.fullmatch(r"xl/charts/chart\d+\.xml", n)]

    def cells(self, name):
        """Return the rows of a sheet as calamine reads them."""
        if name not in self._cells:
            sheet = CalamineWorkbook.from_path(self.file).get_sheet_by_name(name)
            self._cells[name] = sheet.to_python(skip_empty_area=False)
        return self._cells[name]

    def area(self, reference):
        """Return the cells that a reference such as `sheet!$B$3:$B$9` names."""
        sheet, first, last = re.fullmatch(r"(\w+)!(\$[A-Z]+\$\d+)(?::(\$[A-Z]+\$\d+))?", reference).groups()
        (column, top), (_, bottom) = _place(first), _place(last or first)
        return [row[column] for row in self.cells(sheet)[top : bottom + 1]]


def _place(reference):
    _, letters, row = reference.split("$")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1, int(row) - 1


@pytest.fixture(scope="session", params=["first_steps", "tanker_base"])
def planned(request, tmp_path_factory):
    """The plan of an example, its programme and its workbook."""
    programme = read(EXAMPLES / request.param)
    run = plan(programme, PlanOptions())
    file = tmp_path_factory.mktemp("planned") / "book.xlsx"
    write_run_workbook(run, programme, file)
    return run, programme, Book(file)


def as_csv(shape, cell, kind):
    """Return what a sheet's cell would be in the run's CSV."""
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, float):
        return cell
    text = f"{cell:.2f}" if kind is Type.MONEY else f"{cell:.6f}".rstrip("0").rstrip(".")
    return text if kind is not Type.WHOLE else str(int(cell))


def assert_sheets_say_what_the_csv_says(book, run):
    for shape in SHAPES:
        if shape.name in run.tables:
            header, *body = list(csv.reader(io.StringIO(table_text(shape, run[shape]))))
            found = book.cells(RESULT_PREFIX + shape.name)
            assert found[0] == header
            kinds = [f.type for f in shape.fields]
            shown = [[as_csv(shape, c, k) for c, k in zip(row, kinds, strict=True)] for row in found[1:]]
            assert shown == body


def test_every_result_table_stands_in_a_sheet_with_the_values_of_its_csv(planned):
    run, _, book = planned
    assert {RESULT_PREFIX + n for n in run.tables} <= set(book.members)
    assert len(run.tables) == len(SHAPES)
    assert_sheets_say_what_the_csv_says(book, run)


def test_the_workbook_reads_back_as_the_programme(planned):
    run, programme, book = planned
    again = read(book.file)
    assert again == programme
    assert again.digest == programme.digest == run.info["programme"]["digest"]


def test_a_large_programme_reads_back_whatever_became_of_its_plan(tmp_path):
    programme = read(EXAMPLES / "joint_plant")
    write_run_workbook(run_of("", status="stopped", reason="time"), programme, tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx").digest == programme.digest


@settings(max_examples=8, **QUIET)
@given(programmes())
def test_random_programmes_read_back(tmp_path_factory, programme):
    file = tmp_path_factory.mktemp("random") / "book.xlsx"
    write_run_workbook(run_of(RUN), programme, file)
    assert read(file) == programme


def test_the_summary_comes_first_then_results_then_the_programme(planned):
    _, programme, book = planned
    names = list(book.members)
    inputs = ["programme", *(c.DESCRIPTION.name for c in ROW_CLASSES if len(programme[c]))]
    assert names[0] == SUMMARY_SHEET
    assert names[1 : len(SHAPES) + 1] == [RESULT_PREFIX + s.name for s in SHAPES]
    assert [n for n in names if not n.startswith(("x_", "result_"))] == [SUMMARY_SHEET, *inputs]


def test_no_table_of_the_language_is_called_like_a_sheet_that_is_passed_over():
    assert not [t for t in TABLES if t == SUMMARY_SHEET or t.startswith((RESULT_PREFIX, "x_"))]
    assert max(len(f"{RESULT_PREFIX}{s.name}_99") for s in SHAPES) <= 31


def test_the_summary_says_the_answer_and_what_identifies_the_run(planned):
    run, programme, book = planned
    from tandemplan.report.summary import five_lines

    said = " ".join(str(c) for row in book.cells(SUMMARY_SHEET) for c in row if c != "")
    for line in five_lines(run, programme):
        assert line.partition(": ")[2] in said
    for text in (
        programme.settings.name,
        run.info["run"],
        programme.digest,
        "highspy 1.14",
        "gap 0.001",
        *run.info["notes"],
    ):
        assert text in said
    assert "seconds" not in said
    spans = {"2026-06-01": "1 Jun 2026 to 28 Jun 2026", "2026-03-16": "16 Mar 2026 to 13 Jul 2026"}
    assert f"Supply plan from {spans[str(programme.settings.start)]}" in said, "both days are in the plan"


def test_the_summary_leads_to_every_sheet(planned):
    _, _, book = planned
    links = [h.get("location") for h in book.sheet(SUMMARY_SHEET).iter(f"{MAIN}hyperlink")]
    named = {link.split("!")[0].strip("'") for link in links}
    assert named == {n for n in book.members if not n.startswith("x_")}
    jumps = [int(link.split("!B")[1]) for link in links if link.startswith(f"{SUMMARY_SHEET}!")]
    column = [row[1] for row in book.cells(SUMMARY_SHEET)]
    assert [column[row - 1][:6] for row in jumps][:2] == ["Classe", "Charts"]


def test_charts_refer_to_cells_that_are_there_and_remember_their_values(planned):
    _, _, book = planned
    assert len(book.charts) >= 5
    for chart in book.charts:
        series = list(chart.iter(f"{CHART}ser"))
        assert series
        for one in series:
            areas = [book.area(f.text) for f in one.iter(f"{CHART}f")]
            assert all(c != "" for area in areas for c in area)
            name, along, values = areas
            assert len(name) == 1
            assert len(along) == len(values)
            assert all(isinstance(v, float) for v in values)
            remembered = [float(v.text) for v in one.find(f"{CHART}val").iter(f"{CHART}v")]
            assert remembered == pytest.approx(values)
        title = chart.find(f"{CHART}chart/{CHART}title")
        assert book.area(next(title.iter(f"{CHART}f")).text) == [next(title.iter(f"{CHART}v")).text]


def test_the_chart_of_a_class_ends_with_what_the_class_gets(planned):
    run, _, book = planned
    rows = book.cells(CHART_SHEET)
    assert rows[1][:3] == ["up_to", "asked_for", "delivered"]
    last = [r for r in rows[2:] if isinstance(r[0], date)][-1]
    classes = run.tables["classes"]
    assert last[1] == pytest.approx(classes["demanded"][0])
    assert last[2] == pytest.approx(classes["on_time"][0] + classes["late"][0], abs=1e-4)


def test_charts_say_in_words_what_they_show(planned):
    _, _, book = planned
    drawing = next(x for n, x in book.xml.items() if n.startswith("xl/drawings/drawing"))
    words = [e.get("descr") for e in drawing.iter() if e.tag.endswith("}cNvPr")]
    assert len(words) == len(book.charts)
    assert sum(w.startswith("Class ") for w in words) == len(planned[0].tables["classes"]["demand_class"])


def test_the_summary_says_when_not_every_class_has_a_chart(tmp_path):
    lines = "".join(f"D{i},{i},1,2026-06-02\n" for i in range(1, 11))
    run = run_of("[demand_summary]\ndemand,demand_class,quantity,due\n" + lines + "[classes]\ndemand_class\n1")
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    book = Book(tmp_path / "book.xlsx")
    said = " ".join(str(c) for row in book.cells(SUMMARY_SHEET) for c in row)
    assert "Of 10 classes and units, the first 8 are drawn." in said
    assert len(book.charts) == 8


def test_every_header_of_a_result_has_a_note_with_meaning_and_unit(planned):
    _, programme, book = planned
    for shape in SHAPES:
        notes = book.notes(RESULT_PREFIX + shape.name)
        for at, field in enumerate(shape.fields):
            note = notes[f"{chr(65 + at)}1"]
            assert note.startswith(field.meaning)
            unit = field.unit.replace("money", programme.settings.currency)
            assert unit in note
        assert len(notes) == len(shape.fields)


def test_no_list_in_a_sheet_is_empty(planned):
    """A list without members is what makes spreadsheets offer to repair a file."""
    _, _, book = planned
    for name in book.members:
        parts = [p for p in book.sheet(name) if not p.attrib and p.tag != f"{MAIN}sheetData"]
        assert [p.tag for p in parts if len(p) == 0] == []


def test_headers_are_frozen_and_filtered(planned):
    run, _, book = planned
    for shape in SHAPES:
        sheet = book.sheet(RESULT_PREFIX + shape.name)
        pane = next(sheet.iter(f"{MAIN}pane"))
        assert (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
        size = len(run[shape][shape.names[0]])
        last = chr(64 + len(shape.fields))
        assert next(sheet.iter(f"{MAIN}autoFilter")).get("ref") == f"A1:{last}{max(size, 1) + 1}"


def test_equal_runs_give_equal_bytes(planned, tmp_path):
    run, programme, book = planned
    later = Run({**run.info, "seconds": {"solve": 99.0}}, run.tables)
    write_run_workbook(later, programme, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.file.read_bytes()


RUN = """
[demand_summary]
demand,customer,demand_class,item,quantity,due,on_time
C1,city,1,bike,10,2026-06-05,10
[deliveries]
demand,customer,demand_class,item,quantity,due,delivered
C1,city,1,bike,10,2026-06-05,2026-06-05
[classes]
demand_class,demanded,on_time
1,10,10
[costs]
term,amount
purchases,1000
"""


def hostile_run(texts=HOSTILE):
    """A run in which every text of every table is hostile."""
    tables = {}
    for shape in SHAPES:
        blank = {Type.DATE: np.datetime64("2026-06-01"), Type.FLAG: True, Type.WHOLE: 1}
        tables[shape.name] = {
            f.name: np.array(texts, dtype=object)
            if f.type is Type.TEXT
            else np.array([blank.get(f.type, 1.5)] * len(texts))
            for f in shape.fields
        }
    return Run(run_of("").info, tables)


def test_hostile_names_stay_the_texts_that_they_are(tmp_path):
    run, programme = hostile_run(), programme_of("start = 2026-06-01")
    write_run_workbook(run, programme, tmp_path / "book.xlsx")
    book = Book(tmp_path / "book.xlsx")
    assert [row[0] for row in book.cells("result_deliveries")[1:]] == list(HOSTILE)
    assert_sheets_say_what_the_csv_says(book, run)
    assert not [n for n, x in book.xml.items() if list(x.iter(f"{MAIN}f"))]
    assert read(book.file) == programme


def test_hostile_names_in_the_programme_come_back(tmp_path):
    names = [n for n in HOSTILE if not n.startswith("=") and n == n.strip() and "\n" not in n]
    lines = "\n".join(",".join([f'"{n.replace(chr(34), 2 * chr(34))}"'] * 3) for n in names)
    programme = programme_of("start = 2026-06-01\n[items]\nitem,note,x_own\n" + lines)
    assert len(programme.tables["items"]) == len(names)
    write_run_workbook(run_of(RUN), programme, tmp_path / "book.xlsx")
    assert read(tmp_path / "book.xlsx") == programme


@pytest.mark.parametrize("text", ["a\x01b", "\x1f", "\ufffe", "\uffff", "<r>\x01</r>", "\x0b<r>"])
def test_characters_that_xml_forbids_do_not_break_the_file(tmp_path, text):
    write_run_workbook(hostile_run((text,)), programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    assert Book(tmp_path / "book.xlsx").cells("result_deliveries")[1][0]


@settings(max_examples=15, **QUIET)
@given(st.data())
def test_any_values_stand_as_in_the_csv(tmp_path_factory, data):
    texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=8)
    numbers = st.floats(-1e9, 1e9).map(lambda v: round(v, 6))
    days = st.dates(date(1900, 3, 1), date(9999, 12, 31)).map(np.datetime64) | st.just(np.datetime64("NaT"))
    kinds = {
        Type.TEXT: (texts, "O"), Type.UNITS: (numbers, "f8"), Type.MONEY: (numbers, "f8"),
        Type.WHOLE: (st.integers(-(10**6), 10**6), "i8"), Type.FLAG: (st.booleans(), "?"), Type.DATE: (days, "datetime64[D]"),
    }  # fmt: skip
    shape = data.draw(st.sampled_from(SHAPES))
    size = data.draw(st.integers(0, 4))
    frame = {}
    for field in shape.fields:
        cells, dtype = kinds[field.type]
        frame[field.name] = np.array(data.draw(st.lists(cells, min_size=size, max_size=size)), dtype=dtype)
    run = Run(run_of("").info, {shape.name: frame})
    file = tmp_path_factory.mktemp("any") / "book.xlsx"
    write_run_workbook(Run({**run.info, "status": "stopped"}, run.tables), programme_of("start = 2026-06-01"), file)
    assert_sheets_say_what_the_csv_says(Book(file), run)


def test_numbers_that_no_cell_can_hold_stand_as_texts(tmp_path):
    run = run_of("[classes]\ndemand_class,demanded,gap\n1,5,inf\n2,5,nan")
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    book = Book(tmp_path / "book.xlsx")
    assert [row[8] for row in book.cells("result_classes")[1:]] == ["inf", "nan"]
    assert "unproven" in [c for row in book.cells(SUMMARY_SHEET) for c in row]


def test_a_number_that_is_not_there_is_a_blank_cell(tmp_path):
    """It stays blank from CSV to CSV and in the workbook; elsewhere a blank is a fault."""
    run = run_of("[materials]\nrule,product,cost,ruled_cost\nR,X,5,")
    text = table_text(MATERIALS, run[MATERIALS])
    assert text.splitlines()[1] == "R,X,,no,0,5.00,,,,,"
    (tmp_path / "materials.csv").write_text(text)
    again = read_table(MATERIALS, tmp_path / "materials.csv")
    assert table_text(MATERIALS, again) == text
    assert unsound_cell(MATERIALS, again) == ""
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    assert Book(tmp_path / "book.xlsx").cells("result_materials")[1][5:7] == [5, ""]
    (tmp_path / "materials.csv").write_text(text.replace("no,0,5", "no,,5"))
    with pytest.raises(RunError, match="limit is blank"):
        read_table(MATERIALS, tmp_path / "materials.csv")


def test_a_class_without_a_bound_leaves_the_largest_gap_unproven(tmp_path):
    run = run_of("[classes]\ndemand_class,demanded,gap\n1,5,0\n2,5,nan")
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    rows = Book(tmp_path / "book.xlsx").cells(SUMMARY_SHEET)
    labels = next(i for i, row in enumerate(rows) if "largest gap of a class" in row)
    assert rows[labels + 1][rows[labels].index("largest gap of a class")] == "unproven"


def test_a_table_too_long_for_a_sheet_goes_on_in_numbered_ones_and_the_summary_says_so(tmp_path):
    lines = "".join(f"D{i},1,2026-06-0{i}\n" for i in range(1, 8))
    run = run_of("[demand_summary]\ndemand,quantity,due\n" + lines + "[classes]\ndemand_class\n1")
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx", most_rows=3)
    book = Book(tmp_path / "book.xlsx")
    sheets = [n for n in book.members if "demand_summary" in n]
    assert sheets == ["result_demand_summary", "result_demand_summary_2", "result_demand_summary_3"]
    assert [row[0] for s in sheets for row in book.cells(s)[1:]] == [f"D{i}" for i in range(1, 8)]
    assert len({tuple(book.cells(s)[0]) for s in sheets}) == 1
    said = " ".join(str(c) for row in book.cells(SUMMARY_SHEET) for c in row)
    assert "Rows 4 to 6 of the table" in said
    assert read(book.file) == programme_of("start = 2026-06-01")


def test_a_run_without_a_plan_says_why_and_draws_nothing(tmp_path):
    conflicts = [{"text": "the bench gives 40 hours and 50 are needed"}]
    run = run_of("", status="infeasible", conflicts=conflicts)
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    book = Book(tmp_path / "book.xlsx")
    said = " ".join(str(c) for row in book.cells(SUMMARY_SHEET) for c in row)
    assert said.count(conflicts[0]["text"]) == 1
    assert book.charts == []
    assert list(book.members) == [SUMMARY_SHEET, "programme", "x_lists"]


def test_all_limits_that_contradict_each_other_are_listed(tmp_path):
    conflicts = [{"text": f"limit {i} is broken"} for i in range(9)]
    run = run_of("", status="infeasible", conflicts=conflicts)
    write_run_workbook(run, programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    said = {c for row in Book(tmp_path / "book.xlsx").cells(SUMMARY_SHEET) for c in row}
    assert {c["text"] for c in conflicts} <= said


def test_what_no_sheet_can_hold_is_refused_and_the_old_file_stays(tmp_path, monkeypatch):
    file = tmp_path / "book.xlsx"
    file.write_text("old")
    programme = programme_of("start = 2026-06-01\n[items]\nitem,x_own\nA," + "a" * 40_000)
    with pytest.raises(CellLimitError, match="32,767 characters"):
        write_run_workbook(run_of(RUN), programme, file)
    monkeypatch.setattr("tandemplan.model.workbook.MOST_ROWS", 1)
    programme = programme_of("start = 2026-06-01\n[items]\nitem\nA\nB")
    with pytest.raises(CellLimitError, match="table 'items': 2 rows, at most 1 on a sheet"):
        write_run_workbook(run_of(RUN), programme, file)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("book.xlsx", "old")]


def test_an_interrupt_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tandemplan.report.workbook.add_programme", stop)
    with pytest.raises(KeyboardInterrupt):
        write_run_workbook(run_of(RUN), programme_of("start = 2026-06-01"), tmp_path / "book.xlsx")
    assert [p.name for p in tmp_path.rglob("*")] == ["scratch"]


def tandemplan(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_report_writes_a_workbook(tmp_path, programme, run):
    folder = write_run(run, programme, tmp_path / "run")
    done = tandemplan("report", folder, "--to", tmp_path / "out" / "Book.XLSX")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Workbook: {tmp_path / 'out' / 'Book.XLSX'}"
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["Book.XLSX"]
    checked = tandemplan("check", tmp_path / "out" / "Book.XLSX")
    assert checked.stdout.splitlines()[-1] == f"Digest {programme.digest}"


def test_wrong_use_of_report_is_code_2(tmp_path, programme, run):
    folder = write_run(run, programme, tmp_path / "run")
    for file in ("book.xls", "book.ods", "book", "book.csv"):
        done = tandemplan("report", folder, "--to", tmp_path / file)
        assert done.exit_code == 2
        assert "an .html page or an .xlsx workbook" in done.stderr
    assert tandemplan("report", tmp_path / "none", "--to", tmp_path / "book.xlsx").exit_code == 2
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_a_text_that_no_cell_can_hold_is_code_2(tmp_path, programme, run):
    folder = write_run(run, programme, tmp_path / "run")
    items = folder / "programme" / "items.csv"
    header, first, *rest = items.read_text(encoding="utf-8").splitlines()
    lines = [header + ",x_own", first + "," + "a" * 40_000, *(r + "," for r in rest)]
    items.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = tandemplan("report", folder, "--to", tmp_path / "book.xlsx")
    assert done.exit_code == 2
    assert done.stderr.startswith("tandemplan: No workbook can hold this: sheet 'items', row 2")
    assert not (tmp_path / "book.xlsx").exists()
