"""The tables of a page about work-share and sourcing."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Country, Partner, Supplier
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import Cells, item_names, row_names, rows
from tandemplan.report.wording import percent
from tandemplan.results.share_shapes import SOURCING, SOURCING_RULES, WORK_SHARE
from tandemplan.results.store import Run

WANTED = {
    "source share": "at most {} from one source",
    "fewest sources": "at least {} sources",
    "country concentration": "squared shares of countries add up to at most {}",
    "subcontract share": "at most {} of the value of contracts to one subcontractor",
}


def tables(run: Run, programme: Programme) -> tuple[DataTable, ...]:
    """Return how far each rule on work-share and on sourcing is kept, and what is bought of what from whom, largest cost first."""
    return _work_share(run, programme), _rules(run, programme), _sourcing(run, programme)


def _work_share(run: Run, programme: Programme) -> DataTable:
    names, currency = row_names(programme, Partner), programme.settings.currency
    return DataTable(
        "work-share",
        "Work-share",
        columns("partner", "rule", "is", f"value added:money:{currency}", "share:share", "least:share", "most:share", f"inside by:money:{currency}"),
        tuple(
            (names.get(r["partner"], r["partner"]), r["rule"], _is(r), *(r[c] for c in ("value_added", "share", "low", "high", "margin")))
            for r in rows(run, WORK_SHARE)
        ),
        lead="One row for each rule that speaks of a partner. Below 0: that much of its value added is outside the band.",
    )  # fmt: skip


def _rules(run: Run, programme: Programme) -> DataTable:
    items, sellers, lands = item_names(programme), row_names(programme, Supplier), row_names(programme, Country)
    known = {**sellers, **lands}
    found = [
        (
            r["rule"], WANTED[r["kind"]].format(f"{r['limit']:g}" if _number(r["kind"]) else percent(r["limit"], 1)), _is(r),
            items.get(r["subject"], sellers.get(r["subject"], r["subject"])) or "all of the rule", known.get(r["source"], r["source"]),
            r["share"], f"{r['value']:g}" if _number(r["kind"]) else percent(r["value"], 1), "kept" if r["margin"] >= -5e-6 else "not kept",
        )
        for r in sorted(rows(run, SOURCING_RULES), key=lambda r: (r["margin"] >= -5e-6, r["rule"], r["subject"]))
    ]  # fmt: skip
    return DataTable(
        "sourcing-rules",
        "Rules on sourcing",
        columns("rule", "asks for", "is", "of", "largest source", "its share:share", "reaches:figure", "so it is"),
        tuple(found),
        lead="What the plan buys over the whole horizon, against each rule: those that are not kept first.",
        empty="No rule on sources, subcontractors or countries.",
    )


def _number(kind: str) -> bool:
    """Tell whether a rule limits a number, not a share in percent."""
    return kind in ("fewest sources", "country concentration")


def _is(row: Cells) -> str:
    return "" if not row["rule"] else "a target" if row["soft"] else "a limit"


def _sourcing(run: Run, programme: Programme) -> DataTable:
    items, sellers, lands = item_names(programme), row_names(programme, Supplier), row_names(programme, Country)
    return DataTable(
        "sourcing",
        "Who sells what",
        columns("item", "supplier", "country", "units:number", f"cost:money:{programme.settings.currency}", "of the item:share"),
        tuple(
            (items.get(r["item"], r["item"]), sellers.get(r["supplier"], r["supplier"]), lands.get(r["country"], r["country"]), r["units"], r["cost"], r["share"])
            for r in sorted(rows(run, SOURCING), key=lambda r: (-r["cost"], r["offer"]))
        ),
        lead="Accepted units over the whole plan, and the share of each source in all units of the item.",
    )  # fmt: skip
