"""What is written reads back equal, as a folder, a zip and a workbook, with the same bytes each time."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandemplan.model.cells import CellError, parse
from tandemplan.model.files import open_source
from tandemplan.model.programme import Programme
from tandemplan.model.reading import parse_source, read
from tandemplan.model.schema import ROW_CLASSES, Item, Kind, Settings
from tandemplan.model.tables import from_values
from tandemplan.model.workbook import write_workbook
from tandemplan.model.writing import settings_text, texts, write, write_zip
from tandemplan.testing.models import programme_of
from tandemplan.testing.programmes import programmes

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["a,b", 'say "so"', "two\nlines", "0012", "1e5", "yes", "2026-06-01", "_x000D_", "é—漢🙂", " ", "nan", "-"]
)
NUMBERS = st.floats(-1e12, 1e12) | st.sampled_from([-0.0, 1e-7, 1e12, 0.1, 1 / 3, 123456789.125])


def cells(column):
    raw = {
        Kind.NUMBER: NUMBERS,
        Kind.INTEGER: st.integers(-1000, 10**9),
        Kind.FLAG: st.booleans(),
        Kind.DATE: st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
        Kind.MOMENT: st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2199, 12, 31)).map(  # noqa: DTZ001 - moments have no zone
            lambda t: t.replace(microsecond=0)
        ),
        Kind.CHOICE: st.sampled_from(column.choices or ("",)),
        Kind.NAMES: st.lists(WORDS, max_size=3).map(";".join),
    }.get(column.kind, WORDS)
    return st.one_of(st.just(""), raw).map(lambda value: _read(column, value))


def _read(column, raw):
    """Return what a cell of this raw value says, or what a blank one says when it is refused."""
    try:
        return parse(column, raw)
    except CellError:
        return "A" if column.required and column.kind is Kind.NAME else column.default


@st.composite
def loose_programmes(draw):
    """Draw programmes whose cells hold anything that can be read, without regard to rules across rows."""
    found = {c.name: draw(cells(c)) for c in Settings.DESCRIPTION.columns}
    kept = replace(Settings(), **{n: v for n, v in found.items() if v is not None})
    tables = {}
    for row_class in draw(st.lists(st.sampled_from(ROW_CLASSES), max_size=2, unique=True)):
        columns = row_class.DESCRIPTION.columns
        rows = draw(st.lists(st.tuples(*map(cells, columns)), min_size=1, max_size=3))
        rows = [r for r in rows if any(v not in ("", (), None) for v, c in zip(r, columns, strict=True) if c.key)]
        values = {c.name: [r[i] for r in rows] for i, c in enumerate(columns)}
        extra = {"x_own": ["007"] * len(rows)} if rows and draw(st.booleans()) else None
        if rows:
            tables[row_class.DESCRIPTION.name] = from_values(row_class, values, extra)
    return Programme(kept, tables)


def reread(path):
    """Return the programme at a path and the codes of what its cells cannot say (required cells may be blank here)."""
    source, problems = open_source(path)
    programme, more = parse_source(source)
    missing = ("missing-value", "missing-setting", "missing-column")
    return programme, [str(p) for p in (*problems, *more) if p.code not in missing]


@settings(max_examples=60, **QUIET)
@given(loose_programmes())
def test_a_folder_reads_back_equal(tmp_path_factory, programme):
    folder = tmp_path_factory.mktemp("folder")
    write(programme, folder)
    again, problems = reread(folder)
    assert problems == []
    assert again == programme
    assert again.digest == programme.digest
    assert texts(again) == texts(programme)


@settings(max_examples=30, **QUIET)
@given(loose_programmes())
def test_a_workbook_reads_back_equal(tmp_path_factory, programme):
    file = tmp_path_factory.mktemp("book") / "book.xlsx"
    write_workbook(programme, file)
    again, problems = reread(file)
    assert problems == []
    assert again == programme
    assert again.digest == programme.digest


@settings(max_examples=10, **QUIET)
@given(programmes())
def test_the_three_forms_say_the_same(tmp_path_factory, programme):
    place = tmp_path_factory.mktemp("forms")
    write(programme, place / "p")
    write_zip(programme, place / "p.zip")
    write_workbook(programme, place / "p.xlsx")
    for form in ("p", "p.zip", "p.xlsx"):
        assert read(place / form) == programme


MODEL = """
    start = 2026-06-01
    [items]
    item,standard_cost,x_own
    B,2,0012
    A,1e-7,
"""


@pytest.mark.parametrize("form", [write_zip, write_workbook])
def test_equal_programmes_give_equal_bytes(tmp_path, form):
    form(programme_of(MODEL), tmp_path / "one")
    form(programme_of(MODEL), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_text_of_a_table_leaves_out_defaults():
    assert texts(programme_of(MODEL)) == {
        "programme.toml": 'format = 1\nname = "programme"\nstart = 2026-06-01\nperiods = "52 weeks"\n',
        "items.csv": "item,standard_cost,x_own\nB,2,0012\nA,1e-07,\n",
    }
    assert texts(programme_of(MODEL), sort=True)["items.csv"] == "item,standard_cost,x_own\nA,1e-07,\nB,2,0012\n"


def test_writing_again_removes_tables_without_rows_and_leaves_other_files(tmp_path):
    write(programme_of(MODEL), tmp_path)
    (tmp_path / "README.md").write_text("kept")
    (tmp_path / "mine.csv").write_text("kept")
    write(programme_of("start = 2026-06-01"), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["README.md", "mine.csv", "programme.toml"]


def test_a_failed_write_leaves_the_old_files_whole(tmp_path, monkeypatch):
    write(programme_of(MODEL), tmp_path)
    before = (tmp_path / "items.csv").read_bytes()
    broken = programme_of(MODEL).replace(from_values(Item, {"item": ["A", "\ud800"]}))
    with pytest.raises(UnicodeEncodeError):
        write(broken, tmp_path)
    assert (tmp_path / "items.csv").read_bytes() == before


def test_settings_text_escapes_what_toml_cannot_hold():
    assert 'name = "a\\u000ab\\U000e0001"' in settings_text(Settings(name="a\nb\U000e0001"))
