"""What was asked of a run and is kept with it, as rows of its tables and as sections of its page: why demands are late, which numbers to check."""

from __future__ import annotations

from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.datatable import DataTable, columns
from tandemplan.report.explained import BEYOND, SMALL, THE_PLAN, cause_words
from tandemplan.report.facts import customer_names, item_names, rows
from tandemplan.report.section import Section
from tandemplan.report.wording import listed
from tandemplan.results.answer_shapes import CHECKS, EXPLANATIONS, RELIEFS
from tandemplan.results.shape import DEMAND_SUMMARY
from tandemplan.results.store import Run

Said = dict[str, Any]
Rows = list[dict[str, Any]]
WHY = (
    "The causes of a demand are a smallest set of limits without which it is as little late as it can be; their unit-days, let go one after another, add up to its lateness. "
    "Nothing that has slack is among them."
)
HELPS = (
    "Each change was planned: the demand with it, what the plan costs more, and all others. A change that is planned around the demand leaves the rest of the plan as it is and "
    "keeps no order whole, so others may be served better where all is planned anew. A blank price: the tables do not say what the change costs, so it is not counted."
)
CHECKING = "Sources contradict the programme here. It was planned with each other claim, one at a time; the largest effect comes first."


def explanation_rows(said: Said, programme: Programme) -> Rows:
    """Return why a demand is late as rows of the table `explanations`; they add up to its lateness."""
    found = [(c["family"], c["name"], cause_words(c, programme), c["unit_days"]) for c in said["causes"]]
    found += [
        ("", "", word, said[key]) for key, word in (("rounding", THE_PLAN), ("at_best", BEYOND)) if said[key] > SMALL
    ]
    names = ("family", "name", "cause", "unit_days")
    return [{"demand": said["demand"], "rank": i, **dict(zip(names, c, strict=True))} for i, c in enumerate(found, 1)]


def relief_rows(demand: str, said: list[Said], planned: str) -> Rows:
    """Return what repairs a demand as rows of the table `reliefs`."""
    return [
        {
            "demand": demand, "rank": i, "change": r["text"], "sets": "; ".join(r["changes"]), "later": "; ".join(r["worse"]),
            "sooner": "; ".join(r["better"]), "planned": planned,
            **{n: r[n] for n in ("late_unit_days", "repaired", "cost", "price", "others_unit_days")},
        }
        for i, r in enumerate(said, 1)
    ]  # fmt: skip


def check_rows(said: Rows) -> Rows:
    """Return the effects of claims as rows of the table `checks`."""
    return [
        {
            "claim": r["name"], "cell": f"{r['table']}[{r['key']}].{r['column']}", "demands": "; ".join(r["demands"]),
            **{n: r[n] for n in ("rank", "subject", "by", "now", "then", "outcome", "changes")},
        }
        for r in said
    ]  # fmt: skip


def answered_sections(run: Run, programme: Programme) -> tuple[Section, ...]:
    """Return the sections about what was asked of a run; those of nothing asked have no rows."""
    return (
        Section(
            "why-late", "Why late, and what helps", "Why late", WHY, (_causes(run, programme), _helps(run, programme))
        ),
        Section("checks", "Numbers worth checking", "Check", CHECKING, (_checks(run),)),
    )


def _causes(run: Run, programme: Programme) -> DataTable:
    items, who = item_names(programme), customer_names(programme)
    asked = {r["demand"]: r for r in rows(run, DEMAND_SUMMARY)}
    body = []
    for r in rows(run, EXPLANATIONS):
        d = asked.get(r["demand"])
        if d is not None:
            of = (who.get(d["customer"], d["customer"]), items.get(d["item"], d["item"]), d["due"], d["late_unit_days"])
            body.append((r["demand"], *of, r["rank"], r["unit_days"], r["cause"]))
    heads = columns(
        "demand",
        "customer",
        "item",
        "due:date",
        "lateness:number:unit-days",
        "cause:number",
        "makes:number:unit-days",
        "which is",
    )
    return DataTable("why-table", "Why", heads, tuple(body), shown=20)


def _helps(run: Run, programme: Programme) -> DataTable:
    currency = programme.settings.currency
    heads = columns(
        "demand", "change", "late then:number:unit-days", f"plan costs:change:{currency}", f"its price:money:{currency}",
        "all others:change:unit-days", "later", "sooner", "planned", "as a change",
    )  # fmt: skip
    body = tuple(
        (
            r["demand"], r["change"], r["late_unit_days"], r["cost"], _blank(r["price"]), r["others_unit_days"], _few(r["later"]), _few(r["sooner"]),
            r["planned"], r["sets"],
        )
        for r in rows(run, RELIEFS)
    )  # fmt: skip
    return DataTable("relief-table", "What would help", heads, body, lead=HELPS, shown=20)


def _checks(run: Run) -> DataTable:
    names = ("rank", "claim", "by", "subject", "cell", "now", "then", "changes", "outcome")
    heads = columns(
        "rank:number", "claim", "source", "about", "cell", "now", "then", "then the plan", "outcome", "demands"
    )
    body = tuple((*(r[n] for n in names), _few(r["demands"])) for r in rows(run, CHECKS))
    return DataTable("checks-table", "", heads, body)


def _few(names: str) -> str:
    return listed(names.split("; "), most=3) if names else ""


def _blank(value: float) -> float | None:
    return None if value != value else value  # noqa: PLR0124
