"""Bills of material: no cycles, one rank for each, a way to make each parent."""

from __future__ import annotations

from collections.abc import Iterator

from tandemplan.model.checks.cycles import cycles
from tandemplan.model.checks.facts import Facts, Fault, also, check, first_of, listed
from tandemplan.model.schema import BomLine, Offer, Operation
from tandemplan.problems import did_you_mean


@check("own-component")
def not_its_own_component(facts: Facts) -> Iterator[Fault]:
    """An item is not a component of itself."""
    table = facts[BomLine]
    for i, (parent, component) in enumerate(_lines(facts)):
        if parent and parent == component:
            yield Fault(table, i, f"item '{parent}' is its own component.", "Name the item that is used.")


@check("bill-cycle", BomLine)
def no_cycle(facts: Facts) -> Iterator[Fault]:
    """No item is needed, through all levels of its bills, to make itself; the problem names the cycle."""
    lines = _lines(facts)
    graph: dict[str, list[str]] = {}
    for parent, component in lines:
        if parent and component and parent != component:
            graph.setdefault(parent, []).append(component)
    for way in cycles(graph):
        i = lines.index((way[-2], way[-1]))
        yield Fault(
            facts[BomLine], i, f"the bill of material goes in a circle: {' -> '.join(way)}.", "Cut it at one line."
        )


@check("rank-differs")
def one_rank(facts: Facts) -> Iterator[Fault]:
    """All lines of one bill (one parent, one alternative) have the same rank."""
    table = facts[BomLine]
    bills: dict[tuple[str, str], list[int]] = {}
    for i, bill in enumerate(zip(table.parent.tolist(), table.alternative.tolist(), strict=True)):
        if bill[0] and not facts.doubts.of_cells(*table.place(i), ("parent", "alternative", "rank")):
            bills.setdefault(bill, []).append(i)
    for (parent, alternative), rows in bills.items():
        ranks = [float(table.rank[i]) for i in rows]
        usual = max(sorted(set(ranks)), key=ranks.count)
        others = [i for i in rows if table.rank[i] != usual]
        if others:
            name = f"parent '{parent}'" + (f", alternative '{alternative}'" if alternative else "")
            like = f"{usual:g} on {first_of(table, rows[ranks.index(usual)], others[0])}{also(table, others[1:])}"
            message = f"rank of {name} is {table.rank[others[0]]:g}, but {like}."
            yield Fault(table, others[0], message, "One bill has one rank.")


@check("unknown-alternative", BomLine)
def alternative_is_a_bill(facts: Facts) -> Iterator[Fault]:
    """The alternative that a make operation belongs to is the alternative of one of its item's bills."""
    table, bom = facts[Operation], facts[BomLine]
    bills: dict[str, set[str]] = {}
    for parent, alternative in zip(bom.parent.tolist(), bom.alternative.tolist(), strict=True):
        bills.setdefault(parent, set()).add(alternative)
    for i, (item, name) in enumerate(zip(table.item.tolist(), table.alternative.tolist(), strict=True)):
        known = bills.get(item, set()) - {""}
        if name and name not in known:
            has = f"its bills are {listed(sorted(known))}" if known else "it has no bills with names"
            message = f"alternative '{name}' is not a bill of item '{item}': {has}."
            yield Fault(table, i, message, did_you_mean(name, known), ("item", "alternative"))


@check("no-operation", Operation, Offer)
def parents_are_made(facts: Facts) -> Iterator[Fault]:
    """An item with a bill of material has a make operation, which says where it is made, unless it is bought whole."""
    operations, bom = facts[Operation], facts[BomLine]
    made = {i for i, w in zip(operations.item.tolist(), operations.when.tolist(), strict=True) if w == "make"}
    known = made | set(facts[Offer].item.tolist()) | {""}
    for i, parent in enumerate(bom.parent.tolist()):
        if parent not in known:
            known.add(parent)
            message = f"parent '{parent}' has a bill of material but no make operation, so no site makes it."
            yield Fault(bom, i, message, "Add a row to operations for it.")


@check("bill-without-operation", Operation)
def alternatives_are_worked(facts: Facts) -> Iterator[Fault]:
    """Each bill of an item that is made has a make operation: one of its own alternative, or one for all alternatives."""
    operations, bom = facts[Operation], facts[BomLine]
    steps: dict[str, set[str]] = {}
    for item, when, name in zip(
        operations.item.tolist(), operations.when.tolist(), operations.alternative.tolist(), strict=True
    ):
        if when == "make":
            steps.setdefault(item, set()).add(name)
    bills: dict[str, set[str]] = {}
    for parent, name in zip(bom.parent.tolist(), bom.alternative.tolist(), strict=True):
        bills.setdefault(parent, {""}).add(name)
    steps = {
        item: names for item, names in steps.items() if names <= bills.get(item, {""})
    }  # others are told of already
    told: set[tuple[str, str]] = set()
    for i, bill in enumerate(zip(bom.parent.tolist(), bom.alternative.tolist(), strict=True)):
        if bill[0] in steps and not steps[bill[0]] & {"", bill[1]} and bill not in told:
            told.add(bill)
            message = f"bill '{bill[1]}' of '{bill[0]}' has no make operation, so nothing can be made by it."
            yield Fault(bom, i, message, "Add an operation of that alternative, or one whose alternative is blank.")


CHECKS = (not_its_own_component, no_cycle, one_rank, alternative_is_a_bill, parents_are_made, alternatives_are_worked)


def _lines(facts: Facts) -> list[tuple[str, str]]:
    bom = facts[BomLine]
    return list(zip(bom.parent.tolist(), bom.component.tolist(), strict=True))
