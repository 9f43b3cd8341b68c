"""The tables of a page about money: what becomes of each tranche, and what is paid for what."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Tranche
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import row_names, rows
from tandemplan.results.money_shapes import CASH, FUNDING
from tandemplan.results.store import Run

COMES = ("tranches", "credit", "advances", "deliveries")
GOES = ("refunds", "purchases", "transport", "labour", "training", "capex", "opex", "other", "interest", "expired")
TURNED = {"advances", "deliveries", "refunds"}  # what comes to the venture goes from a payer, and the other way round


def tables(run: Run, programme: Programme) -> tuple[DataTable, ...]:
    """Return what becomes of each tranche, and all that comes to each pool and goes, over the whole plan; nothing without pools."""
    return (_tranches(run, programme), _flows(run, programme)) if rows(run, CASH) else ()


def _tranches(run: Run, programme: Programme) -> DataTable:
    names, currency = row_names(programme, Tranche), programme.settings.currency
    found = tuple(
        (r["tranche"], names.get(r["tranche"]) or r["tranche"], *(r[c] for c in ("pool", "opens", "expires", "amount", "used", "left", "expired")))
        for r in rows(run, FUNDING)
        if r["kind"] != "outside"
    )  # fmt: skip
    amounts = (f"{name}:money:{currency}" for name in ("amount", "used", "left", "expired unused"))
    return DataTable(
        "tranches",
        "Tranches",
        columns("tranche", "name", "pool", "opens:date", "expires:date", *amounts),
        found,
        lead="One without a day on which it opens is not there within the plan. Of a line of credit, used is the most that is drawn at once.",
    )


def _flows(run: Run, programme: Programme) -> DataTable:
    table, kinds = rows(run, CASH), dict(zip(programme[Tranche].pool, programme[Tranche].kind, strict=True))
    found = []
    for pool in dict.fromkeys(r["pool"] for r in table):
        for name in (*COMES, *GOES):
            amount = sum(r[name] for r in table if r["pool"] == pool)
            comes = (name in COMES) != (name in TURNED and kinds.get(pool) != "company")
            if abs(amount) > 0:
                found.append((pool, "comes" if comes else "goes", name, round(amount, 2)))
    return DataTable(
        "money",
        "What comes and goes",
        columns("pool", "way", "what", f"amount:money:{programme.settings.currency}"),
        tuple(found),
        lead="Summed over the plan; what falls due after its end is left out. Credit is what is drawn less what is repaid.",
    )
