"""Measure simulation, and write benchmarks/simulation.md: python benchmarks/simulation.py [RUN of the joint plant]

The same line of ten exponential stations by our engine, by SimPy and by salabim in one process, and by ours in two; then replications
of the joint plant, and of programmes three and ten times as large. Needs what stands in benchmarks/requirements.lock; on idle cores.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import numpy as np

from copies import copied
from measure import machine
from scaled import scaled
from tandemplan.audit import audit_tables
from tandemplan.model.reading import read
from tandemplan.plan import PlanOptions, plan
from tandemplan.results.store import read_answer, write_run
from tandemplan.simulate import layout as at
from tandemplan.simulate import state as st
from tandemplan.simulate.blocks import block_of, setup_of
from tandemplan.simulate.engine import replicate
from tandemplan.simulate.philox import stream
from tandemplan.simulate.run import simulated

ROOT = Path(__file__).parents[1]
STATIONS, ROOM, LOAD = 10, 10, 0.7


def line(days: int) -> at.World:
    """Return the line as a world: one route of ten steps, each with a work centre and room for ten before it."""
    steps = np.zeros((STATIONS, at.STEP_COLUMNS))
    for column in (at.STEP_SKILL, at.STEP_TOOL, at.STEP_CURVE, at.STEP_SCHOOL, at.STEP_FX_OPEN, at.STEP_FX_KNOWN, at.STEP_ENDLESS, at.STEP_YIELD_STREAM):  # fmt: skip
        steps[:, column] = -1
    steps[:, at.STEP_CENTRE] = steps[:, at.STEP_STREAM] = np.arange(STATIONS)
    for column in (at.STEP_STEADY, at.STEP_CV, at.STEP_YIELD, at.STEP_YIELD_START, at.STEP_YIELD_UNITS):
        steps[:, column] = 1
    steps[:, at.STEP_ROOM] = [-1, *[ROOM] * (STATIONS - 1)]
    return at.blank(np.array([0.0, float(days)]))._replace(
        routes=at.widened([[-1.0, 0, STATIONS, -1, 1 / LOAD, STATIONS]], at.ROUTE_COLUMNS),
        use_at=np.zeros(2, dtype=np.int64),
        steps=steps,
        resources=at.widened([[0.0, 0, -1, -1, -1]] * STATIONS, at.RESOURCE_COLUMNS),
        servers=np.ones((STATIONS, 1)),
        clock=np.tile(np.arange(days + 1.0), (STATIONS, 1)),
        hires=np.zeros((STATIONS, 1)),
        served_at=np.arange(STATIONS + 1),
        served=np.arange(STATIONS),
        keys=np.array([stream(1, "line", str(k)) for k in range(STATIONS + 1)], dtype=np.uint64),
    )


def ours(days: int) -> tuple[float, float]:
    """Return operations a second, and the mean days of a job in the line."""
    world = line(days)
    state, room = st.state_of(world, 4096, 1, 1), st.out_of(world, 1)
    assert replicate(line(10), st.state_of(line(10), 64, 1, 1), st.out_of(line(10), 1), 0, 1) == 0
    begin = time.process_time()
    assert replicate(world, state, room, 0, 1) == 0
    spent = time.process_time() - begin
    return state.waited[:, 0].sum() / spent, state.passed[0, 1] / state.passed[0, 0]


def ours_twice(days: int) -> tuple[float, float]:
    """Return operations a second of two processes together, each with its own line, by the processor's time of each; and the mean days in the line."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(ours, [10_000, 10_000]))
        found = list(pool.map(ours, [days, days]))
    return sum(pace for pace, _ in found), sum(mean for _, mean in found) / 2


