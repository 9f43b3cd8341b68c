"""Cash: every pool's money added up again from printed rows, never below what must be there; tranches pay what they may, in their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tandemplan.audit.book import BLANK, Book, open_order_day
from tandemplan.audit.check_costs import shipments
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.check_startup import occurrences_of
from tandemplan.audit.check_targets import option_costs, spread
from tandemplan.audit.days import iso, number, whole_days
from tandemplan.audit.equations import ROUNDING, equal_day, equal_money, equal_text
from tandemplan.audit.findings import MONEY_STEP, RELATIVE, Finding
from tandemplan.audit.money import (
    Source,
    all_classes,
    brings,
    fixed_classes,
    is_tied,
    kinds_of,
    least_cash,
    month_end,
    named_items,
    opens,
    parts_of,
    sources_of,
    supplier_terms,
    terms_of,
)
from tandemplan.model.schema import Contract, Cost, Demand, Offer, OpenOrder, Option, Task, Tranche
from tandemplan.results.money_shapes import CASH, FUNDING, SPENDING
from tandemplan.results.shape import (
    DELIVERIES,
    DEMAND_SUMMARY,
    INVESTMENTS,
    LOAD,
    MOVES,
    PEOPLE,
    PRODUCTION,
    PURCHASES,
    QUALIFICATIONS,
)

Due = tuple[str, int, float]  # what a payment is called, its day, its amount
NAMED = ("purchases", "transport", "labour", "training", "capex", "opex")
CUSTOMERS = ("advances", "deliveries", "refunds")
REPAYMENT, ANYTHING = "repayment", "anything"


@dataclass
class Purse:
    """What happens to one pool: amounts by column of `cash` and period, how many rows they come from, and the dearest unit delivered."""

    amounts: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    rows: int = 0
    unit: float = 0.0

    def add(self, column: str, period: int, amount: float) -> None:
        """Add an amount to a column in a period."""
        self.amounts[column][period] += amount
        self.rows += 1


def check_cash(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with the tables of money."""
    kinds = kinds_of(book.programme)
    own = next((p for p, k in kinds.items() if k == "company"), "")
    sources, horizon = sources_of(book), book.horizon
    dues = list(_dues(book)) if own else []
    purses = {pool: Purse() for pool in kinds}
    _customers(book, kinds, purses)
    named = named_items(book.programme)
    for called, day, amount in dues:
        if day < horizon.end:
            column = called if called in NAMED else "purchases" if called in named.values() else "other"
            purses[own].add(column, horizon.period(day), amount)
    spent = _spent(book)
    for source in sources:
        _of_source(book, source, purses[source.pool], spent[source.tranche], own)
    yield from _spending(book, sources, dues, purses, own=own)
    keys = [f"{pool} from {iso(day)}" for pool in kinds for day in horizon.cuts[:-1]]
    yield from each_once(
        "cash", "pool", [(r.line, f"{r.pool} from {iso(r.period_start)}") for r in book.rows(CASH)], dict.fromkeys(keys)
    )
    yield from _cash(book, purses, own)
    yield from _funding(book, sources, spent)


def _spent(book: Book) -> Mapping[str, dict[str, dict[int, float]]]:
    """Return what printed rows spend of each tranche, by what it pays for and period."""
    found: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(float)))
    for r in book.rows(SPENDING):
        if r.period_start in book.horizon.begins:
            found[r.tranche][r.pays_for][book.horizon.period(r.period_start)] += r.amount
    return found


