"""What is said about dependence: the lines of the shell, and the table of the page."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Crossing, Item, Site, Supplier
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import row_names
from tandemplan.report.figures.dependence import Cells
from tandemplan.report.wording import counted, day, listed, money, number, percent

TABLES = {"supplier": Supplier, "country": Country, "part": Item, "site": Site, "crossing": Crossing}
MOST_TOLD = 10
CENT = 0.01


def dependence_lines(rows: Sequence[Cells], programme: Programme, kind: str = "") -> tuple[str, ...]:
    """Return in a few lines whom a plan depends on: single sources, concentration, who is exposed, and the worst of them (of a `kind`; blank: all but parts)."""
    names = _Names(programme)
    parts = [r for r in rows if r["kind"] == "part"]
    alone = [r for r in parts if r["only_in_plan"]]
    nobody = [r for r in parts if r["only_in_programme"]]
    said = f"Single sources: {len(alone)} of {counted(len(parts), 'part')} from one supplier"
    said += (
        f", {len(nobody)} of them because nobody else offers them: {listed([names.of(r) for r in nobody], most=5, comma='; ')}."
        if nobody
        else "; others offer all of them."
        if alone
        else "."
    )
    lines = [said, _concentration(rows, programme, names)]
    known = [r for r in rows if not isnan(r["recover_days"]) and (r["kind"] == kind if kind else r["kind"] != "part")]
    exposed = [r for r in known if r["survive_days"] < r["recover_days"]]
    lines.append(
        f"Exposed, as they take longer to recover than the plan survives without them: {len(exposed)} of {counted(len(known), 'source')}."
    )
    worst = [r for r in known if r["late_unit_days"] > 0][:MOST_TOLD]
    lines += [f"{k}. {_worst(r, names)}" for k, r in enumerate(worst, 1)]
    unknown = [names.of(r) for r in rows if isnan(r["recover_days"]) and r["units"] > 0 and kind in ("", r["kind"])]
    if unknown:
        lines.append(f"Nobody says how long these take to recover: {listed(unknown, most=4, comma='; ')}.")
    return tuple(lines)


def _concentration(rows: Sequence[Cells], programme: Programme, names: _Names) -> str:
    """Return what is bought, from how many, and how concentrated that is; offers need not name a supplier."""
    parts, sellers = ([r for r in rows if r["kind"] == kind] for kind in ("part", "supplier"))
    spent, total = (sum(r["value"] for r in some) for some in (sellers, parts))
    currency = programme.settings.currency
    if not total > 0:
        return "Purchases: none."
    third = f"; from third countries {percent(sum(r['value'] * r['third_country_share'] for r in parts), total)}."
    if not spent > 0:
        return f"Purchases: {money(total, currency)}, whose offers name no supplier{third}"
    hhi = sum((r["value"] / spent) ** 2 for r in sellers)
    most = max(sellers, key=lambda r: r["value"])
    said = f"Purchases: {money(spent, currency)} from {counted(len(sellers), 'supplier')}, squared shares {hhi:.2f}; most from {names.of(most)}, {percent(most['value'], spent)}"
    unnamed = total - spent
    return (
        said + (f"; {money(unnamed, currency)} more, whose offers name no supplier" if unnamed >= CENT else "") + third
    )


def _worst(row: Cells, names: _Names) -> str:
    lost = f"lost for {number(row['recover_days'])} days from {day(row['late_from'])}"
    late = f"{counted(round(row['late_units']), 'unit')} of {counted(int(row['late_demands']), 'demand')} late, {number(row['late_unit_days'])} unit-days"
    lasts = (
        f"; lost at the worst moment, nothing is missed for {number(row['survive_days'])} days"
        if row["survive_days"] == row["survive_days"]
        else ""
    )
    return f"{names.of(row)} ({row['kind']}), {lost}: {late}{lasts}."


def replanned_lines(rows: Sequence[Cells], programme: Programme) -> tuple[str, ...]:
    """Return in a few lines whom a plan depends on where everything is planned anew after a loss."""
    names = _Names(programme)
    if not rows:
        return ("Nobody says how long anything takes to recover: there is nothing to plan anew.",)
    hurt = [r for r in rows if r["late_unit_days"] > 0]
    open_ = [r for r in rows if isnan(r["late_unit_days"])]
    lines = [
        f"Planned anew after each loss: {len(hurt)} of {counted(len(rows), 'source')}, lost for as long as it takes to recover, {'makes' if len(hurt) == 1 else 'make'} somebody wait."
    ]
    lines += [f"{k}. {_anew(r, names)}" for k, r in enumerate(hurt[:MOST_TOLD], 1)]
    if open_:
        lines.append(f"No plan was found without {listed([names.of(r) for r in open_], most=4, comma='; ')}.")
    for without in sorted({r["without"] for r in rows} - {""}):
        mine = [r for r in rows if r["without"] == without]
        which = "" if len(mine) == len(rows) else f" of {listed([names.of(r) for r in mine], most=4, comma='; ')}"
        lines.append(f"Not asked{which}: limits of {without}; what they allow may be less.")
    return tuple(lines)


def _anew(row: Cells, names: _Names) -> str:
    lost = f"lost for {number(row['recover_days'])} days from {day(row['late_from'])}"
    late = f"{number(row['late_units'])} units late, {number(row['late_unit_days'])} unit-days ({row['by_class']})"
    return f"{names.of(row)} ({row['kind']}), {lost}: {late}; nobody waits if it is lost for {number(row['survive_days'])} days."


class _Names:
    """Full names of sources of each kind."""

    def __init__(self, programme: Programme) -> None:
        self.known = {kind: row_names(programme, table) for kind, table in TABLES.items()}

    def of(self, row: Cells) -> str:
        """Return the full name of a source, its key where it has none."""
        return str(self.known.get(row["kind"], {}).get(row["name"], row["name"]))


def plain(row: Cells) -> Cells:
    """Return a row as JSON may hold it: days as texts, what is blank as null."""
    return {
        n: None if isinstance(v, float) and isnan(v) else str(v) if hasattr(v, "year") else v for n, v in row.items()
    }


def losses_table(rows: Sequence[Cells], programme: Programme) -> DataTable:
    """Return the table of the page of what was planned anew: each source, who waits even so, and for how long it can be lost."""
    names = _Names(programme)

    shown = (
        "recover_days", "late_units", "lost_units", "late_unit_days", "by_class", "late_from", "survive_days",
        "exposure_index", "without",
    )  # fmt: skip
    heads = columns(
        "kind", "name", "recovers:number:days", "late:number:units", "of these never:number", "late:number:unit-days", "by class", "worst from:date",
        "nobody waits for:number:days", "exposure:share", "limits not asked",
    )  # fmt: skip
    return DataTable(
        "dependence-replanned",
        "Planned anew after each loss",
        heads,
        tuple((r["kind"], names.of(r), *(_cell(r[n]) for n in shown)) for r in rows),
        lead="As `tandemplan dependence --replan` found it, the most unit-days late first. Blank: no plan was found under the loss, or nobody waits for all its time to recover.",
    )


def depending(rows: Sequence[Cells], programme: Programme) -> DataTable:
    """Return the table of the page: each source, what hangs on it, and for how long the plan does without it."""
    names, currency = _Names(programme), programme.settings.currency

    return DataTable(
        "dependence",
        "Suppliers, countries, parts, sites, crossings and lanes",
        columns(
            "kind", "name", f"bought:money:{currency}", "of all:share", "parts:number", "only here:number", "nobody else offers:number", "units that need it:number", "demands:number",
            "survives:number:days", "recovers:number:days", "late:number:units", "late:number:unit-days", "exposure:share",
        ),
        tuple(
            (r["kind"], names.of(r), *(_cell(r[n]) for n in ("value", "share", "parts", "only_in_plan", "only_in_programme", "units", "demands", "survive_days", "recover_days", "late_units", "late_unit_days", "exposure_index")))
            for r in rows
        ),
        lead="Most exposed first. Survives: days from a loss for good to the first missed delivery, from the worst day. Late: if it is lost for as long as it takes to recover, and nobody plans anew.",
        empty="Nothing is bought, made or moved.",
    )  # fmt: skip


def _cell(value: Any) -> Any:
    """Return a value as a table of the page holds it: what is blank as None."""
    return None if isinstance(value, float) and isnan(value) else value
