"""Tampering with runs: one untruth at a time, in cells, rows and `run.json`, for tests of what an audit finds.

An untruth is larger than what rounding may hide: half a tenth of a unit, half a unit of money, a day, another name.
Digests are not looked at here: whoever changes a table can change its digest too, so the content must give it away.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import isnan
from typing import Any

import numpy as np

from tandemplan.results.fields import Field, Shape, Type
from tandemplan.results.shape import SHAPES
from tandemplan.results.store import Frame, Run

STEPS = {Type.UNITS: 0.05, Type.MONEY: 0.5}
RELATIVE = 2e-5


@dataclass(frozen=True, eq=False)
class Tampered:
    """A run with one untruth: in `table` (or `run.json`), in `column` (of several: what was done), said in words."""

    table: str
    column: str
    kind: str
    said: str
    run: Run


def cells(run: Run, draw: random.Random, each: int) -> Iterator[Tampered]:
    """Yield the run with another value in up to `each` cells of every column of every table."""
    for shape in SHAPES:
        frame = run.tables[shape.name]
        for field in shape.fields:
            values = frame[field.name]
            for at in draw.sample(range(len(values)), min(each, len(values))):
                new = another(field, values, at, draw)
                if new is not None:
                    words = f"row {at + 2}: {values[at]} -> {new}"
                    yield Tampered(shape.name, field.name, "cell", words, with_cell(run, shape, field.name, {at: new}))


def another(field: Field, values: Any, at: int, draw: random.Random) -> Any | None:
    """Return another value for a cell of a column, or None when there is none to be had.

    >>> from tandemplan.results.shape import STOCK
    >>> another(STOCK.fields[3], np.array([100.0]), 0, random.Random(1)) == 100.0
    False
    """
    old = values[at]
    if field.type in STEPS:
        return number_beyond(field.type, float(old), draw)
    if field.type is Type.WHOLE:
        return int(old) + draw.choice((-1, 1, draw.choice((-1, 1)) * draw.randint(1, 9)))
    if field.type is Type.FLAG:
        return not old
    others = [v for v in dict.fromkeys(values.tolist()) if v != old]
    if field.type is Type.TEXT:
        return draw.choice([*draw.sample(others, min(3, len(others))), "" if old else "someone else"])
    return other_day(field, old, draw)


def number_beyond(kind: Type, old: float, draw: random.Random) -> float:
    """Return a number that differs from another (a blank: none) by more than rounding: a little, much, or in an obvious way."""
    old = 0.0 if isnan(old) else old
    least = STEPS[kind] + RELATIVE * abs(old)
    ways = [old + draw.choice((-1, 1)) * least * 10 ** draw.uniform(0, 4)]
    if abs(old) > least:
        ways += [0.0, -old, 2 * old]
    return round(draw.choice(ways), 6 if kind is Type.UNITS else 2)


def other_day(field: Field, old: Any, draw: random.Random) -> np.datetime64:
    """Return another day: one, a week or more away, or none where a cell may be blank."""
    if np.isnat(old):
        return np.datetime64("2026-09-01") + np.timedelta64(draw.randint(0, 100), "D")
    if field.may_be_blank and not draw.randrange(4):
        return np.datetime64("NaT", "D")
    return np.datetime64(old, "D") + np.timedelta64(draw.choice((-7, -1, 1, 7, draw.randint(8, 60))), "D")


def with_cell(run: Run, shape: Shape, column: str, new: Mapping[int, Any]) -> Run:
    """Return the run with other values in some rows of a column."""
    values = run.tables[shape.name][column].copy()
    for at, value in new.items():
        values[at] = value
    return with_table(run, shape, {**run.tables[shape.name], column: values})


def with_table(run: Run, shape: Shape, frame: Frame) -> Run:
    """Return the run with another table."""
    return replace(run, tables={**run.tables, shape.name: frame})


def rows(run: Run, draw: random.Random, each: int) -> Iterator[Tampered]:
    """Yield the run with rows of every audited table lost, doubled, added, mixed up or moved, `each` times each way."""
    for shape in SHAPES:
        size = len(run.tables[shape.name][shape.names[0]])
        if not size or not any(f.audited for f in shape.fields):
            continue
        for kind, change in WAYS.items():
            for _ in range(min(each, size) if kind in ("dropped", "doubled") else each):
                found = change(run, shape, draw)
                if found is not None:
                    words, made = found
                    yield Tampered(shape.name, f"row {kind}", kind, words, made)


def taken(frame: Frame, order: list[int]) -> dict[str, Any]:
    """Return the rows of a table in another order, or some of them."""
    return {name: values[order] for name, values in frame.items()}


def _dropped(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run]:
    frame = run.tables[shape.name]
    size = len(frame[shape.names[0]])
    at = draw.randrange(size)
    return f"row {at + 2}", with_table(run, shape, taken(frame, [i for i in range(size) if i != at]))


def _doubled(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run]:
    return _copied(run, shape, draw, 1.0)


def _added(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run]:
    return _copied(run, shape, draw, 0.5)


def _copied(run: Run, shape: Shape, draw: random.Random, factor: float) -> tuple[str, Run]:
    """Add a copy of a row, under a name of its own where rows have names, its numbers times a factor."""
    frame = run.tables[shape.name]
    size = len(frame[shape.names[0]])
    at = draw.randrange(size)
    made = taken(frame, [*range(size), at])
    for field in shape.fields:
        if field.type in STEPS and field.name != "price":
            made[field.name][size] *= factor
    if "order" in made:
        made["order"][size] = "NEW-1"
    return f"row {at + 2} once more, times {factor:g}", with_table(run, shape, made)


def _scaled(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run] | None:
    """Multiply all numbers of a row by one factor, so that they still agree with each other."""
    frame = run.tables[shape.name]
    at, made = draw.randrange(len(frame[shape.names[0]])), dict(frame)
    names = [f.name for f in shape.fields if f.audited and f.type in STEPS and f.name != "price"]
    if not any(abs(frame[n][at]) > 1 for n in names):
        return None
    for name in names:
        made[name] = frame[name].copy()
        made[name][at] *= 1.1
    return f"row {at + 2} times 1.1", with_table(run, shape, made)


def _shifted(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run] | None:
    """Move all days of a row by one day or week, so that they still agree with each other."""
    names = [f.name for f in shape.fields if f.audited and f.type is Type.DATE and f.name != "due"]
    frame = run.tables[shape.name]
    at, days = draw.randrange(len(frame[shape.names[0]])), draw.choice((-7, -1, 1, 7))
    if not names or any(np.isnat(frame[n][at]) for n in names):
        return None
    made = dict(frame)
    for name in names:
        made[name] = frame[name].copy()
        made[name][at] += np.timedelta64(days, "D")
    return f"row {at + 2} by {days} days", with_table(run, shape, made)


def _exchanged(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run] | None:
    """Exchange the values of one column between two rows."""
    fields = [f for f in shape.fields if f.audited and f.name != "order"]
    field, frame = draw.choice(fields), run.tables[shape.name]
    values = frame[field.name]
    for _ in range(50):
        a, b = draw.randrange(len(values)), draw.randrange(len(values))
        if field.type in STEPS:
            differ = abs(values[a] - values[b]) > STEPS[field.type] + RELATIVE * abs(values[a])
        else:
            differ = str(values[a]) != str(values[b])
        if differ:
            made = with_cell(run, shape, field.name, {a: values[b], b: values[a]})
            if said(made, shape) != said(run, shape) and not _alike(
                run, shape, field, (a, b)
            ):  # else only their order differs
                return f"{field.name} of rows {a + 2} and {b + 2}", made
    return None


def _alike(run: Run, shape: Shape, but: Field, places: tuple[int, int]) -> bool:
    """Tell whether two rows say the same, within what the audit allows, but for one column."""
    frame, (a, b) = run.tables[shape.name], places
    for field in (f for f in shape.fields if f.audited and f.name not in ("order", but.name)):
        one, other = frame[field.name][a], frame[field.name][b]
        same = abs(one - other) <= STEPS[field.type] if field.type in STEPS else str(one) == str(other)
        if not same:
            return False
    return True


def said(run: Run, shape: Shape) -> list[tuple[str, ...]]:
    """Return what the audited columns of a table say, whatever the order of its rows."""
    columns = [run.tables[shape.name][f.name] for f in shape.fields if f.audited and f.name != "order"]
    return sorted(tuple(map(str, row)) for row in zip(*columns, strict=True))


def _compensated(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run] | None:
    """Take from one row what is given to another, so that sums stay."""
    fields = [f for f in shape.fields if f.audited and f.type in STEPS]
    frame = run.tables[shape.name]
    size = len(frame[shape.names[0]])
    if not fields or size < 2:
        return None
    field = draw.choice(fields)
    values = frame[field.name]
    a, b = draw.sample(range(size), 2)
    least = STEPS[field.type] + RELATIVE * max(abs(values[a]), abs(values[b]))
    some = round(least * 10 ** draw.uniform(0, 3), 2)
    new = {a: values[a] + some, b: values[b] - some}
    return f"{some:g} of {field.name} from row {b + 2} to {a + 2}", with_cell(run, shape, field.name, new)


def _recounted(run: Run, shape: Shape, draw: random.Random) -> tuple[str, Run] | None:
    """Move an amount from one column of a row to another, so that the row's sum stays."""
    frame = run.tables[shape.name]
    at = draw.randrange(len(frame[shape.names[0]]))
    names = [f.name for f in shape.fields if f.audited and f.type is Type.UNITS]
    if len(names) < 2:
        return None
    one, other = draw.sample(names, 2)
    some = round((0.05 + RELATIVE * max(abs(frame[one][at]), abs(frame[other][at]))) * 10 ** draw.uniform(0, 3), 2)
    made = with_cell(run, shape, one, {at: frame[one][at] + some})
    made = with_cell(made, shape, other, {at: frame[other][at] - some})
    return f"row {at + 2}: {some:g} from {other} to {one}", made


