"""What is left when a process is killed, the disk is full, or two write the same place: all of the old, or all of the new.

Moments of death are drawn from the whole life of the command, and from just around the write: the folder is watched,
and the process killed once its hidden working folder is there.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tandemplan.audit import audit
from tandemplan.disk import exchange, sweep, whole_file, whole_folder
from tandemplan.model.examples import examples_folder
from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.results.store import read_answer, write_run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes and looks at /proc as Linux has them")
EXAMPLE = str(examples_folder() / "tanker_base")
RUN = ("plan", EXAMPLE, "--out", "run", "--json")
CHANGED = (*RUN, "--set", "programme.holding_per_year_share = 0.2")
SHOWN = ("report", "kept", "--to", "page.html")
NEW = ("new", "mine", "--from", "joint_plant")


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def started(arguments, cwd):
    """Start the shell in a process group of its own, silent."""
    command = [sys.executable, "-m", "tandemplan", *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=cwd, **quiet)


def done(arguments, cwd, **more):
    command = [sys.executable, "-m", "tandemplan", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300, **more)


def kill_after(process, seconds):
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


def kill_in_the_write(process, cwd, before, seconds):
    """Kill a process so many seconds after something hidden is there that was not before (or let it end)."""
    while process.poll() is None and not set(hidden(cwd)) - before:
        pass
    kill_after(process, seconds)


def moments(draw, count, life):
    """Return how to kill, in turn: at any time of a life, and around the write."""
    around = [("write", draw.choice((0, draw.uniform(0, 0.05), draw.uniform(0, 0.4)))) for _ in range(count)]
    return [("life", draw.uniform(0, 1.2 * life)) if i % 2 else moment for i, moment in enumerate(around)]


def killed(arguments, cwd, moment):
    """Kill a command at a moment, and return what it left that was not there before."""
    how, seconds = moment
    before = set(hidden(cwd))
    process = started(arguments, cwd)
    if how == "life":
        kill_after(process, seconds)
    else:
        kill_in_the_write(process, cwd, before, seconds)
    return set(hidden(cwd)) - before


def digest_of(folder):
    """Return the digest of what a run says; the run is whole, and its audit clean."""
    found = audit(folder)
    assert found.clean, found.findings[:3]
    return json.loads((folder / "run.json").read_text())["programme"]["digest"]


def hidden(folder):
    return [n for n in names(folder) if n.startswith(".")]


@pytest.fixture(scope="module")
def life():
    """How long a plan takes here."""
    begin = time.monotonic()
    with TemporaryDirectory() as cwd:
        assert done(RUN, cwd).returncode == 0
    return time.monotonic() - begin


def plan_killed(cwd, life, count, seed):
    """Kill a plan into an empty place at so many moments; return how often nothing and a run was there."""
    draw, seen = random.Random(seed), {"nothing": 0, "run": 0, "left": 0}
    for moment in moments(draw, count, life):
        seen["left"] += bool(killed(RUN, cwd, moment))
        if (cwd / "run").exists():
            digest_of(cwd / "run")
            seen["run"] += 1
            shutil.rmtree(cwd / "run")
        else:
            seen["nothing"] += 1
        assert all(n.startswith(".run.") and n.endswith(".part") for n in hidden(cwd))
    assert done(RUN, cwd).returncode == 0
    assert hidden(cwd) == [], "the next write removes what killed ones left"
    digest_of(cwd / "run")
    return seen


def replacement_killed(cwd, life, count, seed):
    """Kill a plan that replaces an older run at so many moments; return how often which of the two was there."""
    draw, seen = random.Random(seed), {"old": 0, "new": 0, "left": 0}
    assert done(RUN, cwd).returncode == 0
    old = digest_of(cwd / "run")
    shutil.copytree(cwd / "run", cwd / "kept")
    for moment in moments(draw, count, life):
        seen["left"] += bool(killed(CHANGED, cwd, moment))
        now = digest_of(cwd / "run")
        seen["old" if now == old else "new"] += 1
        if now != old:
            shutil.rmtree(cwd / "run")
            shutil.copytree(cwd / "kept", cwd / "run")
    assert done(CHANGED, cwd).returncode == 0
    assert hidden(cwd) == []
    assert digest_of(cwd / "run") != old
    return seen


def page_killed(cwd, count, seed):
    """Kill a report at so many moments; the page is the old one, or a whole new one."""
    draw = random.Random(seed)
    assert done(SHOWN, cwd).returncode == 0
    whole = (cwd / "page.html").read_bytes()
    (cwd / "page.html").write_text("old")
    for moment in moments(draw, count, 1.5):
        killed(SHOWN, cwd, moment)
        assert (cwd / "page.html").read_bytes() in (b"old", whole)
        (cwd / "page.html").write_text("old")
    assert done(SHOWN, cwd).returncode == 0
    assert hidden(cwd) == []


def copy_killed(cwd, count, seed):
    """Kill `new` at so many moments; the folder is not there, or is the whole example."""
    draw, files = random.Random(seed), {p.name for p in (examples_folder() / "joint_plant").iterdir()}
    for moment in moments(draw, count, 0.8):
        killed(NEW, cwd, moment)
        if (cwd / "mine").exists():
            assert {p.name for p in (cwd / "mine").iterdir()} == files
            assert read(cwd / "mine") == read(examples_folder() / "joint_plant")
            shutil.rmtree(cwd / "mine")
    assert done(NEW, cwd).returncode == 0
    assert hidden(cwd) == []


def test_a_killed_plan_leaves_all_or_nothing(tmp_path, life):
    plan_killed(tmp_path, life, 5, seed=1)


def test_a_killed_replacement_leaves_the_old_run_or_the_new_one(tmp_path, life):
    replacement_killed(tmp_path, life, 5, seed=2)
    page_killed(tmp_path, 4, seed=3)
    copy_killed(tmp_path, 4, seed=4)


@pytest.mark.long
def test_fifty_killed_plans_leave_all_or_nothing(tmp_path, life):
    seen = plan_killed(tmp_path, life, 50, seed=time.time_ns())
    assert seen["nothing"] > 5
    assert seen["run"] > 0
    assert seen["left"] > 5, "no process was killed in the write: this test proves nothing"


@pytest.mark.long
def test_thirty_killed_replacements_leave_the_old_run_or_the_new_one(tmp_path, life):
    seen = replacement_killed(tmp_path, life, 30, seed=time.time_ns())
    assert seen["old"] > 3
    page_killed(tmp_path, 20, seed=time.time_ns())
    copy_killed(tmp_path, 20, seed=time.time_ns())


# ---- what is left behind


def test_what_a_killed_process_left_is_removed_by_the_next_write_and_what_a_living_one_writes_is_not(tmp_path):
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom tandemplan.disk import whole_folder\n"
        "with whole_folder(Path(sys.argv[1])) as part:\n"
        "    (part / 'half').write_text('x')\n    print(part, flush=True)\n    time.sleep(600)\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "run")], stdout=subprocess.PIPE, text=True)
        for _ in "ab"
    ]
    dead, living = (Path(w.stdout.readline().strip()) for w in writers)
    writers[0].kill()
    writers[0].communicate()
    with whole_folder(tmp_path / "run") as part:
        (part / "file").write_text("y")
    assert (tmp_path / "run" / "file").read_text() == "y"
    assert not dead.exists()
    assert (living / "half").exists()
    writers[1].kill()
    writers[1].communicate()
    sweep(tmp_path / "run")
    assert hidden(tmp_path) == []


def test_what_belongs_to_another_place_is_left_alone(tmp_path):
    for name in (
        ".run2.abcdefgh.part",
        ".run.html.abcdefgh.part",
        ".run.part",
        ".run.abcdefgh.tmp",
        "run.abcdefgh.part",
    ):
        (tmp_path / name).write_text("x")
    (tmp_path / ".run.abcdefgh.part").write_text("x")
    sweep(tmp_path / "run")
    assert len(list(tmp_path.iterdir())) == 5


def test_where_the_system_cannot_exchange_folders_the_old_one_is_put_back(tmp_path):
    """A process killed between the two steps leaves the old folder beside; the next write finds it again."""
    (tmp_path / ".run.abcdefgh.old").mkdir()
    (tmp_path / ".run.abcdefgh.old" / "file").write_text("old")
    sweep(tmp_path / "run")
    assert (tmp_path / "run" / "file").read_text() == "old"


def test_replacing_in_two_steps_does_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr("tandemplan.disk.exchange", lambda one, other: False)
    for text in ("one", "two"):
        with whole_folder(tmp_path / "run") as part:
            (part / "file").write_text(text)
    assert (tmp_path / "run" / "file").read_text() == "two"
    assert names(tmp_path) == ["run"]


def test_exchanging_is_one_stroke(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not exchange(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this disk cannot exchange folders")
    assert names(tmp_path / "a") == ["b"]
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "a", tmp_path / "nowhere")


def fail_in(block):
    with block as part:
        (part / "file" if part.is_dir() else part).write_text("new")
        raise ZeroDivisionError


def test_a_block_that_fails_leaves_what_was_there(tmp_path):
    (tmp_path / "file").write_text("old")
    for place, make in ((tmp_path / "file", whole_file), (tmp_path / "folder", whole_folder)):
        with pytest.raises(ZeroDivisionError):
            fail_in(make(place))
    assert names(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text() == "old"


def test_a_link_to_a_run_stays_a_link(tmp_path):
    with whole_folder(tmp_path / "real") as part:
        (part / "file").write_text("one")
    (tmp_path / "link").symlink_to("real")
    with whole_folder(tmp_path / "link") as part:
        (part / "file").write_text("two")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_text() == "two"


# ---- orphans


def children(pid):
    """Return the processes below one, from /proc."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == pid and fields[0] != "Z":
                    found.append(int(entry.name))
    return found


