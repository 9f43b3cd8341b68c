"""Start-up, risks and money as the engine reads them: tasks, gates, what may happen and what it changes, tranches, contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.model import phrases
from tandemplan.model.changes import Effect, effect_value, parse_change, select, target
from tandemplan.model.schema import TABLES, Contract, Offer, Risk, RiskLink, Task, Tranche
from tandemplan.network.cells import whole_days
from tandemplan.network.money import is_line
from tandemplan.network.network import Network
from tandemplan.network.openings import task_links
from tandemplan.simulate import layout as at
from tandemplan.simulate.layout import Floats, Ints
from tandemplan.simulate.outcomes import line_name
from tandemplan.simulate.registers import Registers

FACTORS = {
    ("offers", "capacity_units_per_week"): at.ON_CAPACITY,
    ("lanes", "capacity_kg_per_week"): at.ON_LANE,
    ("work_centres", "availability_share"): at.ON_RESOURCE,
    ("work_centres", "stations"): at.ON_RESOURCE,
    ("tools", "sets"): at.ON_RESOURCE,
    ("skills", "headcount"): at.ON_RESOURCE,
    ("funding", "amount"): at.ON_TRANCHE,
    ("demands", "quantity_units"): at.ON_DEMAND,
    ("skills", "hires_per_week"): at.ON_HIRES,
    ("operations", "open_share"): at.ON_OPEN,
}
SUMS = {
    ("offers", "lead_days"): at.ON_LEAD,
    ("licences", "processing_days"): at.ON_LICENCE,
    ("lanes", "transit_days"): at.ON_TRANSIT,
    ("tasks", "duration_days"): at.ON_TASK,
    ("funding", "date"): at.ON_TRANCHE_DAY,
    ("funding", "slip_days"): at.ON_TRANCHE_DAY,
    ("operations", "experience_units"): at.ON_KNOWN,
}
OUTLASTING = {("offers", "capacity_units_per_week"), ("offers", "lead_days"), ("licences", "processing_days"), ("lanes", "capacity_kg_per_week"), ("lanes", "transit_days"), ("operations", "open_share")}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Chances:
    """Risks and what they change; `names` are those of the risks; known events stand after them; `notes` say what is left out."""

    names: tuple[str, ...]
    risks: Floats
    links: Floats
    effects: Floats
    effect_at: Ints
    notes: tuple[str, ...]


def chances_of(
    network: Network, registers: Registers, rows: Mapping[tuple[str, str], int], lost: Sequence[Effect] = ()
) -> Chances:
    """Return what may happen, and what happens besides (`lost`); `rows` numbers the resources by table and name. Targets of effects are registered."""
    found, causes, notes = _effects(network, registers, rows, lost)
    groups = sorted({str(g) for g in network.programme[Risk].group if g})
    links = np.ones((len(groups), len(groups)))
    for link in network.programme[RiskLink].rows():
        if link.from_group in groups and link.to_group in groups:
            links[groups.index(link.from_group), groups.index(link.to_group)] *= link.rate_factor
    table = [_risk(network, registers, cause, groups, links) for cause in causes]
    effects = np.array(found).reshape(-1, at.EFFECT_COLUMNS)
    effects = effects[np.argsort(effects[:, at.EFFECT_TARGET], kind="stable")]
    edges = np.searchsorted(effects[:, at.EFFECT_TARGET], np.arange(len(registers.targets) + 1))
    risks = np.array(table).reshape(-1, at.RISK_COLUMNS)
    return Chances(
        tuple(c.name for c in causes if c.row >= 0), risks, links, effects, edges, tuple(dict.fromkeys(notes))
    )


@dataclass(frozen=True)
class _Cause:
    name: str
    row: int  # of risks; -1: a known event
    first: float = np.inf
    days: float = np.inf


def _effects(
    network: Network, registers: Registers, rows: Mapping[tuple[str, str], int], lost: Sequence[Effect]
) -> tuple[list[list[float]], list[_Cause], list[str]]:
    programme, periods = network.programme, network.periods
    causes: list[_Cause] = []
    found: list[list[float]] = []
    notes: list[str] = []
    table, raising = programme[Risk], {str(g) for g in programme[RiskLink].from_group}
    for k in range(len(table)):
        dated = not np.isnat(table.date[k])
        later = dated and not np.isnat(table.known_from[k]) and table.known_from[k] > np.datetime64(periods.start, "D")
        if not (dated or registers.random):
            continue
        first = float(periods.day(table.date[k].item())) if dated else np.inf
        if dated and not later:  # what it changes is known (below); it may raise others
            causes += [_Cause(str(table.risk[k]), k, first)] if str(table.group[k]) in raising else []
            continue
        causes.append(_Cause(str(table.risk[k]), k, first))
        for text in table.changes[k]:
            change = parse_change(text)
            chosen = select(programme[TABLES[change.table]], change.rows)
            value = effect_value(target(change), change)
            if (change.table, change.column) not in {*FACTORS, *SUMS}:
                notes.append(f"What {table.risk[k]} does to {change.table}.{change.column} is not simulated yet.")
                continue
            effect = Effect(str(table.risk[k]), change.table, tuple(chosen), change.column, change.operation, value, periods.start, None)  # fmt: skip
            found += _entries(network, registers, rows, effect, len(causes) - 1)
    for effect in (*network.cells.known, *lost):
        if (effect.table, effect.column) in OUTLASTING:
            first = float(periods.day(effect.start))
            days = np.inf if effect.end is None else float(periods.day(effect.end)) - first
            causes.append(_Cause(f"{effect.cause}|{effect.table}.{effect.column}", -1, first, days))
            found += _entries(network, registers, rows, effect, len(causes) - 1)
    return found, causes, notes


def _entries(
    network: Network,
    registers: Registers,
    rows: Mapping[tuple[str, str], int],
    effect: Effect,
    cause: int,
) -> list[list[float]]:
    """Return the entries of one effect, as a factor or as something added."""
    column = (effect.table, effect.column)
    table = network.programme[TABLES[effect.table]]
    base = np.asarray(table.columns[effect.column]) if column != ("funding", "date") else np.zeros(len(table))
    found = []
    for row in effect.rows:
        usual = float(base[row])
        kind = FACTORS[column] if column in FACTORS else SUMS[column]
        which = _which(network, rows, effect.table, row)
        if which < 0:
            continue
        if column in FACTORS:
            times = effect.value
            if effect.operation == "set":
                times = effect.value / usual if usual > 0 and np.isfinite(usual) else float(effect.value > 0)
            elif effect.operation == "add":
                times = max(1 + effect.value / usual, 0.0) if usual > 0 and np.isfinite(usual) else 1.0
            found.append([cause, registers.target(kind, which, 1.0), at.MULTIPLY, times])
        else:
            usual = usual if np.isfinite(usual) else 0.0
            more = {"set": effect.value - usual, "add": effect.value, "multiply": (effect.value - 1) * usual}
            found.append([cause, registers.target(kind, which, 0.0), at.ADD, more[effect.operation]])
    return [[float(x) for x in entry] for entry in found]


def _which(network: Network, rows: Mapping[tuple[str, str], int], table: str, row: int) -> int:
    """Return the number by which the engine knows a row of a table: resources have numbers of their own."""
    key = {"work_centres": "work_centre", "skills": "skill", "tools": "tool"}.get(table)
    if key is None:
        return row
    name = str(network.programme[TABLES[table]].columns[key][row])
    return rows.get((key.replace("_", " "), name), -1)


def _risk(network: Network, registers: Registers, cause: _Cause, groups: Sequence[str], links: Floats) -> list[float]:
    table, name = network.programme[Risk], cause.name
    one = [0.0] * at.RISK_COLUMNS
    one[at.RISK_GROUP] = one[at.RISK_LENGTH] = one[at.RISK_STREAM] = -1.0
    one[at.RISK_MOST], one[at.RISK_DAY] = 1.0, cause.first
    if cause.row < 0:
        one[at.RISK_LENGTH_STREAM] = registers.always("risk length", name)
        one[at.RISK_LENGTH] = registers.certain(cause.days) if np.isfinite(cause.days) else -1
        return one
    k = cause.row
    if table.group[k]:
        g = groups.index(str(table.group[k]))
        one[at.RISK_GROUP], one[at.RISK_MOST] = g, float(np.prod(np.maximum(links[:, g], 1.0)))
    one[at.RISK_RATE] = float(np.nan_to_num(table.rate_per_year[k])) if not np.isfinite(cause.first) else 0.0
    one[at.RISK_CHANCE] = float(np.nan_to_num(table.probability[k]))
    one[at.RISK_STREAM] = registers.stream("risk", name, spread=not np.isfinite(cause.first))
    one[at.RISK_LENGTH_STREAM] = registers.always("risk length", name)
    days = float(table.duration_days[k])
    if np.isfinite(days) and days > 0:
        shape = str(table.duration_distribution[k])
        one[at.RISK_LENGTH] = registers.time(("risk length", name), shape, days, float(table.duration_sd_days[k]))
    return one


@dataclass(frozen=True, eq=False)
class Startup:
    """Tasks, and which gates each opens: arrays as in `World`; `names` are theirs, qualifications of offers after those of the table."""

    names: tuple[str, ...]
    tasks: Floats
    after_at: Ints
    after: Floats
    opens_at: Ints
    opens: Ints
    needs: Floats


QUALIFY = "qualify:"


def qualifying(network: Network, qualified: Mapping[str, int]) -> dict[str, tuple[float, float, tuple[str, ...]]]:
    """Return a task for each offer that must be qualified first: its days, its first day and what it waits for.

    `qualified` are the days on which those that the plan decides about are begun.
    """
    table = network.programme[Offer]
    found = {}
    for k in np.flatnonzero(~table.qualified).tolist():
        days = network.cells.whatever_the_day(table, "qualification_days", k)
        first = qualified.get(str(table.offer[k]), 0 if table.qualification_cost[k] == 0 else None)
        if first is not None:
            found[QUALIFY + str(table.offer[k])] = (
                float(np.nan_to_num(days)),
                float(first),
                tuple(table.opens_after[k]),
            )
    return found


def startup_of(
    network: Network,
    registers: Registers,
    items: Mapping[str, int],
    more: Mapping[str, tuple[float, float, tuple[str, ...]]],
) -> Startup:
    """Return the start-up network; `items` numbers items, `more` are tasks that stand in no table. Gates must be registered before."""
    programme, table = network.programme, network.programme[Task]
    links = task_links(programme)
    names = (*(str(t) for t in table.task), *more)
    number = {t: k for k, t in enumerate(names)}
    rows = [_task(network, registers, k, len(links[str(table.task[k])])) for k in range(len(table))]
    links |= {name: [(t, 0) for t in waits] for name, (_, _, waits) in more.items()}
    for name, (days, first, waits) in more.items():
        one = [
            registers.time(("task", name), "constant", days, 0.0),
            first,
            np.inf,
            len(waits),
            -1.0,
            registers.always("task", name),
            0.0,
        ]
        rows.append([float(x) for x in one])
    after = [(number[p], number[t], lag) for t, before in links.items() for p, lag in before]
    opens = [(number[t], gate) for tasks, gate in registers.gates.items() for t in tasks - registers.doors.keys()]
    after.sort()
    opens.sort()
    needs = _needs(network, items, number)
    tasks = np.array(rows, dtype=np.float64).reshape(-1, at.TASK_COLUMNS)
    for entry in needs:
        tasks[int(entry[at.NEED_TASK]), at.TASK_NEEDS] += 1
    return Startup(
        names,
        tasks,
        np.searchsorted([a[0] for a in after], np.arange(len(names) + 1)),
        np.array([a[1:] for a in after], dtype=np.float64).reshape(-1, 2),
        np.searchsorted([o[0] for o in opens], np.arange(len(names) + 1)),
        np.array([o[1] for o in opens], dtype=np.int64),
        np.array(needs, dtype=np.float64).reshape(-1, at.NEED_COLUMNS),
    )


def _task(network: Network, registers: Registers, k: int, before: int) -> list[float]:
    table, periods, cells = network.programme[Task], network.periods, network.cells
    one = [0.0] * at.TASK_COLUMNS
    mean = cells.whatever_the_day(table, "duration_days", k)
    of, shape = ("task", str(table.task[k])), str(table.duration_distribution[k])
    one[at.TASK_DAYS] = registers.time(of, shape, mean, float(table.duration_sd_days[k]))
    one[at.TASK_EARLIEST] = -np.inf if before else 0.0
    if not np.isnat(table.earliest[k]):
        one[at.TASK_EARLIEST] = periods.day(table.earliest[k].item()) + round(cells.moved(table, "earliest", k))
    done = not np.isnat(table.finished[k])
    one[at.TASK_DONE] = periods.day(table.finished[k].item()) if done else np.inf
    one[at.TASK_BEFORE] = before
    one[at.TASK_FX] = registers.known(at.ON_TASK, k)
    one[at.TASK_STREAM] = registers.always("task", str(table.task[k]))
    return one


def _needs(network: Network, items: Mapping[str, int], number: Mapping[str, int]) -> list[list[float]]:
    table, found = network.programme[Task], []
    offers = {str(o): k for k, o in enumerate(network.programme[Offer].offer)}
    length = network.periods.longest
    for k in range(len(table)):
        for need in phrases.kept_needs(table.needs[k]) if np.isnat(table.finished[k]) else ():
            task = number[str(table.task[k])]
            if need.what == "bought":
                found.append([task, at.BOUGHT, offers.get(need.name, -1), need.least, 0.0])
            elif need.what == "money":
                found.append([task, at.MONEY, -1, need.least, 0.0])
            else:
                weeks = need.weeks or 0.0
                kind = at.MADE if need.what == "made" else at.RATE
                least = need.least if kind == at.MADE else need.least * weeks
                found.append([task, kind, items.get(need.name, -1), least, float(np.ceil(7 * weeks / length))])
    return [[float(x) for x in entry] for entry in found]


def tranches_of(network: Network, registers: Registers, opened: Mapping[str, tuple[float, int]]) -> Floats:
    """Return the tranches of the venture and of payers; `opened` says what each brings by the plan, and to which payer (-1: the venture)."""
    table, periods, cells = network.programme[Tranche], network.periods, network.cells
    found = []
    for k in range(len(table)):
        line = is_line(table.row(k))
        amount, payer = opened.get(str(table.tranche[k]), (0.0, -1))
        if amount <= 0:
            continue
        name = str(table.tranche[k])
        one = [0.0] * at.TRANCHE_COLUMNS
        one[at.TRANCHE_AMOUNT] = amount
        one[at.TRANCHE_DAY] = periods.day(table.date[k].item()) + round(cells.moved(table, "date", k)) if not np.isnat(table.date[k]) else 0.0  # fmt: skip
        one[at.TRANCHE_SLIP] = registers.time(
            ("tranche", name), "lognormal", float(table.slip_days[k]), float(table.slip_sd_days[k])
        )
        one[at.TRANCHE_GATE] = registers.gate(table.opens_after[k])
        one[at.TRANCHE_EVIDENCE] = float(whole_days([table.evidence_days[k]])[0])
        one[at.TRANCHE_FX_DAY] = registers.known(at.ON_TRANCHE_DAY, k)
        one[at.TRANCHE_FX] = registers.known(at.ON_TRANCHE, k)
        one[at.TRANCHE_STREAM] = registers.always("tranche", name)
        one[at.TRANCHE_LINE] = float(line)
        one[at.TRANCHE_PAYER] = payer
        one[at.TRANCHE_LAST] = np.inf if np.isnat(table.expiry[k]) else periods.day(table.expiry[k].item())
        found.append(one)
    return np.array(found, dtype=np.float64).reshape(-1, at.TRANCHE_COLUMNS)


def lines_of(network: Network) -> tuple[str, ...]:
    """Return the contracts, and after them the lines of demands without one, by customer and item; there is one at least."""
    demands = network.demands
    bare = [
        line_name("", who, item)
        for c, who, item in zip(demands.contract, demands.customers, demands.items, strict=True)
        if c < 0
    ]
    return (*map(str, network.programme[Contract].contract), *(dict.fromkeys(bare) or [""]))


def contracts_of(network: Network, registers: Registers, price: Floats, days: Floats, payer: Ints) -> Floats:
    """Return contracts, and a row for each line of demands without one; `price` is what a unit brings the venture, `days` until it does, `payer` who pays (-1: customers without limit)."""
    table = network.programme[Contract]
    expected = network.programme.settings.uncertain_demand == "expected"
    found = []
    for k in range(len(table)):
        chance = 1.0 if table.certainty[k] == "firm" else float(table.probability[k])
        factor = 1 / chance if expected and chance > 0 else 1.0
        stream = registers.stream("contract", str(table.contract[k]), spread=0 < chance < 1)
        if not registers.random:
            chance = factor = 1.0
        elif stream < 0:
            chance, factor = 1.0, chance * factor
        one = [
            chance,
            factor,
            float(price[k]),
            float(days[k]),
            float(table.damages_per_week_share[k]),
            float(table.damages_cap_share[k]),
            float(table.unit_price[k]),
            stream,
            payer[k],
        ]
        found.append(one)
    found += [[1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0, -1.0]] * (len(lines_of(network)) - len(table))
    return np.array(found, dtype=np.float64)
