"""Programmes broken at random, by an idea of what a programme is made of: bytes, lines, cells, files, sheets, members.

Whatever comes out, `check` gives a programme or problems, never an exception; each problem says where, what and by
which rule; and a programme that passes can be written and read again, and laid out as a network and as the audit's book.
"""

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandemplan.audit.book import book_of
from tandemplan.model.reading import check
from tandemplan.model.schema import TABLES, Kind
from tandemplan.model.workbook import write_workbook
from tandemplan.model.writing import texts, write
from tandemplan.network.network import network_of
from tandemplan.plan.model import model_of
from tandemplan.testing.programmes import programmes

from .held import held

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
EXAMPLES = Path(__file__).parents[2] / "examples"
SMALL = 400  # rows up to which a programme that passes is laid out too
NASTY = [
    "", " ", "0", "-0", "-1", "1e308", "1e-320", "1e400", "nan", "inf", "7,5", "1 000", "٥", "yes", "2026-02-29", "9999-12-31",
    "0000-00-00", "1900-01-01", "2199-12-31", "46174", "=1+1", "@x", "a;b", "a|b", ";", "|", "*", "[", "]", "é", "e\u0301",
    "\u200b", "\ufeff", "\u202e", "\u00a0", "\u0410", "\0", "\x07", "\x7f", "\ud800", '"', "'", "\n", "\r", ",", "x" * 11_000,
    "1" * 400, "start", "make", "36500", "36501", "1e12", "1000000000000", "items[*].weight_kg *= 2", "M1+14", "0.5@start",
    "produced:P>=1/week for 4", "1:2;3:1", "all", "programme.start = 2027-01-01", "None", "\\", "{}", "#REF!", "<c>",
]  # fmt: skip
BYTES = st.sampled_from([t.encode("utf-8", "surrogatepass") for t in NASTY]) | st.binary(min_size=1, max_size=4)


@st.composite
def broken_bytes(draw, content):
    """Draw what becomes of some bytes: a part lost, doubled, moved or replaced."""
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.sampled_from((0, 1, 1, 2, 8, 100, len(content)))))
        part = draw(st.sampled_from((b"", content[at:to] * 2)) | BYTES)
        content = content[:at] + part + content[to:]
    return content


