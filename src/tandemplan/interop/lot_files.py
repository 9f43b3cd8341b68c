"""Published lot-sizing files, read into one form: Trigeiro's and those of the multi-level sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tandemplan.interop.numbers import Faults, Line, Numbers, listed, texts

Rows = tuple[Numbers, ...]
WIDTH = 15  # items in a line of demand in Trigeiro's files; further ones follow in a block of their own


@dataclass(frozen=True)
class Instance:
    """A capacitated lot-sizing problem: items i, resources r and periods t, all numbered from 0.

    `capacity` [r][t], `hours` of a unit and `setup_hours` [r][i], `setup_cost`, `holding` of a unit for a period and `backlog` of a
    unit late by a period [i], `demand` [i][t], `late` periods that demand of t may wait [i][t], `bill` as (parent, component,
    units). `left_out` are lines of the file that no plan obeys.
    """

    name: str
    capacity: Rows
    hours: Rows
    setup_hours: Rows
    setup_cost: Numbers
    holding: Numbers
    backlog: Numbers
    demand: Rows
    late: tuple[tuple[int, ...], ...]
    bill: tuple[tuple[int, int, float], ...] = ()
    left_out: int = 0


def lines_of(text: str) -> list[Line]:
    """Return the lines of a text that are not blank."""
    return [Line(k, t.strip()) for k, t in enumerate(text.splitlines(), 1) if t.strip()]


def read_trigeiro(name: str, lines: Sequence[Line], faults: Faults) -> Instance | None:
    """Return a single-level instance: items and periods, a count, the capacity, a line for each item, demand by period.

    Trigeiro, Thomas and McClain 1989, Management Science 35(3). Demand is lines of a period, 15 items wide; further items
    follow in another block. What comes after is the legend. None where the file is too broken to go on.
    """
    first = lines[0] if lines else Line(1, "")
    count = first.text.split()
    if len(count) != 2:
        faults.shape(first.number, f"the first line is '{first.text}'; it must be the numbers of items and periods.")
        return None
    items, periods = (faults.whole(first.number, w, t, 1) for w, t in zip(("items", "periods"), count, strict=True))
    blocks = [min(WIDTH, items - done) for done in range(0, items, WIDTH)]
    needed = 3 + items + periods * len(blocks)
    if len(lines) < needed:
        message = f"the file ends after {len(lines)} lines that are not blank; {items} items and {periods} periods make {needed}."
        faults.shape(lines[-1].number, message)
        return None
    capacity = faults.numbers(lines[2], "the capacity", lines[2].text.split(), ("every period",))[0]
    named = ("hours of a unit", "holding cost", "set-up hours", "set-up cost")
    each = [
        faults.numbers(line, f"item {k}", line.text.split(), named) for k, line in enumerate(lines[3 : 3 + items], 1)
    ]
    hours, holding, setup_hours, setup_cost = zip(*each, strict=True)
    demand = _demand(lines[3 + items : needed], blocks, periods, faults)
    for line in lines[needed:]:
        if line.text[0].isdigit():
            faults.shape(line.number, f"'{line.text}' stands after the last period; only the legend follows there.")
    return Instance(
        name=name,
        capacity=((capacity,) * periods,),
        hours=(hours,),
        setup_hours=(setup_hours,),
        setup_cost=setup_cost,
        holding=holding,
        backlog=(0.0,) * items,
        demand=demand,
        late=((0,) * periods,) * items,
    )


def _demand(lines: Sequence[Line], blocks: Sequence[int], periods: int, faults: Faults) -> Rows:
    """Return the demand of each item in each period from blocks of lines, one for each period."""
    columns: list[Numbers] = []
    for b, width in enumerate(blocks):
        each = [f"item {WIDTH * b + k}" for k in range(1, width + 1)]
        block = lines[periods * b : periods * (b + 1)]
        found = [
            faults.numbers(line, f"the demand of period {t}", line.text.split(), each)
            for t, line in enumerate(block, 1)
        ]
        columns += zip(*found, strict=True)
    return tuple(columns)


SIZES = ("N_Product", "N_Periods", "N_Resources")
PARTS = (
    "Cap(R,Cap)", "Production_Time", "Order_Delay_TimeLimit", "Demand", "Setup_Time", "Setup_Cost", "Holding_Cost", "Delay_Cost",
    "Assemble,Component,Quantity",
)  # fmt: skip


def read_multi_level(name: str, lines: Sequence[Line], faults: Faults) -> Instance | None:
    """Return a multi-level instance with backlog, from parts that begin with their names (MLCLSPSB, Zhuang 2023).

    Substitutions are left out: they belong to a later problem. None where the file is too broken to go on.
    """
    parts = _parts(lines)
    missing = [p for p in (*SIZES, *PARTS) if p not in parts]
    for part in missing:
        faults.shape(None, f"the part '{part}' is missing.")
    if missing:
        return None
    items, periods, resources = (_size(part, parts[part], faults) for part in SIZES)
    item, period, resource = (
        tuple(f"{word} {k}" for k in range(1, count + 1))
        for word, count in (("item", items), ("period", periods), ("resource", resources))
    )
    read = _Grid(parts, faults)
    cost = read.rows("Setup_Cost", resource, item)
    late = read.counts("Order_Delay_TimeLimit", period, item)
    return Instance(
        name=name,
        capacity=read.rows("Cap(R,Cap)", resource, period),
        hours=read.rows("Production_Time", resource, item),
        setup_hours=read.rows("Setup_Time", resource, item),
        setup_cost=tuple(map(sum, zip(*cost, strict=True))),
        holding=read.rows("Holding_Cost", ("every period",), item)[0],
        backlog=read.rows("Delay_Cost", ("every period",), item)[0],
        demand=read.nested("Demand", item, period),
        late=tuple(zip(*late, strict=True)),
        bill=_bill(parts["Assemble,Component,Quantity"][1:], items, faults),
        left_out=max(0, len(next((v for p, v in parts.items() if p.startswith("Substitution")), [])) - 1),
    )


def _parts(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Return the lines of each part, its name first."""
    found: dict[str, list[Line]] = {}
    current: list[Line] = []
    for line in lines:
        if line.text[0].isalpha():
            current = found.setdefault(line.text, [])
        current.append(line)
    return found


