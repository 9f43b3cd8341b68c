"""Changes of a programme that may repair a late demand, by what makes it late: what to try, not what to promise."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tandemplan.explain.causes import Cause, Why
from tandemplan.explain.chains import setting
from tandemplan.explain.limits import BEFORE, BESIDE, LEAD, TASK, WAY
from tandemplan.explain.planned import LOST_DUST, Base, days_late, gates
from tandemplan.model.schema import Demand, Offer, Skill, Task, Tool, Tranche, WorkCentre
from tandemplan.plan.commitments import LIMITS
from tandemplan.plan.hours import resource_rows
from tandemplan.results.shape import DEMAND_SUMMARY

MOST = 12  # proposals for one demand
MOST_EACH = 4  # for one cause
MONTH = 30  # days by which a tranche, or a task, is brought forward
RULES = ("origin share", "work share", "source share", "fewest sources", "country concentration", "subcontract share", "minimum allocation")  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """Something to change: in words, as changes that the shell takes, and its price (nan: the tables hold none)."""

    text: str
    changes: tuple[str, ...]
    price: float = float("nan")

    def beside(self, other: Proposal) -> Proposal:
        """Return both together."""
        return Proposal(f"{self.text}, and {other.text}", (*self.changes, *other.changes), self.price + other.price)


def proposals(base: Base, found: Why) -> list[Proposal]:
    """Return what may repair a late demand: what all its tasks wait for, one change for each cause together, each alone, and its own day moved; without doubles."""
    some = [
        *_upstream(base, found.demand, found.causes),
        *_of_set(base, found.demand, found.causes),
        *_moved(base, found),
        *_of_set(base, found.demand, found.instead),
    ]
    return list({p.changes: p for p in some}.values())[:MOST]


def _of_set(base: Base, demand: str, causes: Sequence[Cause]) -> list[Proposal]:
    each = [list(itertools.islice(_for(base, demand, c), MOST_EACH)) for c in causes]
    together = []
    if len(each) > 1 and all(each):
        for k in range(max(map(len, each))):
            first, *others = (of[min(k, len(of) - 1)] for of in each)
            for other in others:
                first = first.beside(other)
            together.append(first)
    return [*together, *(p for of in itertools.zip_longest(*each) for p in of if p is not None)]


def _for(base: Base, demand: str, cause: Cause) -> Iterator[Proposal]:
    family = cause.limit.family
    makers: dict[str, Callable[[Base, Cause], Iterator[Proposal]]] = {
        "hours": _hours, LEAD: _sooner,
        "cash": _cash, "offers": _offers,
    }  # fmt: skip
    if family == TASK:
        yield from _tasks(base, demand, cause)
    elif family in (BEFORE, BESIDE):
        yield from _precedence(base, demand, cause)
    elif family == "rolling hours" or family in RULES:
        yield from _rules(cause)
    elif family != WAY:
        yield from makers.get(family, _eased)(base, cause)


def _hours(base: Base, cause: Cause) -> Iterator[Proposal]:
    """Propose stations, sets or people for the hours that are short in the worst period, and overtime of people."""
    hours, name = base.model.network.hours, cause.limit.name
    k = next(k for k in resource_rows(base.model.network).values() if hours.names[k] == name)
    periods = [b.period for b in cause.breaches]
    short = np.array([b.amount for b in cause.breaches])
    present = hours.present[k, periods]
    programme, kind = base.programme, hours.kinds[k]
    if kind == "work centre":
        row = programme[WorkCentre].index[name,]
        there, price = float(programme[WorkCentre].stations[row]), float(programme[WorkCentre].station_price[row])
        yield from _more("work_centres", name, "stations", (there, present, short), price)
    elif kind == "tool":
        row = programme[Tool].index[name,]
        there, price = float(programme[Tool].sets[row]), float(programme[Tool].set_price[row])
        yield from _more("tools", name, "sets", (there, present, short), price)
    else:
        row = programme[Skill].index[name,]
        there = float(programme[Skill].headcount[row])
        weeks = base.model.network.periods.lengths[periods] / 7
        if there > 0:
            each = _up(float((short / weeks).max(initial=0.0)) / there)
            yield Proposal(
                f"{each:g} hours of overtime a week more for each of {name}",
                (f"skills[{name}].overtime_hours_per_week += {each:g}",),
            )
        yield from _more("skills", name, "headcount", (there, present, short), 0.0)


def _more(
    table: str, name: str, column: str, of: tuple[float, np.ndarray, np.ndarray], price: float
) -> Iterator[Proposal]:
    """Propose more of what gives hours: as many as the period needs that needs most of those in which some are present, and one."""
    there, present, short = of
    if not there > 0 or not (present > 0).any():
        return
    one = present / there
    need = int(np.ceil(float((short[one > 0] / one[one > 0]).max()) - 1e-6))
    word = {"stations": "station", "sets": "set", "headcount": "person"}[column]
    for n in sorted({max(need, 1), 1}, reverse=True):
        many = word if n == 1 else {"person": "people"}.get(word, f"{word}s")
        cost = n * price if price > 0 else float("nan")
        yield Proposal(f"{n} {many} more of {name}", (f"{table}[{name}].{column} += {n}",), cost)


def _sooner(base: Base, cause: Cause) -> Iterator[Proposal]:
    """Propose that offers of a part deliver so much sooner that it is there when it is short, or that a second source is open at once."""
    network, offers = base.model.network, base.programme[Offer]
    node = network.node_names.index(cause.limit.name)
    ways = np.flatnonzero(network.way_node == node).tolist()
    first = min((b.period for b in cause.breaches), default=0)
    wanted = int(network.day[node, first])
    for way in sorted(ways, key=lambda k: (_first(base, k), k)):
        o = network.places.ways[way].offer
        name, days = offers.offer[o], _first(base, way) - wanted
        if not offers.qualified[o]:
            yield Proposal(f"offer {name} qualified from the start", (f"offers[{name}].qualified = yes",))
        cut = min(days, float(offers.lead_days[o]))
        if 0 < cut < 10**6:
            yield Proposal(f"offer {name} {cut:g} days sooner", (f"offers[{name}].lead_days += {-cut:g}",))


def _first(base: Base, way: int) -> int:
    network = base.model.network
    there = network.buying.release[way] >= 0
    return int(network.buying.arrival[way][there].min()) if there.any() else 10**7


def _offers(base: Base, cause: Cause) -> Iterator[Proposal]:
    """Propose more capacity of an offer, or other offers of its item that are not qualified yet."""
    offers = base.programme[Offer]
    yield from _eased(base, cause)
    item = offers.item[offers.index[cause.limit.name,]]
    for o in range(len(offers)):
        if offers.item[o] == item and not offers.qualified[o]:
            yield Proposal(
                f"offer {offers.offer[o]} qualified from the start", (f"offers[{offers.offer[o]}].qualified = yes",)
            )


def _tasks(base: Base, demand: str, cause: Cause) -> Iterator[Proposal]:
    """Propose that a task takes as many days less as the demand is late, or half of them; and the longest of those that come between it and the goods, by half at most."""
    name, days = cause.limit.name, days_late(base, demand)
    yield from _shorter(base, name, days)
    table = base.programme[Task]
    after = {t for gate in gates(base, demand) for t in _after(setting(base.model.network, gate), name)}
    lengths = {t: float(table.duration_days[table.index[t,]]) for t in after}
    for task in sorted(lengths, key=lambda t: (-lengths[t], t)):
        cut = min(float(days), np.floor(lengths[task] / 2))
        if cut > 0:
            yield _by(base, task, cut)


def _after(chain: list[str], name: str) -> list[str]:
    """Return the tasks of a chain, the last first, that come after one; none where it is not there.

    >>> _after(["test", "tools", "hall"], "hall"), _after(["test"], "hall")
    (['test', 'tools'], [])
    """
    return chain[: chain.index(name)] if name in chain else []


def _shorter(base: Base, name: str, most: float) -> Iterator[Proposal]:
    table = base.programme[Task]
    length = float(table.duration_days[table.index[name,]])
    for days in sorted({min(length, most), min(length, float(np.ceil(most / 2)))}, reverse=True):
        if days > 0:
            yield _by(base, name, days)


def _by(base: Base, task: str, days: float) -> Proposal:
    table = base.programme[Task]
    name = str(table.name[table.index[task,]]) or task
    return Proposal(f"task {name} {days:g} days shorter", (f"tasks[{task}].duration_days += {-days:g}",))


def _upstream(base: Base, demand: str, causes: Sequence[Cause]) -> Iterator[Proposal]:
    """Propose to shorten the longest of the tasks that several tasks wait for which make a demand late."""
    names = [c.limit.name for c in causes if c.limit.family == TASK]
    chains = [setting(base.model.network, n) for n in names]
    common = [t for t in chains[0] if all(t in c for c in chains)] if len(names) > 1 else []
    if common:
        table = base.programme[Task]
        longest = max(common, key=lambda t: float(table.duration_days[table.index[t,]]))
        yield from _shorter(base, longest, days_late(base, demand))


def _cash(base: Base, cause: Cause) -> Iterator[Proposal]:
    """Propose tranches of a pool a month earlier, and as much money as is short at the most."""
    funding = base.programme[Tranche]
    short = _up(max((b.amount for b in cause.breaches), default=0.0))
    own = [k for k in range(len(funding)) if cause.limit.name == funding.pool[k]]
    for k in own or range(len(funding)):
        name = funding.tranche[k]
        if not np.isnat(funding.date[k]):
            yield Proposal(f"tranche {name} a month earlier", (f"funding[{name}].date += {-MONTH}",))
            yield Proposal(f"{short:g} more in tranche {name}", (f"funding[{name}].amount += {short:g}",), short)


def _rules(cause: Cause) -> Iterator[Proposal]:
    rule = cause.limit.name.partition("|")[0]
    yield Proposal(f"rule {rule} as a target instead of a limit", (f"rules[{rule}].soft = yes",))


def _precedence(base: Base, demand: str, cause: Cause) -> Iterator[Proposal]:
    """Propose to promise those who would have to give way for a later day."""
    days = max(days_late(base, demand), 7)
    for other in cause.gives_way:
        yield Proposal(f"{other} promised {days} days later", (f"demands[{other}].due += {days}",))


def _eased(base: Base, cause: Cause) -> Iterator[Proposal]:
    """Propose as much more of a limit as it would have to give way at most, by the cell that says it."""
    words = LIMITS.get(cause.limit.family)
    if words is None or not cause.breaches:
        return
    weeks = (
        base.model.network.periods.lengths / 7
        if words.measure == "weekly"
        else np.ones(len(base.model.network.periods))
    )
    amount = _up(max(b.amount / float(weeks[b.period]) for b in cause.breaches))
    change = words.change(cause.limit.name, amount)
    if change:
        owner, _, part = cause.limit.name.partition("|")
        more = words.more.format(who=cause.limit.name, owner=owner, part=part)
        yield Proposal(f"{amount:g} {cause.limit.unit}{words.per} {more}", (change,))


def _moved(base: Base, found: Why) -> Iterator[Proposal]:
    """Propose to promise the demand itself for the day on which the plan has it complete, or can have it; of what is lost, also to take it late on that day."""
    table, days = base.programme[Demand], days_late(base, found.demand)
    row = table.index[found.demand,]
    latest, name = table.latest[row], found.demand
    if days <= 0:
        return
    frame = base.run[DEMAND_SUMMARY]
    lost = float(frame["lost"][frame["demand"] == name].sum())
    over = 0 if np.isnat(latest) else days - int((latest - table.due[row]) / np.timedelta64(1, "D"))
    until = (f"demands[{name}].latest += {over}",) if over > 0 else ()
    yield Proposal(f"{name} promised {days} days later", (f"demands[{name}].due += {days}", *until), 0.0)
    if until and lost > LOST_DUST:
        yield Proposal(f"{name} taken up to {over} days later than it would be now", until, 0.0)


def _up(value: float) -> float:
    """Return a number rounded up to three digits."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(value)) - 2)
    return float(f"{np.ceil(value / step - 1e-6) * step:.6g}")
