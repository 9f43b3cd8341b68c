"""The table of fair sharing: how each customer of a class is served beside the others."""

from __future__ import annotations

from tandemplan.model.programme import Programme
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import customer_names, rows
from tandemplan.results.service_shapes import SHARING
from tandemplan.results.store import Run

ALIKE = {
    "proportional": "the share of its claim that each is served",
    "uniform gains": "the service that each is given",
    "uniform losses": "the lateness that each bears",
}


def sharing(run: Run, programme: Programme) -> list[DataTable]:
    """Return the customers that share fairly, by class and rule, where a rule asks for it."""
    names, table = customer_names(programme), rows(run, SHARING)
    said = [ALIKE.get(p, p) for p in dict.fromkeys(r["policy"] for r in table)]
    found = DataTable(
        "sharing",
        "Fair shares inside classes",
        columns(
            "class:number", "certainty", "customer", "fair share:number", "claim:number:weighted", "value:number:weighted",
            "served:share", "behind:share",
        ),
        tuple(
            (
                r["demand_class"], r["certainty"], names.get(r["customer"], r["customer"]), r["fair_share"], r["most"], r["value"],
                r["served_share"], r["behind"],
            )
            for r in table
        ),
        lead=f"What is made alike is {' or '.join(said)}, as far as the class is served as well; the claim is the value if nothing were delivered.",
        shown=30,
    )  # fmt: skip
    return [found] if table else []
