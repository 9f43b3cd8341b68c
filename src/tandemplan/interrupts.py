"""Ctrl-C while a plan is sought: the solver at work hears it at once, whatever is done between solvers is done first."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

MOST = 2  # interrupts that are waited for: the first lets a solver tell its best plan, the second ends it, the next one ends the work


@dataclass
class _Heard:
    """Interrupts since they are held back, how many of them were passed on, and whether somebody waits for a solver."""

    count: int = 0
    passed: int = 0
    waiting: bool = False


_HEARD = _Heard()  # a signal is the process's, and so is what was heard of it


@contextmanager
def held_back() -> Iterator[None]:
    """Hold back Ctrl-C in a block, but where it waits for a solver (`waiting`): there, as soon as it does, KeyboardInterrupt is raised.

    The third one is raised wherever it comes. In a thread, or where Ctrl-C has another meaning already, nothing changes.
    """
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if threading.current_thread() is not threading.main_thread() or not usual:
        yield
        return
    signal.signal(signal.SIGINT, _hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _HEARD.count = _HEARD.passed = 0


@contextmanager
def waiting() -> Iterator[None]:
    """Let Ctrl-C through in a block that does nothing but wait; one that was held back comes first."""
    _HEARD.waiting = True
    try:
        if pending():
            _pass_on()
        yield
    finally:
        _HEARD.waiting = False


def pending() -> bool:
    """Return whether Ctrl-C was held back."""
    return _HEARD.count > _HEARD.passed


def heard() -> bool:
    """Return whether Ctrl-C was held back; who asks takes it on, and it is raised no more."""
    there = pending()
    _HEARD.passed = _HEARD.count
    return there


def _hear(_number: int, _frame: FrameType | None) -> None:
    _HEARD.count += 1
    if _HEARD.waiting or _HEARD.count > MOST:
        _pass_on()


def _pass_on() -> None:
    _HEARD.passed = _HEARD.count
    raise KeyboardInterrupt
