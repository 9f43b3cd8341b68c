"""The venture's cash in the second engine."""

from __future__ import annotations

from math import ceil, floor

from .payers import Payer, last_day

IN = ("advances",)  # what lines of credit bring is drawn here as it is needed
OUT = ("refunds", "transport", "labour", "training", "capex", "opex", "other", "interest")


class Money:
    """What the venture has: by the plan but for purchases, deliveries and tranches, which follow what happens."""

    def __init__(self, world):
        self.world, self.env, self.facts = world, world.env, world.facts
        self.funds = [
            (name, t) for name, t in self.facts.tables["funding"].items()
            if t["kind"] == "company" and t["cash"]
        ]  # fmt: skip
        self.limited = bool(self.funds)
        budgets = [(name, t) for name, t in self.facts.tables["funding"].items() if t["kind"] == "payer" and t["cash"]]
        self.payers = {pool: Payer(world, pool) for pool in sorted({t["pool"] for _, t in budgets})}
        self.cash = self.credit = 0.0
        self.period = 0
        self.closing: list[float] = []
        self.due = [0.0] * len(self.facts.starts)
        for row in self.facts.cash:
            if row["pool"] in {t["pool"] for _, t in self.funds}:
                number = self.facts.starts.index(self.facts.day(row["period_start"]))
                self.due[number] += sum(row[c] for c in IN) - sum(row[c] for c in OUT)
            elif row["pool"] in self.payers:
                self.due[self.facts.starts.index(self.facts.day(row["period_start"]))] -= row["advances"]
        for name, tranche in [*self.funds, *budgets]:
            self.env.process(self._tranche(name, tranche))

    def begin(self, period: int) -> None:
        """Begin a period: what falls due in it counts from now on."""
        if period:
            self.closing.append(self.cash)
        self.period = period
        self.cash += self.due[period]
        for payer in self.payers.values():
            payer.begin(period)

    def _tranche(self, name, tranche):
        if tranche["awaits"]:
            return
        slip = self.world.luck.time("lognormal", tranche["slip_days"], tranche["slip_sd_days"])
        yield self.env.timeout(max(0.0, self.facts.day(tranche["date"]) + slip))
        if tranche["opens_after"]:
            ends = [self.world.task_done[t] for t in tranche["opens_after"]]
            yield self.env.all_of(ends)
            last = max(self.world.task_end[t] for t in tranche["opens_after"])
            yield self.env.timeout(max(0.0, last + tranche["evidence_days"] - self.env.now))
        if tranche["kind"] == "payer":
            self.payers[tranche["pool"]].get(tranche["amount"], last_day(self.facts, tranche))
        elif tranche["instrument"] == "credit line" or tranche["interest_per_year_share"]:
            self.credit += tranche["amount"]
        else:
            self.cash += tranche["amount"]
        self.world.retry_purchases()

    def pays(self, amount: float) -> bool:
        """Pay what is due with an order, or say that the money is not there."""
        if self.limited and amount > max(0.0, self.cash + self.credit) + 1e-6:
            return False
        self.cash -= amount
        return True

    def later(self, days: float, amount: float) -> None:
        """Take in (or pay, below 0) an amount so many days from now: it counts from the beginning of its period on."""
        due = self.env.now + ceil(days - 1e-9)
        if due >= self.facts.horizon:
            return
        period = sum(s <= due for s in self.facts.starts) - 1
        if period <= self.period:
            self.cash += amount
        else:
            self.due[period] += amount

    def customer_owes(self, demand: str, units: float) -> None:
        contract = self.facts.tables["contracts"].get(self.facts.tables["demands"][demand]["contract"])
        if contract is None:
            return
        due = self.facts.day(self.facts.tables["demands"][demand]["due"])
        late = max(0, int(self.env.now + 1e-9) - due)
        damages = min(contract["damages_cap_share"], contract["damages_per_week_share"] * late / 7)
        price = contract["unit_price"] * (1 - contract["advance_share"] - damages)
        if contract["pool"] in self.payers:
            due = floor(self.env.now + 1e-9) + ceil(contract["payment_days"] - 1e-9)
            self.payers[contract["pool"]].owe_later(due, units * price)
        else:
            self.later(contract["payment_days"], units * price)
