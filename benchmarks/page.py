"""Measure pages of runs: how large they are, how long they take to write, and how soon Chromium has opened them.

python benchmarks/page.py [RUN...]   # without a run: first_steps and tanker_base, planned anew
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tandemplan.model.examples import examples_folder
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan
from tandemplan.report.page import page
from tandemplan.results.store import read_run, write_run
from tandemplan.testing.browser import launched

ROUNDS = 5
MARKS = """() => { const n = performance.getEntriesByType('navigation')[0], p = performance.getEntriesByName('first-contentful-paint')[0];
return [n.loadEventEnd, p ? p.startTime : 0, document.querySelectorAll('*').length] }"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launched(playwright)
        runs = list(map(Path, sys.argv[1:])) or planned(Path(folder))
        print("| page of | size | written in | first paint | open (load event) | elements |\n|---|---|---|---|---|---|")
        for run in runs:
            print(measured(run, Path(folder) / f"{run.name}.html", browser), flush=True)
        browser.close()


def planned(folder: Path) -> list[Path]:
    """Return fresh runs of the examples that are planned in seconds."""
    runs = []
    for name in ("first_steps", "tanker_base"):
        programme = read(examples_folder() / name)
        runs.append(write_run(plan(programme, PlanOptions()), programme, folder / name))
    return runs


def measured(folder: Path, file: Path, browser: Browser) -> str:
    """Return the row of one run."""
    run, programme = read_run(folder), read(folder / "programme")
    begin = time.perf_counter()
    text = page(run, programme)
    written = time.perf_counter() - begin
    file.write_text(text, encoding="utf-8")
    rounds = [opened(file, browser) for _ in range(ROUNDS)]
    load, paint = (median(r[i] for r in rounds) for i in (0, 1))
    size = len(text.encode("utf-8"))
    return (
        f"| {folder.name} | {size / 1e6:.2f} MB | {written:.2f} s | {paint:.0f} ms | {load:.0f} ms | {rounds[0][2]:,} |"
    )


def opened(file: Path, browser: Browser) -> Any:
    """Return when the page was loaded and first painted, in a window that has seen nothing before."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    shown = context.new_page()
    shown.goto(file.as_uri())
    shown.wait_for_selector("body[data-ready='1']")
    shown.wait_for_timeout(300)
    marks = shown.evaluate(MARKS)
    context.close()
    return marks


if __name__ == "__main__":
    main()