@st.composite
def broken_table(draw, content):
    """Draw what becomes of a table: other cells, rows and columns swapped, lost or doubled."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8", "replace"), newline="")))
    for _ in range(draw(st.integers(1, 4))):
        i = draw(st.integers(0, len(rows) - 1))
        j = draw(st.integers(0, max(len(rows[i]) - 1, 0)))
        k = draw(st.integers(0, len(rows) - 1))
        what = draw(st.sampled_from(("cell", "cell", "cell", "swap", "copy", "drop", "double", "column")))
        if what == "cell" and rows[i]:
            rows[i][j] = draw(st.sampled_from(NASTY) | st.text(max_size=5))
        elif what == "swap":
            rows[i], rows[k] = rows[k], rows[i]
        elif what == "copy" and j < len(rows[k]) and rows[i]:
            rows[i][j] = rows[k][j]
        elif what == "drop" and len(rows) > 1:
            del rows[i]
        elif what == "double":
            rows.append(list(rows[i]))
        elif what == "column":
            rows = [[*r[:j], *r[j + 1 :]] for r in rows]
    out = io.StringIO()
    csv.writer(out, lineterminator=draw(st.sampled_from(("\n", "\r\n", "\r")))).writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


def files_of_example(name):
    return {p.name: p.read_bytes() for p in sorted((EXAMPLES / name).iterdir()) if p.suffix in (".csv", ".toml")}


@st.composite
def folders(draw):
    """Draw the files of a programme, some of them broken."""
    source = draw(st.sampled_from(("random", "random", "first_steps", "tanker_base")))
    if source == "random":
        files = {name: text.encode() for name, text in texts(draw(programmes())).items()}
    else:
        files = files_of_example(source)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        if name.endswith(".csv") and files[name] and draw(st.integers(0, 3)):
            files[name] = draw(broken_table(files[name]))
        elif draw(st.integers(0, 9)):
            files[name] = draw(broken_bytes(files[name]))
        elif len(files) > 1:
            del files[name]
    return files


def sound(path, place, scenarios=(), sets=()):
    """Check a path and hold the outcome to what is promised; return it."""
    reading = held(path, scenarios, sets)
    if reading.programme is not None:
        _laid_out(reading.programme, place)
    return reading


def _laid_out(programme, place):
    write(programme, place / "again")
    again = check(place / "again").programme
    assert again == programme
    assert again.digest == programme.digest
    if sum(len(t) for t in programme.tables.values()) <= SMALL:
        model_of(network_of(programme))
        book_of(programme, {}, {})


def saved(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {m.filename: archive.read(m) for m in archive.infolist()}


@st.composite
def archives(draw):
    """Draw the bytes of a zip, broken outside (its own structure) or inside (its files)."""
    return draw(broken_bytes(zipped(files_of_example("first_steps"))) | folders().map(zipped))


@st.composite
def workbooks(draw, book):
    """Draw the bytes of a workbook, broken outside or inside (the XML of its members)."""
    if not draw(st.integers(0, 3)):
        return draw(broken_bytes(book))
    parts = members(book)
    name = draw(st.sampled_from(sorted(n for n in parts if n.startswith("xl/"))))
    return zipped({**parts, name: draw(broken_bytes(parts[name]))})


COLUMNS = [(t, c.name, c.kind) for t, r in TABLES.items() for c in r.DESCRIPTION.columns]
VALUES = st.sampled_from(NASTY) | st.integers(-10, 400).map(str) | st.dates().map(str) | st.text(max_size=4)
KEYS = (
    st.sampled_from(
        [
            "*",
            "A",
            "P",
            "S1",
            "bike",
            "kit",
            "kits",
            "C1",
            "bench",
            "S*",
            "?1",
            "item=*",
            "site=S*",
            "*|*",
            "|",
            "a=b",
            "[!",
            "**",
        ]
    )
    | VALUES
)


@st.composite
def changes(draw):
    """Draw one change of a cell, as a row of `changes.csv`: sensible, or not at all."""
    table, column, kind = draw(st.sampled_from(COLUMNS))
    numeric = kind in (Kind.NUMBER, Kind.INTEGER)
    value = draw(st.sampled_from(("0", "1", "2", "0.5")) if numeric and draw(st.booleans()) else VALUES)
    days = st.sampled_from(("", "", "2026-06-08", "2026-07-01", "2126-01-01", "x"))
    table = draw(st.sampled_from((table, table, table, "programme", "itms", "changes")))
    operation = draw(st.sampled_from(("set", "set", "add", "multiply", "", "divide")))
    return [table, draw(KEYS), column, operation, value, draw(days), draw(days)]


SIGNS = {"set": "=", "add": "+=", "multiply": "*=", "": "=", "divide": "/="}


def change_text(row):
    table, key, column, operation, value, *_ = row
    return f"{table}[{key}].{column} {SIGNS[operation]} {value}"


@st.composite
def overlays(draw):
    """Draw the files of a scenario."""
    header = ["table", "key", "column", "operation", "value", "from_date", "to_date"]
    rows = [header, *draw(st.lists(changes(), max_size=4))]
    dropped = [["table", "key"], *[r[:2] for r in draw(st.lists(changes(), max_size=2))]]
    out = {"scenario.toml": b'name = "s"\n'}
    for name, table in (("changes.csv", rows), ("dropped.csv", dropped)):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(table)
        out[name] = text.getvalue().encode("utf-8", "surrogatepass")
    if not draw(st.integers(0, 3)):
        name = draw(st.sampled_from(sorted(out)))
        out[name] = draw(broken_bytes(out[name]))
    return out


def test_the_mutations_do_break_and_do_not_always_break(tmp_path):
    """A fuzzer that breaks everything, or nothing, proves nothing."""
    found = []

    @settings(max_examples=60, derandomize=True, database=None, **QUIET)
    @given(folders())
    def draw(files):
        with TemporaryDirectory(dir=tmp_path) as place:
            found.append(check(saved(Path(place), files)).problems)

    draw()
    assert sum(not p for p in found) >= 3
    assert len({p.code for problems in found for p in problems}) >= 15


def of_folders(files):
    with TemporaryDirectory() as place:
        sound(saved(Path(place) / "p", files), Path(place))


def of_archives(content):
    with TemporaryDirectory() as place:
        (Path(place) / "p.zip").write_bytes(content)
        sound(Path(place) / "p.zip", Path(place))


def of_workbooks(content):
    with TemporaryDirectory() as place:
        (Path(place) / "p.xlsx").write_bytes(content)
        sound(Path(place) / "p.xlsx", Path(place))


def of_overlays(files, sets):
    with TemporaryDirectory() as place:
        sound(EXAMPLES / "first_steps", Path(place), [saved(Path(place) / "s", files)], sets)


def of_random_overlays(programme, files, sets):
    with TemporaryDirectory() as place:
        write(programme, Path(place) / "p")
        sound(Path(place) / "p", Path(place), [saved(Path(place) / "s", files)], sets)


def book_of_first_steps():
    with TemporaryDirectory() as place:
        write_workbook(check(EXAMPLES / "first_steps").programme, Path(place) / "b.xlsx")
        return (Path(place) / "b.xlsx").read_bytes()


BOOK = book_of_first_steps()
SETS = st.lists(changes().map(change_text) | st.text(max_size=8), max_size=2)
PROPERTIES = {
    "folders": (given(folders())(of_folders), 40, 1000),
    "archives": (given(archives())(of_archives), 30, 400),
    "workbooks": (given(workbooks(BOOK))(of_workbooks), 20, 300),
    "overlays": (given(overlays(), SETS)(of_overlays), 40, 800),
    "overlays of random programmes": (given(programmes(), overlays(), SETS)(of_random_overlays), 20, 400),
}


@pytest.mark.parametrize("name", PROPERTIES)
def test_anything_is_a_programme_or_its_problems(name):
    prove, examples, _ = PROPERTIES[name]
    settings(max_examples=examples, derandomize=True, database=None, **QUIET)(prove)()


@pytest.mark.long
@pytest.mark.parametrize("name", PROPERTIES)
def test_anything_at_all_is_a_programme_or_its_problems(name):
    prove, _, examples = PROPERTIES[name]
    settings(max_examples=examples, print_blob=True, **QUIET)(prove)()
