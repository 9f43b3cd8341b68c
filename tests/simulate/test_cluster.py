"""Replications on a Dask cluster: the same bytes as at home, also when a worker is killed; and what is said where there is none."""

import subprocess
import sys

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
