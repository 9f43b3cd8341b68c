"""A corpus of broken, hostile and merely odd files, all made here: each gives problems, or the programme that it says.

What could hang, or ask for all memory there is, is checked by a process of its own, with a limit on both.
"""

import csv
import io
import os
import stat
import struct
import subprocess
import sys
import unicodedata
import zipfile

import pytest
import xlsxwriter

from tandemplan.model.files.archive import MOST_MEMBERS
from tandemplan.model.reading import check
from tandemplan.model.schema import TABLES, Kind
from tandemplan.model.workbook import write_workbook
from tandemplan.testing.models import files_of, programme_of

from .held import held

MODEL = """
    start = 2026-06-01
    periods = 2 weeks
    [items]
    item,name,weight_kg,note
    A,Frame,1.5,
    B,"a, b",2,x
    [offers]
    offer,item,unit_price
    o1,A,3
    o2,B,4
    [demands]
    demand,item,quantity_units,due
    d1,A,5,2026-06-05
"""
FILES = {name: text.encode() for name, text in files_of(MODEL).items()}
ITEMS = FILES["items.csv"]
GIGABYTE = 2**30


def saved(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def codes(path, scenarios=(), sets=()):
    """Return the codes of the problems of a path."""
    reading = held(path, scenarios, sets)
    return {p.code for p in reading.problems}


def limited(*arguments, **more):
    """Run the shell in a process that may use so much memory and time, and return what it did."""
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (4 * GIGABYTE, 4 * GIGABYTE))

    command = [sys.executable, "-m", "tandemplan", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=240, preexec_fn=limit, errors="replace", **more
    )


def is_refused(path, code=None):
    """Check a path in a process of its own: it has problems, and no more than that."""
    done = limited("check", str(path))
    assert done.returncode == 1, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1].endswith("mend them and check again.")
    if code:
        assert f"[{code}]" in done.stderr, done.stderr[-2000:]


def with_items(tmp_path, content):
    return saved(tmp_path / "p", {**FILES, "items.csv": content})