def by_simpy(days: int) -> tuple[float, float]:
    """Return the same by processes of SimPy: a station takes a job from its store, works, and puts it into the next one."""
    import simpy

    env, chance = simpy.Environment(), random.Random(1)
    stores = [simpy.Store(env), *(simpy.Store(env, capacity=ROOM) for _ in range(STATIONS - 1)), simpy.Store(env)]
    count = [0, 0.0, 0]

    def source():
        while True:
            yield env.timeout(chance.expovariate(LOAD))
            yield stores[0].put(env.now)

    def station(k):
        while True:
            born = yield stores[k].get()
            yield env.timeout(chance.expovariate(1.0))
            count[0] += 1
            if k == STATIONS - 1:
                count[1] += env.now - born
                count[2] += 1
            else:
                yield stores[k + 1].put(born)

    env.process(source())
    for k in range(STATIONS):
        env.process(station(k))
    begin = time.process_time()
    env.run(until=days)
    return count[0] / (time.process_time() - begin), count[1] / count[2]


def by_salabim(days: int) -> tuple[float, float]:
    """Return the same by components of salabim."""
    import salabim as sim

    sim.yieldless(False)
    env, chance = sim.Environment(trace=False, random_seed=1), random.Random(1)
    stores = [sim.Store(), *(sim.Store(capacity=ROOM) for _ in range(STATIONS - 1))]
    count = [0, 0.0, 0]

    class Job(sim.Component):
        pass

    class Source(sim.Component):
        def process(self):
            while True:
                yield self.hold(chance.expovariate(LOAD))
                yield self.to_store(stores[0], Job())

    class Station(sim.Component):
        def setup(self, k):
            self.k = k

        def process(self):
            while True:
                job = yield self.from_store(stores[self.k])
                yield self.hold(chance.expovariate(1.0))
                count[0] += 1
                if self.k == STATIONS - 1:
                    count[1] += env.now() - job.creation_time()
                    count[2] += 1
                else:
                    yield self.to_store(stores[self.k + 1], job)

    Source()
    for k in range(STATIONS):
        Station(k=k)
    begin = time.process_time()
    env.run(till=days)
    return count[0] / (time.process_time() - begin), count[1] / count[2]


def line_rows() -> list[str]:
    """Return the table of the line: each engine as long as it takes to be sure of its pace."""
    found = [
        ("ours", *ours(400_000)),
        ("ours, two processes", *ours_twice(400_000)),
        ("SimPy", *by_simpy(20_000)),
        ("salabim", *by_salabim(4_000)),
    ]
    plain = next(pace for name, pace, _ in found if name == "SimPy")
    return [f"| {name} | {pace:,.0f} | {pace / plain:,.1f} | {days:.1f} |" for name, pace, days in found]


def plant_of(folder: Path | None, made: Path) -> Path:
    """Return the folder of a plan of the joint plant; where there is none, it is planned and written to `made`."""
    if folder is not None:
        return folder
    programme = read(ROOT / "examples" / "joint_plant")
    return write_run(plan(programme, PlanOptions(time_limit=420)), programme, made)


def processor() -> float:
    """Return seconds of the processor that this process and those it has waited for have had."""
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(f.ru_utime + f.ru_stime for f in found)


def plant_rows(folder: Path) -> list[str]:
    """Return the table of the joint plant: seconds on the wall and of the processor, after what was compiled is there."""
    run, programme = read_answer(folder)
    simulated(programme, run, replications=2, seed=1)
    rows = []
    for replications, workers in ((250, 2), (500, 2), (1_000, 2), (1_000, 1)):
        begin, before = time.perf_counter(), processor()
        found = simulated(programme, run, replications=replications, seed=1, workers=workers)
        seconds = time.perf_counter() - begin
        while active_children():  # what they took is known when they have ended
            time.sleep(0.1)
        cpu = processor() - before
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        rows.append(
            f"| {len(found):,} | {workers} | {seconds:.1f} | {cpu:.1f} | {1000 * cpu / replications:.1f} | {own:,.0f} | {child:,.0f} |"
        )
        print(rows[-1], flush=True)
    return rows


