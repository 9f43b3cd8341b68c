"""Why nothing is feasible: sets of limits that cannot all be kept, none of them for nothing, and what giving way helps.

Runs in the child process.
"""

from __future__ import annotations

import time
from collections.abc import Callable

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
        return reason

    def keep(self) -> None:
        """Add the conflict that was being made smaller when the search was ended."""
        if self.conflicting is not None:
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
                limits = np.array(sorted(tried), dtype=np.int64)
                verdict = self.judge.verdict(~np.isin(self.soft.of, limits))
                if verdict.conflict is None:
                    self.complete = False
                if not verdict.conflict and not tried:
                    return NOT_KNOWN if verdict.conflict is None else NOTHING_BROKEN
                if verdict.conflict is False:
                    self._ease(limits)
                if not verdict.conflict:
                    continue
                of = self.soft.of
                held = ~np.isin(of, limits)
                missed = self._conflict(np.isin(of, of[verdict.among]) if verdict.relaxed else self._filtered(held))
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

    def _conflict(self, held: Bools) -> Conflict:
        """Return a conflict among held entries, which conflict, and keep it.

        The deletion filter first takes limits, then rows of those that are left.
        """
        left, proved = self._deleted(held, self.soft.of, self.judge.verdict)
        verdict = self.judge.verdict(left)
        entries, rows = left, np.arange(len(left), 0, -1)
        if verdict.relaxed:
            entries, _ = self._deleted(left, rows, self.judge.relaxed_verdict)
        elif left.sum() <= MOST_ASKED_WHOLE:
            entries, _ = self._deleted(left, rows, self.judge.verdict)
        sure = next((e for e in (entries, left) if self.judge.verdict(e).conflict), None)
        entries, proved = (held, False) if sure is None else (sure, proved)
        where = np.flatnonzero(entries)
        limits = np.unique(self.soft.of[where])
        short = np.array([self._short(entries, int(k)) for k in limits])
        self.conflicting = None
        self.conflicts.append(Conflict(where, limits, short, proved))
        return self.conflicts[-1]

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

    def _short(self, held: Bools, limit: int) -> float:
        least = self.judge.least(np.array([limit]), held)
        return float("nan") if least is None else float(given(self.soft, least)[limit])

    def _ease(self, limits: Ints) -> None:
        """Add what limits must give at least, if the model with so much more room has a plan."""
        least = self.judge.least(limits, np.ones(len(self.soft.row), dtype=bool))
        if least is not None:
            rounded = np.minimum(
                np.round(np.maximum(np.ceil(least / SMALLEST - NEARLY), 0) * SMALLEST, 6), self.soft.most
            )
            for amount in (rounded, least):
                if self.judge.holds(eased(self.judge.lp, self.soft, amount)):
                    gives = given(self.soft, amount)
                    limits = limits[gives[limits] > 0]
                    size = float((gives / self.soft.size)[limits].sum())
                    self.remedies.append(Remedy(limits, gives[limits], amount, size))
                    return
        self.complete = False


def given(soft: Soft, amount: Floats) -> Floats:
    """Return how far each limit gives way: a level one by the most of its entries, another by their sum."""
    most, total = np.zeros(len(soft.size)), np.zeros(len(soft.size))
    np.maximum.at(most, soft.of, amount)
    np.add.at(total, soft.of, amount)
    return np.where(soft.level, most, total)
