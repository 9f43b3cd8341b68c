"""Why nothing is feasible: sets of limits that cannot all be kept, none of them for nothing, and what giving way helps.

Runs in the child process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tandemplan.solver.conflict import MOST_TOGETHER, Conflict, Found, Remedy
from tandemplan.solver.elastic import SMALLEST, Soft, eased
from tandemplan.solver.engine import Watch
from tandemplan.solver.judge import BROKEN, EndedError, Judge, Verdict
from tandemplan.solver.lp import Lp
from tandemplan.solver.stages import OnReport, Work

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NEARLY = 0.01  # of the smallest ease: what the solver's tolerance makes of a round number
MOST_REMEDIES = 12
MOST_CONFLICTS = 12
MOST_ASKED_WHOLE = 40  # rows of a conflict that are told apart where columns are whole
ALL_GIVE_WAY = "there is no plan even where every limit gives way"
NOTHING_BROKEN = "each limit can be kept within a millionth of its size"
NOT_KNOWN = "the solver cannot say in the time given what conflicts"


def solve(lp: Lp, soft: Soft, work: Work, *, on_report: OnReport, cancelled: Callable[[], bool]) -> Found:
    """Return why a model has no plan, as far as the time goes; of equal conflicts, the one of later limits and earlier rows.

    Conflicts and remedies are found together: a remedy eases a member of every conflict, and where limits that hit every known
    conflict are no remedy, those that are left hold another one (Reiter 1987, A theory of diagnosis from first principles;
    Liffiton and Sakallah 2008, Algorithms for computing minimal unsatisfiable subsets of constraints).
    """
    judge = Judge(lp, soft, work, Watch(time.monotonic(), work.seconds, on_report, cancelled))
    search = _Search(judge)
    try:
        reason = search.run()
    except EndedError as ended:
        search.keep()
        reason = str(ended)
    remedies = tuple(sorted(search.remedies, key=lambda r: (round(r.size, 9), r.limits.tolist())))
    return Found(tuple(search.conflicts), remedies, search.complete and not reason, reason, judge.solves)


class _Search:
    """The search for conflicts and remedies, with what it has found so far."""

    def __init__(self, judge: Judge) -> None:
        self.judge, self.soft = judge, judge.soft
        self.conflicts: list[Conflict] = []
        self.remedies: list[Remedy] = []
        self.complete = True
        self.conflicting: Bools | None = (
            None  # entries known to conflict, while it is sought which of them do without the others
        )

    def run(self) -> str:
        """Search, and return what stood in the way, if anything did."""
        every = np.ones(len(self.soft.row), dtype=bool)
        cheapest = self.judge.breaches(every)
        if cheapest is None:
            return ALL_GIVE_WAY
        if cheapest.cost <= BROKEN and not self.judge.whole:
            return NOTHING_BROKEN
        reason = self._branch()
        if self.conflicts and not self.remedies:
            self.complete = False
            if self.judge.whole:
                cheapest = self.judge.whole_breaches(~every, every)
            if cheapest is not None:
                self._ease(np.unique(self.soft.of[cheapest.amount > SMALLEST]))
        self._prove()
        return reason

    def keep(self) -> None:
        """Add the conflict that was being made smaller when the search was ended, unless a smaller one is known."""
        if self.conflicting is not None and not any(self.conflicting[c.entries].all() for c in self.conflicts):
            entries = np.flatnonzero(self.conflicting)
            limits = np.unique(self.soft.of[entries])
            self.conflicts.append(Conflict(entries, limits, np.full(len(limits), np.nan), proved=False))

    def _branch(self) -> str:
        """Try sets of limits that hit every known conflict, small sets first; where one is no remedy, find another conflict."""
        sets: list[frozenset[int]] = [frozenset()]
        for tried in sets:  # grows while it is gone through
            if any(set(r.limits.tolist()) <= tried for r in self.remedies):
                continue
            missed = next((c for c in self.conflicts if not tried & set(c.limits.tolist())), None)
            if missed is None:
                missed = self._missed(np.array(sorted(tried), dtype=np.int64))
                if missed is None and not tried:
                    return NOTHING_BROKEN if self.complete else NOT_KNOWN
                if missed is None:
                    continue
                self.conflicts.append(missed)
            if (
                len(tried) == MOST_TOGETHER
                or len(self.conflicts) > MOST_CONFLICTS
                or len(self.remedies) >= MOST_REMEDIES
            ):
                self.complete = False
                continue
            larger = (tried | {limit} for limit in missed.limits.tolist())
            sets += [s for s in larger if s not in sets]
        return ""

    def _missed(self, limits: Ints) -> Conflict | None:
        """Return a conflict of what is left when some limits give way; None where there is none, and they are a remedy."""
        of = self.soft.of
        held = ~np.isin(of, limits)
        verdict = self.judge.relaxed_verdict(held)
        if verdict.conflict:
            return self._conflict(np.isin(of, of[verdict.among]), relaxed=True)
        if len(limits) and self._ease(limits):
            return None
        if self.judge.whole:
            verdict = self.judge.verdict(held)
            if verdict.conflict:
                return self._conflict(self._filtered(held), relaxed=False)
        self.complete &= not len(limits) and verdict.conflict is False
        return None

    def _conflict(self, held: Bools, *, relaxed: bool) -> Conflict:
        """Return a conflict among held entries, which conflict, `relaxed`: even where no column need be whole.

        The deletion filter first takes limits, then rows of those that are left. What conflicts in parts conflicts in whole numbers, but
        that the others do not is proved later.
        """
        ask = self.judge.relaxed_verdict if relaxed else self.judge.verdict
        left, proved = self._deleted(held, self.soft.of, ask)
        entries = left
        if relaxed or left.sum() <= MOST_ASKED_WHOLE:
            entries, _ = self._deleted(left, np.arange(len(left), 0, -1), ask)
        sure = next((e for e in (entries, left) if ask(e).conflict), None)
        entries, proved = (held, False) if sure is None else (sure, proved and not (relaxed and self.judge.whole))
        where = np.flatnonzero(entries)
        limits = np.unique(self.soft.of[where])
        short = np.array([self._short(entries, int(k), relaxed=relaxed) for k in limits])
        self.conflicting = None
        return Conflict(where, limits, short, proved)

    def _prove(self) -> None:
        """Prove of conflicts of models with whole columns that no limit is in them for nothing, or take out those that are."""
        of, seen = self.soft.of, []
        for k, conflict in enumerate(self.conflicts):
            if not conflict.proved:
                left, proved = self._deleted(np.isin(of, conflict.limits), of, self.judge.verdict)
                if len(np.unique(of[left])) < len(conflict.limits):
                    relaxed = bool(self.judge.relaxed_verdict(left).conflict)
                    self.conflicts[k] = self._conflict(left, relaxed=relaxed)
                self.conflicts[k] = replace(self.conflicts[k], proved=proved)
                self.conflicting = None
            seen.append(self.conflicts[k].limits.tolist())
        self.conflicts = [c for k, c in enumerate(self.conflicts) if seen.index(seen[k]) == k]

    def _filtered(self, held: Bools) -> Bools:
        """Return entries among those held that conflict: what a plan breaks is held for good, until there is no plan.

        Elastic filter: Chinneck and Dravnieks 1991, Locating minimal infeasible constraint sets in linear programs.
        """
        self.conflicting = held
        firm = np.zeros(len(held), dtype=bool)
        while True:
            found = self.judge.whole_breaches(firm, held)
            broken = held & ~firm & (found.amount > SMALLEST) if found is not None else np.zeros(len(held), dtype=bool)
            if not broken.any():
                return firm if self.judge.verdict(firm).conflict else held
            firm |= held & np.isin(self.soft.of, self.soft.of[broken])

    def _deleted(self, held: Bools, unit: Ints, ask: Callable[[Bools], Verdict]) -> tuple[Bools, bool]:
        """Return a conflict within held entries from which no unit can be taken, and whether that is proved.

        Deletion filter (Chinneck and Dravnieks 1991), which also drops at once what has no price in the proof of a conflict.
        """
        self.conflicting = held
        left, kept, proved = held, np.zeros(len(held), dtype=bool), True
        for u in np.unique(unit[held]):
            mine = left & (unit == u)
            if not mine.any():
                continue
            verdict = ask(left & ~mine)
            if verdict.conflict:
                left = left & ~mine & (np.isin(unit, unit[verdict.among]) | kept)
                self.conflicting = left
            else:
                kept |= mine
                proved &= verdict.conflict is not None
        return left, proved

    def _short(self, held: Bools, limit: int, *, relaxed: bool) -> float:
        least = self.judge.least(np.array([limit]), held, whole=not relaxed)
        return float("nan") if least is None else float(given(self.soft, least.amount)[limit])

    def _ease(self, limits: Ints) -> bool:
        """Return whether limits are a remedy, and keep it: what they must give at least, with which a model is solved."""
        every = np.ones(len(self.soft.row), dtype=bool)
        for whole in (False, True) if self.judge.whole else (False,):
            least = self.judge.least(limits, every, whole=whole)
            if least is None:
                continue
            steps = np.maximum(np.ceil(least.amount / SMALLEST - NEARLY), 0)
            for amount in (np.minimum(np.round(steps * SMALLEST, 6), self.soft.most), least.amount):
                if self.judge.holds(eased(self.judge.lp, self.soft, amount), least.x):
                    gives = given(self.soft, amount)
                    limits = limits[gives[limits] > 0]
                    size = float((gives / self.soft.size)[limits].sum())
                    self.remedies.append(Remedy(limits, gives[limits], amount, size))
                    return True
        return False


def given(soft: Soft, amount: Floats) -> Floats:
    """Return how far each limit gives way: a level one by the most of its entries, another by their sum."""
    most, total = np.zeros(len(soft.size)), np.zeros(len(soft.size))
    np.maximum.at(most, soft.of, amount)
    np.add.at(total, soft.of, amount)
    return np.where(soft.level, most, total)
