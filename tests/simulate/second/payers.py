"""Budgets of payers in the second engine: tranches come, bills fall due, and who is late gets nothing until he has paid."""

from __future__ import annotations

from math import inf


class Payer:
    """One payer's pool."""

    def __init__(self, world, pool: str):
        self.world, self.env, self.facts, self.pool = world, world.env, world.facts, pool
        self.pots: list[list] = []  # what is left of each tranche, and its last day
        self.other = self.owed = self.overdue = self.billed = 0.0
        self.due = [0.0] * len(self.facts.starts)
        self.comes = [0.0] * len(self.facts.starts)
        self.period = 0
        for row in self.facts.cash:
            if row["pool"] == pool:
                number = self.facts.starts.index(self.facts.day(row["period_start"]))
                self.due[number] += row["advances"]
                self.comes[number] += row["refunds"]

    @property
    def late(self) -> bool:
        return self.overdue > 1 + 1e-5 * self.billed

    def begin(self, period: int) -> None:
        self.period = period
        self.pots = [p for p in self.pots if p[1] >= self.facts.starts[period]]
        self.overdue = self.owed
        self.other += self.comes[period]
        self.owe(self.due[period])

    def get(self, amount: float, last: float) -> None:
        if self.env.now < last + 1:
            self.pots.append([amount, last])
            self.settle()

    def owe_later(self, due: float, amount: float) -> None:
        period = sum(s <= due for s in self.facts.starts) - 1
        if due >= self.facts.horizon:
            return
        if period <= self.period:
            self.owe(amount)
        else:
            self.due[period] += amount

    def owe(self, amount: float) -> None:
        self.owed += amount
        self.billed += amount
        self.settle()

    def settle(self) -> None:
        """Pay what is owed as far as there is money, of the tranche that expires first."""
        was_late = self.late
        for pot in sorted(self.pots, key=lambda p: p[1]):
            self._pay(min(pot[0], self.owed), pot)
        self._pay(min(self.other, self.owed), None)
        if was_late and not self.late:
            self.world.serve()

    def _pay(self, amount: float, pot) -> None:
        if amount <= 0:
            return
        if pot is None:
            self.other -= amount
        else:
            pot[0] -= amount
        self.owed -= amount
        self.overdue -= amount
        self.world.money.cash += amount


def last_day(facts, tranche) -> float:
    return inf if tranche["expiry"] is None else float(facts.day(tranche["expiry"]))
