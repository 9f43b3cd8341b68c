"""A browser for tests of pages: Chromium where it is installed, otherwise no test; REQUIRE_BROWSER=1 makes that a failure."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tandemplan.testing.browser import CHROMIUM, launched


@contextmanager
def chromium() -> Iterator[object]:
    """Open Chromium; skip the test where there is none."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER is set, and there is no browser at {CHROMIUM}.")
        pytest.skip(f"there is no browser at {CHROMIUM}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


LABELS = """() => [...document.querySelectorAll('[role=img]')].flatMap(svg => {
  const frame = svg.getBoundingClientRect(), found = [];
  const labels = [...svg.querySelectorAll('text')].filter(t => t.textContent && t.parentElement.closest('[role=img]') === svg)
    .map(t => [t.lastChild.textContent, t.getBoundingClientRect()]);
  labels.forEach(([words, a], i) => {
    if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1) found.push([words, 'cut']);
    labels.slice(0, i).forEach(([others, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1.5 && high > 4) found.push([others, words]);
    });
  });
  return found;
})"""


class Visit:
    """A page opened from disk: what the browser's console said, and what the page asked for beyond its own file."""

    def __init__(self, browser, file, **options):
        self.said, self.asked = [], []
        context = browser.new_context(accept_downloads=True, **options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda m: self.said.append(m.text))
        self.page.on("pageerror", lambda e: self.said.append(str(e)))
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.goto(Path(file).as_uri())
        self.page.wait_for_selector("body[data-ready='1']")

    def colour(self, name):
        """Return a colour of the page as it is computed."""
        return self.page.evaluate(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")

    def column(self, table, number):
        """Return the texts of a column of a table as they are shown."""
        return self.page.locator(f"#{table} tbody tr > :nth-child({number})").all_inner_texts()

    def faulty_labels(self):
        """Return the labels of pictures that leave their picture or cover each other."""
        return self.page.evaluate(LABELS)
