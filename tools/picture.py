"""Make the picture of the README from a run: the top of its page.

python tools/picture.py RUN [FILE.png]   # needs Chromium
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tandemplan.model.reading import read
from tandemplan.report.page import page
from tandemplan.results.store import read_run
from tandemplan.testing.browser import launched

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "joint-plant-page.png"
WIDTH, HEIGHT = 1240, 1648


def main() -> None:
    """Write the picture."""
    folder, file = Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else PICTURE
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        html = Path(temporary) / "page.html"
        html.write_text(page(read_run(folder), read(folder / "programme")), encoding="utf-8")
        browser = launched(playwright)
        shown = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        shown.goto(html.as_uri())
        shown.wait_for_selector("body[data-ready='1']")
        shown.screenshot(path=str(file))
        browser.close()
    print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
