"""Licences and consents in the second engine: terms of standing ones, licences with each order, consents to moves."""

from __future__ import annotations

from math import ceil, inf


def whole(days: float) -> int:
    return ceil(days - 1e-9)


class Standing:
    """A standing licence that ends or has a cap: valid `until` a time, with room for so many units."""

    def __init__(self, world, row):
        self.world, self.row = world, row
        self.until, self.room, self.promised, self.granted, self.again = -inf, 0.0, 0.0, 0, inf
        world.env.process(self._life())

    @property
    def renewable(self) -> bool:
        return self.row["renewable"] and self.row["validity_days"] is not None

    @property
    def valid(self) -> bool:
        return self.world.env.now < self.until and self.room > 1e-4

    def fits(self, units: float) -> bool:
        return self.valid and self.room + 1e-4 >= units * (1 - 1e-5)

    def barred(self, units: float, *, promised: bool) -> bool:
        """Say whether so many units can never go."""
        if not self.granted or self.renewable:
            return False
        room = self.room - (self.promised if promised else 0.0)
        return self.world.env.now >= self.until or room + 1e-4 < units * (1 - 1e-5)

    def _life(self):
        world, row = self.world, self.row
        yield world.task_done[row["task"]]
        begin = world.task_end[row["task"]]
        lasts = inf if row["validity_days"] is None else whole(row["validity_days"])
        ahead = whole(row["processing_days"] if row["renewal_lead_days"] is None else row["renewal_lead_days"])
        while True:
            yield world.env.timeout(max(0.0, begin - world.env.now))
            self.until, self.granted = begin + lasts, self.granted + 1
            self.room = inf if row["cap_units"] is None else row["cap_units"]
            asked = max(self.until - ahead, begin)
            self.again = max(self.until, asked + whole(row["processing_days"])) if self.renewable else inf
            world.gates_change()
            if lasts == inf:
                return
            if not self.renewable:
                yield world.env.timeout(self.until - world.env.now)
                world.gates_change()
                return
            yield world.env.timeout(max(0.0, asked - world.env.now))
            begin = max(self.until, asked + world.processing(row))


class Licences:
    """What covers what, and what is asked for (mixed into the world)."""

    def set_up_licences(self) -> None:
        self.rows = list(self.facts.tables["licences"].values())
        limited = [
            r for r in self.rows if r["kind"] == "standing" and (r["validity_days"] or r["cap_units"] is not None)
        ]
        self.terms = {r["licence"]: Standing(self, r) for r in limited}

    def processing(self, row) -> float:
        return self.luck.time("lognormal", row["processing_days"], row["processing_sd_days"])

    def country(self, site: str) -> str:
        row = self.facts.tables["sites"].get(site)
        return row["country"] if row else ""

    def covering(self, item: str, starts, site: str):
        starts, ends = set(starts) - {""}, {site, self.country(site)} - {""}
        return [
            r
            for r in self.rows
            if (not r["items"] or item in r["items"])
            and (not r["from_places"] or starts & set(r["from_places"]))
            and (not r["to_places"] or ends & set(r["to_places"]))
        ]

    def of_offer(self, name: str, site: str):
        offer = self.facts.tables["offers"][name]
        supplier = self.facts.tables["suppliers"].get(offer["supplier"])
        home = supplier["country"] if supplier else ""
        return self.covering(offer["item"], (offer["supplier"], home, offer["origin_country"]), site)

    def of_move(self, item: str, origin: str, to: str):
        return self.covering(item, (origin, self.country(origin)), to)

    def standing(self, rows) -> list[Standing]:
        return [self.terms[r["licence"]] for r in rows if r["licence"] in self.terms]

    def granted(self, rows) -> bool:
        return all(r["task"] in self.task_end for r in rows if r["kind"] == "standing")

    def may_go(self, rows, units: float) -> bool:
        return self.granted(rows) and all(one.fits(units) for one in self.standing(rows))

    def go(self, rows, units: float, *, ordered: bool) -> None:
        for one in self.standing(rows):
            one.room -= units
            one.promised -= units if ordered else 0.0

    def until_valid(self, rows) -> float:
        waits = [one.again - self.env.now for one in self.standing(rows) if one.granted and not one.valid]
        return max(waits, default=0.0)

    def ask_for(self, rows) -> tuple[float, float]:
        """Ask for the licences per order, one after another: the days that they take, and for how many they last."""
        asked = [r for r in rows if r["kind"] == "per order"]
        days = sum(self.processing(r) for r in asked)
        return days, min((whole(r["validity_days"]) for r in asked if r["validity_days"]), default=inf)

    def bound(self, licence) -> set[str]:
        """Return the items that need consent because of a licence: those that it lists, and what is made of them."""
        found = set(licence["items"])
        for _ in self.facts.bom:
            found |= {b["parent"] for b in self.facts.bom if b["component"] in found}
        return found

    def consents(self, item: str, origin: str, to: str):
        out, into = self.country(origin), self.country(to)
        own = {r["country"] for r in self.of_move(item, origin, to)}
        return [
            r
            for r in self.rows
            if r["reexport_consent"]
            and out != into
            and item in self.bound(r)
            and r["country"] not in own | {into}
            and r["to_places"]
            and not {to, into} & set(r["to_places"])
        ]

    def leave(self, move):
        """Ask for what a move needs before it goes: a process of SimPy; it is `ready` then, and `lapses` later."""
        (item, origin), to = move.line.takes[0][0], move.line.node[1]
        rows = self.of_move(item, origin, to)
        consents = self.consents(item, origin, to)
        now, usual = self.env.now, sum(whole(r["processing_days"]) for r in rows if r["kind"] == "per order")
        planned = move.line.due if move.line.planned_row else inf
        asked = max(min(planned - usual, now), 0.0)
        days, lasts = self.ask_for(rows)
        ready, move.lapses = asked + days, asked + days + lasts
        later = [(r, self.processing(r)) for r in consents]
        for row, _ in later:
            if row["task"]:
                yield self.task_done[row["task"]]
        ahead = self.facts.policy["ahead"] * self.facts.periods.longest
        for row, needs in later:
            first = max(min(planned - ahead - whole(row["processing_days"]), now), 0.0)
            ready = max(ready, max(first, self.task_end.get(row["task"], 0.0)) + needs)
        yield self.env.timeout(max(0.0, ready - self.env.now))
        move.ready = ready
        self.serve()

    def leave_again(self, move):
        """Ask once more for licences that have lapsed: a process of SimPy."""
        (item, origin), to = move.line.takes[0][0], move.line.node[1]
        move.ready = inf
        days, lasts = self.ask_for(self.of_move(item, origin, to))
        move.lapses = self.env.now + days + lasts
        yield self.env.timeout(days)
        move.ready = self.env.now
        self.serve()