Change = Callable[[Run, Shape, random.Random], tuple[str, Run] | None]
WAYS: Mapping[str, Change] = {
    "dropped": _dropped,
    "doubled": _doubled,
    "added": _added,
    "scaled": _scaled,
    "shifted": _shifted,
    "exchanged": _exchanged,
    "compensated": _compensated,
    "recounted": _recounted,
}


def info(run: Run, draw: random.Random) -> Iterator[Tampered]:
    """Yield the run with each value that `run.json` holds changed, dropped, or made another type, one at a time."""
    for path in _paths(dict(run.info)):
        if path[0] in ("digests", "seconds"):
            continue
        for kind in ("changed", "dropped", "of another type"):
            made = copy.deepcopy(dict(run.info))
            holder: Any = made
            for step in path[:-1]:
                holder = holder[step]
            old = holder[path[-1]]
            if kind == "dropped" and old is None:
                continue  # nothing said, and nothing said
            if kind == "dropped":
                del holder[path[-1]]
            elif kind == "of another type":
                holder[path[-1]] = {"was": old} if not isinstance(old, dict) else str(old)
            else:
                new = _another_value(old, draw)
                if new is None:
                    continue
                holder[path[-1]] = new
            name = ".".join("*" if isinstance(p, int) else p for p in path)
            yield Tampered("run.json", name, kind, f"{path} was {str(old)[:60]}", replace(run, info=made))


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*before, step)
        yield from _paths(one, (*before, step))


def _another_value(old: Any, draw: random.Random) -> Any | None:
    if isinstance(old, bool):
        return not old
    if isinstance(old, int):
        return old + draw.choice((-1, 1))
    if isinstance(old, float):
        return round(old + draw.choice((-1, 1)) * (1 + 0.01 * abs(old)), 6)
    if isinstance(old, str):
        return {"optimal": "feasible", "feasible": "optimal"}.get(old, f"{old}x")
    if isinstance(old, list):
        return [*old, *old[-1:]] if old else ["more"]
    return "other" if old is None else None