def gone_within(pids, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(_lives(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _lives(pid):
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("seconds", [0.0, 0.3, 3.0])
def test_the_solver_ends_when_its_parent_is_killed(tmp_path, seconds):
    process = started(("plan", str(examples_folder() / "joint_plant"), "--out", "run"), tmp_path)
    solvers = []
    while process.poll() is None and not solvers:
        solvers = children(process.pid)
    assert solvers, "the solver was never seen: this test proves nothing"
    kill_after(process, seconds)
    try:
        assert gone_within(solvers, 60), "the solver works on for nobody"
    finally:
        for pid in solvers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    assert names(tmp_path) == []


# ---- a disk that is full, or may not be written


def limit_files():
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


@pytest.mark.parametrize("old", [False, True])
def test_a_file_that_cannot_grow_leaves_the_old_run_and_one_line(tmp_path, old):
    if old:
        assert done(RUN, tmp_path).returncode == 0
        before = digest_of(tmp_path / "run")
    failed = done(CHANGED[:4], tmp_path, preexec_fn=limit_files)
    assert failed.returncode == 5, failed.stderr
    assert failed.stderr.splitlines()[-1] == "tandemplan: The machine refused: File too large."
    assert "Traceback" not in failed.stderr
    assert hidden(tmp_path) == []
    if old:
        assert digest_of(tmp_path / "run") == before
    else:
        assert names(tmp_path) == []


def test_a_workbook_that_cannot_grow_leaves_nothing_but_one_line(tmp_path):
    """Its archive, half-written, is thrown away without a word."""
    failed = done(("check", EXAMPLE, "--to", "book.xlsx"), tmp_path, preexec_fn=limit_files)
    assert failed.returncode == 5, failed.stderr
    assert failed.stderr == "tandemplan: The machine refused: File too large.\n"
    assert names(tmp_path) == []


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 400 kB, where such a one can be had."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_leaves_the_old_run_and_one_line(small_disk):
    assert done(("plan", str(examples_folder() / "first_steps"), "--out", "run"), small_disk).returncode == 0
    before = digest_of(small_disk / "run")
    failed = done(("plan", EXAMPLE, "--out", "run"), small_disk)
    assert failed.returncode == 5, failed.stderr
    assert failed.stderr.splitlines()[-1] == "tandemplan: The machine refused: No space left on device."
    assert digest_of(small_disk / "run") == before
    assert names(small_disk) == ["run"]


def test_a_disk_that_may_not_be_written_gives_one_line(small_disk):
    assert done(("plan", str(examples_folder() / "first_steps"), "--out", "run"), small_disk).returncode == 0
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    failed = done(("plan", str(examples_folder() / "first_steps"), "--out", "run"), small_disk)
    assert failed.returncode == 5, failed.stderr
    assert "Read-only file system" in failed.stderr
    assert "Traceback" not in failed.stderr
    digest_of(small_disk / "run")


# ---- several at once


def test_two_that_write_the_same_run_at_once_leave_one_whole_run(tmp_path):
    for _ in range(2):
        both = [started(arguments, tmp_path) for arguments in (RUN, CHANGED)]
        assert [p.wait(300) for p in both] == [0, 0]
        digest_of(tmp_path / "run")
        assert names(tmp_path) == ["run"]


@pytest.mark.parametrize("at_once", [True, False], ids=["exchanged", "two steps"])
def test_a_reader_sees_one_run_or_the_other(tmp_path, at_once, monkeypatch):
    if not at_once:
        monkeypatch.setattr("tandemplan.disk.exchange", lambda one, other: False)
    programmes = [read(EXAMPLE), read(EXAMPLE, sets=["programme.holding_per_year_share = 0.2"])]
    runs = [(plan(p), p) for p in programmes]
    write_run(*runs[0], tmp_path / "run")
    stop = threading.Event()

    def write():
        turn = 0
        while not stop.is_set():
            turn += 1
            write_run(*runs[turn % 2], tmp_path / "run")
            stop.wait(0.7)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(4):
            try:
                run, programme = read_answer(tmp_path / "run")
            except (OSError, ValueError):
                assert not at_once, "there was a moment without a run"
                continue
            assert run.info["programme"]["digest"] == programme.digest
            assert audit(tmp_path / "run").clean
    finally:
        stop.set()
        writer.join()
    assert names(tmp_path) == ["run"]


def test_a_damaged_run_is_not_replaced(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text('{"run": "pl')
    refused = done(RUN, tmp_path)
    assert refused.returncode == 2
    assert "choose another folder" in json.loads(refused.stdout)["error"]
    assert (tmp_path / "run" / "run.json").read_text() == '{"run": "pl'
