"""How the plan is carried out: what planners do differently, each of them by a name and a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

CHOICES = {
    "service": ("class", "due"),
    "sources": ("soonest", "planned"),
    "timing": ("cover", "dates"),
}


@dataclass(frozen=True)
class Policy:
    """What planners decide by (`docs/simulation.md`, Policy); the defaults are what a simulation does if nothing is said.

    - `levels`: periods that each level of work is given.
    - `ahead`: periods by which work and purchases are released earlier still, for idle hands alone.
    - `service`: who comes first, the lower `class` or whoever is `due` first.
    - `sources`: an order that is late goes to whoever is `soonest`, or waits for its `planned` source.
    - `timing`: releases keep the plan's `cover`, or its `dates`.

    Raises ValueError for what has no meaning.

    >>> Policy(ahead=-1)
    Traceback (most recent call last):
    ValueError: policy ahead is -1; it must be at least 0 and at most 100
    """

    levels: float = 1.0
    ahead: float = 2.0
    service: str = "class"
    sources: str = "soonest"
    timing: str = "cover"

    def __post_init__(self) -> None:
        for name in ("levels", "ahead"):
            if not 0 <= getattr(self, name) <= 100:
                raise ValueError(f"policy {name} is {getattr(self, name)}; it must be at least 0 and at most 100")
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"policy {name} is '{getattr(self, name)}'; it must be {' or '.join(known)}")

    @property
    def said(self) -> dict[str, object]:
        """Return what differs from the defaults, as `run.json` says it; nothing where nothing does."""
        usual = Policy()
        found = {f.name: getattr(self, f.name) for f in fields(self)}
        differs = {name: value for name, value in found.items() if value != getattr(usual, name)}
        return {"policy": differs} if differs else {}


USUAL = Policy()


def policy_of(given: Mapping[str, Any]) -> Policy:
    """Return the policy with these values, texts or numbers, by name; raises ValueError for what has no meaning.

    >>> policy_of({"ahead": "0.5", "service": "due"})
    Policy(levels=1.0, ahead=0.5, service='due', sources='soonest', timing='cover')
    >>> policy_of({"pace": 2})
    Traceback (most recent call last):
    ValueError: policy has no 'pace'; it has levels, ahead, service, sources, timing
    """
    known = [f.name for f in fields(Policy)]
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"policy has no '{name}'; it has {', '.join(known)}")
        if name not in CHOICES:
            try:
                float(value)
            except (TypeError, ValueError) as error:
                raise ValueError(f"policy {name} is '{value}'; it must be a number of periods") from error
    values: dict[str, Any] = {name: value if name in CHOICES else float(value) for name, value in given.items()}
    return Policy(**values)