def _dues(book: Book) -> Iterator[Due]:
    """Yield all that the venture owes, interest and refunds apart."""
    programme, horizon, named = book.programme, book.horizon, named_items(book.programme)
    for r in book.rows(PURCHASES):
        share, days = supplier_terms(programme, r.supplier)
        called = named.get(r.item, "purchases")
        yield called, r.release, share * r.cost
        yield called, r.receipt + days, (1 - share) * r.cost
        yield named.get(r.item, "transport"), r.shipped, r.transport_cost
    for r in book.rows(MOVES):
        yield named.get(r.item, "transport"), r.release, r.cost
    yield from (("transport", day, amount) for day, amount in shipments(book))
    for r in (*book.rows(PEOPLE), *book.rows(LOAD)):
        pay = (
            r.overtime_cost
            if hasattr(r, "overtime_cost")
            else r.wages + r.hire_wages + r.option_wages + r.shift_premium
        )
        if horizon.holds(r.period_start):
            yield "labour", month_end(horizon, r.period_start), pay
    yield from (("training", r.period_start, r.training_cost) for r in book.rows(PEOPLE))
    yield from (("opex", r.end, r.setup_cost) for r in book.rows(PRODUCTION))
    yield from (("capex", r.ordered, r.cost) for r in book.rows(INVESTMENTS))
    yield from (("opex", r.started, r.cost) for r in book.rows(QUALIFICATIONS))
    yield from _given(book)


def _given(book: Book) -> Iterator[Due]:
    """Yield what is owed whatever the plan decides: costs, open orders, options and tasks."""
    programme, horizon = book.programme, book.horizon
    for cost in programme[Cost].rows():
        yield from ((cost.category or "opex", day, amount) for day, amount in _cost(book, cost))
    named = named_items(programme)
    for order in programme[OpenOrder].rows():
        day, row = open_order_day(order, horizon), programme[Offer].index.get((order.offer,))
        offer = None if row is None else programme[Offer].row(row)
        price = order.unit_price if order.unit_price is not None else 0.0 if offer is None else offer.unit_price
        days = 0 if offer is None else supplier_terms(programme, offer.supplier)[1]
        if horizon.holds(day):
            yield named.get(order.item, "purchases"), day + days, order.quantity_units * price - order.paid_amount
    yield from (("opex", *p) for o in programme[Option].rows() for p in option_costs(horizon, o))
    tasks = {t.task: t for t in programme[Task].rows()}
    for (name, time), (start, end) in occurrences_of(book, tasks).items():
        task = tasks[name]
        if (time > 1 or task.finished is None) and task.cost_amount:
            called = "training" if task.kind == "training" else "opex"
            yield from ((called, *p) for p in parts_of(horizon, task.payments, (start, end - start), task.cost_amount))


def _cost(book: Book, cost: Cost) -> Iterator[tuple[int, float]]:
    horizon = book.horizon
    if cost.per == "once":
        first = horizon.start if cost.date is None else number(cost.date)
        yield from parts_of(horizon, cost.payments, (first, whole_days(cost.lead_days)), cost.amount)
        return
    first = horizon.start if cost.from_date is None else number(cost.from_date)
    after = horizon.end if cost.to_date is None else number(cost.to_date) + 1
    daily = cost.amount / 7 if cost.per == "week" else cost.amount * 12 / 365
    for begin, amount in spread(horizon, daily, (first, after)):
        yield month_end(horizon, begin), amount


def _customers(book: Book, kinds: Mapping[str, str], purses: Mapping[str, Purse]) -> None:
    """Add what customers pay and are paid back, to the venture's pool and to those of payers."""
    terms, horizon = terms_of(book), book.horizon
    contracts = {c.contract: c for c in book.programme[Contract].rows()}
    pools = {n: [p for p, k in kinds.items() if k == "company" or p == c.pool] for n, c in contracts.items()}
    for name in contracts:
        for pool in pools[name] if horizon.holds(terms[name].day) else ():
            purses[pool].add("advances", horizon.period(terms[name].day), terms[name].advance)
    for r in book.rows(DELIVERIES):
        if r.contract in contracts:
            amount = r.quantity * (contracts[r.contract].unit_price - terms[r.contract].recovers) - r.damages
            due = r.delivered + terms[r.contract].days
            for pool in pools[r.contract]:
                day = due if kinds[pool] == "company" else min(due, horizon.end - 1)
                if horizon.holds(day):
                    purses[pool].add("deliveries", horizon.period(day), amount)
                    purses[pool].unit = max(purses[pool].unit, contracts[r.contract].unit_price)
    of = {d.demand: d.contract for d in book.programme[Demand].rows()}
    for r in book.rows(DEMAND_SUMMARY):
        name = of.get(r.demand, "")
        for pool in pools.get(name, ()):
            purses[pool].add("refunds", len(horizon.lengths) - 1, r.lost * terms[name].refund)


