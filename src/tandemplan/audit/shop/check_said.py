"""What `run.json` says of a schedule: which it is, and how far it is proved."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.check_run import id_of
from tandemplan.audit.equations import equal_text
from tandemplan.audit.files import RUN, mapping
from tandemplan.audit.findings import Finding, allowed
from tandemplan.audit.shop.book import ShopBook
from tandemplan.results.schedule_shapes import CLASSES


def check_said(book: ShopBook) -> Iterator[Finding]:
    """Yield an id, seed, name or status that is not what programme, options and tables give."""
    info, where = book.info, (RUN, None, "the schedule")
    yield from equal_text(where, "name", mapping(info, "programme").get("name"), book.programme.settings.name)
    yield from equal_text(where, "seed", info.get("seed"), mapping(info, "options").get("seed"))
    yield from equal_text(where, "run", info.get("run"), id_of(info))
    proved = all(
        r.lost <= r.lost_bound + allowed(r.lost) and r.late_unit_days <= r.bound + allowed(r.late_unit_days)
        for r in book.rows(CLASSES)
    )
    yield from equal_text(where, "status", info.get("status"), "optimal" if proved else "feasible")
