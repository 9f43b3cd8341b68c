"""Which tasks each way to make, buy, move and deliver waits for, and on which of its days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tandemplan.model.schema import (
    BomLine,
    Contract,
    Demand,
    Lane,
    Licence,
    Offer,
    Operation,
    Site,
    Skill,
    Tool,
    WorkCentre,
)
from tandemplan.network.cells import whole_days
from tandemplan.network.flows import Lookup, openings_of
from tandemplan.network.licensing import consent_days
from tandemplan.network.making import rows_by_place, steps_of
from tandemplan.network.network import Network
from tandemplan.network.qualifying import costly
from tandemplan.network.waits import opening_tasks


@dataclass(frozen=True)
class Wait:
    """A way waits for `tasks`: they must be done `lead` days before its day of this kind (ordered, sent, received, made or given).

    `begins`: counted back to the first day of a period. `line` is the line of the bill that waits.
    """

    kind: str
    tasks: tuple[str, ...]
    lead: int = 0
    begins: bool = False
    line: BomLine | None = None


class Waits:
    """Looks up what ways wait for; holds the tables it needs."""

    def __init__(self, network: Network) -> None:
        self.programme = network.programme
        self.look = Lookup(network.programme, network.cells, openings_of(network.programme, network.dates))
        self.costly = costly(network)
        self.by_place = rows_by_place(self.programme)
        self.lines: dict[tuple[str, str], list[BomLine]] = defaultdict(list)
        for line in self.programme[BomLine].rows():
            self.lines[line.parent, line.alternative].append(line)

    def making(self, item: str, site: str, alternative: str) -> list[Wait]:
        """Return what a route waits for."""
        operations = self.programme[Operation]
        steps = steps_of(operations, self.by_place.get((item, site), []), alternative)
        found = [Wait("made", opening_tasks(self.programme, Site, site)), *self._worked("made", steps)]
        return found + [Wait("made", b.opens_after, line=b) for b in self.lines.get((item, alternative), [])]

    def buying(self, offer: int, lane: str, site: str) -> list[Wait]:
        """Return what purchases from an offer (row number) by a lane (blank: none) to a site wait for."""
        offers = self.programme[Offer]
        item = str(offers.item[offer])
        lead = 0 if offers.qualified[offer] else int(whole_days([offers.qualification_days[offer]])[0])
        return [
            Wait("ordered", tuple(offers.opens_after[offer]), lead, begins=bool(self.costly[offer])),
            Wait("sent", opening_tasks(self.programme, Lane, lane)),
            Wait("sent", self._permits(self.look.licensing.of_offer(offer, site))),
            *self._arriving(item, site),
        ]

    def moving(self, lane: int, item: str) -> list[Wait]:
        """Return what moves of an item on a lane (row number) wait for."""
        lanes = self.programme[Lane]
        origin, to = str(lanes.from_place[lane]), str(lanes.to_site[lane])
        licensing = self.look.licensing
        return [
            Wait("sent", tuple(lanes.opens_after[lane])),
            Wait("sent", self._permits(licensing.of_move(item, origin, to))),
            *(
                Wait("sent", self._permits([k]), consent_days(self.programme, k))
                for k in licensing.consents(item, origin, to)
            ),
            *self._arriving(item, to),
        ]

    def giving(self, demand: int, item: str, site: str) -> list[Wait]:
        """Return what deliveries of a demand (row number) wait for."""
        demands = self.programme[Demand]
        return [
            Wait("given", tuple(demands.opens_after[demand])),
            Wait("given", opening_tasks(self.programme, Contract, str(demands.contract[demand]))),
            Wait("given", opening_tasks(self.programme, Site, site)),
            *self._worked("given", self._handling("deliver", item, site)),
        ]

    def _arriving(self, item: str, site: str) -> list[Wait]:
        worked = self._worked("received", self._handling("receive", item, site))
        return [Wait("received", opening_tasks(self.programme, Site, site)), *worked]

    def _handling(self, when: str, item: str, site: str) -> list[int]:
        return [k for k in self.by_place.get((item, site), []) if self.programme[Operation].when[k] == when]

    def _worked(self, kind: str, rows: Iterable[int]) -> list[Wait]:
        """Return what operations wait for themselves, and for the hours that they take."""
        operations, found = self.programme[Operation], []
        for k in rows:
            found.append(Wait(kind, tuple(operations.opens_after[k])))
            for row_class, name in (
                (WorkCentre, operations.work_centre[k]), (Skill, operations.skill[k]), (Tool, operations.tool[k])
            ):  # fmt: skip
                found.append(Wait(kind, opening_tasks(self.programme, row_class, name)))
        return found

    def _permits(self, rows: Iterable[int]) -> tuple[str, ...]:
        """Return the tasks of the standing licences among `rows`."""
        licences = self.programme[Licence]
        return tuple(str(licences.task[k]) for k in rows if licences.kind[k] == "standing" and licences.task[k])
