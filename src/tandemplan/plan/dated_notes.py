"""What days make of money and rules that a user may not expect, in sentences: money before the option that brings it, rules without a day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tandemplan.model.schema import Rule, Tranche
from tandemplan.network.money import money_of
from tandemplan.network.network import Network
from tandemplan.network.windows import evidence_of


def early_money(network: Network) -> Iterator[str]:
    """Yield a sentence for each tranche that can be used before an option that changes it is in effect."""
    tranches, periods = money_of(network).tranches, network.periods
    opens = dict(zip(tranches.row.tolist(), tranches.opens.tolist(), strict=True))
    for effect in network.cells.known:
        for row in effect.rows if effect.origin == "options" and effect.table == "funding" else ():
            if row in opens and max(opens[row], 0) < periods.day(effect.start):
                first = periods.dates(np.array([opens[row]]))[0]
                yield (
                    f"Money of tranche {network.programme[Tranche].tranche[row]} counts from {first} on, as option {effect.cause} leaves it, "
                    f"though the option is in effect from {effect.start} on."
                )


def rules_without_a_day(network: Network) -> Iterator[str]:
    """Yield a sentence for each hard rule of origin or of least cash on which no day of the plan calls."""
    rules, periods = network.programme[Rule], network.periods
    shown = {e.rule for e in evidence_of(network.programme, periods)}
    last = periods.starts + periods.lengths - 1
    for k in np.flatnonzero(~rules.soft).tolist():
        first, end = periods.numbers(np.array([rules.from_date[k], rules.to_date[k]]), 0).tolist()
        held = (last >= first) & (np.isnat(rules.to_date[k]) | (last <= end))
        if rules.kind[k] == "least cash" and not held.any():
            yield f"Rule {rules.rule[k]} limits nothing: no period of the plan ends within its dates."
        dated = not (np.isnat(rules.from_date[k]) and np.isnat(rules.to_date[k]))
        if rules.kind[k] == "origin share" and dated and rules.rule[k] not in shown:
            yield f"Rule {rules.rule[k]} limits nothing: no whole period of the plan ends before a day of evidence within its dates."
