"""What the first pages of the documentation show is what the program says."""

import re
from pathlib import Path

import pytest

from tandemplan.report.summary import five_lines

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", ["README.md", "docs/learn/first-steps.md"])
def test_the_page_shows_the_lines_of_first_steps(page, run, programme):
    shown = [line.strip() for line in (ROOT / page).read_text(encoding="utf-8").splitlines() if line.startswith("    ")]
    for line in five_lines(run, programme)[:4]:
        assert line in shown


@pytest.mark.parametrize("page", ["README.md", "docs/learn/first-steps.md"])
def test_every_command_on_the_page_exists(page):
    from typer.main import get_command

    from tandemplan.cli import app

    text = (ROOT / page).read_text(encoding="utf-8")
    used = re.findall(r"^    (?:\.venv/bin/)?tandemplan (\w+)", text, re.MULTILINE)
    assert used
    assert set(used) <= set(get_command(app).commands)
