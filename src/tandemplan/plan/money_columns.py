"""What a plan decides about money: cash kept, tranches spent, credit drawn; columns count `Money.per` of the currency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tandemplan.model.schema import Tranche
from tandemplan.network.gates import behind_gates
from tandemplan.network.money import Money, money_of
from tandemplan.network.network import Network
from tandemplan.solver.lp import Builder

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class MoneyColumns:
    """Column numbers (NO_COLUMN: closed), in arrays of entities x periods; `pairs` are the tranche and the account of each row of `spent`.

    - `cash[p,t]`: money of pool p that may pay anything, at the end of t.
    - `paid[a,t]`: what is paid for account a in t.
    - `opened[k,t]`: what has opened by the end of t of tranche k, where it waits for production; at most its amount.
    - `left[k,t]`: what is left at the end of t of tranche k, where it may not pay all; at most its amount.
    - `drawn[k,t]`: what is owed on credit line k at the end of t; at most its amount.
    - `repaid[k,t]`: what is repaid in t of credit line k, where it may not pay all.
    - `spent[k,a,t]`: what tranche or line k, where it may not pay all, pays in t for account a.
    - `claim[a,t]`: what other money has paid so far for account a, by the end of t.
    """

    cash: Ints
    paid: Ints
    opened: Ints
    left: Ints
    drawn: Ints
    repaid: Ints
    spent: Ints
    claim: Ints
    pairs: Ints


def add_money_columns(build: Builder, network: Network) -> MoneyColumns:
    """Add the columns of money and return their numbers; none in a programme whose money is no limit."""
    money, count = money_of(network), len(network.periods)
    tranches = money.tranches
    names = tranche_names(network, money)
    usable = tranches.usable(count)
    pairs = pairs_of(money)
    spends = tuple(f"{names[k]} for {money.account[a]}" for k, a in pairs)
    most = (tranches.amount / money.per)[:, None]
    later = usable & (np.arange(count) >= tranches.first[:, None] + 1)
    return MoneyColumns(
        cash=build.add_grid("cash", money.pools, np.ones((len(money.pools), count), dtype=bool)),
        paid=build.add_grid("paid", money.accounts_named, np.ones((len(money.account), count), dtype=bool)),
        opened=build.add_grid("opened", names, usable & waits(network, money)[:, None], most),
        left=build.add_grid("left", names, usable & tranches.tied[:, None], most),
        drawn=build.add_grid("drawn", names, usable & tranches.line[:, None], most),
        repaid=build.add_grid("repaid", names, _repays(later, tranches.line & ~tranches.free, tranches.until)),
        spent=build.add_grid("spent", spends, usable[pairs[:, 0]]),
        claim=build.add_grid("claim", money.accounts_named, claims(money)),
        pairs=pairs,
    )


def claims(money: Money) -> Bools:
    """Return in which periods some tied tranche or line may pay an account (accounts x periods): from the first on that any can."""
    found, pairs = np.zeros((len(money.account), money.least.shape[1]), dtype=bool), pairs_of(money)
    found[pairs[:, 1]] = True
    return found


def tranche_names(network: Network, money: Money) -> tuple[str, ...]:
    """Return the names of the tranches that can be used."""
    return tuple(map(str, network.programme[Tranche].tranche[money.tranches.row]))


def pairs_of(money: Money) -> Ints:
    """Return each tranche that is told apart by what it pays, with each account that it may pay (entries x 2)."""
    return np.argwhere(money.tranches.pays & money.tranches.tracked[:, None]).reshape(-1, 2)


def waits(network: Network, money: Money) -> Bools:
    """Return which tranches wait for production, through the tasks that open them."""
    behind = behind_gates(network.programme)
    opens = network.programme[Tranche].opens_after[money.tranches.row].tolist()
    return np.array([bool(behind & set(tasks)) for tasks in opens], dtype=bool)


def _repays(later: Bools, line: Bools, until: Ints) -> Bools:
    """Return in which periods a line may be repaid: from its second on, and in the one after its last, when all of it must be."""
    found: Bools = later & line[:, None]
    for k in np.flatnonzero(line).tolist():
        found[k, until[k] + 1 : until[k] + 2] = True
    return found
