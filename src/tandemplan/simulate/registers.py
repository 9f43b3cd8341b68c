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


@dataclass
class Registers:
    """Numbers of streams, distributions, gates and targets, given as they are first asked for; without `random`, means are certain."""

    seed: int
    random: bool
    keys: list[np.uint64] = field(default_factory=list)
    shapes: list[Distribution] = field(default_factory=list)
    gates: dict[frozenset[str], int] = field(default_factory=dict)
    targets: dict[tuple[int, int], tuple[int, float]] = field(default_factory=dict)

    def stream(self, source: str, name: str) -> int:
        """Return the number of a new stream (-1 where nothing varies)."""
        if not self.random:
            return -1
        self.keys.append(stream(self.seed, source, name))
        return len(self.keys) - 1

    def always(self, source: str, name: str) -> int:
        """Return the number of a new stream, also where nothing varies (its draws are constants then)."""
        self.keys.append(stream(self.seed, source, name))
        return len(self.keys) - 1

    def days(self, shape: str, mean: float, sd: float) -> int:
        """Return the number of a distribution of days; certain ones are rounded up to whole days, as plans do."""
        if not self.random:
            return self._shape(distribution("constant", float(whole_days([mean])[0]), 0.0))
        return self._shape(distribution(shape, mean, sd if np.isfinite(sd) else 0.0))

    def hours(self, mean: float, sd: float) -> int:
        """Return the number of a lognormal distribution of hours."""
        return self._shape(distribution("lognormal", mean, sd if self.random else 0.0))

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
