"""A simulation in a few lines that anyone can read, shared by the shell, Python and the page."""

from __future__ import annotations

from datetime import date
from math import isnan
from statistics import NormalDist
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Crossing, Risk, Site, Supplier
from tandemplan.report.facts import Cells, customer_names, item_names, item_units, row_names, rows
from tandemplan.report.wording import counted, day, listed, measure, money, number, percent
from tandemplan.results.simulation_shapes import (
    CASH_LOW,
    DRIVERS,
    FAN,
    PROMISE_GROUPS,
    PROMISES,
    RATE_CHANCES,
    RISK_EFFECTS,
    SURVIVAL,
)
from tandemplan.results.store import Run

WORST = 3  # promises named
SURE = 0.995  # a chance from which on a promise is not doubted


def simulation_lines(run: Run, programme: Programme) -> list[str]:
    """Return how sure the first delivery and the first class are in one line; then each class, the least sure promises, money, and what harms most.

    Each line is a word, a colon and a sentence.
    """
    return [
        _in_short(run, programme),
        _simulated(run),
        *_classes(run, programme),
        _least_sure(run, programme),
        *_money(run, programme),
        *_rates(run, programme),
        _harm(run, programme),
        *_drivers(run, programme),
        *_losses(run, programme),
        *(f"Not counted: {note}" for note in run.info.get("notes", [])),
    ]


def simulation_identity(run: Run) -> list[tuple[str, str]]:
    """Return what identifies a simulation, as words and texts; nothing that differs between equal ones."""
    info = run.info
    programme, asked = info.get("programme", {}), info.get("options", {})
    options = ", ".join(f"{n} {v}" for n, v in asked.items() if v is not None)
    state = changed_words(run) or "as the simulation wrote them, by their digests"
    return [
        ("Simulation", str(info.get("run", ""))),
        ("Plan", str(info.get("plan", ""))),
        ("Programme", f"{programme.get('name', '')}, digest {programme.get('digest', '')}"),
        ("Replications", f"{info['replications']:,}"),
        ("Options", options),
        ("Seed", str(info.get("seed", ""))),
        ("Versions", ", ".join(f"{n} {v}" for n, v in info.get("versions", {}).items())),
        ("Tables", state),
        ("Reproducible", "yes: the same plan, seed and replications give the same tables" if info.get("reproducible") else "no: a person ended it"),
    ]  # fmt: skip


def changed_words(run: Run) -> str:
    """Return what must be said before anything else of a simulation whose files were changed; blank where they were not."""
    if not run.changed:
        return ""
    return f"Changed after the simulation: {listed(run.changed, most=20)}. What stands here is not what it wrote."


def simulation_answers(run: Run) -> dict[str, Any]:
    """Return the same as values for `--json`: rows of the tables, days as texts and blanks as None."""
    return {
        "classes": [plain(r) for r in rows(run, PROMISE_GROUPS) if r["kind"] in ("all", "class")],
        "least_sure": [plain(r) for r in least_sure(run)[:WORST]],
        "risks": [plain(r) for r in harmful(run)],
        "cash": [plain(r) for r in rows(run, CASH_LOW)],
        "rates": [plain(r) for r in rows(run, RATE_CHANCES)],
        "drivers": [plain(r) for r in rows(run, DRIVERS) if r["kind"] == "all"],
        "survival": [plain(r) for r in soonest_losses(run)],
    }


def chance(row: Cells, name: str) -> str:
    """Return a chance with its interval, in per cent.

    >>> chance({"x": 0.642, "x_from": 0.6117, "x_to": 0.6711}, "x")
    '64.2 % (61 to 67 %)'
    >>> chance({"x": 0.0, "x_from": 0.0, "x_to": 0.0038}, "x"), chance({"x": 1.0, "x_from": 0.9962, "x_to": 1.0}, "x")
    ('0 % (at most 0.4 %)', '100 % (at least 99.6 %)')
    >>> chance({"x": float("nan"), "x_from": float("nan"), "x_to": float("nan")}, "x")
    'unknown'
    """
    value, low, high = row[name], row[f"{name}_from"], row[f"{name}_to"]
    if isnan(value):
        return "unknown"
    if isnan(low) or isnan(high):
        return _share(value)
    if value in (0.0, 1.0):
        return f"{_share(value)} ({f'at most {_share(high)}' if value == 0 else f'at least {_share(low)}'})"
    return f"{_share(value)} ({_share(low, digits=0).removesuffix(' %')} to {_share(high, digits=0)})"


