"""Runs whose files are broken at random: the audit finds something, or says that it is no run, and never breaks."""

import json
import shutil
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandemplan.audit import audit
from tandemplan.results.store import RunError, read_answer, read_run, write_run

from . import plant

QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}
NASTY = [
    b"", b"0", b"-1", b"nan", b"inf", b"1e400", b"9" * 30, b"9" * 5000, b"today", b"now", b"2026-06", b"2026-02-30", b"9999-12-31",
    b"0001-01-01", b",", b"\n", b"\r", b'"', b"\0", b"\xff", b"[" * 50, b"{", b"null", b"true", b'"\\ud800"', b"NaN", b"\xe2\x80\xae",
    b"1_0", b"yes", b"no", b"x", b"[" * 100_000, b"optimal", b"infeasible", b"stopped",
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_run(plant.run(), plant.programme(), tmp_path_factory.mktemp("broken") / "run")


@st.composite
def broken(draw, folder):
    """Draw the name of a file of a run, and what becomes of it."""
    files = sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    name = draw(st.sampled_from([*files, *[f for f in files if f.name == "run.json"] * 8]))
    content = (folder / name).read_bytes()
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(content)))
        to = min(len(content), at + draw(st.sampled_from((0, 1, 1, 4, 40, len(content)))))
        part = draw(st.sampled_from(NASTY) | st.binary(max_size=3) | st.just(content[at:to] * 2))
        content = content[:at] + part + content[to:]
    return name, content


def same(name, old, new):
    """Return whether a file says the same: for JSON and tables of a programme, other bytes may. Seconds are those of one run and prove nothing."""
    try:
        return told(old) == told(new) if name.suffix == ".json" else old == new
    except (ValueError, RecursionError):
        return False


def told(content):
    """Return what a file of JSON says, seconds apart where they are an object of numbers."""
    said = json.loads(content)
    return {**said, "seconds": {}} if isinstance(said, dict) and isinstance(said.get("seconds"), dict) else said


def holds(folder, name, content):
    old = (folder / name).read_bytes()
    with TemporaryDirectory() as place:
        copy = shutil.copytree(folder, f"{place}/run")
        path = folder.__class__(copy)
        (path / name).write_bytes(content)
        try:
            found = audit(path)
        except RunError:
            if name.name != "run.json":
                raise
            return
        for finding in found.findings:
            assert str(finding).isprintable()
            json.dumps(finding.as_dict(), ensure_ascii=False).encode()
        assert found.findings or name.parent.name == "programme" or same(name, old, content), (name, content)
        for look in (read_run, read_answer):
            try:
                look(path)
            except ValueError:  # RunError, ProgrammeFaultsError
                assert found.findings, (name, content)


def prove(folder, examples, **more):
    @settings(max_examples=examples, **more, **QUIET)
    @given(broken(folder))
    def property_(change):
        holds(folder, *change)

    property_()


def test_a_broken_run_is_found(folder):
    prove(folder, 60, derandomize=True, database=None)


@pytest.mark.long
def test_any_broken_run_is_found(folder):
    prove(folder, 1500, print_blob=True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", "does not say its run"),
        ("[]", "does not hold an object"),
        ("[" * 100_000, "is no run"),
        ('{"run": "\\ud800", "status": "optimal", "programme": {}}', "is no run"),
        ('{"run": "r", "status": 5, "programme": {}}', "does not say its status"),
        ('{"run": "r", "status": "optimal", "programme": []}', "does not say its programme"),
        ("", "is no run"),
    ],
)
def test_what_is_no_run_is_refused(folder, tmp_path, content, said):
    shutil.copytree(folder, tmp_path / "run")
    (tmp_path / "run" / "run.json").write_text(content)
    with pytest.raises(RunError, match=said):
        read_run(tmp_path / "run")


@pytest.mark.parametrize("word", ["today", "now", "2026-06", "2026-06-01T00", "20260601", "+2026-06-01"])
def test_a_day_is_written_in_one_way(folder, tmp_path, word):
    shutil.copytree(folder, tmp_path / "run")
    file = tmp_path / "run" / "stock.csv"
    file.write_text(file.read_text().replace("2026-06-01", word, 1))
    assert ("stock", "unreadable") in {(f.table, f.code) for f in audit(tmp_path / "run").findings}


def test_a_number_beyond_all_is_unreadable(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "run")
    file = tmp_path / "run" / "classes.csv"
    file.write_text(file.read_text().replace("\n1,", f"\n{'9' * 30},", 1))
    assert ("classes", "unreadable") in {(f.table, f.code) for f in audit(tmp_path / "run").findings}
