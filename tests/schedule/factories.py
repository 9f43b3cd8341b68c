"""Factories for tests: a draft to which things are added one after the other, the synthetic case, and random small ones."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import numpy as np

from tandemplan.schedule.factory import (
    BUY,
    FOREVER,
    MAKE,
    UNLIMITED,
    Buffers,
    Demands,
    Factory,
    Flows,
    Given,
    Loads,
    Modes,
    Names,
    Openings,
    Processes,
    Resources,
    Timeline,
)

DAY = 86400


@dataclass
class Draft:
    """A factory in the making; all methods return the row of what they add."""

    horizon: int = 5 * 365 * DAY
    buffers: list[tuple[str, float]] = field(default_factory=list)
    safety: dict[int, list[tuple[int, float]]] = field(default_factory=dict)
    processes: list[dict] = field(default_factory=list)
    modes: list[list[dict]] = field(default_factory=list)  # by process
    resources: list[dict] = field(default_factory=list)
    calendars: list[list[tuple[int, int]]] = field(default_factory=lambda: [[(-FOREVER, FOREVER)]])
    demands: list[dict] = field(default_factory=list)
    given: list[dict] = field(default_factory=list)
    matrices: np.ndarray = field(default_factory=lambda: np.zeros((0, 1, 0), dtype=np.int64))

    def buffer(self, name: str, opening: float = 0.0) -> int:
        self.buffers.append((name, opening))
        return len(self.buffers) - 1

    def resource(self, size: float | list[tuple[int, float]] = 1.0, **more: int) -> int:
        sizes = [(-FOREVER, size)] if isinstance(size, (int, float)) else size
        base = {"buckets": 0, "matrix": -1, "set_up": -1, "early": FOREVER, "calendar": 0}
        self.resources.append({**base, **more, "size": sizes})
        return len(self.resources) - 1

    def calendar(self, *intervals: tuple[int, int]) -> int:
        self.calendars.append(list(intervals))
        return len(self.calendars) - 1

    def process(self, kind: int = MAKE, **more: float) -> int:
        base = {"kind": kind, "minimum": 0.0, "multiple": 0.0, "most": UNLIMITED, "rank": 1, "since": -FOREVER}
        base |= {"until": FOREVER, "fence": 0, "wait": 0, "hold": 0, "group": 0, "steps": []}
        self.processes.append({**base, **more})
        self.modes.append([])
        return len(self.processes) - 1

    def mode(self, process: int, **more: object) -> None:
        """Add a mode: `flows` (buffer, units of each unit), `loads` (resource, stations)."""
        base = {"rank": 0, "fixed": 0.0, "unit": 0.0, "calendar": 0, "begins": 0, "flows": [], "loads": [], "cost": 0.0}
        self.modes[process].append({**base, **more})

    def made(self, buffer: int, uses: dict[int, float], on: int | None = None, **more: float) -> int:
        """Add a process with one mode that makes a buffer's item."""
        times = {k: more.pop(k) for k in ("fixed", "unit", "calendar", "set_up") if k in more}
        p = self.process(**more)
        flows = [(b, -q) for b, q in uses.items()] + [(buffer, 1.0)]
        loads = [] if on is None else [(on, 1.0, times.pop("set_up", -1))]
        self.mode(p, flows=flows, loads=loads, **times)
        return p

    def demand(self, buffer: int, quantity: float, due: int, **more: float) -> int:
        base = {"latest": self.horizon, "rank": 0, "least": 0.0, "group": -1, "ways": []}
        self.demands.append({"buffer": buffer, "quantity": quantity, "due": due, **base, **more})
        return len(self.demands) - 1

    def factory(self) -> Factory:
        """Return the arrays."""
        modes = [(p, m) for p, mine in enumerate(self.modes) for m in mine]
        loads = [
            {"stations": x[1], "resource": x[0], "set_up": x[2] if len(x) > 2 else -1, **_used(x)}
            for _, m in modes
            for x in m["loads"]
        ]
        flows = [_flow(x) for _, m in modes for x in m["flows"]]
        makers = [[] for _ in self.buffers]
        ranked = sorted(range(len(modes)), key=lambda i: (self.processes[modes[i][0]]["rank"], modes[i][1]["rank"]))
        steps = {s for p in self.processes for s in p["steps"]}
        for i in ranked:
            p, m = modes[i]
            inner = [x for s in self.processes[p]["steps"] for y in self.modes[s] for x in y["flows"]]
            if self.processes[p]["rank"] > 0 and p not in steps:
                for b in dict.fromkeys(x[0] for x in [*m["flows"], *inner] if x[1] > 0):
                    makers[b].append(i)
        return Factory(
            buffers=Buffers(
                _reals(b[1] for b in self.buffers),
                _timeline([self.safety.get(b, [(-FOREVER, 0.0)]) for b in range(len(self.buffers))]),
                *_run(makers),
            ),
            processes=Processes(
                *(_column(self.processes, k) for k in ("kind", "minimum")),
                _timeline([[] for _ in self.processes]),
                *(
                    _column(self.processes, k)
                    for k in ("multiple", "most", "rank", "since", "until", "fence", "wait", "hold", "group")
                ),
                _starts([len(m) for m in self.modes]),
                *_run([p["steps"] for p in self.processes]),
            ),
            modes=Modes(
                np.array([p for p, _ in modes], dtype=np.int64),
                *(_column([m for _, m in modes], k) for k in ("rank", "fixed", "unit")),
                np.full(len(modes), -1),
                *(_column([m for _, m in modes], k) for k in ("calendar", "begins", "cost", "cost")),
                _starts([len(m["loads"]) for _, m in modes]),
                _starts([len(m["flows"]) for _, m in modes]),
            ),
            loads=Loads(*(_column(loads, k) for k in ("resource", "stations", "fixed", "unit", "set_up", "held"))),
            flows=Flows(
                *(
                    _column(flows, k)
                    for k in ("buffer", "fixed", "unit", "at_end", "offset", "transfer", "since", "until")
                )
            ),
            resources=Resources(
                _timeline([r["size"] for r in self.resources]),
                *(_column(self.resources, k) for k in ("buckets", "matrix", "set_up", "early", "calendar")),
            ),
            efficiency=_timeline([]),
            openings=Openings(
                _starts([len(c) for c in self.calendars]),
                np.array([i[0] for c in self.calendars for i in c], dtype=np.int64),
                np.array([i[1] for c in self.calendars for i in c], dtype=np.int64),
            ),
            set_up_seconds=self.matrices,
            set_up_cost=np.zeros(self.matrices.shape),
            demands=Demands(
                *(_column(self.demands, k) for k in ("buffer", "quantity", "due", "latest", "rank", "least", "group")),
                *_run([d["ways"] for d in self.demands]),
            ),
            given=Given(*(_column(self.given, k) for k in Given._fields)),
            horizon=self.horizon,
            names=Names(
                tuple((b[0], "") for b in self.buffers),
                tuple(str(i) for i in range(len(self.processes))),
                tuple(str(i) for i in range(len(self.resources))),
                tuple(str(i) for i in range(self.matrices.shape[2])),
                tuple(str(i) for i in range(len(self.demands))),
                tuple(str(i) for i in range(len(self.given))),
            ),
        )