def whole_percent(value: float) -> str:
    """Return a chance in whole per cent; only what is sure is 0 or 100.

    >>> whole_percent(0.004), whole_percent(0.424), whole_percent(0.999), whole_percent(1)
    ('< 1 %', '42 %', '> 99 %', '100 %')
    """
    if 0 < value < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"


def class_members(run: Run, programme: Programme) -> dict[int, str]:
    """Return who stands behind each class, classes in order of service."""
    names = customer_names(programme)
    found: dict[int, set[str]] = {}
    for r in rows(run, PROMISES):
        who = str(names.get(r["customer"], r["customer"]))
        found.setdefault(r["demand_class"], set()).update({who} - {""})
    return {c: listed(sorted(found[c])) or f"class {c}" for c in sorted(found)}


def least_sure(run: Run) -> list[Cells]:
    """Return the promises that the plan keeps and the simulation doubts, the least sure first."""
    told = [r for r in rows(run, PROMISES) if keeps(r) and r["on_time_chance"] < SURE]
    return sorted(told, key=lambda r: (r["on_time_chance"], r["demand_class"], r["due"], r["demand"]))


def keeps(row: Cells) -> bool:
    """Tell whether the plan has a demand complete on time."""
    return row["planned"] is not None and row["due"] is not None and row["planned"] <= row["due"]


def harmful(run: Run) -> list[Cells]:
    """Return the risks that surely make more units late, by what they cost on average."""
    found = _surely_more([r for r in rows(run, RISK_EFFECTS) if r["kind"] == "risk"])
    return sorted(found, key=lambda r: (-r["happens_chance"] * r["late_share_more"], r["name"]))


def _surely_more(table: list[Cells]) -> list[Cells]:
    """Return the rows that surely have more units late: with 95 % confidence none of them does not, however many rows there are (Bonferroni's correction)."""
    told = [r for r in table if not isnan(r["late_share_more_from"])]
    wider = NormalDist().inv_cdf(1 - 0.025 / max(len(told), 1)) / NormalDist().inv_cdf(0.975)
    return [r for r in told if r["late_share_more"] - wider * (r["late_share_more"] - r["late_share_more_from"]) > 0]


def risk_names(programme: Programme) -> dict[str, str]:
    """Return what each risk is called."""
    return row_names(programme, Risk)


def level(quantile: float) -> str:
    """Return a quantile as a share of cases.

    >>> level(0.8), level(0.025)
    ('80 %', '2.5 %')
    """
    return f"{100 * quantile:.4g} %"


def driver_name(row: Cells, programme: Programme) -> str:
    """Return what a row of drivers is called."""
    if row["source"] == "supplier":
        return str(row_names(programme, Supplier).get(row["name"], row["name"]))
    return "everything at once" if row["source"] == "everything" else str(row["source"])


def costly_drivers(run: Run) -> list[Cells]:
    """Return the drivers that surely make more of all units late, each for itself, those that cost most first."""
    told = [r for r in rows(run, DRIVERS) if r["kind"] == "all" and r["source"] != "everything"]
    return sorted(_surely_more(told), key=lambda r: (-r["late_share_more"], r["source"], r["name"]))


def loss_name(row: Cells, programme: Programme) -> str:
    """Return what is lost in a row of survival."""
    classes = {"suppliers": Supplier, "countries": Country, "crossings": Crossing, "sites": Site}
    return str(row_names(programme, classes[row["kind"]]).get(row["name"], row["name"]))


def soonest_losses(run: Run) -> list[Cells]:
    """Return the rows of survival, those first without which promises fall soonest."""

    def key(r: Cells) -> tuple[object, ...]:
        days = (float("inf") if isnan(v) else v for v in (r["survives_middle"], r["survives_low"]))
        return (*days, -r["falls_chance"], r["kind"], r["name"])

    return sorted(rows(run, SURVIVAL), key=key)


