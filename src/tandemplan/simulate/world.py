"""A programme and its plan as the world of the engine: everything that is numbered, in the order in which numbers depend on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tandemplan.arrays import starts
from tandemplan.model.changes import Effect, chosen_on
from tandemplan.model.programme import Programme
from tandemplan.model.schema import Contract, Offer, OpenOrder
from tandemplan.network.money import Money, money_of, supplier_terms, terms_of
from tandemplan.network.network import Network, network_of
from tandemplan.results import money_shapes, shape
from tandemplan.results.store import Run
from tandemplan.simulate import layout as at
from tandemplan.simulate.budgets import advances_of_payers, budgets_of, doors_of, payer_numbers, payers_of
from tandemplan.simulate.chances import (
    Chances,
    chances_of,
    contracts_of,
    qualifying,
    startup_of,
    tranches_of,
)
from tandemplan.simulate.handling import handling_of
from tandemplan.simulate.layout import Floats, Ints, World, blank
from tandemplan.simulate.licences import licences_of
from tandemplan.simulate.policy import USUAL, Policy
from tandemplan.simulate.registers import NOTHING, Held, Registers, arrays_of
from tandemplan.simulate.releases import releases_of
from tandemplan.simulate.shop_floor import floor_of, numbers_of, present_of
from tandemplan.simulate.ways import arriving_of, consumers_of, demands_of, goods_of, stock_of

PARTS = 16.0  # parts in which a start goes through the shop


@dataclass(frozen=True, eq=False)
class Made:
    """A world and the names behind its numbers; `open_hours` are those of the plan by resource, `varying` is what is drawn, `notes` say what is left out."""

    world: World
    network: Network
    schools: int
    groups: int
    risks: tuple[str, ...]
    resources: tuple[str, ...]
    open_hours: Floats
    has_cash: bool
    varying: Held
    notes: tuple[str, ...]


def world_of(
    programme: Programme,
    plan: Run,
    *,
    seed: int,
    random: bool = True,
    held: Held = NOTHING,
    lost: Sequence[Effect] = (),
    policy: Policy = USUAL,
) -> Made:
    """Return the world of a plan; without `random` nothing varies, and no risk without a date happens, nor where risks are `held`.

    `lost` are effects that nobody knows of before they begin (on columns of `OUTLASTING`).
    `policy` says how it is carried out.
    """
    network, registers, numbers = network_of(_decided(programme, plan)), Registers(seed, random, held), numbers_of(plan)
    money, chances = money_of(network), chances_of(network, registers, numbers, lost)
    items = {name: k for k, name in enumerate(dict.fromkeys(str(i) for i in network.item))}
    parts = _plan_parts(network, plan, policy)
    shop, schools, open_hours = _shop_parts(network, registers, plan, numbers, rows=parts["rows"], items=items)
    parts |= shop | _chance_parts(network, registers, plan, money, items) | _effect_parts(registers, chances)
    parts["flow"] = _flow(network, plan, money)
    parts["settings"] = _settings(network, money, policy)
    edges = np.append(network.periods.starts, network.periods.days).astype(np.float64)
    world = blank(edges)._replace(**{name: np.ascontiguousarray(array) for name, array in parts.items()})
    names = tuple(name for _, name in numbers)
    own = money.company >= 0
    return Made(
        world,
        network,
        schools,
        len(chances.links),
        chances.names,
        names,
        open_hours,
        own,
        frozenset(registers.varying),
        chances.notes,
    )


def _settings(network: Network, money: Money, policy: Policy) -> Floats:
    found = np.zeros(at.SETTING_COUNT)
    found[at.PARTS], found[at.CASH_COUNTS] = PARTS, float(money.company >= 0)
    found[at.LATE_DAYS] = network.periods.longest if policy.sources == "soonest" else np.inf
    found[at.AHEAD_DAYS] = policy.ahead * network.periods.longest
    found[at.KEEPS_DATES] = float(policy.timing == "dates")
    return found


def _decided(programme: Programme, plan: Run) -> Programme:
    """Return the programme with the options that the plan takes, each on its day."""
    return chosen_on(programme, {r["option"]: r["date"] for r in plan.rows(shape.OPTIONS) if r["chosen"]})


def _plan_parts(network: Network, plan: Run, policy: Policy) -> dict[str, Any]:
    """Return what the plan releases and asks for, and what lies or is under way at its start."""
    found = releases_of(network, plan, policy)
    return {
        "rows": found.rows,
        "row_at": found.row_at,
        "asks": found.asks,
        "ask_at": found.ask_at,
        "ask_order": found.ask_order,
        "planned": found.planned,
        "claimed": found.claimed,
        "order": found.order,
        "arriving": arriving_of(network),
    }


def _shop_parts(
    network: Network,
    registers: Registers,
    plan: Run,
    numbers: Mapping[tuple[str, str], int],
    *,
    rows: Floats,
    items: Mapping[str, int],
) -> tuple[dict[str, Any], int, Floats]:
    """Return routes, steps and resources; how many learn for themselves; and the hours that the plan has."""
    making, count = network.making, len(network.places.routes)
    made = rows[rows[:, at.ROW_KIND] == at.MAKE]
    started = np.bincount(made[:, at.ROW_WHICH].astype(np.int64), made[:, at.ROW_UNITS], minlength=count)
    floor = floor_of(network, registers, numbers, np.asarray(started, dtype=np.float64))
    present = present_of(network, registers, plan, numbers)
    routes, steps, handled = handling_of(network, registers, numbers, len(floor.routes), len(floor.steps))
    steps = np.concatenate([floor.steps, steps])
    served_at, served = _served(steps, len(numbers))
    order = np.argsort(making.use_route, kind="stable")
    found = {
        "routes": np.concatenate([floor.routes, routes]),
        "steps": steps,
        "curve_at": floor.curve_at,
        "curve": floor.curve,
        "use_at": starts(making.use_route, count + len(routes)),
        "use_node": network.use_node[order],
        "use_units": making.use_quantity[order],
        "resources": present.resources,
        "servers": present.servers,
        "clock": present.clock,
        "hires": present.hires,
        "served_at": served_at,
        "served": served,
        "stock": stock_of(network, items, handled),
        **consumers_of(network, handled),
    }
    return found, floor.schools, present.open_hours


def _chance_parts(
    network: Network, registers: Registers, plan: Run, money: Money, items: Mapping[str, int]
) -> dict[str, Any]:
    """Return goods on their ways, demands, contracts, money and start-up; gates are registered before the tasks that open them."""
    programme = network.programme
    more = qualifying(network, _qualified(network, plan))
    terms = terms_of(programme, network.periods, network.demands)
    payers = payers_of(money)
    price = np.where((money.company >= 0) | (payers >= 0), programme[Contract].unit_price - terms.recovers, 0.0)
    found: dict[str, Any] = budgets_of(network, registers, plan, money) | goods_of(network, registers, more)
    found |= {
        "demands": demands_of(network, registers, payers),
        "licences": licences_of(network, registers),
        "contracts": contracts_of(network, registers, price, terms.days.astype(np.float64), payers),
        "tranches": tranches_of(network, registers, _tranches(plan, money)),
    }
    startup = startup_of(network, registers, items, more)
    names = ("tasks", "after_at", "after", "opens_at", "opens", "needs")
    return found | {name: getattr(startup, name) for name in names}


def _effect_parts(registers: Registers, chances: Chances) -> dict[str, Any]:
    """Return risks and their effects, and all that has been registered by now."""
    keys, dist, gates, targets = arrays_of(registers)
    return {
        "risks": chances.risks,
        "links": chances.links,
        "effects": chances.effects,
        "effect_at": chances.effect_at,
        "targets": targets,
        "gates": gates,
        "keys": keys,
        "dist": dist,
        **doors_of(registers),
    }


def _qualified(network: Network, plan: Run) -> dict[str, int]:
    frame = plan[shape.QUALIFICATIONS]
    days = network.periods.numbers(frame["started"], 0)
    return {str(o): int(d) for o, d in zip(frame["offer"].tolist(), days.tolist(), strict=True)}


def _served(steps: Floats, resources: int) -> tuple[Ints, Ints]:
    """Return the steps that each resource serves, as a list and where each resource's part of it begins."""
    pairs = {
        (int(step[column]), k)
        for k, step in enumerate(steps)
        for column in (at.STEP_CENTRE, at.STEP_SKILL, at.STEP_TOOL)
        if step[column] >= 0
    }
    owner = np.array([r for r, _ in sorted(pairs)], dtype=np.int64)
    return starts(owner, resources), np.array([k for _, k in sorted(pairs)], dtype=np.int64)


