"""What a run must hold so that it can be told: `run.json` of the right types, cells that can be reckoned with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tandemplan.results.fields import Field, Shape, Type

FIRST_DAY, LAST_DAY = np.datetime64("1700-01-01", "D"), np.datetime64("2999-12-31", "D")
LARGEST = 1e100  # far above any plan's, and sums of such numbers stay finite
TIMED = frozenset({"read", "build", "solve", "simulate", "write"})  # what a run takes seconds for


def unsound_info(info: Mapping[str, Any]) -> str:
    """Return what `run.json` does not say as it should, as the end of a sentence; blank where it says all.

    >>> about = {"run": "plan-1", "status": "optimal", "programme": {}}
    >>> unsound_info(about), unsound_info(about | {"notes": 5}), unsound_info({"run": "plan-1"})
    ('', 'its notes are no list of texts', 'it does not say its status')
    """
    for name, fits in (("run", _text), ("status", _text), ("programme", _object)):
        if not fits(info.get(name)):
            return f"it does not say its {name}"
    return next((f"its {n} are no {word}" for n, (fits, word) in _KINDS.items() if n in info and not fits(info[n])), "")


def unsound_cell(shape: Shape, frame: Mapping[str, NDArray[Any]]) -> str:
    r"""Return the first cell of a table that cannot be reckoned with, as a sentence; blank where there is none.

    >>> from tandemplan.results.shape import COSTS
    >>> from tandemplan.testing.runs import run_of
    >>> unsound_cell(COSTS, run_of("[costs]\nterm,amount\npurchases,5\nwages,inf").tables["costs"])
    'costs.csv:3: amount is inf; a plan holds no such number.'
    """
    for field in shape.fields:
        values = frame[field.name]
        bad = np.flatnonzero(_bad(field, values))
        if len(bad):
            what = (
                "is blank"
                if field.type in (Type.DATE, Type.MOMENT)
                else f"is {values[bad[0]]}; a plan holds no such number"
            )
            return f"{shape.name}.csv:{bad[0] + 2}: {field.name} {what}."
    return ""


def _bad(field: Field, values: NDArray[Any]) -> NDArray[Any]:
    if field.type in (Type.UNITS, Type.MONEY):
        blank = np.isnan(values) & field.may_be_blank
        return np.asarray(np.logical_not((np.abs(values) <= LARGEST) | blank))
    if field.type in (Type.DATE, Type.MOMENT) and not field.may_be_blank:
        return np.asarray(np.isnat(values))
    return np.zeros(len(values), dtype=np.bool_)


def _text(said: object) -> bool:
    return isinstance(said, str)


def _number(said: object) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool)


def _object(said: object) -> bool:
    return isinstance(said, dict)


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda said: isinstance(said, list) and all(map(fits, said))


def _objective(said: Any) -> bool:
    """Tell whether an objective, which a run without a plan lacks, gives its numbers and its stages."""
    if said is None:
        return True
    numbers = ("value", "bound", "gap")
    return (
        _object(said)
        and all(_number(said[n]) for n in numbers if n in said)
        and _list_of(lambda s: _object(s) and _text(s.get("stage")) and _number(s.get("gap")))(said.get("stages", []))
    )


def _totals(said: Any) -> bool:
    """Tell whether totals, which a run without a plan lacks, give the sums of each unit of measure."""
    sums = ("demanded", "on_time", "late", "lost")
    return said is None or (
        _object(said)
        and _object(said.get("units"))
        and all(_object(t) and all(_number(t.get(n)) for n in sums) for t in said["units"].values())
    )


def _told(said: Any) -> bool:
    return _object(said) and _text(said.get("text"))


def _search(said: Any) -> bool:
    """Tell whether a search for conflicts, which a run with a plan lacks, says what it proved."""
    proved = ("irreducible", "complete")
    return _object(said) and _text(said.get("reason")) and all(isinstance(said.get(n), bool) for n in proved)


_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "scenarios": (_list_of(_text), "list of texts"),
    "changes": (_list_of(_text), "list of texts"),
    "options": (_object, "object"),
    "versions": (_object, "object"),
    "objective": (_objective, "objective with the numbers of its stages"),
    "totals": (_totals, "totals with the sums of each unit"),
    "conflicts": (_list_of(lambda c: _told(c) and _number(c.get("conflict", 1))), "list of limits with a text each"),
    "remedies": (
        _list_of(lambda r: _told(r) and _list_of(_text)(r.get("changes", []))),
        "list of remedies with a text each",
    ),
    "conflict_search": (_search, "object of irreducible, complete and reason"),
    "unreckoned_classes": (_list_of(_number), "list of numbers"),
    "unreckoned_rules": (_list_of(_text), "list of texts"),
    "notes": (_list_of(_text), "list of texts"),
    "hopeful_notes": (_list_of(_text), "list of texts"),
    "seconds": (
        lambda said: _object(said) and set(said) <= TIMED and all(map(_number, said.values())),
        "object of numbers (read, build, solve, simulate, write)",
    ),
}
