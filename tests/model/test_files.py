"""Folders, zips and single files in: what is read, and each reason why not."""

import io
import zipfile

import pytest

from tandemplan.model.files import open_source
from tandemplan.model.files.archive import MOST_MEMBERS, capped, refusals
from tandemplan.model.files.csv_file import csv_sheet
from tandemplan.model.reading import check, parse_source, parse_table, read
from tandemplan.model.schema import Demand, Item
from tandemplan.testing.models import files_of

MODEL = """
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item,name,x_own
    A,Frame,007
    B,"a, b",
    [offers]
    offer,item
    o1,A
"""


def saved(folder, files):
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def texts(path):
    return [str(p) for p in check(path).problems]


def sheet_texts(content, name="items.csv"):
    return [str(p) for p in csv_sheet(name, content)[1]]


def test_a_folder_is_read(tmp_path):
    programme = read(saved(tmp_path, files_of(MODEL)))
    assert programme[Item].name.tolist() == ["Frame", "a, b"]
    assert programme[Item].extra["x_own"].tolist() == ["007", ""]
    assert programme[Item].place(1) == ("items.csv", 3)


def test_the_settings_file_stands_for_its_folder(tmp_path):
    saved(tmp_path, files_of(MODEL))
    assert read(tmp_path / "programme.toml") == read(tmp_path)


def test_other_files_and_sub_folders_are_passed_over(tmp_path):
    files = {**files_of(MODEL), "README.md": "x", "scenarios/a/items.csv": "?", "sub/b.csv": "?", "x_mine.csv": "?"}
    assert read(saved(tmp_path, files)) == read(saved(tmp_path / "other", files_of(MODEL)))


@pytest.mark.parametrize("top", ["", "plant/"])
def test_a_zip_is_read_on_top_or_in_one_folder(tmp_path, top):
    files = {top + name: text for name, text in files_of(MODEL).items()}
    assert read(zipped(tmp_path / "p.zip", files)) == read(saved(tmp_path / "p", files_of(MODEL)))


def test_carriage_returns_and_byte_order_marks_are_read():
    sheet, problems = csv_sheet("items.csv", b"\xef\xbb\xbfitem,name\r\nA,\xc3\xa9\r\n")
    assert problems == []
    assert (sheet.header, sheet.rows) == (("item", "name"), (("A", "é"),))


def test_lines_are_those_on_which_rows_start():
    sheet, _ = csv_sheet("items.csv", b'\nitem,note\nA,"two\nlines"\n\n , \nB,\n')
    assert (sheet.header_line, sheet.lines) == (2, (3, 7))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "items.csv: it is empty; its first line must name the columns. [empty-file]"),
        ("item\nA".encode("utf-16"), "items.csv: it is UTF-16, not UTF-8. Save it as CSV UTF-8. [wrong-encoding]"),
        ("item\nA".encode("utf-16-le"), "items.csv: it is UTF-16, not UTF-8. Save it as CSV UTF-8. [wrong-encoding]"),
        (
            "item,name\nA,x\nB,é\n".encode("latin-1"),
            (
                "items.csv:3: byte 0xE9 is not UTF-8; the file looks like Latin-1 or Windows-1252. "
                "Save it as CSV UTF-8. [wrong-encoding]"
            ),
        ),
        (b"item,name\nA,a\0b", "items.csv:2: it holds a NUL character. Remove it. [control-character]"),
        (
            b"item;name\nA;x",
            (
                "items.csv:1: cells are separated by ';'; they must be by ','. Save it with commas; ';' separates "
                "the names of a list inside one cell. [wrong-separator]"
            ),
        ),
        (
            b'item,name\nA,"x\nB,y\n',
            (
                "items.csv:2: a double quote is opened in this row and never closed. "
                "Write a quote inside a text as two quotes. [unclosed-quote]"
            ),
        ),
        (
            b'item,name\nA,"x"y\n',
            (
                "items.csv:2: text follows a closing double quote in this row. "
                "Write a quote inside a text as two quotes. [unclosed-quote]"
            ),
        ),
        (
            b"item,name\nA,x,y\n",
            (
                "items.csv:2: the row has 3 cells, the header 2. "
                "A text that holds a comma stands in double quotes. [row-length]"
            ),
        ),
        (b"item,name\nA\n", "items.csv:2: the row has 1 cell, the header 2. [row-length]"),
        (
            b"item,note\nA," + b"x" * 1_000_000,
            "items.csv:2: a cell of the row has more than 131072 characters. [too-long]",
        ),
    ],
)
def test_texts_that_are_no_table(content, text):
    assert sheet_texts(content) == [text]


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"item,", "items.csv:1: column 2 holds cells but has no name. [unnamed-column]"),
        (b"item,item", "items.csv:1: column 'item' is given twice. [repeated-column]"),
        (b"item,Name", "items.csv:1: table 'items' has no column 'Name'. Did you mean 'name'? [unknown-column]"),
    ],
)
def test_headers_that_are_refused(header, text):
    sheet, _ = csv_sheet("items.csv", header + b"\nA,B\n")
    assert [str(p) for p in parse_table(sheet, Item)[1]] == [text]