def _of_source(book: Book, source: Source, purse: Purse, spent: Mapping[str, Mapping[int, float]], own: str) -> None:
    """Add what a tranche brings, and of a tied one or a line what printed rows make of it."""
    horizon, count = book.horizon, len(book.horizon.lengths)
    first = horizon.period(max(source.opens, horizon.start))
    until = horizon.period(min(source.last, horizon.end - 1))
    paid = [sum(by.get(t, 0.0) for called, by in spent.items() if called != REPAYMENT) for t in range(count)]
    purse.rows += sum(len(by) for by in spent.values())
    if source.line:
        back, drawn = spent.get(REPAYMENT, {}), 0.0
        for t in range(count):
            drawn += paid[t] - back.get(t, 0.0)
            purse.add("credit", t, paid[t] - back.get(t, 0.0))
            purse.add("interest", t, drawn * source.rate * horizon.lengths[t] / 365)
        return
    purse.add("tranches", first, source.amount)
    called = all_classes(book.programme) if source.pool == own else ["orders"]
    if is_tied(book.programme, source, horizon, called):
        left = source.amount
        for t in range(first, until + 1):
            left -= paid[t]
            purse.add("tied", t, left)
        if until + 1 < count:
            purse.add("expired", until + 1, left)


def _spending(
    book: Book, sources: list[Source], dues: list[Due], purses: Mapping[str, Purse], *, own: str
) -> Iterator[Finding]:
    """Yield spending that a tranche may not do, out of its time, beyond its amount or beyond what is owed."""
    horizon, fixed = book.horizon, fixed_classes(book.programme)
    by_name = {s.tranche: s for s in sources}
    running: dict[str, float] = defaultdict(float)
    for r in sorted(book.rows(SPENDING), key=lambda r: (r.period_start, r.pays_for == REPAYMENT)):
        source, where = by_name.get(r.tranche), f"tranche '{r.tranche}' from {iso(r.period_start)}"
        if source is None or r.period_start not in horizon.begins or r.amount < 0:
            yield Finding(
                "spending",
                r.line,
                "tranche",
                "spending-tranche",
                f"{where}: {r.amount:.2f} is spent of money that is not there.",
                abs(r.amount),
            )
            continue
        after = horizon.cuts[horizon.period(r.period_start) + 1]
        back = source.line and r.pays_for == REPAYMENT
        called = r.pays_for == "orders" if source.pool != own else source.may_pay(r.pays_for, fixed)
        if r.pays_for == ANYTHING:
            called = source.line and all(source.may_pay(c, fixed) for c in all_classes(book.programme))
        if not back and (not called or source.opens >= after or source.last < r.period_start):
            message = f"{where}: it pays for {r.pays_for}, which it may not, or not then."
            yield Finding("spending", r.line, "pays_for", "spending-closed", message, r.amount)
        running[r.tranche] += -r.amount if back else r.amount
        near = MONEY_STEP * (1 + len(book.rows(SPENDING))) + RELATIVE * source.amount
        if not -near <= running[r.tranche] <= source.amount + near:
            message = f"{where}: {running[r.tranche]:.2f} of it are spent, but it is {source.amount:.2f}."
            yield Finding("spending", r.line, "amount", "spending-beyond", message, running[r.tranche] - source.amount)
    yield from _claimed(book, sources, dues, purses, own=own)
    for source in sources:
        if (
            source.line
            and source.last < horizon.cuts[-2]
            and running[source.tranche] > MONEY_STEP * (1 + len(book.rows(SPENDING)))
        ):
            message = f"line '{source.tranche}' is not repaid by its expiry."
            yield Finding("spending", None, "amount", "spending-unpaid", message, running[source.tranche])


