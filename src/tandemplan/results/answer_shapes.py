"""The shapes of answers that are kept beside a run: why demands are late, what repairs them, which numbers are worth checking, and what losses planned anew lead to."""

from __future__ import annotations

from tandemplan.results.dependence_shape import REPLANNED
from tandemplan.results.fields import Field, Shape, Type, money, text, units, whole

EXPLANATIONS = Shape(
    "explanations",
    "A cause of the lateness of a demand, as `explain --worst` found it; the unit-days of a demand add up to its lateness.",
    (
        text("demand", "Demand that is late."),
        whole("rank", "Place in the order in which causes are let go, the largest effect first.", "rank"),
        text("family", "Constraint family, lead time, task, before or beside; blank: no limit makes it (the plan itself, or nothing can change it)."),
        text("name", "Whose limit it is."),
        text("cause", "The cause in words, with what would be enough."),
        units("unit_days", "Unit-days of lateness that it makes, after those above it.", "unit-days"),
    ),
)  # fmt: skip
RELIEFS = Shape(
    "reliefs",
    "A change that repairs a late demand, or helps in part: each was planned.",
    (
        text("demand", "Demand that is late."),
        whole("rank", "Place in the list: those that repair it first, then the cheapest.", "rank"),
        text("change", "The change in words."),
        text("sets", "The same as changes that `--set` takes, parted by `; `."),
        units("late_unit_days", "Unit-days that the demand is late with it.", "unit-days"),
        Field("repaired", Type.FLAG, "It is as little late then as it can be at all."),
        money("cost", "What the plan costs more with it."),
        Field("price", Type.MONEY, "What the change itself costs; blank: the tables do not say.", may_be_blank=True),
        units("others_unit_days", "Unit-days by which all other demands together are later; below 0: sooner.", "unit-days"),
        text("later", "Demands that are later with it, the most first."),
        text("sooner", "Demands that are sooner with it, the most first."),
        text("planned", "`anew`: the whole plan was made anew; `around`: the plan around the demand, all else as planned."),
    ),
)  # fmt: skip
CHECKS = Shape(
    "checks",
    "A number that sources contradict each other about, as `explain --claims` planned with it; the largest effect first.",
    (
        whole("rank", "Place in the list.", "rank"),
        text("claim", "Claim that contradicts the programme."),
        text("subject", "What it is about."),
        text("by", "Source of the claim."),
        text("cell", "Cell of the programme."),
        text("now", "Value there."),
        text("then", "Value that the claim says."),
        text("outcome", "planned, not read (no plan hangs on it), faulty or no plan."),
        text("changes", "What the plan does otherwise, in words."),
        text("demands", "Demands that fare otherwise, those that move most first."),
    ),
)
ANSWER_SHAPES = (EXPLANATIONS, RELIEFS, CHECKS, REPLANNED)
