"""Minimum allocations: what customers are sure to have been given by the ends of the windows of a rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Item, Rule
from tandemplan.network.cells import whole_days
from tandemplan.network.network import Network
from tandemplan.network.scopes import due_within, of_customers, of_items

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Allocation:
    """A rule with the demands of those it favours (`mine`) and all that it speaks of (`every`), and its windows by their last days `end`.

    By window: `period` is the one that holds its end, `least` units must have been delivered to those it favours by then, and `share` of
    all that was delivered by then.
    """

    rule: str
    mine: Bools
    every: Bools
    end: Ints
    period: Ints
    least: Floats
    share: Floats


def allocations_of(network: Network) -> tuple[Allocation, ...]:
    """Return the minimum allocations of a programme, in the order of its rules. `docs/semantics.md`, Minimum allocation."""
    rules = network.programme[Rule]
    asks = np.flatnonzero((rules.kind == "minimum allocation") & ~rules.soft)
    return tuple(_allocation(network, int(k)) for k in asks)


def _allocation(network: Network, rule: int) -> Allocation:
    rules, demands, periods = network.programme[Rule], network.demands, network.periods
    items = set(network.programme[Item].item.tolist()) & set(rules.scope[rule])
    every = due_within(network, rule) & (demands.quantity > 0)
    every &= of_items(network, items) if items else np.ones(len(every), dtype=bool)
    mine = every & of_customers(network, set(rules.scope[rule]) - items)
    ends = _ends(network, rule)
    period = periods.of(ends)
    last = np.append(
        period[1:] != period[:-1], np.ones(min(len(ends), 1), dtype=bool)
    )  # of a period, the last window counts
    first = first_days(network)
    asked, of_all = (np.array([demands.quantity[who & (first <= day)].sum() for day in ends]) for who in (mine, every))
    low = float(rules.low[rule])
    in_units = rules.policy[rule] == "units"
    least = np.minimum(low * np.arange(1, len(ends) + 1), asked) if in_units else np.zeros(len(ends))
    ratio = np.divide(asked, of_all, out=np.zeros(len(ends)), where=of_all > 0)
    share = np.zeros(len(ends)) if in_units else np.minimum(low, ratio)
    return Allocation(str(rules.rule[rule]), mine, every, ends[last], period[last], least[last], share[last])


def _ends(network: Network, rule: int) -> Ints:
    """Return the last days of a rule's windows: one to its end, or one after the other of so many days each, as many as fit."""
    rules, days = network.programme[Rule], network.periods.days
    first, last = network.periods.numbers(np.array([rules.from_date[rule], rules.to_date[rule]]), 0)
    last = days - 1 if np.isnat(rules.to_date[rule]) else min(int(last), days - 1)
    first = max(int(first), 0)
    if np.isnan(rules.window_days[rule]):
        return np.array([last] if last >= first else [], dtype=np.int64)
    length = max(int(whole_days([rules.window_days[rule]])[0]), 1)
    return np.arange(first + length - 1, last + 1, length, dtype=np.int64)


def first_days(network: Network) -> Ints:
    """Return the first day on which each demand can be delivered; the day after the plan where it cannot."""
    ways = network.delivering
    first = np.full(len(network.demands.quantity), network.periods.days, dtype=np.int64)
    np.minimum.at(first, ways.demand, ways.day)
    return first