def _rates(run: Run, programme: Programme) -> list[str]:
    """Say when the items that are demanded most are at full rate."""
    asked: dict[str, float] = {r["name"]: r["asked"] for r in rows(run, PROMISE_GROUPS) if r["kind"] == "item"}
    table = sorted(rows(run, RATE_CHANCES), key=lambda r: (-asked.get(r["item"], 0.0), r["item"]))
    high, names = level(programme.settings.high_quantile), item_names(programme)
    told = [
        f"{names.get(r['item'], r['item'])} on {day(r['planned'])}, as planned, {chance(r, 'by_planned_chance')} sure, "
        + (
            f"{day(r['reached_high'])} {high}"
            if r["reached_high"]
            else f"within the plan {chance(r, 'reached_chance')}"
        )
        for r in table[:WORST]
    ]
    return [f"Full rate: {listed(told, comma='; ')}."] if told else []


def _drivers(run: Run, programme: Programme) -> list[str]:
    """Say what costs most of all that varies; nothing where it was not asked for."""
    told = [r for r in rows(run, DRIVERS) if r["kind"] == "all"]
    if not told:
        return []
    words = [f"{driver_name(r, programme)} {_points(r)}" for r in costly_drivers(run)[:WORST]]
    most = (
        f"More of all units are late because of {listed(words, comma='; ')}"
        if words
        else "Nothing that varies surely makes more units late by itself"
    )
    whole = [r for r in told if r["source"] == "everything"]
    rest = (
        f"; with everything at its mean {_share(whole[0]['late_share_with'] - whole[0]['late_share_more'])} are late"
        if whole
        else ""
    )
    return [f"What varies: {most}{rest}."]


def _points(row: Cells) -> str:
    value, low, high = (f"{100 * row[f'late_share_more{end}']:.1f}" for end in ("", "_from", "_to"))
    return f"{value} points ({low} to {high})"


def _losses(run: Run, programme: Programme) -> list[str]:
    """Say without what promises fall soonest; nothing where it was not asked for."""
    table = soonest_losses(run)
    if not table:
        return []
    worst = [r for r in table if not isnan(r["survives_middle"])][:WORST]
    words = [f"{loss_name(r, programme)} after {number(r['survives_middle'])} days" for r in worst]
    said = (
        f"promises fall soonest, in the middle of all cases, without {listed(words, comma='; ')}"
        if worst
        else "no loss makes promises fall in half of all cases"
    )
    return [f"Losses: From {day(table[0]['lost_from'])} on, {said}."]


def _simulated(run: Run) -> str:
    info = run.info
    width = info.get("half_width")
    said = "too few to say how sure" if width is None else f"figures of classes within {number(100 * width)} points"
    ended = {"precision": ", ended by the precision asked for", "interrupted": ", stopped before the last"}
    return (
        f"Simulated: {counted(info['replications'], 'replication')} of {info['plan']}, seed {info['seed']}"
        f"{ended.get(info.get('reason') or '', '')}; {said}, with 95 % confidence."
    )


def _in_short(run: Run, programme: Programme) -> str:
    """Say in one line how sure the first delivery is, and the total of the first class, the host's."""
    groups = {(r["kind"], r["name"]): r for r in rows(run, PROMISE_GROUPS)}
    if not groups:
        return "In short: Nothing is asked for."
    row, names = groups["all", "all"], class_members(run, programme)
    high, late = level(programme.settings.high_quantile), row["first_high"]
    then = f"{day(late)} {high}" if late else f"no day of the plan is {high} sure"
    first = f"The first delivery on {day(row['planned_first'])}, as planned, is {chance(row, 'first_by_planned_chance')} sure, {then}"
    if row["planned_first"] is None:
        first = f"The plan has no delivery; one within it is {chance(row, 'first_chance')} sure, {then}"
    rank = min(names)
    total = f"all of it by the end is {chance(groups['class', str(rank)], 'total_chance')} sure"
    known = totals(run, programme).get(str(rank), "").removesuffix("; ") or total
    return f"In short: {first}. Of class {rank} ({names[rank]}), {known}."


def _classes(run: Run, programme: Programme) -> list[str]:
    """Say how sure the totals are, the first class (the host's) first."""
    names, known = class_members(run, programme), totals(run, programme)
    return [
        f"Class {r['name']} ({names.get(int(r['name']), '')}): {known.get(r['name'], '')}all of it by the end is {chance(r, 'total_chance')} sure, all on time "
        f"{chance(r, 'all_on_time_chance')}; on average {_share(r['on_time_share'])} of its units are on time, {_share(r['planned_on_time_share'])} in the plan."
        for r in rows(run, PROMISE_GROUPS)
        if r["kind"] == "class"
    ]