def _tranches(plan: Run, money: Money) -> dict[str, tuple[float, int]]:
    """Return what each tranche brings by the plan, and to which payer (-1: the venture)."""
    numbers = payer_numbers(money)
    rows = plan.rows(money_shapes.FUNDING)
    return {str(r["tranche"]): (float(r["amount"]), numbers[r["pool"]]) for r in rows if r["pool"] in numbers}


def _flow(network: Network, plan: Run, money: Money) -> Floats:
    """Return what the venture pays and gets in each period but for purchases, deliveries and tranches; one entry more than periods."""
    found = np.zeros(len(network.periods) + 1)
    if money.company < 0:
        return found
    frame = plan[money_shapes.CASH]
    mine = frame["pool"] == money.pools[money.company]
    column = network.periods.of(network.periods.numbers(frame["period_start"][mine], 0))
    drawn = frame["deliveries"] + frame["tranches"] + frame["credit"] - frame["purchases"]  # these are simulated
    net = frame["inflow"] - frame["outflow"] - drawn
    found[column] = net[mine]
    everyone = network.periods.of(network.periods.numbers(frame["period_start"], 0))
    found[: len(network.periods)] -= advances_of_payers(plan, money, everyone, len(network.periods))
    found[0] += frame["opening"][mine][0]
    table, offers = network.programme[OpenOrder], network.programme[Offer]
    _, pay_days = supplier_terms(network.programme, offers.supplier.tolist())
    promised = np.maximum(network.periods.numbers(table.promised, 0), 0)
    for k in range(len(table)):
        if not table.offer[k]:
            continue
        o = offers.index[(table.offer[k],)]
        price = float(table.unit_price[k]) if np.isfinite(table.unit_price[k]) else float(offers.unit_price[o])
        day = int(promised[k] + pay_days[o])
        if day < network.periods.days:
            found[int(network.periods.of(np.array([day]))[0])] -= table.quantity_units[k] * price - table.paid_amount[k]
    return found