def _claimed(
    book: Book, sources: list[Source], dues: list[Due], purses: Mapping[str, Purse], *, own: str
) -> Iterator[Finding]:
    """Yield where tranches have paid more of something than was owed until then."""
    horizon, pool_of = book.horizon, {s.tranche: s.pool for s in sources}
    owed: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for called, day, amount in dues:
        if day < horizon.end:
            owed[own, called][horizon.period(day)] += amount
    for pool, purse in purses.items():
        for column in ("advances", "deliveries") if pool != own else ():
            for period, amount in purse.amounts[column].items():
                owed[pool, "orders"][period] += amount
    paid: dict[tuple[str, str], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for r in book.rows(SPENDING):
        if r.pays_for not in (REPAYMENT, ANYTHING) and r.period_start in horizon.begins:
            paid[pool_of.get(r.tranche, ""), r.pays_for][horizon.period(r.period_start)] += r.amount
    for key, by in paid.items():
        total = 0.0
        for t in range(len(horizon.lengths)):
            total += owed[key].get(t, 0.0) - by.get(t, 0.0)
            if total < -_near(purses.get(key[0], Purse()), sum(by.values())):
                message = f"pool '{key[0]}': tranches have paid {-total:.2f} more of {key[1]} than was owed by the end of {iso(horizon.cuts[t + 1] - 1)}."
                yield Finding("spending", None, "amount", "spending-claimed", message, -total)
                break


def _near(purse: Purse, size: float) -> float:
    return MONEY_STEP * (1 + purse.rows) + RELATIVE * abs(size) + ROUNDING * purse.unit


def _cash(book: Book, purses: Mapping[str, Purse], own: str) -> Iterator[Finding]:
    """Yield rows of `cash` that do not add up, and pools that run out of money."""
    horizon, opening = book.horizon, dict.fromkeys(purses, 0.0)
    carried = 0.0
    sent = shipments(book)
    rows = {(r.pool, r.period_start): r for r in book.rows(CASH)}
    for pool, purse in purses.items():
        for t, begin in enumerate(horizon.cuts[:-1]):
            r = rows.get((pool, begin))
            if r is None:
                continue
            where = ("cash", r.line, f"pool '{pool}' from {iso(begin)}")
            columns = ("tranches", "credit", *CUSTOMERS, *NAMED, "other", "interest", "expired", "tied")
            right = {c: purse.amounts[c].get(t, 0.0) for c in columns}
            came, went = _both({c: getattr(r, c) for c in columns}, own=pool == own)
            right |= {"opening": opening[pool], "inflow": came, "outflow": went, "closing": opening[pool] + came - went}
            right["least"] = least_cash(book.programme, pool, horizon.cuts[t + 1] - 1)
            for column, amount in right.items():
                yield from equal_money(where, column, getattr(r, column), amount)
            opening[pool] = r.closing
            carried = sum(a for day, a in sent if day < horizon.cuts[t + 1]) if pool == own else 0.0
            short = max(right["least"] - r.closing, r.tied - r.closing)
            if short > carried + _near(purse, r.inflow + r.outflow + r.closing):
                message = f"{where[2]}: {r.closing:.2f} are there, {r.tied:.2f} of it tied, but {max(right['least'], r.tied):.2f} must be."
                yield Finding("cash", r.line, "closing", "cash-short", message, short)


def _both(amounts: Mapping[str, float], *, own: bool) -> tuple[float, float]:
    """Return all that comes to a pool in a period, and all that goes."""
    customers = amounts["advances"] + amounts["deliveries"]
    came = amounts["tranches"] + max(amounts["credit"], 0.0) + (customers if own else amounts["refunds"])
    paid = sum(amounts[c] for c in (*NAMED, "other", "interest", "expired"))
    return came, paid + max(-amounts["credit"], 0.0) + (amounts["refunds"] if own else customers)


def _funding(
    book: Book, sources: list[Source], spent: Mapping[str, Mapping[str, Mapping[int, float]]]
) -> Iterator[Finding]:
    """Yield rows of `funding` that do not follow from the programme and the other tables of money."""
    table, horizon = book.programme[Tranche], book.horizon
    yield from each_once(
        "funding", "tranche", [(r.line, r.tranche) for r in book.rows(FUNDING)], dict.fromkeys(table.tranche.tolist())
    )
    right = _rests(book, sources, spent)
    by_name = {s.tranche: s for s in sources}
    for r in book.rows(FUNDING):
        row = table.index.get((r.tranche,))
        if row is None:
            continue
        where, tranche, source = ("funding", r.line, f"tranche '{r.tranche}'"), table.row(row), by_name.get(r.tranche)
        yield from equal_text(where, "pool", r.pool, tranche.pool)
        yield from equal_text(where, "kind", r.kind, tranche.kind)
        day = opens(book, row)
        yield from equal_day(where, "opens", r.opens, day if brings(book, row) > 0 and day < horizon.end else BLANK)
        yield from equal_day(where, "expires", r.expires, BLANK if tranche.expiry is None else number(tranche.expiry))
        amount = 0.0 if source is None else source.amount
        left, gone = right.get(r.tranche, (0.0, 0.0))
        for column, value in (("amount", amount), ("left", left), ("expired", gone), ("used", amount - left - gone)):
            yield from equal_money(where, column, getattr(r, column), value)


def _rests(
    book: Book, sources: list[Source], spent: Mapping[str, Mapping[str, Mapping[int, float]]]
) -> Mapping[str, tuple[float, float]]:
    """Return what is left of each tranche at the end, and what has expired."""
    horizon, count = book.horizon, len(book.horizon.lengths)
    kinds = kinds_of(book.programme)
    free = {r.pool: r.closing - r.tied for r in book.rows(CASH) if r.period_start == horizon.cuts[-2]}
    found: dict[str, tuple[float, float]] = {}
    for s in sorted(sources, key=lambda s: (-s.opens, s.tranche)):
        called = all_classes(book.programme) if kinds[s.pool] == "company" else ["orders"]
        paid = [sum(by.get(t, 0.0) for c, by in spent[s.tranche].items() if c != REPAYMENT) for t in range(count)]
        if s.line:
            drawn, most = 0.0, 0.0
            for t in range(count):
                drawn += paid[t] - spent[s.tranche].get(REPAYMENT, {}).get(t, 0.0)
                most = max(most, drawn)
            found[s.tranche] = (s.amount - most, 0.0)
        elif is_tied(book.programme, s, horizon, called):
            rest = s.amount - sum(paid)
            over = horizon.period(min(s.last, horizon.end - 1)) < count - 1
            found[s.tranche] = (0.0, rest) if over else (rest, 0.0)
        else:
            later = _later(book, s, sources, own=kinds[s.pool] == "company", called=called)
            found[s.tranche] = (min(max(free.get(s.pool, 0.0) - later, 0.0), s.amount), 0.0)
    return found


def _later(book: Book, source: Source, sources: list[Source], *, own: bool, called: list[str]) -> float:
    """Return what came to the pool of a tranche after it, tied money apart: other tranches, what customers pay, and credit."""
    horizon = book.horizon

    def comes(s: Source) -> tuple[int, int, str]:
        return horizon.period(max(s.opens, horizon.start)), s.opens, s.tranche

    period = comes(source)[0]
    total = sum(
        s.amount
        for s in sources
        if s.pool == source.pool
        and not s.line
        and comes(s) > comes(source)
        and not is_tied(book.programme, s, horizon, called)
    )
    for r in book.rows(CASH):
        if r.pool == source.pool and r.period_start in horizon.begins and horizon.period(r.period_start) >= period:
            total += max(r.credit, 0.0) + max(r.advances + r.deliveries if own else r.refunds, 0.0)
    return total