def _size(part: str, lines: Sequence[Line], faults: Faults) -> int:
    if len(lines) != 2:
        faults.shape(lines[0].number, f"the part '{part}' has {len(lines) - 1} lines; it must have one number.")
        return 1
    return faults.whole(lines[1].number, part, lines[1].text, 1)


@dataclass(frozen=True)
class _Grid:
    """Reads parts that are tables of numbers."""

    parts: dict[str, list[Line]]
    faults: Faults

    def rows(self, part: str, down: Sequence[str], across: Sequence[str]) -> Rows:
        """Return a part with a line for each name in `down`, a list of one number for each name in `across`."""
        head, *lines = self.parts[part]
        if len(lines) != len(down):
            self.faults.shape(head.number, f"the part '{part}' has {len(lines)} lines; it must have {len(down)}.")
            return ((0.0,) * len(across),) * len(down)
        pairs = zip(down, lines, strict=True)
        return tuple(self._row(line, f"{part}, {d}", listed(self.faults, line), across) for d, line in pairs)

    def counts(self, part: str, down: Sequence[str], across: Sequence[str]) -> tuple[tuple[int, ...], ...]:
        """Return a part of whole numbers."""
        found = self.rows(part, down, across)
        for line, row in zip(self.parts[part][1:], found, strict=False):
            for name, value in zip(across, row, strict=True):
                if value != int(value):
                    self.faults.add(
                        line.number, "not-whole", f"{part}, {name} is {value:g}; it must be a whole number."
                    )
        return tuple(tuple(map(int, row)) for row in found)

    def nested(self, part: str, down: Sequence[str], across: Sequence[str]) -> Rows:
        """Return a part in one line, a list of lists."""
        head, *lines = self.parts[part]
        blank = ((0.0,) * len(across),) * len(down)
        if len(lines) != 1:
            self.faults.shape(head.number, f"the part '{part}' has {len(lines)} lines; it must have one.")
            return blank
        found = listed(self.faults, lines[0])
        if found is not None and len(found) != len(down):
            message = f"{part} holds {len(found)} lists; it must hold {len(down)}, one for each item."
            self.faults.shape(lines[0].number, message)
        if found is None or len(found) != len(down):
            return blank
        pairs = zip(down, found, strict=True)
        return tuple(self._row(lines[0], f"{part}, {d}", row, across) for d, row in pairs)

    def _row(self, line: Line, what: str, found: object, across: Sequence[str]) -> Numbers:
        if found is None:
            return (0.0,) * len(across)
        return self.faults.numbers(line, what, texts(found), across)


Bill = dict[tuple[int, int], tuple[float, int]]  # by parent and component: the units, and the line that says so


def _bill(lines: Sequence[Line], items: int, faults: Faults) -> tuple[tuple[int, int, float], ...]:
    """Return the lines of the bill of material, items numbered from 0."""
    found: Bill = {}
    for line in lines:
        row = listed(faults, line)
        cells = texts(row)
        if row is not None and len(cells) != 3:
            message = f"'{line.text}' has {len(cells)} numbers; it must have an item, its component, and a quantity."
            faults.shape(line.number, message)
        if len(cells) != 3:
            continue
        pair = tuple(faults.whole(line.number, w, t, 1) for w, t in zip(("item", "component"), cells, strict=False))
        quantity = faults.number(line.number, "the quantity", cells[2])
        parent, component = (k - 1 for k in pair)
        for word, number in zip(("item", "component"), pair, strict=True):
            if number > items:
                faults.add(line.number, "too-large", f"{word} is {number}; there are {items} items.")
        if quantity == 0:
            faults.add(line.number, "too-small", "the quantity is 0; it must be above 0.")
        elif (parent, component) in found:
            before = found[parent, component][1]
            faults.add(
                line.number, "repeated-key", f"component {pair[1]} of item {pair[0]} stands in line {before} already."
            )
        elif max(pair) <= items:
            found[parent, component] = (quantity, line.number)
    _refuse_cycles(found, faults)
    return tuple((p, c, quantity) for (p, c), (quantity, _) in found.items())


def _refuse_cycles(bill: Bill, faults: Faults) -> None:
    """Keep a problem for each line of the bill that is on, or between, circles of items made of each other."""
    left = dict(bill)
    while True:
        parents, components = {p for p, _ in left}, {c for _, c in left}
        kept = {k: v for k, v in left.items() if k[1] in parents and k[0] in components}
        if len(kept) == len(left):
            break
        left = kept
    for (parent, component), (_, line) in left.items():
        message = f"item {parent + 1} is made of item {component + 1}, and that of item {parent + 1} again, by other lines or its own."
        faults.add(line, "bill-cycle", message)
