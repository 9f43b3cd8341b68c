"""Progress on standard error."""

import sys
from dataclasses import dataclass

import pytest

from tandemplan.report.progress import ProgressLines, progress_text


@dataclass(frozen=True)
class Step:
    phase: str
    seconds: float
    gap: float | None = None


def test_a_line_says_time_phase_and_gap():
    assert progress_text(Step("class 1 firm", 12.34, 0.0123)) == "  12.3 s  class 1 firm, gap 1.2 %"
    assert progress_text(Step("build", 0.5)) == "   0.5 s  build"


def test_without_a_terminal_lines_are_few(capsys):
    lines = ProgressLines()
    for tenth in range(100):
        lines.show(Step(f"phase {tenth // 10}", tenth / 10))
    lines.close()
    shown = capsys.readouterr().err.splitlines()
    assert [s.split("  ")[-1] for s in shown] == ["phase 0", "phase 3", "phase 6", "phase 9"]


def test_on_a_terminal_one_line_is_rewritten_and_cleared(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    lines = ProgressLines()
    lines.show(Step("class 1 firm", 1.0))
    lines.show(Step("cost", 2.0))
    lines.close()
    said = capsys.readouterr().err
    assert "\n" not in said
    assert said.endswith("\r")
    assert said.count("\r") == 4


@pytest.mark.parametrize(("seconds", "shown"), [(14.0, 1), (16.0, 2)])
def test_a_long_phase_is_heard_of_now_and_then(capsys, seconds, shown):
    lines = ProgressLines()
    lines.show(Step("cost", 0.0))
    lines.show(Step("cost", seconds))
    assert len(capsys.readouterr().err.splitlines()) == shown
