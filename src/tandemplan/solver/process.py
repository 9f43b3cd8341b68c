"""Solve in a child process: it can be cancelled, may use only so much memory, and takes no other library down."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from dataclasses import replace
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.interrupts import heard, waiting
from tandemplan.problems import SolverDiedError
from tandemplan.solver.conflict import Found
from tandemplan.solver.elastic import Soft
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import BY_USER, OUT_OF_TIME, Basis, Limits, OnReport, Outcome, Work, feasible, unproved


def solve_in_child(
    lp: Lp,
    stages: list[tuple[str, NDArray[np.float64]]],
    work: Work,
    on_report: OnReport,
    fallback: NDArray[np.float64] | None = None,
    *,
    together: int = 1,
    basis: Basis | None = None,
    limits: Limits | None = None,
    eased: Limits | None = None,
    interior: bool = False,
    folding: bool = True,
) -> Outcome:
    """Return the outcome of `tandemplan.solver.highs.solve`, or `whole.solve` if columns are whole, run in a child process.

    `basis`, `limits`, `eased` and `folding` are for models without whole columns. With `interior` the last objective is bounded and no more
    (`interior.solve`).

    KeyboardInterrupt (Ctrl-C) cancels the solve; the best plan so far comes back, with `reason` saying so. A second one
    ends the child, as it does itself where it is not done in a little time: what it found is lost then, and `fallback` comes back.
    So does `fallback` where the child ends itself long after its time. A child that dies is an outcome `memory` (it ran out of it)
    or raises SolverDiedError with its words.
    """
    job = {"lp": lp, "stages": stages, "work": work, "fallback": fallback}
    job |= {"together": together, "basis": basis, "limits": limits, "eased": eased, "interior": interior}
    job["folding"] = folding
    found = _in_child(job, work, on_report)
    return _stopped(lp, stages, fallback, found) if isinstance(found, str) else found


def crossed_in_child(lp: Lp, goal: tuple[str, NDArray[np.float64]], work: Work, on_report: OnReport) -> Outcome:
    """Return the outcome of `tandemplan.solver.crossed.solve`, run in a child process as `solve_in_child` runs others."""
    found = _in_child({"lp": lp, "goal": goal, "work": work}, work, on_report)
    return Outcome("stopped", None, (), found) if isinstance(found, str) else found


def conflicts_in_child(lp: Lp, soft: Soft, work: Work, on_report: OnReport) -> Found:
    """Return what `tandemplan.solver.conflicting.solve` finds, run in a child process as `solve_in_child` runs others."""
    found = _in_child({"lp": lp, "soft": soft, "work": work}, work, on_report)
    if isinstance(found, str):
        return Found(reason=found)
    return Found(reason=found.reason) if isinstance(found, Outcome) else found


def _in_child(job: dict[str, Any], work: Work, on_report: OnReport) -> Any:
    """Return what a child finds; the reason where it was stopped before it told anything."""
    if heard():
        return BY_USER
    last_words = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe that nobody reads could fill up
    child = subprocess.Popen(
        [sys.executable, "-m", "tandemplan.solver.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=last_words,
        start_new_session=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert child.stdin is not None
    try:
        with contextlib.suppress(BrokenPipeError):
            pickle.dump(job, child.stdin, protocol=pickle.HIGHEST_PROTOCOL)
            child.stdin.flush()
        return _answer(child, on_report, work, last_words)
    finally:
        child.kill()
        child.communicate()
        last_words.close()


def _stopped(
    lp: Lp, stages: list[tuple[str, NDArray[np.float64]]], fallback: NDArray[np.float64] | None, reason: str
) -> Outcome:
    """Return the outcome of a solver that was stopped before it told anything."""
    if fallback is None or not feasible(lp, fallback):
        return Outcome("stopped", None, (), reason)
    return Outcome("stopped", fallback, tuple(unproved(cost, fallback) for _, cost in stages), reason)


def _answer(child: Any, on_report: OnReport, work: Work, last_words: IO[bytes]) -> Any:
    """Return what the child finds; the reason where it was told to stop and ended without a word, was told again, or overran its time."""
    answers, orders = child.stdout, child.stdin
    reason = ""
    while True:
        try:
            message = _next(answers)
            if message is None:
                return reason or _died(child, work, last_words)
            kind, content = message
            if kind == "report":
                on_report(content)
            elif kind == "memory":
                return Outcome("memory", None, (), _memory_words(work))
            else:
                return replace(content, reason=reason or content.reason)
        except KeyboardInterrupt:
            if reason:
                return reason
            reason = BY_USER
            with contextlib.suppress(BrokenPipeError):  # the child has just ended: its last message is on the way
                orders.write(b"x")
                orders.flush()


def _next(answers: IO[bytes]) -> tuple[str, Any] | None:
    """Return the next message, or None when the child is gone. An interrupt comes before a message, never inside it."""
    try:
        with waiting():
            answers.peek(1)  # type: ignore[attr-defined]
        return pickle.load(answers)  # type: ignore[no-any-return]  # noqa: S301
    except (EOFError, pickle.UnpicklingError):
        return None


def _died(child: Any, work: Work, last_words: IO[bytes]) -> Outcome | str:
    child.wait()
    if child.returncode == -signal.SIGALRM:
        return OUT_OF_TIME
    last_words.seek(0)
    words = last_words.read().decode(errors="replace").strip()
    if work.memory_mb is not None and ("MemoryError" in words or "bad_alloc" in words or child.returncode < 0):
        return Outcome("memory", None, (), _memory_words(work))
    raise SolverDiedError(f"The solver ended with code {child.returncode}: {words[-2000:]}")


def _memory_words(work: Work) -> str:
    if work.memory_mb is None:
        return "the solver ran out of memory"
    return f"the solver needs more memory than the {work.memory_mb} MB it may use"
