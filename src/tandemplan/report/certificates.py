"""Certificates of origin as tables of a page: shares by day of evidence, what a rule costs in material, and the parts that use the limit up."""

from __future__ import annotations

from collections import defaultdict
from math import isnan

from tandemplan.model.programme import Programme
from tandemplan.model.schema import Offer, OpenOrder, Supplier
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.facts import Cells, item_names, row_names, rows
from tandemplan.report.figures.origin import called
from tandemplan.report.wording import listed
from tandemplan.results.origin_shapes import MATERIALS, ORIGIN, ORIGIN_PARTS
from tandemplan.results.service_shapes import RULE_COSTS
from tandemplan.results.store import Run

SHOWN = 24


def certificates(run: Run, programme: Programme) -> DataTable:
    """Return the share from outside of each product and contract under a rule, by day of evidence."""
    names, currency = item_names(programme), programme.settings.currency
    found = sorted(rows(run, ORIGIN), key=lambda r: (r["rule"], r["product"], r["contract"], r["evidence"]))
    return DataTable(
        "certificates",
        "Certificates of origin",
        columns(
            "rule", "product", "evidence by:date", "units:number", f"eligible:money:{currency}", f"from outside:money:{currency}",
            "share:share", "limit:share", f"left:money:{currency}",
        ),
        tuple(
            (
                r["rule"], called(r, names), r["evidence"], r["units"], r["eligible_cost"], r["other_cost"], r["share"], r["limit"],
                r["margin"],
            )
            for r in found
        ),
        lead="Cost of the components inside all units that counted by the day. Left is what more might be bought outside in place of eligible components.",
        shown=SHOWN,
    )  # fmt: skip


def materials(run: Run, programme: Programme) -> DataTable:
    """Return what the material of each product under a rule costs at least, with and without the rule and by suppliers of day one alone."""
    names, currency, found = item_names(programme), programme.settings.currency, rows(run, MATERIALS)
    late = sum(_so(r) in WAITING for r in found)
    said = f" {late} of {len(found)} cannot keep the rule by these alone." if late else ""
    return DataTable(
        "materials",
        "What the rule costs in material",
        columns(
            "rule", "is", "product", "at most:share", f"cheapest:money:{currency}", f"with the rule:money:{currency}", "the rule adds:share",
            "least share:share", f"day one, cheapest:money:{currency}", f"day one, with the rule:money:{currency}", "day one, least share:share",
            "suppliers of day one",
        ),
        tuple(
            (
                r["rule"], "a target" if r["soft"] else "", called(r, names), r["limit"], *map(_known, (r["cost"], r["ruled_cost"], _added(r))),
                *(_known(r[n]) for n in ("least_share", "day_one_cost", "day_one_ruled_cost", "day_one_least_share")), _so(r),
            )
            for r in found
        ),
        lead="The cheapest material of one unit by any bills and any offers in any mix: scrap is counted; lead times, capacities and sizes of orders are not. "
        f"The least share is the least that can come from outside. Day one: by offers alone that are qualified when the plan starts.{said}",
        shown=SHOWN,
    )  # fmt: skip


KEEP, FIRST, LACK, NEVER = (
    "keep the rule",
    "others must be qualified first",
    "cannot make it",
    "as all: none can keep it",
)
WAITING = (FIRST, LACK)


def _so(r: Cells) -> str:
    """Return what suppliers of day one can do for a rule, in words."""
    if isnan(r["ruled_cost"]):
        return NEVER
    return LACK if isnan(r["day_one_cost"]) else FIRST if isnan(r["day_one_ruled_cost"]) else KEEP


def _added(r: Cells) -> float:
    """Return by what share the rule makes the cheapest material dearer."""
    return float(r["ruled_cost"] / r["cost"] - 1) if r["cost"] > 0 else 0.0 * float(r["ruled_cost"])


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def prices(run: Run, programme: Programme) -> list[DataTable]:
    """Return what each rule costs the whole plan, by objective, where that is reckoned or said not to be."""
    currency, left, found = programme.settings.currency, run.info.get("unreckoned_rules", []), rows(run, RULE_COSTS)
    told = f"The price of {listed(left)} is not reckoned: the plan is large, or the time ended." if left else ""
    alike = (
        "Two plans made alike, with the rule and without it (no number is kept whole, nothing is shared fairly), by objective in order. The first that "
        "differs is the price of the rule; those after it belong to plans that deliver something else."
    )
    table = DataTable(
        "rule-costs",
        "What the rule costs the plan",
        columns("rule", "objective", "with all rules:number", "without this rule:number", "the rule costs:change"),
        tuple(
            (r["rule"], f"cost, {currency}" if r["objective"] == "cost" else r["objective"], r["value"], r["without"], r["price"])
            for r in found
        ),
        lead=f"{alike} {told}".strip(),
        empty=f"{told} Two plans say it: this one, and one in which the rule is soft.",
        shown=SHOWN,
    )  # fmt: skip
    return [table] if found or left else []


def outside_parts(run: Run, programme: Programme) -> DataTable:
    """Return the parts inside what counts that are from outside, the dearest first: what each is of all from outside."""
    cost: dict[tuple[str, str, str, str], float] = defaultdict(float)
    units: dict[tuple[str, str, str, str], float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for r in rows(run, ORIGIN_PARTS):
        if r["counts_for"] and r["other_cost"] > 0:
            key = (r["counts_for"], r["item"], r["kind"], r["source"])
            cost[key] += r["other_cost"]
            units[key] += r["quantity"]
            total[r["counts_for"]] += r["other_cost"]
    names, sold, currency = item_names(programme), _sellers(programme), programme.settings.currency
    return DataTable(
        "outside-parts",
        "What is from outside",
        columns(
            "counts for", "item", "from", "units:number", f"from outside:money:{currency}", "of all from outside:share"
        ),
        tuple(
            (
                who,
                names.get(item, item),
                sold.get(source, "") or kind,
                units[key],
                round(cost[key], 2),
                cost[key] / total[who],
            )
            for key in sorted(cost, key=lambda k: (k[0], -cost[k], k))
            for who, item, kind, source in [key]
        ),
        lead="Units inside what counted over the whole plan, by where they come from.",
    )


def _sellers(programme: Programme) -> dict[str, str]:
    """Return who sells by each offer and open order."""
    names, offers = row_names(programme, Supplier), {o.offer: o.supplier for o in programme[Offer].rows()}
    found = {o: names.get(s, s) or o for o, s in offers.items()}
    return {**found, **{o.order: found.get(o.offer, "") for o in programme[OpenOrder].rows()}}
