"""Heat map of a schedule's load: stations of work centres, and buckets, against days, weeks or months."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tandemplan.arrays import Floats, sums
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Site, WorkCentre
from tandemplan.report.buckets import MOST, Buckets
from tandemplan.report.drawing import Drawing
from tandemplan.report.facts import resource_names, row_names, rows
from tandemplan.report.figures.load import KEYS, MOST_ROWS, Course, heat_map
from tandemplan.report.wording import counted, percent
from tandemplan.results.schedule_shapes import ORDER_LOADS, SCHEDULE_LOAD
from tandemplan.results.store import Run
from tandemplan.schedule.hours import DAY
from tandemplan.schedule.open_time import Working, working

FULL, LEAST = 0.995, 1e-6
UNLIMITED = 1e6  # stations: what is not constrained


def shop_load(run: Run, programme: Programme) -> Drawing:
    """Return the share of open time in which stations work or change set-ups, and of what buckets hold that is used."""
    found, cut = courses(run, programme)
    busy = max(found, key=lambda c: sum(c.used) / max(sum(c.hours), LEAST), default=None)
    if busy is None:
        return Drawing("Load of work centres", "No work centre.", ())
    full = [c for c in found if c.full]
    said = (
        f"{len(full)} of {counted(len(found), 'work centre')} {'is' if len(full) == 1 else 'are'} full on at least one day; "
        f"the busiest, {busy.name}, works {percent(sum(busy.used), max(sum(busy.hours), LEAST))} of its open time"
    )
    step = {"period": "day", "week": "week", "month": "month"}[cut.step]
    note = f"Per cent of the hours in which stations are open that orders work or change set-ups, by {step}; of buckets, of what they hold."
    if len(found) > MOST_ROWS:
        note += f" {counted(len(found) - MOST_ROWS, 'work centre')} less used are in the table load."
    return Drawing(
        "Load of work centres", f"{said}.", (heat_map(found[:MOST_ROWS], cut, said, "day"),), KEYS, note=note
    )


def courses(run: Run, programme: Programme) -> tuple[list[Course], Buckets]:
    """Return the load of each work centre that has orders, the fullest first, in days, weeks or months: as fine as has room."""
    hours = working(run, programme)
    first, days = hours.start.astype("datetime64[D]").item(), hours.seconds // DAY
    cut = _cut(first, days)
    of = np.array([cut.of(first + timedelta(days=d)) for d in range(days)], dtype=np.int64)
    names, sites = resource_names(programme), row_names(programme, Site)
    places = dict(zip(programme[WorkCentre].work_centre.tolist(), programme[WorkCentre].site.tolist(), strict=True))
    found = []
    for name, (present, used) in _daily(run, hours).items():
        full = (used >= FULL * present) & (used > LEAST)
        count = len(cut.starts)
        has, uses = (tuple(sums(of, v, count).tolist()) for v in (present, used))
        fulls, counts = (
            tuple(map(int, sums(of, v.astype(np.float64), count).tolist())) for v in (full, present > LEAST)
        )
        site = places.get(name, "")
        found.append(Course("work centre", names.get(name, name), sites.get(str(site), ""), has, uses, fulls, counts, sum(counts)))  # fmt: skip
    return sorted(found, key=lambda c: (-sum(c.used) / max(sum(c.hours), LEAST), c.name)), cut


def _cut(first: date, days: int) -> Buckets:
    """Return days where they are few, else weeks from the first Monday, else months."""
    end = first + timedelta(days=days)
    if days <= MOST:
        return Buckets(tuple(first + timedelta(days=d) for d in range(days)), end, "period")
    monday = first + timedelta(days=7 - first.weekday())
    weeks = [first, *(monday + timedelta(days=7 * k) for k in range((end - monday).days // 7 + 1))]
    weeks = [w for w in weeks if w < end]
    if len(weeks) <= 2 * MOST:
        return Buckets(tuple(weeks), end, "week")
    months = [first, *(d for d in (first + timedelta(days=k) for k in range(1, days)) if d.day == 1)]
    return Buckets(tuple(months), end, "month")


def _daily(run: Run, hours: Working) -> dict[str, tuple[Floats, Floats]]:
    """Return what each work centre has and uses on each day: hours of stations, or what its buckets hold; without those that have no limit."""
    loads, days = run[ORDER_LOADS], hours.seconds // DAY
    begin, end = hours.second(loads["set_up_start"]), hours.second(loads["end"])
    found: dict[str, tuple[Floats, Floats]] = {}
    buckets = {r["resource"] for r in rows(run, SCHEDULE_LOAD) if r["counts"] == "buckets"}
    for name in sorted(set(loads["work_centre"].tolist()) - buckets):
        mine, present = loads["work_centre"] == name, hours.present(name)
        if present.max(initial=0.0) < 24 * UNLIMITED:
            found[name] = present, hours.used(name, begin[mine], end[mine], loads["stations"][mine])
    for name in sorted(buckets):
        held = [r for r in rows(run, SCHEDULE_LOAD) if r["resource"] == name]
        at = hours.second(np.array([r["from_moment"] for r in held], dtype="datetime64[s]")) // DAY
        kept = (at >= 0) & (at < days)
        has, uses = (np.array([r[c] for r in held])[kept] for c in ("available", "used"))
        found[name] = sums(at[kept], has, days), sums(at[kept], uses, days)
    return found
