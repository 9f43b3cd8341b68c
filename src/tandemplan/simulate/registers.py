"""What is numbered while a world is made: streams of randomness, distributions, gates of tasks, targets of effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tandemplan.network.cells import whole_days
from tandemplan.simulate import layout as at
from tandemplan.simulate.draws import packed
from tandemplan.simulate.layout import Floats
from tandemplan.simulate.philox import stream
from tandemplan.simulate.shapes import Distribution, distribution

SOURCES = {  # what varies, by the names of its streams
    "lead time": "lead times", "licence": "licences", "acceptance": "acceptance", "transit": "transit", "crossing": "crossings",
    "closure": "crossings", "hours": "hours", "yield": "yields", "breakdown": "breakdowns", "task": "tasks", "tranche": "funding",
    "contract": "demand", "quantity": "demand", "risk": "risks", "risk length": "risks",
}  # fmt: skip
Varying = tuple[str, str]  # a stream's source of randomness, and whose it is
Held = frozenset[Varying]  # what is held at its mean: a value of SOURCES and whose it is (blank: all of it)
NOTHING: Held = frozenset()


@dataclass
class Registers:
    """Numbers of streams, distributions, gates and targets, given as they are first asked for; without `random`, means are certain.

    What is `held` is at its mean too, exactly, not rounded as plans do. `varying` gathers all that is drawn, as a value of SOURCES and whose it is.
    """

    seed: int
    random: bool
    held: Held = NOTHING
    varying: set[Varying] = field(default_factory=set)
    keys: list[np.uint64] = field(default_factory=list)
    shapes: list[Distribution] = field(default_factory=list)
    gates: dict[frozenset[str], int] = field(default_factory=dict)
    doors: dict[str, int] = field(default_factory=dict)
    targets: dict[tuple[int, int], tuple[int, float]] = field(default_factory=dict)

    def varies(self, of: Varying, *, spread: bool = True) -> bool:
        """Say whether something is drawn (it has a `spread`), and note it; not where nothing is random or it is held."""
        source, name = SOURCES[of[0]], of[1]
        if not (self.random and spread) or self.held & {(source, ""), (source, name)}:
            return False
        self.varying.add((source, name))
        return True

    def stream(self, source: str, name: str, *, spread: bool = True) -> int:
        """Return the number of a new stream (-1 where nothing varies)."""
        if not self.varies((source, name), spread=spread):
            return -1
        self.keys.append(stream(self.seed, source, name))
        return len(self.keys) - 1

    def always(self, source: str, name: str) -> int:
        """Return the number of a new stream, also where nothing varies (its draws are constants then)."""
        self.keys.append(stream(self.seed, source, name))
        return len(self.keys) - 1

    def time(self, of: Varying, shape: str, mean: float, sd: float, *, whole: bool = True) -> int:
        """Return the number of a distribution of days; where nothing is random they are rounded up to `whole` days, as plans do."""
        if not self.random:
            return self.certain(float(whole_days([mean])[0]) if whole else mean)
        drawn = distribution(shape, mean, sd if np.isfinite(sd) else 0.0)
        return self._shape(drawn) if self.varies(of, spread=drawn.sd > 0) else self.certain(mean)

    def certain(self, value: float) -> int:
        """Return the number of a distribution that has one value."""
        return self._shape(distribution("constant", value, 0.0))

    def _shape(self, one: Distribution) -> int:
        self.shapes.append(one)
        return len(self.shapes) - 1

    def gate(self, tasks: Iterable[str]) -> int:
        """Return the number of the gate that opens when all these tasks are done (-1: none is named)."""
        found = frozenset(t for t in tasks if t)
        if not found:
            return -1
        return self.gates.setdefault(found, len(self.gates))

    def target(self, kind: int, which: int, base: float) -> int:
        """Return the number of what effects change, of a kind and a row."""
        return self.targets.setdefault((kind, which), (len(self.targets), base))[0]

    def known(self, kind: int, which: int) -> int:
        """Return the number of a target that some effect changes (-1: none does)."""
        return self.targets.get((kind, which), (-1, 0.0))[0]


def arrays_of(registers: Registers) -> tuple[NDArray[np.uint64], Floats, Floats, Floats]:
    """Return keys, packed distributions, gates (tasks that each waits for), and targets as tables."""
    table = np.full((len(registers.targets), at.TARGET_COLUMNS), -1.0)
    for (kind, which), (number, base) in registers.targets.items():
        table[number] = base, kind, which
    gates = np.array([float(len(g)) for g in registers.gates]).reshape(-1, 1)
    return np.array(registers.keys, dtype=np.uint64), packed(registers.shapes), gates, table


def door(registers: Registers, name: str) -> str:
    """Return a door's name for gates that wait for it: what opens and shuts, unlike a task, which is done once."""
    registers.doors.setdefault(name, len(registers.doors))
    return name