def test_blank_columns_without_a_name_are_passed_over():
    sheet, problems = csv_sheet("items.csv", b"item,,\nA,,\n")
    assert problems == []
    assert sheet.header == ("item",)


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"Items.csv": "item\nA"}, "Items.csv: there is no table 'Items'. Did you mean 'items'? [unknown-table]"),
        ({"items.CSV": "item\nA"}, "items.CSV: a file of this name is not read. Rename it to 'items.csv'. [file-name]"),
        (
            {"items.tsv": "item\nA"},
            "items.tsv: a file of this name is not read. Save it as 'items.csv' (CSV UTF-8, commas). [file-name]",
        ),
        ({"itms.csv": "item\nA"}, "itms.csv: there is no table 'itms'. Did you mean 'items'? [unknown-table]"),
    ],
)
def test_files_with_misleading_names(tmp_path, files, text):
    settings = {"programme.toml": 'start = 2026-06-01\nperiods = "2 weeks"\n'}
    assert texts(saved(tmp_path, {**settings, **files})) == [text]


def test_settings_that_are_not_utf8_give_one_problem(tmp_path):
    saved(tmp_path, {"programme.toml": b'name = "\xe9"\nstart = 2026-06-01\n'})
    assert [p.code for p in check(tmp_path).problems] == ["wrong-encoding"]


def test_settings_hold_single_values(tmp_path):
    saved(tmp_path, {"programme.toml": "start = 2026-06-01\n[name]\nx = 1\n"})
    assert texts(tmp_path) == [
        "programme.toml: setting 'name' holds a list or a section; it must be one value. [not-a-value]"
    ]


def test_paths_that_are_no_programme(tmp_path):
    (tmp_path / "plant").mkdir()
    (tmp_path / "note.md").write_text("x")
    assert texts(tmp_path / "plnt")[0].endswith("there is no such programme. Did you mean 'plant'? [missing-file]")
    assert [p.code for p in check(tmp_path / "note.md").problems] == ["unreadable"]
    assert [p.code for p in check(tmp_path / "plant").problems] == ["missing-file"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"not a zip"])
def test_broken_zips_are_problems(tmp_path, content):
    (tmp_path / "p.zip").write_bytes(content)
    assert [p.code for p in check(tmp_path / "p.zip").problems] == ["unreadable"]


def test_a_cut_zip_is_a_problem(tmp_path):
    file = zipped(tmp_path / "p.zip", files_of(MODEL))
    content = bytearray(file.read_bytes())
    content[45:50] = b"\0\0\0\0\0"  # inside the first member
    file.write_bytes(content)
    assert [p.code for p in check(file).problems] == ["unreadable"]


def member(name, size=10, packed=10, flags=0):
    info = zipfile.ZipInfo(name)
    info.file_size, info.compress_size, info.flag_bits = size, packed, flags
    return info


@pytest.mark.parametrize(
    ("members", "text"),
    [
        ([member("a.csv")] * (MOST_MEMBERS + 1), "it has 1001 files; at most 1000 are unpacked."),
        ([member("a.csv", 2**30, 2**29)], "it would unpack to 1024 MB; at most 512 MB are unpacked."),
        ([member("a.csv", 20 * 2**20, 1000)], "'a.csv' unpacks to more than 200 times its size."),
        ([member("a.csv", flags=1)], "'a.csv' is encrypted."),
        ([member("../a.csv")], "'../a.csv' points out of the archive."),
        ([member("/a.csv")], "'/a.csv' points out of the archive."),
        ([member("a.zip")], "'a.zip' is an archive inside the archive."),
    ],
)
def test_archives_are_refused_by_their_list(members, text):
    assert [(p.message, p.code) for p in refusals("p.zip", members)] == [(text, "refused-archive")]


def test_a_member_is_cut_off_whatever_its_header_says(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"x" * 1000)
    with zipfile.ZipFile(out) as archive, pytest.raises(ValueError, match="unpacks to more than"):
        capped(archive, archive.getinfo("a.csv"), 999)


def test_a_table_given_twice_is_a_problem(tmp_path):
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, text in files_of(MODEL).items():
            archive.writestr(name, text)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("items.csv", "item\nB\n")
    assert texts(tmp_path / "p.zip") == ["items.csv: table 'items' is given twice. [repeated-table]"]


def test_cells_keep_their_lines_in_problems():
    source, _ = csv_sheet("demands.csv", b'demand,note,quantity_units,due\nd1,"a\nb",5,2026-06-05\nd2,,x,2026-06-05\n')
    assert [(p.line, p.code) for p in parse_table(source, Demand)[1]] == [(4, "not-a-number")]


def test_an_unreadable_table_does_not_hide_the_others(tmp_path):
    files = {**files_of(MODEL), "items.csv": "item;name\nA;B", "offers.csv": "offer,item,rank\no1,A,first"}
    source, problems = open_source(saved(tmp_path, files))
    assert [p.code for p in problems] == ["wrong-separator"]
    assert [p.code for p in parse_source(source)[1]] == ["not-a-number"]
