"""What rules of origin cost: every objective of every rule that is reckoned, and a difference that follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.equations import equal
from tandemplan.audit.files import RUN
from tandemplan.audit.findings import Finding, shown
from tandemplan.audit.origin import Certificates
from tandemplan.results.service_shapes import RULE_COSTS

DUST = 1e-3  # share of a value (of 1, if that is more)


def check_rule_costs(book: Book) -> Iterator[Finding]:
    """Yield rules and objectives that stand there twice, or not though they are reckoned, and prices that do not follow.

    A plan without a rule is no worse: the first objective that differs is better.
    """
    objectives, reckoned = _objectives(book), sorted(_limiting(book) - _said(book))
    wanted = {f"{name} under {rule}": name for rule in reckoned for name in objectives}
    lines = [(r, f"{r.objective} under {r.rule}") for r in book.rows(RULE_COSTS)]
    yield from each_once("rule_costs", "objective", [(r.line, name) for r, name in lines], wanted)
    prices: dict[str, dict[str, Line]] = {}
    for r, name in lines:
        yield from equal(("rule_costs", r.line, name), "price", r.price, r.value - r.without)
        prices.setdefault(r.rule, {})[r.objective] = r
    for found in prices.values():
        yield from _better([found[name] for name in objectives if name in found])


def _better(rows: list[Line]) -> Iterator[Finding]:
    """Yield the first objective that differs without a rule, where it is worse by more than what dust in those before it may buy."""
    for r in [r for r in rows if r.price != 0][:1]:
        if r.price < -DUST * max(1.0, abs(r.value)):
            message = (
                f"{r.objective} would be worse by {shown(-r.price)} without {r.rule}, though nothing before it differs."
            )
            yield Finding("rule_costs", r.line, "price", "rule-costs-price", message, -r.price)


def _objectives(book: Book) -> list[str]:
    """Return the objectives of the plan in order, those of fair sharing apart."""
    objective = book.info.get("objective")
    stages = objective.get("stages") if isinstance(objective, Mapping) else None
    listed = [s for s in stages if isinstance(s, Mapping)] if isinstance(stages, list) else []
    names = [
        str(s.get("stage")) for s in listed if s.get("demand_class") is not None or s.get("stage") in ("stock", "cost")
    ]
    return list(dict.fromkeys(names))


def _limiting(book: Book) -> set[str]:
    return {d.rule for d in Certificates(book.programme, book.horizon).due}


def _said(book: Book) -> set[str]:
    said = book.info.get("unreckoned_rules")
    return {str(r) for r in said} if isinstance(said, list) else set()


def check_unpriced(book: Book) -> Iterator[Finding]:
    """Yield what `run.json` says of rules that are not reckoned and that limit nothing."""
    if not isinstance(book.info.get("unreckoned_rules"), list):
        message = "it does not say which rules of origin are not reckoned."
        yield Finding(RUN, None, "unreckoned_rules", "run-unreckoned", message)
    for rule in sorted(_said(book) - _limiting(book)):
        message = f"rule '{rule}' is said not to be reckoned, but it is no rule of origin that limits anything."
        yield Finding(RUN, None, "unreckoned_rules", "run-unreckoned", message)
