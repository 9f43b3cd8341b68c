"""Chromium for looking at pages: where it is, and how it starts on machines without a screen."""

from __future__ import annotations

import os
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)


def launched(playwright: Any) -> Any:
    """Return the browser, started by playwright's synchronous API; the caller closes it."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
