"""What may be asked of a simulation besides the plan's own world, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tandemplan.simulate.columns import Columns
from tandemplan.simulate.drivers import KINDS as DRIVERS
from tandemplan.simulate.survival import KINDS as LOSSES

PAIRS = 100


@dataclass(frozen=True)
class Comparisons:
    """What else is asked of a simulation: drivers of these kinds, losses of these kinds from a day on (None: the plan's first delivery).

    `pairs` are the replications that are run again in each world, the first ones. Raises ValueError for what has no meaning.
    """

    drivers: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    lost_from: date | None = None
    pairs: int = PAIRS

    def __post_init__(self) -> None:
        for name, given, known in (("drivers", self.drivers, DRIVERS), ("lost", self.lost, LOSSES)):
            for word in given:
                if word not in known:
                    raise ValueError(f"{name} is '{word}'; it must be one of {', '.join(known)}")
        if self.lost_from is not None and not self.lost:
            raise ValueError(f"lost_from is {self.lost_from}, and nothing is lost; say what: {', '.join(LOSSES)}")
        if self.pairs < 2:
            raise ValueError(f"pairs is {self.pairs}; it must be at least 2")

    @property
    def said(self) -> dict[str, object]:
        """Return what is asked, as `run.json` says it; nothing where nothing is."""
        if not (self.drivers or self.lost):
            return {}
        day = self.lost_from.isoformat() if self.lost_from else None
        asked = {"drivers": list(self.drivers), "lost": list(self.lost), "lost_from": day, "pairs": self.pairs}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, eq=False)
class Compared:
    """The columns of the tables that other worlds were run for; `whole`: nobody stopped it before they were done."""

    tables: Mapping[str, Columns]
    whole: bool = True
