"""People: who is there, in training, hired and leaving; the limits on hires, and pay; each skill in each period once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from tandemplan.audit.book import Book, Line
from tandemplan.audit.check_demand import each_once
from tandemplan.audit.check_shifts import worked
from tandemplan.audit.dated import dated_of
from tandemplan.audit.days import iso, whole_days
from tandemplan.audit.equations import ROUNDING, equal, equal_money
from tandemplan.audit.findings import Finding, allowed, shown
from tandemplan.audit.hours import SKILL, Present, hours_present
from tandemplan.audit.people import Crew, crews_of
from tandemplan.audit.shifts import choices_of
from tandemplan.model.schema import Skill
from tandemplan.results.shape import PEOPLE


def crews(book: Book) -> Mapping[str, Crew]:
    """Return the people of each skill, with those that the run hires."""
    hired: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for r in book.rows(PEOPLE):
        if r.hired:
            hired[r.skill].append((r.period_start, r.hired))
    return crews_of(book.dated, book.horizon, hired)


def check_people(book: Book) -> Iterator[Finding]:
    """Yield what is wrong with people and their pay."""
    there, skills = crews(book), {s.skill: s for s in book.programme[Skill].rows()}
    present = hours_present(book.dated, book.nominal, book.horizon, there)
    given = hours_present(dated_of(book.given), book.nominal, book.horizon)
    keys = {f"{name} from {iso(day)}" for name in skills for day in book.horizon.cuts[:-1]}
    said = [(r.line, f"{r.skill} from {iso(r.period_start)}") for r in book.rows(PEOPLE)]
    yield from each_once("people", "skill", said, dict.fromkeys(keys))
    for r in book.rows(PEOPLE):
        if r.skill in skills and r.period_start in book.horizon.begins:
            yield from _counted(book, r, there[r.skill])
            yield from _limits(book, r, skills[r.skill], there[r.skill])
            yield from _pay(book, r, skills[r.skill], (present[SKILL, r.skill], given[SKILL, r.skill]))
            yield from _premium(book, r, skills[r.skill], present[SKILL, r.skill])


def _counted(book: Book, r: Line, crew: Crew) -> Iterator[Finding]:
    where, period = ("people", r.line, f"skill '{r.skill}'"), book.horizon.period(r.period_start)
    days, near = book.horizon.lengths[period], ROUNDING * crew.sway
    for column, people in (("productive", crew.full), ("training", crew.in_training)):
        right = float(book.horizon.sums(people)[period]) / days
        yield from equal(where, column, getattr(r, column), right, tolerance=near + allowed(right))
    left = float(book.horizon.sums(crew.leaving)[period])
    yield from equal(where, "left", r.left, left, tolerance=near + allowed(left))


def _limits(book: Book, r: Line, skill: Skill, crew: Crew) -> Iterator[Finding]:
    """Yield where more people are hired, trained or there than can be."""
    first = r.period_start - book.horizon.start
    if r.hired and r.period_start - whole_days(skill.recruit_days) < book.horizon.start:
        message = (
            f"skill '{r.skill}': {shown(r.hired)} come to work on {iso(r.period_start)}, sooner than recruiting takes."
        )
        yield Finding("people", r.line, "hired", "people-early", message, r.hired)
    pace = skill.hires_per_week * book.horizon.lengths[book.horizon.period(r.period_start)] / 7
    yield from _most(r, "pace", "hired", (r.hired, pace, allowed(pace)))
    here, hires = float(crew.start[first]), float(crew.in_training[first] + crew.trained[first])
    near = allowed(here + hires) + ROUNDING * crew.sway
    most = np.inf if skill.most_headcount is None else max(skill.most_headcount, here)
    yield from _most(r, "most", "there", (here + hires, most if hires > 0 else np.inf, near))
    trainees, each = float(crew.in_training[first]), skill.trainees_per_trainer
    most = np.inf if each is None else each * float(crew.full[first])
    yield from _most(r, "trainers", "in training", (trainees, most, near + (0.0 if each is None else each * near)))


def _most(r: Line, code: str, what: str, numbers: tuple[float, float, float]) -> Iterator[Finding]:
    people, most, near = numbers
    if not -near <= people <= most + near:
        day, off = iso(r.period_start), people - most
        message = f"skill '{r.skill}': {shown(people)} people are {what} on {day}, but at most {shown(most)} can be; off by {shown(off)}."
        yield Finding("people", r.line, "", f"people-{code}", message, off)


def _pay(book: Book, r: Line, skill: Skill, both: tuple[Present, Present]) -> Iterator[Finding]:
    """Yield where pay is not that of the hours of those who are there anyway, of those that options of the run add, and of hires."""
    present, given = both
    where, period = ("people", r.line, f"skill '{r.skill}'"), book.horizon.period(r.period_start)
    anyway = float(given.paid[period]) * present.cost
    yield from equal_money(where, "wages", r.wages, anyway)
    yield from equal_money(where, "option_wages", r.option_wages, float(present.paid[period]) * present.cost - anyway)
    pay = float(present.paid_hires[period]) * present.cost
    rate = float(present.sway[period]) * present.cost
    yield from equal_money(where, "hire_wages", r.hire_wages, pay, rate=rate)
    yield from equal_money(
        where, "training_cost", r.training_cost, r.hired * skill.training_cost, rate=skill.training_cost
    )


def _premium(book: Book, r: Line, skill: Skill, present: Present) -> Iterator[Finding]:
    """Yield where the premium of the pattern that the site works is not paid to those who name the one worked at the start."""
    where, period = ("people", r.line, f"skill '{r.skill}'"), book.horizon.period(r.period_start)
    choice, share = choices_of(book.programme).get(skill.site), 0.0
    if choice is not None and skill.shift_pattern == choice.initial:
        usual = choice.patterns[choice.initial].premium_share
        now = [s.pattern for s in worked(book).get(skill.site, ()) if s.first <= r.period_start <= s.last]
        share = max([0.0, *(choice.patterns[p].premium_share - usual for p in now)])
    rate = share * skill.hour_cost
    pay = float(present.paid[period] + present.paid_hires[period]) * rate
    yield from equal_money(where, "shift_premium", r.shift_premium, pay, rate=float(present.sway[period]) * rate)