REAL = {"quantity", "minimum", "multiple", "most", "fixed", "unit", "stations", "cost", "transfer", "least"}


def _used(load: tuple) -> dict:
    fixed, unit = load[3] if len(load) > 3 else (0.0, 0.0)
    return {"fixed": fixed, "unit": unit, "held": load[4] if len(load) > 4 else 0}


def _flow(flow: tuple) -> dict:
    more = flow[2] if len(flow) > 2 else {}
    base = {"fixed": 0.0, "at_end": int(flow[1] > 0), "offset": 0, "transfer": 0.0, "since": -FOREVER, "until": FOREVER}
    return {"buffer": flow[0], "unit": flow[1], **base, **more}


def _column(rows: list[dict], name: str) -> np.ndarray:
    return np.array([r[name] for r in rows], dtype=np.float64 if name in REAL else np.int64)


def _reals(values) -> np.ndarray:
    return np.array(list(values), dtype=np.float64)


def _starts(lengths: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _run(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    return _starts([len(x) for x in lists]), np.array([i for x in lists for i in x], dtype=np.int64)


def _timeline(runs: list[list[tuple[int, float]]]) -> Timeline:
    return Timeline(
        _starts([len(r) for r in runs]),
        np.array([x[0] for r in runs for x in r], dtype=np.int64),
        _reals(x[1] for r in runs for x in r),
    )


def synthetic(orders: int) -> Factory:
    """Return the case of 50 products x 3 levels, 100 bought parts, 20 machines, some orders in a year, drawn as its XML text is."""
    rng, draft = random.Random(1), Draft(horizon=3 * 365 * DAY)
    machines = [draft.resource() for _ in range(20)]
    parts = [draft.buffer(f"C{i}") for i in range(100)]
    for part in parts:
        lead, minimum = rng.randint(5, 60), rng.choice([1, 50, 100])
        draft.made(part, {}, kind=BUY, minimum=float(minimum), fixed=float(lead * DAY))
    products = [[draft.buffer(f"P{p}_{i}") for i in range(3)] for p in range(50)]
    for product in products:
        for level in range(3):
            uses = {product[level + 1]: 1.0} if level < 2 else {}
            for part in rng.sample(range(100), 3):
                uses[parts[part]] = float(rng.randint(1, 4))
            seconds = float(rng.randint(2, 30) * 20)
            draft.made(product[level], uses, on=machines[rng.randrange(20)], unit=seconds, minimum=1.0)
    for _ in range(orders):
        due = rng.randint(30, 360) * DAY
        item, quantity = products[rng.randrange(50)][0], rng.randint(1, 60)
        draft.demand(item, float(quantity), due, rank=rng.randint(1, 3) - 1, least=float(quantity // 10))
    return draft.factory()


def shop(seed: int) -> Factory:
    """Return a random small factory: products of parts, on stations with calendars, by alternatives, with stock, lots and classes."""
    rng = random.Random(seed)
    draft = Draft(horizon=400 * DAY)
    calendars = [0, draft.calendar(*[(d * DAY + 6 * 3600, d * DAY + 22 * 3600) for d in range(-5, 500)])]
    stations = [draft.resource(float(rng.choice([1, 1, 2]))) for _ in range(rng.randint(1, 3))]
    stations.append(draft.resource([(-FOREVER, 0.0), (DAY, 1.0), (20 * DAY, 0.0), (25 * DAY, 2.0)]))
    parts = [draft.buffer(f"part {i}", float(rng.choice([0, 0, 15]))) for i in range(rng.randint(1, 4))]
    for part in parts:
        lot = {
            "minimum": float(rng.choice([1, 10])),
            "multiple": float(rng.choice([0, 5])),
            "most": float(rng.choice([25, 1000])),
        }
        draft.made(part, {}, kind=BUY, fixed=float(rng.randint(1, 15) * DAY), fence=rng.choice([0, DAY]), **lot)
    items: list[int] = []
    for level in range(rng.randint(1, 3)):
        items.append(draft.buffer(f"item {level}", float(rng.choice([0, 5]))))
        p = draft.process(
            minimum=1.0, hold=rng.choice([0, 0, 3600]), wait=rng.choice([0, 0, 7200]), most=float(rng.choice([8, 1000]))
        )
        for rank in range(rng.randint(1, 2)):
            uses = [(rng.choice(parts), -float(rng.randint(1, 3)))] + ([(items[level - 1], -1.0)] if level else [])
            draft.mode(
                p,
                rank=rank,
                fixed=float(rng.randint(0, 5) * 600),
                unit=float(rng.randint(1, 40) * 360),
                calendar=rng.choice(calendars),
                flows=[*uses, (items[level], 1.0)],
                loads=[(rng.choice(stations), 1.0)],
            )
    for _ in range(rng.randint(2, 9)):
        quantity = float(rng.randint(1, 20))
        draft.demand(
            rng.choice(items),
            quantity,
            rng.randint(1, 40) * DAY,
            rank=rng.randint(0, 1),
            least=float(rng.choice([0, quantity // 3, quantity])),
            latest=rng.choice([60, 390]) * DAY,
        )
    return draft.factory()


def one_machine(seed: int, jobs: int) -> Factory:
    """Return some jobs on one machine, each for one demand that is delivered at once."""
    rng, draft = random.Random(seed), Draft(horizon=1000 * DAY)
    machine = draft.resource()
    for _ in range(jobs):
        item, quantity = draft.buffer("item"), float(rng.randint(1, 9))
        draft.made(
            item, {}, on=machine, minimum=quantity, fixed=float(rng.randint(1, 9) * DAY), fence=rng.choice([0, 2 * DAY])
        )
        draft.demand(item, quantity, rng.randint(0, 20) * DAY, least=quantity, rank=rng.choice([0, 0, 1]))
    return draft.factory()
