"""Make the pictures of the documents from a run of the joint plant: the top of its page, and how its products grow.

python tools/picture.py RUN [FOLDER]   # needs Chromium
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tandemplan.model.reading import read
from tandemplan.report.gallery import figure
from tandemplan.report.page import page
from tandemplan.results.store import read_run
from tandemplan.testing.browser import launched

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDTH, HEIGHT = 1240, 1648


def main() -> None:
    """Write the pictures."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else PICTURES
    run, programme = read_run(source), read(source / "programme")
    folder.mkdir(parents=True, exist_ok=True)
    file, rate = folder / "joint-plant-page.png", folder / "joint-plant-rate.svg"
    rate.write_text(figure("rate", run, programme).svg, encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        html = Path(temporary) / "page.html"
        html.write_text(page(run, programme), encoding="utf-8")
        browser = launched(playwright)
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        shown.goto(html.as_uri())
        shown.wait_for_selector("body[data-ready='1']")
        shown.screenshot(path=str(file))
        browser.close()
    for made in (file, rate):
        print(f"{made}: {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