def csv_bytes(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


# ---- the bytes of a text file

TEXTS = {
    "utf-16 with mark": (ITEMS.decode().encode("utf-16"), "wrong-encoding"),
    "utf-16 little-endian": (ITEMS.decode().encode("utf-16-le"), "wrong-encoding"),
    "utf-16 big-endian": (ITEMS.decode().encode("utf-16-be"), "wrong-encoding"),
    "utf-32": (ITEMS.decode().encode("utf-32"), "wrong-encoding"),
    "Latin-1": (ITEMS.replace(b"Frame", "Gerät".encode("latin-1")), "wrong-encoding"),
    "Windows-1250": (ITEMS.replace(b"Frame", "Škoda".encode("cp1250")), "wrong-encoding"),
    "overlong": (ITEMS.replace(b"Frame", b"\xc0\xafetc"), "wrong-encoding"),
    "half a character": (ITEMS + b"C,\xe2\x82", "wrong-encoding"),
    "lone follower": (ITEMS.replace(b"Frame", b"\x80"), "wrong-encoding"),
    "surrogate": (ITEMS.replace(b"Frame", b"\xed\xa0\x80"), "wrong-encoding"),
    "beyond Unicode": (ITEMS.replace(b"Frame", b"\xf4\x90\x80\x80"), "wrong-encoding"),
    "byte order mark": (b"\xef\xbb\xbf" + ITEMS, ""),
    "two marks": (b"\xef\xbb\xbf" * 2 + ITEMS, "unknown-column"),
    "mark inside a name": (ITEMS.replace(b"\nB,", "\nB\ufeff,".encode()), "bad-name"),
    "mark inside a number": (ITEMS.replace(b",2,", ",\ufeff2,".encode()), "not-a-number"),
    "NUL": (ITEMS.replace(b"Frame", b"Fr\0me"), "control-character"),
    "only NUL": (bytes(1000), "wrong-encoding"),
    "control character": (ITEMS.replace(b"Frame", b"Fr\x07me"), "control-character"),
    "escape sequence in the header": (ITEMS.replace(b"name", b"\x1b[31mname"), "unknown-column"),
    "CR line ends": (ITEMS.replace(b"\n", b"\r"), ""),
    "CRLF line ends": (ITEMS.replace(b"\n", b"\r\n"), ""),
    "mixed line ends": (ITEMS.replace(b"\n", b"\r\n", 1).replace(b"\nB", b"\rB"), ""),
    "no last line end": (ITEMS.rstrip(), ""),
    "unclosed quote": (ITEMS.replace(b'"a, b"', b'"a, b'), "unclosed-quote"),
    "quote inside": (ITEMS.replace(b'"a, b"', b'"a" b"'), "unclosed-quote"),
    "ragged": (ITEMS.replace(b",2,x", b",2"), "row-length"),
    "semicolons": (ITEMS.replace(b",", b";").replace(b'"', b""), "wrong-separator"),
    "tabs": (ITEMS.replace(b",", b"\t").replace(b'"', b""), "wrong-separator"),
    "empty": (b"", "empty-file"),
    "blank": (b" \n\n\t\n", "empty-file"),
    "commas": (b",,,\n,,,\n", "empty-file"),
    "no-break spaces": (b"\xc2\xa0\n\xc2\xa0\n", "empty-file"),
    "header alone": (ITEMS.splitlines()[0], "unknown-name"),
    "a million characters in a cell": (ITEMS.replace(b"Frame", b"x" * 1_000_000), "too-long"),
    "20,000 characters in a cell": (ITEMS.replace(b"Frame", b"x" * 20_000), "too-long"),
    "a web page": (b"<!DOCTYPE html><html><body><table><tr><td>item</td></tr></table></body></html>", "unknown-column"),
}


@pytest.mark.parametrize(("content", "code"), TEXTS.values(), ids=TEXTS)
def test_texts(tmp_path, content, code):
    assert ({code} if code else set()) <= codes(with_items(tmp_path, content))
    assert code or not codes(tmp_path / "p")


def test_a_byte_that_is_not_utf8_hides_no_other_fault(tmp_path):
    content = ITEMS.replace(b"Frame", b"Ger\xe4t").replace(b",2,", b",two,")
    assert codes(with_items(tmp_path, content)) == {"wrong-encoding", "not-a-number"}


@pytest.mark.parametrize("name", ["programme.toml", "demands.csv", "offers.csv"])
def test_every_cut_of_a_text_file(tmp_path, name):
    folder = saved(tmp_path / "p", FILES)
    for at in range(len(FILES[name])):
        (folder / name).write_bytes(FILES[name][:at])
        codes(folder)


WIDE = {
    "a hundred thousand columns": b"item," + b",".join(b"c%d" % i for i in range(100_000)) + b"\nA" + b"," * 100_000,
    "one column a hundred thousand times": b"item" + b",item" * 100_000 + b"\nA" + b",A" * 100_000,
    "a hundred thousand nameless columns": b"item" + b"," * 100_000 + b"\nA" + b",1" * 100_000,
    "a hundred thousand columns of one's own": b"item," + b",".join(b"x_%d" % i for i in range(100_000)) + b"\nA",
    "a hundred thousand wrong cells": b"item,weight_kg\n" + b"".join(b"i%d,x%d\n" % (i, i) for i in range(100_000)),
    "a hundred thousand unknown names": b"item,source\n" + b"".join(b"i%d,s%d\n" % (i, i) for i in range(100_000)),
    "a hundred thousand equal rows": b"item\n" + b"A\n" * 100_000,
}


@pytest.mark.long
@pytest.mark.parametrize("content", WIDE.values(), ids=WIDE)
def test_tables_of_a_size_that_no_programme_has(tmp_path, content):
    is_refused(saved(tmp_path, {**FILES, "items.csv": content}))


# ---- single cells

NUMBERS = {
    "NaN": "not-a-number", "inf": "not-a-number", "-Infinity": "not-a-number", "1e308": "too-large", "1e400": "not-finite",
    "-1e400": "not-finite", "1e-320": "", "-0": "", "+2": "", ".5": "", "5.": "", "1e3": "", "0x10": "not-a-number",
    "1_000": "not-a-number", "1,000": "not-a-number", "1 000": "not-a-number", "1.000,5": "not-a-number",
    "1'000": "not-a-number", "7,5": "not-a-number", "7.5 kg": "not-a-number", "5%": "not-a-number", "€5": "not-a-number",
    "٥": "not-a-number", "５": "not-a-number", "²": "not-a-number", "½": "not-a-number", "−5": "not-a-number",
    "1e": "not-a-number", "--1": "not-a-number", "1e13": "too-large", "-1": "too-small", "1" * 5000: "not-finite",
    "=1+1": "formula", "true": "not-a-number", "-": "not-a-number", "\N{NO-BREAK SPACE}5\N{NO-BREAK SPACE}": "",
}  # fmt: skip
DATES = {
    "9999-12-31": "date-out-of-range", "0000-01-01": "not-a-date", "0001-01-01": "date-out-of-range",
    "2026-02-29": "not-a-date", "1900-02-29": "not-a-date", "2026-13-01": "not-a-date", "2026-06-31": "not-a-date",
    "2026-W23-1": "not-a-date", "2026-156": "not-a-date", "20260605": "not-a-date", "46178": "not-a-date",
    "5.6.2026": "not-a-date", "06/05/2026": "not-a-date", "2026-6-5": "not-a-date", "2026-06-05T00:00": "not-a-date",
    "2026-06-05 00:00:00": "not-a-date", "٢٠٢٦-٠٦-٠٥": "not-a-date", "-2026-06-05": "not-a-date", "+2026-06-05": "not-a-date",
    "today": "not-a-date", "NaT": "not-a-date", "2199-12-31": "beyond-horizon", "1900-01-01": "", "": "missing-value",
}  # fmt: skip
NAMES = {
    "a;b": "bad-name", "a|b": "bad-name", "a\nb": "bad-name", "a\tb": "bad-name", "a\x00b": "control-character",
    "a\x1bb": "control-character", "a\x7fb": "bad-name", "a\x85b": "bad-name", "a\u200bb": "bad-name",
    "a\u200db": "bad-name", "a\u202eb": "bad-name", "a\u2066b": "bad-name", "a\u00adb": "bad-name", "a\u00a0b": "bad-name",
    "a\u3000b": "bad-name", "a\u2028b": "bad-name", "a\ufffeb": "control-character", "=A": "formula", "": "missing-value",
    "\u200b": "bad-name", "x" * 10_001: "too-long", "\u0410": "alike-names", "a": "alike-names", "\u0391": "alike-names",
    "A": "repeated-key", " A ": "repeated-key", "é": "", "e\u0301": "", "漢字": "", "🙂": "", "nan": "", "None": "",
    "-1": "", "1e5": "", "007": "", "'; drop table": "bad-name", "../../etc": "", "<b>": "", "{{x}}": "", "#REF!": "",
}  # fmt: skip


def cell(tmp_path, table, column, value):
    """Return the codes of the programme in which one more row of a table has the value in a column."""
    rows = [line.split(",") for line in FILES[f"{table}.csv"].decode().splitlines()]
    new = ["n1", "A", "5", "2026-06-05"][: len(rows[0])]
    new[rows[0].index(column)] = value
    lines = FILES[f"{table}.csv"] + csv_bytes([new])
    return codes(saved(tmp_path / "p", {**FILES, f"{table}.csv": lines}))


@pytest.mark.parametrize(("text", "code"), NUMBERS.items(), ids=lambda x: ascii(x)[:30])
def test_numbers(tmp_path, text, code):
    assert cell(tmp_path, "offers", "unit_price", text) == ({code} if code else set())


@pytest.mark.parametrize(("text", "code"), DATES.items(), ids=lambda x: ascii(x)[:30])
def test_dates(tmp_path, text, code):
    assert cell(tmp_path, "demands", "due", text) == ({code} if code else set())


@pytest.mark.parametrize(("text", "code"), NAMES.items(), ids=lambda x: ascii(x)[:30])
def test_names(tmp_path, text, code):
    rows = FILES["items.csv"] + csv_bytes([[text, "", "1", ""]])
    found = codes(saved(tmp_path / "p", {**FILES, "items.csv": rows}))
    assert found == ({code} if code else set())


def test_a_name_is_the_same_in_both_normal_forms(tmp_path):
    composed, taken_apart = unicodedata.normalize("NFC", "Gerät"), unicodedata.normalize("NFD", "Gerät")
    assert composed != taken_apart
    files = {**FILES, "items.csv": ITEMS + csv_bytes([[composed, "", "1", ""]])}
    files["offers.csv"] = FILES["offers.csv"] + csv_bytes([["o3", taken_apart, "5"]])
    assert codes(saved(tmp_path / "one", files)) == set()
    files["items.csv"] += csv_bytes([[taken_apart, "", "1", ""]])
    assert codes(saved(tmp_path / "two", files)) == {"repeated-key"}


@pytest.mark.parametrize("table", TABLES)
def test_every_number_of_every_table_says_what_it_may_be(tmp_path, table):
    for column in TABLES[table].DESCRIPTION.columns:
        if column.kind not in (Kind.NUMBER, Kind.INTEGER):
            continue
        free = column.low is None and column.above is None
        for text, code in (
            ("-1e11", "too-small"),
            ("nan", "not-a-number"),
            ("1e300", "too-large"),
            ("1e999", "not-finite"),
        ):
            folder = saved(tmp_path / "p", {**FILES, f"{table}.csv": f"{column.name}\n{text}\n".encode()})
            found = [p for p in check(folder).problems if p.message.startswith(f"{column.name} is ")]
            wanted = code if not (free and code == "too-small") else None
            assert wanted in {None, *(p.code for p in found)}, f"{table}.{column.name} {text}: {found}"


# ---- settings

SETTINGS = {
    "no TOML": (b"start: 2026-06-01", "unreadable"),
    "twice": (b"start = 2026-06-01\nstart = 2026-06-02\n", "unreadable"),
    "a huge integer": (b"start = 2026-06-01\nseed = " + b"9" * 6000, "unreadable"),
    "a large integer": (b"start = 2026-06-01\nseed = " + b"9" * 400, "too-large"),
    "an infinite number": (b"start = 2026-06-01\nholding_per_year_share = inf", "not-finite"),
    "not a number": (b"start = 2026-06-01\nholding_per_year_share = nan", "not-finite"),
    "a list": (b"start = [2026-06-01]", "not-a-value"),
    "a section": (b"[start]\nday = 2026-06-01", "not-a-value"),
    "sections of lists": (b"[[start]]\nday = 1\n[[start]]\nday = 2", "not-a-value"),
    "a number as date": (b"start = 46174", "not-a-date"),
    "a flag as date": (b"start = true", "not-a-date"),
    "a time as date": (b"start = 07:32:00", "not-a-date"),
    "a date as number": (b"start = 2026-06-01\nseed = 2026-06-01", "not-a-number"),
    "nested without end": (b"a = " + b"[" * 100_000, "unreadable"),
    "NUL": (b'start = 2026-06-01\nname = "a\0b"', "control-character"),
    "a control character": (b'start = 2026-06-01\nname = "a\\u0007b"', "control-character"),
    "utf-16": ("start = 2026-06-01".encode("utf-16"), "wrong-encoding"),
    "Latin-1": (b'name = "\xe9"\nstart = 2026-06-01', "wrong-encoding"),
    "a mark": (b"\xef\xbb\xbf" + FILES["programme.toml"], ""),
    "CR line ends": (FILES["programme.toml"].replace(b"\n", b"\r"), "unreadable"),
    "year 9999": (b'start = 9999-12-01\nperiods = "2 weeks"', "date-out-of-range"),
    "the plan ends beyond 2199": (b'start = 2199-12-01\nperiods = "2000 months"', ""),
    "no periods": (b'start = 2026-06-01\nperiods = "0 weeks"', "bad-periods"),
    "a billion periods": (b'start = 2026-06-01\nperiods = "1000000000 days"', "bad-periods"),
    "periods of a huge number": (b'start = 2026-06-01\nperiods = "' + b"9" * 5000 + b' days"', "bad-periods"),
    "negative periods": (b'start = 2026-06-01\nperiods = "-3 weeks"', "bad-periods"),
    "another format": (b"format = 2\nstart = 2026-06-01", "too-large"),
    "empty": (b"", "missing-setting"),
    "ten thousand settings": (b"start = 2026-06-01\n" + b"".join(b"s%d = 1\n" % i for i in range(10_000)), "unknown-setting"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "code"), SETTINGS.values(), ids=SETTINGS)
def test_settings(tmp_path, content, code):
    found = codes(saved(tmp_path / "p", {**FILES, "programme.toml": content}))
    assert {code} <= found if code else not found


# ---- folders


def test_an_empty_folder(tmp_path):
    assert codes(tmp_path) == {"missing-file"}


def test_a_folder_without_settings(tmp_path):
    assert codes(saved(tmp_path, {"items.csv": ITEMS})) == {"missing-file"}


@pytest.mark.parametrize("name", ["items.csv", "programme.toml"])
@pytest.mark.parametrize("kind", ["folder", "pipe", "socket", "loop", "dangling link", "device"])
def test_files_that_are_none(tmp_path, name, kind):
    file = saved(tmp_path / "p", FILES) / name
    file.unlink()
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "socket":
        os.mknod(file, stat.S_IFSOCK | 0o600)
    else:
        file.symlink_to({"loop": name, "dangling link": "nowhere", "device": "/dev/zero"}[kind])
    is_refused(tmp_path / "p", "unreadable")


@pytest.mark.parametrize("name", ["p.xlsx", "p.zip", "p.toml", "p"])
@pytest.mark.parametrize("kind", ["pipe", "loop", "device"])
def test_programmes_that_are_no_file(tmp_path, name, kind):
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(name if kind == "loop" else "/dev/zero")
    assert codes(path) == {"unreadable"}


def test_a_link_to_a_file_is_a_file(tmp_path):
    folder = saved(tmp_path / "p", FILES)
    (folder / "items.csv").rename(tmp_path / "elsewhere.csv")
    (folder / "items.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert codes(folder) == set()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("name", ["items.csv", "programme.toml", "."])
def test_files_that_may_not_be_read(tmp_path, name):
    folder = saved(tmp_path / "p", FILES)
    (folder / name).chmod(0)
    try:
        assert codes(folder) == {"unreadable"}
    finally:
        (folder / name).chmod(0o755)


@pytest.mark.parametrize("path", ["a" * 5000, "a/" * 3000, "nul\0nul", "", "~", "\udcff"])
def test_paths_that_cannot_be(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    assert codes(path) <= {"missing-file", "unreadable"}
    assert codes(saved(tmp_path / "p", FILES), scenarios=[path]) <= {"missing-file", "unreadable"}


# ---- archives


def zipped(path, files, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_every_cut_of_a_zip(tmp_path):
    content = zipped(tmp_path / "p.zip", FILES).read_bytes()
    for at in range(0, len(content), 3):
        (tmp_path / "c.zip").write_bytes(content[:at])
        assert codes(tmp_path / "c.zip") == {"unreadable"}
        (tmp_path / "d.zip").write_bytes(content[at:] if at else content)  # a zip may have something before it
        codes(tmp_path / "d.zip")


def test_every_bit_of_a_zip_turned(tmp_path):
    content = bytearray(zipped(tmp_path / "p.zip", FILES).read_bytes())
    for at in range(0, len(content), 5):
        content[at] ^= 1 << at % 8
        (tmp_path / "c.zip").write_bytes(content)
        codes(tmp_path / "c.zip")
        content[at] ^= 1 << at % 8


def bomb(path):
    """A member that unpacks to more than a quarter of a gigabyte."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("items.csv", "w") as member:
        for _ in range(300):
            member.write(b"A" * 2**20)


def liar(path):
    """A member that unpacks to more than its header says."""
    zipped(path, {**FILES, "items.csv": b"item\n" + b"A\n" * 10_000_000})
    content = path.read_bytes()
    size = struct.pack("<I", 5 + 20_000_000)
    assert content.count(size) == 2
    path.write_bytes(content.replace(size, struct.pack("<I", 50)))


def overlapping(path):
    """Five hundred members that share the bytes of one."""
    zipped(path, {**FILES, "sites.csv": b"site\n" + b"S\n" * 100_000})
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entries = content[start:end]
    last = entries[entries.rindex(b"PK\x01\x02") :]
    many = b"".join(last.replace(b"sites.csv", b"s%03d.csv" % i + b"v") for i in range(500))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 500, 500, len(many), start, 0)
    path.write_bytes(content[:start] + many + tail)


def nested(path):
    inner = zipped(path.with_name("inner.zip"), FILES).read_bytes()
    zipped(path, {"programme.zip": inner, **FILES})


def encrypted(path):
    zipped(path, FILES)
    content = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = -1
        while (at := content.find(magic, at + 1)) >= 0:
            content[at + offset] |= 1
    path.write_bytes(content)


def link(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in FILES.items():
            info = zipfile.ZipInfo(name)
            if name == "items.csv":
                info.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, "/etc/passwd" if name == "items.csv" else text)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def twice(path):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in [*FILES.items(), ("programme.toml", "start = 2027-01-01")]:
            archive.writestr(name, text)


ARCHIVES = {
    "bomb": (bomb, "refused-archive"),
    "liar": (liar, "unreadable"),
    "overlapping": (overlapping, None),
    "nested": (nested, "refused-archive"),
    "many members": (lambda p: zipped(p, {f"m{i}.csv": b"" for i in range(MOST_MEMBERS + 1)}), "refused-archive"),
    "out of the folder": (lambda p: zipped(p, {**FILES, "../items.csv": ITEMS}), "refused-archive"),
    "out of the folder, by backslashes": (lambda p: zipped(p, {**FILES, "..\\items.csv": ITEMS}), "refused-archive"),
    "absolute": (lambda p: zipped(p, {**FILES, "/etc/items.csv": ITEMS}), "refused-archive"),
    "drive": (lambda p: zipped(p, {**FILES, "C:\\items.csv": ITEMS}), "unknown-table"),
    "encrypted": (encrypted, "refused-archive"),
    "link": (link, "unknown-column"),
    "settings given twice": (twice, "repeated-table"),
    "bzip2": (lambda p: zipped(p, FILES, zipfile.ZIP_BZIP2), ""),
    "lzma": (lambda p: zipped(p, FILES, zipfile.ZIP_LZMA), ""),
    "bzip2 bomb": (lambda p: zipped(p, {**FILES, "items.csv": b"A" * 2**26}, zipfile.ZIP_BZIP2), "refused-archive"),
    "no members": (lambda p: zipped(p, {}), "missing-file"),
    "two folders": (lambda p: zipped(p, {f"{f}/{n}": t for f in "ab" for n, t in FILES.items()}), "missing-file"),
    "a name that is no text": (lambda p: zipped(p, {**FILES, "\x1b[31m.csv": b"a\n1"}), "unknown-table"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("make", "code"), ARCHIVES.values(), ids=ARCHIVES)
def test_archives(tmp_path, make, code):
    make(tmp_path / "p.zip")
    if code == "":
        assert codes(tmp_path / "p.zip") == set()
    else:
        is_refused(tmp_path / "p.zip", code)


# ---- workbooks


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    write_workbook(programme_of(MODEL), path)
    return path


def edited(workbook, path, edit):
    """Copy a workbook with the sheet of items changed."""
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            content = old.read(member)
            new.writestr(member.filename, edit(content) if member.filename == "xl/worksheets/sheet2.xml" else content)
    return path


def more_rows(rows):
    return lambda content: content.replace(b"</sheetData>", rows + b"</sheetData>")


SHEETS = {
    "a cell in the last corner": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "in small letters": b'<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "with spaces": b'<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "as an entity": b'<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "beyond the last corner": b'<row r="99999999999"><c r="ZZZZZ99999999999"><v>1</v></c></row>',
    "rows without numbers": b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>" + b"<row><c><v>1</v></c></row>" * 60_000,
    "not closed": b'<row r="5"><c r="A5"><v>1',
    "a shared text that is not there": b'<row r="5"><c r="A5" t="s"><v>99999</v></c></row>',
}


@pytest.mark.parametrize("rows", SHEETS.values(), ids=SHEETS)
def test_sheets_of_a_size_that_no_workbook_has(workbook, tmp_path, rows):
    is_refused(edited(workbook, tmp_path / "b.xlsx", more_rows(rows)))


def test_every_cut_of_a_workbook(workbook, tmp_path):
    content = workbook.read_bytes()
    for at in range(0, len(content), 997):
        (tmp_path / "c.xlsx").write_bytes(content[:at])
        assert codes(tmp_path / "c.xlsx") == {"unreadable"}


IMPOSTORS = {
    "a web page": b"<html><body><table><tr><td>item</td></tr></table></body></html>",
    "CSV": ITEMS,
    "an old workbook cut short": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "nothing": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "XML of 2003": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
}


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xlsb", "xls", "ods", "zip"])
@pytest.mark.parametrize("content", IMPOSTORS.values(), ids=IMPOSTORS)
def test_files_that_are_not_what_their_name_says(tmp_path, suffix, content):
    (tmp_path / f"b.{suffix}").write_bytes(content)
    assert codes(tmp_path / f"b.{suffix}") == {"unreadable"}


@pytest.mark.parametrize("suffix", ["xlsb", "xls", "ods", "zip"])
def test_a_workbook_by_another_name(workbook, tmp_path, suffix):
    path = tmp_path / f"b.{suffix}"
    path.write_bytes(workbook.read_bytes())
    assert codes(path)


def test_dates_in_a_workbook_are_days_and_no_numbers(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.add_worksheet("programme").write_row(0, 0, ["setting", "value"])
        sheet = book.add_worksheet("demands")
        sheet.write_row(0, 0, ["demand", "item", "quantity_units", "due"])
        sheet.write_row(1, 0, ["d1", "A", 5, 46178])  # a serial number without the format of a date
    assert "not-a-date" in codes(tmp_path / "b.xlsx")


@pytest.mark.long
def test_a_sheet_of_settings_of_a_size_that_no_workbook_has(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet("programme")
        sheet.write_row(0, 0, ["setting", "value"])
        for i in range(1, 60_000):
            sheet.write_row(i, 0, [f"s{i}", i])
    is_refused(tmp_path / "b.xlsx", "unknown-setting")


# ---- scenarios and changes

OVERLAYS = {
    "no settings": ({}, "missing-file"),
    "settings that are no TOML": ({"scenario.toml": b"name: x"}, "unreadable"),
    "settings in Latin-1": ({"scenario.toml": b'name = "\xe9"'}, "wrong-encoding"),
    "settings with a mark": ({"scenario.toml": b'\xef\xbb\xbfname = "x"'}, ""),
    "a huge integer": ({"scenario.toml": b"name = " + b"9" * 6000}, "unreadable"),
    "a name that is a list": ({"scenario.toml": b"name = [1]"}, "not-a-value"),
    "a date with a time": ({"scenario.toml": b"date = 2026-06-01T00:00:00"}, "not-a-value"),
    "an unknown table": ({"changes.csv": b"table,key,column,value\nitms,A,weight_kg,1"}, "unknown-table"),
    "an unknown row": ({"changes.csv": b"table,key,column,value\nitems,Z,weight_kg,1"}, "unknown-row"),
    "an unknown column": ({"changes.csv": b"table,key,column,value\nitems,A,weight,1"}, "unknown-column"),
    "a key": ({"changes.csv": b"table,key,column,value\nitems,A,item,Z"}, "key-change"),
    "not a number": ({"changes.csv": b"table,key,column,value\nitems,A,weight_kg,heavy"}, "not-a-number"),
    "too small": ({"changes.csv": b"table,key,column,operation,value\nitems,A,weight_kg,add,-9"}, "too-small"),
    "not finite": ({"changes.csv": b"table,key,column,operation,value\nitems,A,weight_kg,multiply,1e999"}, "not-finite"),
    "too large": ({"changes.csv": b"table,key,column,operation,value\nitems,A,weight_kg,multiply,1e12"}, "too-large"),
    "an unknown operation": ({"changes.csv": b"table,key,column,operation,value\nitems,A,weight_kg,divide,2"}, "unknown-choice"),
    "a cut row": ({"changes.csv": b"table,key,column,value\nitems,A"}, "row-length"),
    "no header": ({"changes.csv": b"items,A,weight_kg,1\n"}, "unknown-column"),
    "dates out of order": (
        {"changes.csv": b"table,key,column,value,from_date,to_date\nitems,A,weight_kg,1,2026-06-09,2026-06-01"},
        "dates-out-of-order",
    ),
    "a dated change of a setting": (
        {"changes.csv": b"table,key,column,value,from_date\nprogramme,,seed,1,2026-06-09"}, "setting-change"
    ),
    "a dated change of everything": (
        {"changes.csv": b"table,key,column,operation,value,from_date\nitems,*,weight_kg,multiply,2,2026-06-09"}, ""
    ),
    "a dropped table": ({"dropped.csv": b"table,key\nitms,A"}, "unknown-table"),
    "a dropped row": ({"dropped.csv": b"table,key\nitems,Z"}, "unknown-row"),
    "all rows dropped": ({"dropped.csv": b"table,key\nitems,*"}, "unknown-name"),
    "an added row": ({"items.csv": b"item\nA\n"}, "repeated-key"),
    "an unknown file": ({"chnges.csv": b"a\n1\n"}, "unknown-table"),
    "stars": ({"changes.csv": b"table,key,column,value\nitems," + b"*a" * 2000 + b",weight_kg,1"}, "unknown-row"),
    "braces": ({"changes.csv": b"table,key,column,value\nitems," + b"[!" * 200 + b",weight_kg,1"}, "unknown-row"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "code"), OVERLAYS.values(), ids=OVERLAYS)
def test_scenarios(tmp_path, files, code):
    programme = saved(tmp_path / "p", FILES)
    given = {"scenario.toml": b'name = "s"\n', **files} if files else {}
    found = codes(programme, [saved(tmp_path / "s", given)])
    assert {code} <= found if code else not found


def test_a_scenario_shows_all_its_faults(tmp_path):
    files = {
        "scenario.toml": b"nam = 1",
        "changes.csv": b"table,key,column,value\nitms,A,weight_kg,1\nitems,Z,weight_kg,x",
    }
    found = codes(saved(tmp_path / "p", FILES), [saved(tmp_path / "s", files)])
    assert found == {"unknown-setting", "unknown-table", "unknown-row"}


SETS = {
    "": "unreadable-change", "=": "unreadable-change", "items": "unreadable-change", "items[A]": "unreadable-change",
    "items[A].weight_kg": "unreadable-change", "items[A].weight_kg =": "", "items[A].weight_kg = =1": "formula",
    "items[A.weight_kg = 1": "unreadable-change", "items[].weight_kg = 1": "unknown-row",
    "items[*].weight_kg = nan": "not-a-number", "items[*].weight_kg *= 1e308": "too-large",
    "items[A].weight_kg += inf": "not-a-number", "items[A].weight_kg = ١": "not-a-number", "items[A].item = B": "key-change",
    "items[\u0410].weight_kg = 1": "unknown-row", "items[name=*|weight_kg=?].weight_kg = 1": "",
    "items[nme=x].weight_kg = 1": "unknown-column", "items[A].name *= 2": "not-a-number", "items[A].hazard = perhaps": "not-yes-no",
    "programme.start = never": "not-a-date", "programme.stat = 2026-06-01": "unknown-column", "programme[x].seed = 1": "unknown-row",
    "demands[d1].due += 1e9": "too-large", "demands[d1].due += 36500": "beyond-horizon", "demands[d1].due += 0.5": "",
    "items[A].note = \udcff": "control-character", "items[A].note = a\x00b": "control-character", "\x1b[31m": "unreadable-change",
    "items[" + "[" * 5000 + "].weight_kg = 1": "unknown-row", "items[" + "*?" * 3000 + "].weight_kg = 1": "unknown-row",
    "ITEMS[A].weight_kg = 1": "unreadable-change", "items [A] . weight_kg = 1": "unreadable-change",
}  # fmt: skip


@pytest.mark.parametrize(("text", "code"), SETS.items(), ids=lambda x: ascii(x)[:30])
def test_changes(tmp_path, text, code):
    found = codes(saved(tmp_path / "p", FILES), sets=[text])
    assert found == ({code} if code else set())


# ---- the shell

SAMPLE = ("utf-16 with mark", "overlong", "NUL", "unclosed quote", "a web page", "escape sequence in the header")


@pytest.mark.parametrize("name", SAMPLE)
def test_the_shell_says_where_and_writes_nothing(tmp_path, name):
    folder = with_items(tmp_path, TEXTS[name][0])
    before = sorted(tmp_path.rglob("*"))
    done = limited("plan", str(folder), "--out", "run", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("items.csv:")
    assert f"[{TEXTS[name][1]}]" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("nothing was planned.")
    assert "\x1b" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("change", ["\udcff", "items[A].note = \udcff", "\x1b[31m = 1"])
def test_the_shell_takes_any_change(tmp_path, change):
    done = limited("check", str(saved(tmp_path / "p", FILES)), "--set", change, "--json")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
