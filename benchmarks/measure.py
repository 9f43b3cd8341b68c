"""Seconds and peak memory of one step, each case in a fresh process."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def measured(work: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Return what `work` took, and its result.

    `seconds` and `cpu` (of this process), `memory` (the most MB that the process held meanwhile) and `more` (the same
    above what it held before).
    """
    if _RESET.exists():
        _RESET.write_text("5")  # the high-water mark falls to what is held now
    before = _peak()
    begin, cpu = time.perf_counter(), time.process_time()
    result = work()
    seconds, used = time.perf_counter() - begin, time.process_time() - cpu
    peak = _peak()
    return {"seconds": seconds, "cpu": used, "memory": peak, "more": peak - before}, result


class Children(threading.Thread):
    """Watches the processes that this one starts; `most` is the most memory (MB) that one of them held.

    What the system counts for ended children (RUSAGE_CHILDREN) is no less than what their parent held as it started them.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.05):
            for file in Path("/proc/self/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    pids = file.read_text().split()
                    self.most = max([self.most, *(_mark(Path(f"/proc/{pid}/status")) for pid in pids)])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()


def _mark(status: Path) -> float:
    """Return the high-water mark of a process in MB; 0 for one that has just ended."""
    marks = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(marks[0].split()[1]) / 1024 if marks else 0.0


def _peak() -> float:
    if _STATUS.exists():
        return _mark(_STATUS)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fresh(script: str, *arguments: str) -> Any:
    """Run `script` with arguments in a new process of this Python, and return the JSON that it prints last."""
    done = subprocess.run([sys.executable, script, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def machine(*packages: str) -> str:
    """Return what the figures were taken on, in words."""
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    versions = ", ".join(f"{p} {version(p)}" for p in packages)
    return f"{platform.machine()}, {cores} cores (load {load:.1f} at the start), Python {platform.python_version()}, {versions}."
