"""What classes cost those after them: nothing the first, nothing where all is served, and never more than a class lacks."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.audit.book import Book
from tandemplan.audit.equations import equal
from tandemplan.audit.files import RUN
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.results.service_shapes import CLASS_COSTS
from tandemplan.results.shape import CLASSES

NOBODY = 1e-4  # weighted unit-days: a class with less is served in full


def check_class_costs(book: Book) -> Iterator[Finding]:
    """Yield classes that stand there twice, or not though they are reckoned, and costs that do not follow."""
    values = values_in_order(book)
    wanted, seen = set(values) - left_out(book), set[int]()
    for r in book.rows(CLASS_COSTS):
        where = ("class_costs", r.line, f"class {r.demand_class}")
        if r.demand_class not in wanted or r.demand_class in seen:
            why = "stands twice" if r.demand_class in seen else "is none of those that are reckoned"
            yield Finding("class_costs", r.line, "demand_class", "class-costs-rows", f"{where[2]} {why}.")
            continue
        seen.add(r.demand_class)
        yield from equal(where, "value", r.value, values[r.demand_class])
        yield from equal(where, "cost", r.cost, r.value - r.alone)
        apart = min(r.alone, r.cost)
        if apart < -allowed(r.value):
            message = f"{where[2]}: alone is {shown(r.alone)} of {shown(r.value)}; it lies between 0 and that."
            yield Finding("class_costs", r.line, "alone", "class-costs-alone", message, -apart)
        if r.demand_class == min(values) or r.value <= NOBODY / 2:
            yield from equal(where, "alone", r.alone, r.value)
    for c in sorted(wanted - seen):
        message = f"class {c} is missing, and not said to be unreckoned."
        yield Finding("class_costs", None, "demand_class", "class-costs-rows", message)


def check_unreckoned(book: Book) -> Iterator[Finding]:
    """Yield classes that `run.json` says are not reckoned, though they are, or cost nothing."""
    said = book.info.get("unreckoned_classes")
    if not isinstance(said, list):
        message = "it does not say which classes are not reckoned."
        yield Finding(RUN, None, "unreckoned_classes", "run-unreckoned", message)
        return
    for c in sorted({str(c) for c in said} - {str(c) for c in left_out(book)}):
        message = (
            f"class {c} is said not to be reckoned, but it is no class that others come before, or served in full."
        )
        yield Finding(RUN, None, "unreckoned_classes", "run-unreckoned", message)


def values_in_order(book: Book) -> dict[int, float]:
    """Return the values of the classes, where they are served in order."""
    ordered = book.programme.settings.objective != "cost"
    return {r.demand_class: r.value for r in book.rows(CLASSES)} if ordered else {}


def left_out(book: Book) -> set[int]:
    """Return the classes that may be, and are, said not to be reckoned."""
    said, values = book.info.get("unreckoned_classes"), values_in_order(book)
    listed = {str(c) for c in said} if isinstance(said, list) else set()
    return {c for c, v in values.items() if str(c) in listed and c != min(values) and v > NOBODY / 2}
