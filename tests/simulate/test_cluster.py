"""Replications on a Dask cluster: the same bytes as at home, also when a worker is killed; and what is said where there is none."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, signal, sys
from dataclasses import fields

import numpy as np
from distributed import Client, LocalCluster

from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.simulate import run
from tandemplan.simulate.outcomes import Outcomes

if __name__ == "__main__":
    programme = read(sys.argv[1])
    planned = plan(programme)
    run.BLOCK = 5
    alone = run.simulated(programme, planned, replications=60, seed=2)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        killed = []

        def kill(done):
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        there = run.simulated(programme, planned, replications=60, seed=2, executor=client.get_executor(retries=3), progress=kill)
        assert killed
    for f in fields(Outcomes):
        one, other = getattr(alone, f.name), getattr(there, f.name)
        assert np.array_equal(one, other, equal_nan=True) if isinstance(one, np.ndarray) else one == other, f.name
    print("the same")
"""


@pytest.mark.long
def test_a_cluster_gives_the_same_bytes_though_a_worker_is_killed(tmp_path):
    pytest.importorskip("distributed")
    file = tmp_path / "there.py"
    file.write_text(SCRIPT, encoding="utf-8")
    asked = [sys.executable, str(file), "examples/first_steps"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout.strip().endswith("the same"), done.stderr[-2000:]


SHELL = """
import sys
from pathlib import Path

from distributed import LocalCluster

from tandemplan.cli import main

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        sys.argv = ["tandemplan", "simulate", "plan", "--replications", "120", "--out", "there", "--cluster", cluster.scheduler_address]
        try:
            main()
        except SystemExit as end:
            assert end.code in (0, None), end.code
    for file in sorted(Path("here").glob("*.csv")):
        assert file.read_bytes() == Path("there", file.name).read_bytes(), file.name
    print("the same")
"""


@pytest.mark.long
def test_the_shell_gives_the_same_tables_by_a_cluster(tmp_path):
    pytest.importorskip("distributed")
    (tmp_path / "there.py").write_text(SHELL, encoding="utf-8")
    shell = [sys.executable, "-m", "tandemplan"]
    for asked in (
        [
            *shell,
            "plan",
            str(Path("examples/first_steps").resolve()),
            "--set",
            "offers[*].lead_sd_days = 3",
            "--out",
            "plan",
        ],
        [*shell, "simulate", "plan", "--replications", "120", "--workers", "1", "--out", "here"],
        [sys.executable, "there.py"],
    ):
        done = subprocess.run(asked, capture_output=True, text=True, timeout=600, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("the same")
