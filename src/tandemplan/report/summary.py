"""A plan in a few lines that anyone can read, shared by the shell and the page."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.report.critical import path_lines
from tandemplan.report.facts import (
    Cells,
    class_names,
    customer_names,
    item_names,
    item_units,
    limits,
    of_delivery,
    rows,
    sums,
    task_names,
)
from tandemplan.report.measured import dry_line, options_line
from tandemplan.report.measures import class_units, days_of
from tandemplan.report.served import by_kind, lost_sales, on_time, said_amounts
from tandemplan.report.sureness import is_replan, proof, stated_gap
from tandemplan.report.why import why_lines
from tandemplan.report.wording import NOTHING, counted, day, listed, money, number, quantities
from tandemplan.results.service_shapes import CLASS_COSTS
from tandemplan.results.shape import CLASSES, COSTS, DELIVERIES, DEMAND_SUMMARY, TASKS
from tandemplan.results.store import Run

LEAST_LOSS = 5e-4  # share of a value: what orders and shipments lose by rounding is not said below
MOST_TERMS = 4  # of the cost, named one by one
MOST_SAID = 5  # lines of a run without a plan, where five are told
LOST_REVENUE = ("lost revenue", "lost_revenue")


def has_plan(run: Run) -> bool:
    """Tell whether the run holds a plan, and not only the reason why there is none."""
    return CLASSES.name in run.tables


def five_lines(run: Run, programme: Programme) -> list[str]:
    """Return what is delivered to whom, by when, what never, at what cost, and what limits it and how surely.

    Each line is a word, a colon and a sentence. A run without a plan says why instead, in at most five lines.
    """
    if not has_plan(run):
        return _no_plan(run)[:MOST_SAID]
    return [
        _delivered(run, programme),
        _when(run, programme),
        _never(run, programme),
        _cost(run, programme),
        _limit(run, programme),
    ]


def plan_lines(run: Run, programme: Programme) -> list[str]:
    """Return the five lines and, below, options chosen, what runs out, the start-up, the proof of each class and of the cost, and what is not counted yet."""
    if not has_plan(run):
        return _no_plan(run)
    lines = five_lines(run, programme)
    lines += [*options_line(run, programme), *dry_line(run, programme), *_start_up(run, programme)]
    classes, units = rows(run, CLASSES), class_units(run, programme)
    for r in classes[:4]:
        lines.append(
            f"Class {r['demand_class']}: {number(r['late_unit_days'])} {days_of(units.get(r['demand_class'], 'each'))} late; "
            f"value {number(r['value'])}, bound {number(r['bound'])}, gap {stated_gap(run, r['gap'])}{cost_words(run, r['demand_class'])}."
        )
    lines += [*_cost_proof(run, programme), *_rounded(run)]
    lines += [f"Not counted: {note}" for note in run.info.get("notes", [])]
    return lines


def cost_words(run: Run, rank: int) -> str:
    r"""Return what the classes before one cost it, as the end of a sentence; blank where that is nothing, or not known.

    >>> from tandemplan.testing.runs import run_of
    >>> cost_words(run_of("[class_costs]\ndemand_class,value,alone,cost\n2,28,7,21"), 2)
    '; classes before it cost it 21 of that'
    >>> cost_words(run_of("", unreckoned_classes=[2]), 2)
    '; what classes before it cost it is not reckoned'
    """
    if rank in run.info.get("unreckoned_classes", []):
        return "; what classes before it cost it is not reckoned"
    cost = next((r["cost"] for r in rows(run, CLASS_COSTS) if r["demand_class"] == rank), 0.0)
    return f"; classes before it cost it {number(cost)} of that" if cost > NOTHING else ""


def _cost_proof(run: Run, programme: Programme) -> list[str]:
    """Return what the plan can change of the cost, and how far below that a plan that delivers as well may go; nothing where no stage says."""
    stages, currency = (run.info.get("objective") or {}).get("stages", []), programme.settings.currency
    lost = any(r["amount"] > 0 for r in rows(run, COSTS) if r["term"] in LOST_REVENUE)
    return [
        f"Costs that the plan decides{', with sales lost' if lost else ''}: present value {money(s['value'], currency)}, "
        f"bound {money(s['bound'], currency)}, gap {stated_gap(run, s['gap'])}."
        for s in stages
        if s["stage"] == "cost" and None not in (s.get("value"), s.get("bound"))
    ]


def _rounded(run: Run) -> list[str]:
    """Say what each objective lost when orders and shipments were rounded to sizes that they may have."""
    said = (run.info.get("objective") or {}).get("stages", [])
    stages = [s for s in said if s.get("relaxed_value") is not None]
    if not stages:
        return []
    lost = [(s["stage"], (s["value"] - s["relaxed_value"]) / max(abs(s["value"]), 1.0)) for s in stages]
    words = [f"{name} by {share:.1%}" for name, share in lost if share >= LEAST_LOSS]
    return [
        f"Whole orders: rounding makes {listed(words, most=9)} worse."
        if words
        else "Whole orders: rounding loses nothing."
    ]


def _no_plan(run: Run) -> list[str]:
    if run.info["status"] != "infeasible":
        reason = run.info.get("reason") or "stopped"
        return [f"No plan: the run ended before any plan was found ({reason})."]
    return why_lines(run)


def _delivered(run: Run, programme: Programme) -> str:
    table, parts = rows(run, DEMAND_SUMMARY), []
    for rank, who in class_names(run, programme).items():
        members = [r for r in table if r["demand_class"] == rank]
        parts.append(f"{who} {said_amounts(members, programme)}")
    kinds = by_kind(table, programme)
    split = f" By kind of demand: {kinds}." if kinds else ""
    if not parts:
        return "Delivered: Nothing is asked for."
    if len(parts) == 1:
        return f"Delivered: {parts[0]}.{split}"
    return f"Delivered: {said_amounts(table, programme)}. In order of service: {'; '.join(parts)}.{split}"


def _when(run: Run, programme: Programme) -> str:
    """Say when deliveries are made, and which share of all that is asked for is on time.

    Where items are counted in several units, days late are a mean of deliveries instead of units.
    """
    table = [r for r in rows(run, DELIVERIES) if r["quantity"] > NOTHING]
    if not table:
        return "By when: Nothing is delivered."
    units, wanted = item_units(programme), rows(run, DEMAND_SUMMARY)
    one_unit = len({units.get(r["item"], "each") for r in table}) == 1
    size = (lambda r: r["quantity"]) if one_unit else (lambda _: 1.0)
    late = [r for r in table if r["late_days"] > 0]
    span = f"First delivery {day(min(r['delivered'] for r in table))}, last {day(max(r['delivered'] for r in table))}"
    if not late:
        lost = any(r["lost"] > NOTHING for r in wanted)
        return f"By when: {span}; {f'{on_time(wanted, programme)}, none late' if lost else 'everything is on time'}."
    mean = sum(size(r) * r["late_days"] for r in late) / sum(map(size, late))
    return (
        f"By when: {span}; {on_time(wanted, programme)}, {quantities({u: a for u, a in sums(wanted, 'late', units).items() if a > NOTHING})} late, by "
        f"{counted(round(mean), 'day')} on average, {number(max(r['late_days'] for r in late))} at most."
    )


def _never(run: Run, programme: Programme) -> str:
    table = [r for r in rows(run, DEMAND_SUMMARY) if r["lost"] > NOTHING]
    if not table:
        return "Never: Nothing that is asked for is lost."
    units, names, customers = item_units(programme), item_names(programme), customer_names(programme)
    pairs: dict[tuple[str, str], float] = {}
    for r in table:
        pairs[r["item"], r["customer"]] = pairs.get((r["item"], r["customer"]), 0.0) + r["lost"]
    worst = sorted(pairs.items(), key=lambda p: (-p[1], p[0]))
    words = [
        f"{number(lost)} × {names.get(item, item)}" + (f" for {customers.get(who, who)}" if who else "")
        for (item, who), lost in worst
    ]
    return f"Never: {quantities(sums(table, 'lost', units))} are not delivered: {listed(words, most=3, comma='; ', rest='smaller amounts')}."


def _cost(run: Run, programme: Programme) -> str:
    currency, table = programme.settings.currency, rows(run, COSTS)
    lost = sum(r["amount"] for r in table if r["term"] in LOST_REVENUE)
    spent = sorted((r for r in table if r["term"] not in LOST_REVENUE), key=lambda r: -r["amount"])
    total = sum(r["amount"] for r in spent)
    terms = [r for r in spent if r["amount"] > 0]
    words = [f"{term_words(r)} {money(r['amount'], currency)}" for r in terms[:MOST_TERMS]]
    if rest := terms[MOST_TERMS:]:
        words.append(f"{money(sum(r['amount'] for r in rest), currency)} for {listed(map(term_words, rest), most=9)}")
    parts = f": {listed(words, most=9)}" if words else ""
    return f"Cost: {money(total, currency)}{parts}.{_missed(run, lost, currency)}"


def _missed(run: Run, lost: float, currency: str) -> str:
    if lost <= 0:
        return ""
    kinds = lost_sales(rows(run, DEMAND_SUMMARY), currency)
    return f" Besides, sales of {money(lost, currency)} are lost{f' ({kinds})' if kinds else ''}: no part of this cost."


def _limit(run: Run, programme: Programme) -> str:
    holding = [x for x in limits(run, programme) if of_delivery(x)]
    if is_replan(run):
        said = "not sought: what a re-plan does, it does with little movement; tandemplan explain says why a demand is late in it"
    elif unfinished(run):
        said = "not known yet: the work ended before the first class of demand was planned"
    elif holding:
        first = holding[0]
        others = list(dict.fromkeys(x.subject for x in holding if x.subject != first.subject))
        second = f"; then {listed(others[:2])}" if others else ""
        said = f"{first.subject}, {first.span}{second}"
    elif any(r["late"] + r["lost"] > NOTHING for r in rows(run, DEMAND_SUMMARY)):
        said = "lead times and opening days; no single capacity would help"
    else:
        said = "nothing; everything asked for comes on time"
    return f"Limit: {said[0].upper()}{said[1:]}. {proof(run)}"


def cost_kind(row: Cells) -> str:
    """Return whether a term of the cost is decided by the plan, given with the programme, or no part of it."""
    return "not in the cost" if row["term"] in LOST_REVENUE else "decided" if row["decided"] else "given"


def unfinished(run: Run) -> bool:
    """Return whether the run ended before its first objective was solved to the end; a re-plan proves no objective, and has ended."""
    if is_replan(run):
        return False
    stages = (run.info.get("objective") or {}).get("stages", [])
    return bool(stages) and not stages[0].get("finished", True)


def _start_up(run: Run, programme: Programme) -> list[str]:
    table = [r for r in rows(run, TASKS) if r["occurrence"] <= 1]
    if not table:
        return []
    last = max(table, key=lambda r: (r["end"], r["task"]))
    name = task_names(programme).get(last["task"], last["task"])
    critical = sum(bool(r["critical"]) for r in table)
    return [
        f"Start-up: {counted(len(table), 'task')}, the last ({name}) done {day(last['end'])} at mean durations; {critical} critical.",
        *path_lines(run),
    ]


def term_words(row: Cells) -> str:
    """Return what a term of the cost is called."""
    return str(row["term"]).replace("_", " ")
