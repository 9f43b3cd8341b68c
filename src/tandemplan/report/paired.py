"""Two simulations compared, in lines: what differs in what was asked, then by how much promises are surer or less sure."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from statistics import NormalDist
from typing import Any

from tandemplan.model.differences import input_changes
from tandemplan.model.programme import Programme
from tandemplan.report.altered import said_changes
from tandemplan.report.comparison import LONGEST_NAME
from tandemplan.report.datatable import signed
from tandemplan.report.facts import Cells, customer_names
from tandemplan.report.simulated import class_members
from tandemplan.report.wording import counted, day, listed, percent
from tandemplan.results.simulation_shapes import PROMISES
from tandemplan.results.store import Run

Side = tuple[Run, Programme]
WORST = 3  # promises and contracts that a line names


def paired_lines(first: Side, second: Side, table: Sequence[Cells]) -> list[str]:
    """Return two simulations compared in a few lines, A the first and B the second: the input, all units, each class, contracts, promises, money.

    `table` are the rows of `PAIRED` about them. Each line is a word, a colon and a sentence; differences are B less A, with their 95 % intervals.
    """
    told = {(r["kind"], r["name"], r["what"]): r for r in table}
    names = class_members(*second)
    classes = [(f"Class {n} ({names.get(int(n), '')})", "class", n) for k, n, w in told if (k, w) == ("class", "units_asked")]  # fmt: skip
    return [
        f"Input: {_inputs(first, second)}",
        _compared(first, second, table),
        *(_group(title, kind, name, told) for title, kind, name in [("All", "all", "all"), *classes]),
        *_contracts(told),
        *_promises(first, second, table),
        *_money(told),
    ]


def paired_names(first: Run, second: Run) -> tuple[str, str]:
    """Return what two simulations are called: by their scenarios, changes, policies or plans, whichever differ first, or by their ids."""
    for said in (_scenarios, _changes, _policy, lambda r: str(r.info["plan"])):
        found = said(first), said(second)
        if found[0] != found[1] and max(map(len, found)) <= LONGEST_NAME:
            return found
    return str(first.info["run"]), str(second.info["run"])


def _scenarios(run: Run) -> str:
    return " and ".join(run.info.get("scenarios", [])) or "no scenario"


def _changes(run: Run) -> str:
    return " and ".join(run.info.get("changes", [])) or "no change"


def _policy(run: Run) -> str:
    told = run.info.get("options", {}).get("policy", {})
    return " and ".join(f"{n}={v:g}" if isinstance(v, float) else f"{n}={v}" for n, v in told.items()) or "usual policy"


def _inputs(first: Side, second: Side) -> str:
    """Return what differs in what was simulated: the programme, the plan, the policy."""
    changes, runs = input_changes(first[1], second[1]), (first[0], second[0])
    parts = [said_changes(changes, second[1])] if changes else []
    turns = (("Plan", lambda r: str(r.info["plan"])), ("Policy", _policy))
    parts += [f"{word}: {say(runs[0])} → {say(runs[1])}." for word, say in turns if say(runs[0]) != say(runs[1])]
    return " ".join(parts) or "Nothing: programme, plan and policy are the same."


def _compared(first: Side, second: Side, table: Sequence[Cells]) -> str:
    seeds, names = [s[0].info["seed"] for s in (first, second)], paired_names(first[0], second[0])
    count = max((int(r["replications"]) for r in table if r["what"] == "units_asked"), default=0)
    luck = f"on common random numbers (seed {seeds[0]})"
    if seeds[0] != seeds[1]:
        luck = f"with seeds {seeds[0]} and {seeds[1]}: with one seed for both, intervals would be narrower"
    return f"Compared: {counted(count, 'replication')} of A ({names[0]}) and B ({names[1]}), {luck}; B less A, within 95 % intervals."


def _group(title: str, kind: str, name: str, told: dict[tuple[str, str, str], Cells]) -> str:
    """Say how a group fares."""
    row = told.get((kind, name, "on_time_share"))
    if row is None:
        return f"{title}: nothing is asked for."
    shares = [percent(row[side] * 1e6, 1e6) for side in ("first", "second")]
    parts = [f"units on time A {shares[0]}, B {shares[1]}, {more(row)}"]
    words = (("delivered", "units_delivered"), ("all delivered by the end", "total_chance"), ("first delivery", "first_delivery"))  # fmt: skip
    parts += [f"{word} {more(r)}" for word, what in words if (r := told.get((kind, name, what))) is not None]
    return f"{title}: {'; '.join(parts)}."


def more(row: Cells) -> str:
    """Return how much more of something B has, with its interval; shares and probabilities in points.

    >>> more({"unit": "share", "difference": 0.123, "difference_from": 0.101, "difference_to": 0.145})
    '+12.3 points (+10.1 to +14.5)'
    >>> more({"unit": "days", "difference": -0.4, "difference_from": -1.4, "difference_to": 0.6})
    'no sure difference (−1.4 to +0.6 days)'
    """
    points = row["unit"] in ("share", "probability")
    unit, scale = ("points", 100) if points else (row["unit"], 1)
    value, low, high = (round(scale * row[f"difference{end}"], 1 if points else 9) for end in ("", "_from", "_to"))
    if value == low == high or isnan(low):
        return "the same" if value == 0 else f"{signed(value)} {unit}"
    if low <= 0 <= high:
        return f"no sure difference ({signed(low)} to {signed(high)} {unit})"
    return f"{signed(value)} {unit} ({signed(low)} to {signed(high)})"


def surely(table: Sequence[Cells]) -> list[Cells]:
    """Return the rows that surely differ: with 95 % confidence none of them does not, however many rows there are (Bonferroni's correction)."""
    known = [r for r in table if not isnan(r["difference_from"])]
    wider = NormalDist().inv_cdf(1 - 0.025 / max(len(known), 1)) / NormalDist().inv_cdf(0.975)
    found = []
    for r in known:
        middle, half = (r["difference_to"] + r["difference_from"]) / 2, (r["difference_to"] - r["difference_from"]) / 2
        if abs(middle) > wider * half:
            found.append(r)
    return found


def _contracts(told: dict[tuple[str, str, str], Cells]) -> list[str]:
    """Say which contracts surely gain or lose most of their units on time."""
    table = [r for (kind, _, what), r in told.items() if (kind, what) == ("contract", "on_time_share")]
    found = sorted(surely(table), key=lambda r: (-abs(r["difference"]), r["name"]))
    if len(table) < 2:
        return []
    if not found:
        return [f"Contracts: none of {len(table):,} surely has more or fewer of its units on time."]
    words = [f"{r['name']} {more(r)}" for r in found]
    return [f"Contracts: {listed(words, most=WORST, comma='; ')}."]


def _promises(first: Side, second: Side, table: Sequence[Cells]) -> list[str]:
    """Say which promises are surely surer or less sure, and which only one side has."""
    rows = [r for r in table if (r["kind"], r["what"]) == ("demand", "on_time_chance")]
    found = sorted(surely(rows), key=lambda r: (-abs(r["difference"]), r["name"]))
    better, worse = ([r for r in found if (r["difference"] > 0) == up] for up in (True, False))
    about, names = {r["demand"]: r for r in second[0].rows(PROMISES)}, customer_names(second[1])
    words = [f"{_promise(about[r['name']], names)} {more(r)}" for r in found[:WORST]]
    said = f"of {counted(len(rows), 'promise')} {len(better):,} are surely surer on time and {len(worse):,} less sure"
    most = f", most of all {listed(words, comma='; ')}" if words else ""
    lines = [f"Promises: {said}{most}."] if rows else []
    one, two = ({str(r["demand"]) for r in side[0].rows(PROMISES)} for side in (first, second))
    alone = [f"{letter} {counted(len(own), 'promise')}" for letter, own in (("A", one - two), ("B", two - one)) if own]
    return [*lines, *([f"Only one has: {listed(alone)}."] if alone else [])]


def _promise(row: Cells, names: dict[str, Any]) -> str:
    who = names.get(row["customer"], row["customer"])
    return f"{row['demand']} ({'; '.join(filter(None, (who, 'due ' + day(row['due']))))})"


def _money(told: dict[tuple[str, str, str], Cells]) -> list[str]:
    row = told.get(("all", "all", "lowest_cash"))
    return [f"Money: lowest point {more(row)}."] if row else []
