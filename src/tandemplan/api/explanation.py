"""Why, for Python: the causes of a late demand, what repairs it, and the limits of a run, as pandas frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tandemplan.model.programme import Programme
from tandemplan.report.explained import ranking_lines, relief_lines, why_lines
from tandemplan.results import store

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why a demand is late in a plan and what repairs it, or which limits do most harm; `answer` is what `explain --json` says of it.

    [Explain](../use/explain.md) tells how causes are found, and how sure they are.

    >>> import tandemplan as tp
    >>> tp.plan(tp.example("first_steps")).explain("C1")
    Late by 28 unit-days in all:
      28 unit-days: supply of Kit of parts: nothing can bring it before 12 Jun 2026; 4 units more from 1 Jun 2026 would be enough.
    Nothing else helps: with every other limit let go it would be as late.
    """

    answer: dict[str, Any]
    programme: Programme

    def __repr__(self) -> str:
        why, relief, limits = (self.answer.get(k) for k in ("why", "relief", "limits"))
        lines = [] if why is None else why_lines(why, self.programme)
        lines += [] if relief is None else relief_lines(relief, self.programme)
        lines += [] if limits is None else ranking_lines(limits, self.programme)
        return "\n".join(lines)

    @property
    def causes(self) -> pd.DataFrame:
        """Return what makes the demand late: `unit_days` in the order in which causes are let go, which add up.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).explain("S1").causes
          family   name  unit_days
        0  hours  bench       96.0
        """
        return self._frame((self.answer.get("why") or {}).get("causes", []), ["family", "name", "unit_days"])

    @property
    def relief(self) -> pd.DataFrame:
        """Return what repairs the demand, each planned again: `late_unit_days` with it, what the plan costs more, its own price, and others.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).explain("S1", relief=True).relief[["text", "late_unit_days", "cost"]]
                               text  late_unit_days   cost
        0  offer kits 7 days sooner             0.0  400.0
        1   1 station more of bench             0.0  597.2
        2  S1 promised 7 days later            68.0    5.6
        """
        names = [
            "text",
            "changes",
            "late_unit_days",
            "repaired",
            "cost",
            "price",
            "others_unit_days",
            "better",
            "worse",
        ]
        return self._frame(self.answer.get("relief") or [], names)

    @property
    def limits(self) -> pd.DataFrame:
        """Return the limits of the run by harm, a row for each quarter in which one has a worth.

        >>> import tandemplan as tp
        >>> tp.plan(tp.example("first_steps")).explain().limits[["name", "harm", "quarter", "worth"]].round(3)
            name   harm     quarter  worth
        0    kit  124.0  2026-04-01   24.0
        1  bench  116.0  2026-04-01    6.0
        """
        rows = [
            {**h, "quarter_harm": q["harm"], **{k: q[k] for k in ("quarter", "worth", "demands")}}
            for h in self.answer.get("limits") or []
            for q in h["quarters"]
        ]
        names = ["family", "name", "stage", "harm", "quarter", "quarter_harm", "worth", "unit", "demands"]
        return self._frame(rows, names)

    def _frame(self, rows: list[dict[str, Any]], names: list[str]) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame([[r[n] for n in names] for r in rows], columns=names)


def explained(
    answer: store.Run, programme: Programme, demand: str, *, relief: bool, time_limit: float | None
) -> Explanation:
    """Return why a demand of a plan is late, or with a blank one which limits do most harm; raises ValueError where there is no plan, KeyError for an unknown demand."""
    from tandemplan.explain.answer import ranking_said, relief_said, why_said
    from tandemplan.explain.causes import why
    from tandemplan.explain.planned import base_of
    from tandemplan.explain.solving import relieved_as
    from tandemplan.explain.split import has_plan
    from tandemplan.results.shape import DEMAND_SUMMARY

    if not has_plan(answer):
        raise ValueError(f"{answer.info['run']} holds no plan: it is {answer.info['status']}")
    base = base_of(programme, answer)
    if not demand:
        return Explanation({"limits": ranking_said(base, time_limit)}, programme)
    if demand not in answer[DEMAND_SUMMARY]["demand"].tolist():
        raise KeyError(demand)
    found = why(base, demand, time_limit)
    said: dict[str, Any] = {"why": why_said(base, found)}
    return Explanation(
        {
            **said,
            "relief": relief_said(base, found, relieved_as(base, demand)) if relief and not found.stopped else None,
        },
        programme,
    )


def alternatives_of(answer: store.Run, programme: Programme, *, claims: bool, pins: bool) -> pd.DataFrame:
    """Return what the plan would be with other claims, and without pins; raises ValueError where there is no plan."""
    import pandas as pd

    from tandemplan.explain.solving import otherwise_as
    from tandemplan.explain.split import Planned, has_plan
    from tandemplan.explain.variants import claim_variants, effects, pin_variants
    from tandemplan.report.otherwise import effect_rows

    if not has_plan(answer):
        raise ValueError(f"{answer.info['run']} holds no plan: it is {answer.info['status']}")
    variants = [*(claim_variants(programme) if claims else ()), *(pin_variants(programme) if pins else ())]
    base = Planned(answer, programme)
    found = effects(base, variants, otherwise_as(base), answer.info["options"]["gap"])
    names = ["rank", "name", "by", "subject", "table", "key", "column", "now", "then", "outcome", "changes", "demands"]
    return pd.DataFrame([[r[n] for n in names] for r in effect_rows(found, programme)], columns=names)
