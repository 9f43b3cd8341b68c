"""Progress of long work, on standard error."""

from __future__ import annotations

import sys
from typing import Protocol

from tandemplan.report.wording import gap_text


class Progress(Protocol):
    """Where long work is: its phase, the gap so far (None: not known), and seconds since its start."""

    @property
    def phase(self) -> str:
        """Return what is being done."""

    @property
    def gap(self) -> float | None:
        """Return the gap of that phase."""

    @property
    def seconds(self) -> float:
        """Return the seconds since the start."""


class ProgressLines:
    """Progress on standard error: one line that changes on a terminal, a line now and then elsewhere."""

    EVERY_SECONDS = 3.0

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._width = 0
        self._shown: tuple[str, float] | None = None

    def show(self, progress: Progress) -> None:
        """Show where the work is."""
        text = progress_text(progress)
        if self._terminal:
            _write("\r" + text.ljust(self._width))
            self._width = len(text)
        elif self._shown is None or self._due(progress):
            _write(text + "\n")
            self._shown = (progress.phase, progress.seconds)

    def _due(self, progress: Progress) -> bool:
        assert self._shown is not None
        phase, seconds = self._shown
        wait = self.EVERY_SECONDS if progress.phase != phase else 5 * self.EVERY_SECONDS
        return bool(progress.seconds - seconds >= wait)

    def close(self) -> None:
        """Clear the changing line of a terminal."""
        if self._terminal and self._width:
            _write("\r" + " " * self._width + "\r")


def progress_text(progress: Progress) -> str:
    """Return the line that says where the work is: time, phase, and the gap where there is one."""
    gap = "" if progress.gap is None else f", gap {gap_text(progress.gap)}"
    return f"{progress.seconds:6.1f} s  {progress.phase}{gap}"


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