def totals(run: Run, programme: Programme) -> dict[str, str]:
    """Return how many units each class has by the end as good as surely, where its fan is known and its items are counted in one unit."""
    units, low = item_units(programme), programme.settings.low_quantile
    counted_in: dict[str, set[str]] = {}
    for r in rows(run, PROMISES):
        counted_in.setdefault(str(r["demand_class"]), set()).add(units.get(r["item"], "each"))
    last = {r["name"]: r for r in rows(run, FAN) if r["kind"] == "class"}
    return {
        name: f"{_interval(r)} of {number(r['asked'])} {measure(next(iter(counted_in[name])))} by the end are {level(1 - low)} sure; "
        for name, r in last.items()
        if len(counted_in.get(name, ())) == 1
    }


def _interval(row: Cells) -> str:
    """Return the low quantile of what is delivered in the end, with its interval where it has both ends and they differ."""
    value, low, high = (row[f"units_low{end}"] for end in ("", "_from", "_to"))
    known = not isnan(low) and not isnan(high) and number(low) != number(high)
    return f"{number(value)} ({number(low)} to {number(high)})" if known else number(value)


def _least_sure(run: Run, programme: Programme) -> str:
    doubted, kept = least_sure(run), sum(map(keeps, rows(run, PROMISES)))
    if not kept:
        return "Least sure: The plan has no demand complete on time."
    if not doubted:
        return f"Least sure: Of {counted(kept, 'promise')} that the plan keeps none is in doubt."
    names = customer_names(programme)
    words = [
        f"{r['demand']} ({'; '.join(filter(None, (names.get(r['customer'], r['customer']), _item(r, programme), 'due ' + day(r['due']))))}) "
        f"{chance(r, 'on_time_chance')}"
        for r in doubted[:WORST]
    ]
    return f"Least sure: Of {counted(kept, 'promise')} that the plan keeps on time {len(doubted):,} {'is' if len(doubted) == 1 else 'are'} in doubt: {listed(words, comma='; ')}."


def _item(row: Cells, programme: Programme) -> str:
    return str(item_names(programme).get(row["item"], row["item"]))


def _money(run: Run, programme: Programme) -> list[str]:
    currency = programme.settings.currency
    return [
        f"Money: It runs dry in {chance(r, 'dry_chance')} of all cases; the lowest point is {money(r['lowest_middle'], currency)} in the middle, "
        f"{money(r['planned'], currency) if not isnan(r['planned']) else 'not known'} in the plan."
        for r in rows(run, CASH_LOW)
    ]


def _harm(run: Run, programme: Programme) -> str:
    risks, names = [r for r in rows(run, RISK_EFFECTS) if r["kind"] == "risk"], risk_names(programme)
    if not risks:
        return "Risks: The programme has none that is drawn."
    found = harmful(run)
    if not found:
        return f"Risks: Of {counted(len(risks), 'risk')} none makes more units late as far as so many replications can show."
    worst = found[0]
    more, low, high = (f"{100 * worst[f'late_share_more{end}']:.1f}" for end in ("", "_from", "_to"))
    told = "" if isnan(worst["variance_share"]) else f"; it explains {_share(worst['variance_share'])} of what varies"
    rest = listed([str(names.get(r["name"], r["name"])) for r in found[1:]], most=2)
    return (
        f"Risks: {names.get(worst['name'], worst['name'])} harms most: it happens in {chance(worst, 'happens_chance')} of all cases, and then "
        f"{more} ({low} to {high}) points more of all units are late{told}.{f' Then {rest}.' if rest else ''}"
    )


def _share(value: float, digits: int = 1) -> str:
    if isnan(value):
        return "unknown"
    return percent(value * 1e6, 1e6) if digits else f"{100 * value:.0f} %"


def plain(row: Cells) -> Cells:
    """Return a row as values for JSON: days as texts, and None for what is not known."""
    return {
        k: v.isoformat() if isinstance(v, date) else None if isinstance(v, float) and isnan(v) else v
        for k, v in row.items()
    }