def larger(folder: Path, times: int) -> dict[str, Any]:
    """Return figures of 100 replications of the joint plant so many times as large, in this process, and what the audit finds in its plan."""
    one, programme = read_answer(folder)
    large, run = scaled(programme, times), copied(one, times)
    found = Counter(f.table for f in audit_tables(large, run.info, run.tables))
    begin = time.perf_counter()
    setup = setup_of(large, run, 1)
    ready = time.perf_counter() - begin
    block_of(setup, 0, 1)
    before, begin = time.process_time(), time.perf_counter()
    done = block_of(setup, 0, 100)
    return {
        "times": times,
        "demands": len(done.demands),
        "steps": sum(len(t) for t in (run.tables["production"]["order"], run.tables["purchases"]["order"], run.tables["moves"]["order"])),
        "ready": ready,
        "wall": 10 * (time.perf_counter() - begin),
        "cpu": 10 * (time.process_time() - before),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "delivered": float(done.delivered.sum() / done.asked.sum()),
        "found": dict(found.most_common()),
    }  # fmt: skip


def larger_rows(folder: Path) -> list[str]:
    """Return the table of larger programmes, a fresh process each."""
    rows = []
    for times in (1, 3, 10):
        command = [sys.executable, __file__, str(folder), "--larger", str(times)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        f = json.loads(done.stdout.splitlines()[-1])
        said = ", ".join(f"{table} {count:,}" for table, count in f["found"].items()) or "nothing"
        rows.append(
            f"| {times} | {f['demands']:,} | {f['steps']:,} | {f['ready']:.2f} | {f['wall']:.1f} ({f['cpu']:.1f}) | {f['memory']:,.0f} | {f['delivered']:.1%} | {said} |"
        )
        print(rows[-1], flush=True)
    return rows


HEAD = """# Simulation

Written by `make bench` (`benchmarks/simulation.py`). Ten exponential stations in a row with room for ten jobs before each (load 0.7): operations a second of the processor's time, one after the other; our engine has
its policy, calendars and risks switched on, and nothing for them to do.

| engine | operations a second | against SimPy | mean days in the line |
|---|---|---|---|
"""
PLANT = """

The joint plant with every rule, 156 weeks: replications of its plan, after what is compiled is there.

| replications | processes | seconds | of the processor | ms of it a replication | memory of the first process, MB | of the others, at most |
|---|---|---|---|---|---|---|
"""
LARGER = """

The joint plant with all its products and parts once, three and ten times, as many times the people, stations and money (`scaled.py`), and its plan copied likewise (`copies.py`); 100 replications in
one process. The audit finds nothing in the plan once; in copies it finds what is not copied: consents, licences and shares that rules ask for, fixed costs and fees that do not grow, first orders that
had any size, and cents of rounding in wages. (It had found hours of stations and tools too: what options add, one station and six mould sets, was not copied.)

| times | demands | orders of the plan | s to make the world | ms a replication (CPU) | memory, MB | delivered of what is asked for | what the audit finds, by table |
|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "run", nargs="?", type=Path, help="folder of a plan of the joint plant; without it, it is planned"
    )
    parser.add_argument("--line", action="store_true", help="only the line, on standard output")
    parser.add_argument("--larger", type=int, help="only this many times the joint plant, on standard output")
    asked = parser.parse_args()
    if asked.larger:
        print(json.dumps(larger(asked.run, asked.larger)))
        return
    taken_on = machine("numba", "numpy", "simpy", "salabim")
    lines = line_rows()
    print("\n".join(lines), flush=True)
    if asked.line:
        return
    with tempfile.TemporaryDirectory() as made:
        folder = plant_of(asked.run, Path(made) / "run")
        tables = [HEAD, *lines, PLANT, *plant_rows(folder), LARGER, *larger_rows(folder)]
    text = "\n".join(t.rstrip("\n") for t in tables)
    page = f"{text}\n\n{taken_on}\n"
    (ROOT / "benchmarks" / "simulation.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
