"""The command about what may become of a plan: `simulate`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from tandemplan.cli.given import plan_given
from tandemplan.cli.options import AsJson, RunName
from tandemplan.cli.saying import STOPPED, Outcome, UseError, day_given, finish, refused


def simulate(
    run: RunName,
    *,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="CHANGE",
            help='One change of the world that the plan runs in, "table[key].column=value"; repeatable.',
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(metavar="N", min=1, max=10_000_000, help="How often the plan is run, at most.")
    ] = 1000,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="H",
            help="Stop when the figures of every class are known within so much, such as 0.01, with 95 % confidence.",
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="S", min=0, help="Seed of all draws; without it, that of the programme.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(metavar="W", min=1, max=1024, help="Processes at work; without it, one for each core."),
    ] = None,
    cluster: Annotated[
        str,
        typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster that runs them, such as tcp://host:8786."),
    ] = "",
    drivers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="What does each of these that varies cost: sources (of randomness), or suppliers; repeatable.",
        ),
    ] = None,
    lost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="How long are promises kept without each of these: suppliers, countries, crossings or sites; repeatable.",
        ),
    ] = None,
    lost_from: Annotated[
        str, typer.Option(metavar="DATE", help="First day without it; the plan's first delivery if it is not given.")
    ] = "",
    pairs: Annotated[
        int, typer.Option(metavar="N", min=2, help="Replications run again for each driver and each loss.")
    ] = 100,
    policy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="How planners carry the plan out: levels, ahead (periods), service=class|due, sources=soonest|planned, timing=cover|dates; repeatable.",
        ),
    ] = None,
    out: Annotated[
        str, typer.Option(metavar="DIR", help="Folder of the simulation; without it, runs/ and its id.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Run a plan many times under everything that may vary: a probability for every promise. Ctrl-C tells what is done by then."""
    asked: dict[str, Any] = {"sets": sets or [], "replications": replications, "precision": precision, "seed": seed}
    asked |= {
        "drivers": drivers or (),
        "lost": lost or (),
        "lost_from": lost_from,
        "pairs": pairs,
        "policy": policy or (),
    }
    finish(
        lambda: _simulate(run, asked, workers or os.cpu_count() or 1, out, cluster),
        as_json=as_json,
        faulty="nothing was simulated",
    )


@contextmanager
def _executor_at(address: str) -> Iterator[Executor | None]:
    """Give what runs work on the Dask cluster at an address (blank: none); raises UseError where there is none."""
    if not address:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise UseError("--cluster needs Dask: pip install 'tandemplan[cluster]'.") from error
    try:
        client = Client(address, timeout=30)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise UseError(f"There is no Dask cluster at {address}: {error}") from error
    with client:
        yield client.get_executor(retries=3)  # type: ignore[no-untyped-call]


def _parts(words: Sequence[str]) -> dict[str, str]:
    """Return the parts of a policy by name; raises UseError for one that is named twice."""
    found: dict[str, str] = {}
    for word in words:
        name, value = _parted(word)
        if name in found:
            raise UseError(f"--policy {name} is given twice, as {found[name]} and as {value}.")
        found[name] = value
    return found


def _parted(word: str) -> tuple[str, str]:
    """Return name and value of a part of the policy; raises UseError where there is none."""
    name, sign, value = word.partition("=")
    if not sign:
        raise UseError(f"--policy {word}: it must be a name and a value, such as ahead=1.")
    return name.strip(), value.strip()


def _simulate(name: str, asked: dict[str, Any], workers: int, out: str, cluster: str) -> Outcome:
    from tandemplan.model.variants import changed_world
    from tandemplan.report.progress import ProgressLines
    from tandemplan.report.simulated import simulation_answers, simulation_lines
    from tandemplan.results.store import refuse_foreign, write_run
    from tandemplan.simulate.answer import SimulationOptions, simulate
    from tandemplan.simulate.comparisons import Comparisons
    from tandemplan.simulate.policy import policy_of

    if out:
        refuse_foreign(Path(out), {"verb": "simulate"})
    begin = time.perf_counter()
    given = plan_given(name)
    programme = changed_world(given.programme, asked["sets"], "--set")
    reading = time.perf_counter() - begin
    seed = programme.settings.seed if asked["seed"] is None else asked["seed"]
    progress = ProgressLines()
    try:
        first = day_given("--lost-from", asked["lost_from"])
        more = Comparisons(tuple(asked["drivers"]), tuple(asked["lost"]), first, asked["pairs"])
        policy = policy_of(_parts(asked["policy"]))
        options = SimulationOptions(asked["replications"], asked["precision"], seed, more, policy)
        with _executor_at(cluster) as executor:
            run = simulate(programme, given.run, options, workers=workers, progress=progress.show, executor=executor)
    except ValueError as error:
        raise UseError(str(error)) from error
    finally:
        progress.close()
    if not run.info["replications"]:
        return refused(STOPPED, "Stopped before the first replication was done.")
    run = replace(run, info={**run.info, "seconds": {"read": reading, **run.info["seconds"]}})
    written = write_run(run, programme, Path(out) if out else Path("runs") / run.info["run"])
    data = {**run.info, "folder": str(written), "answers": simulation_answers(run)}
    lines = (*simulation_lines(run, programme), f"Simulation: {written}")
    return Outcome(lines=lines, data=data, faults=given.faults)
