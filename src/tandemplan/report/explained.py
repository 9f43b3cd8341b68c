"""Why a demand is late, in lines for the shell."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tandemplan.model.programme import Programme
from tandemplan.report.facts import FAMILY_WORDS, item_names, labels, task_names
from tandemplan.report.wording import counted, day, listed, measure, money, number

Said = dict[str, Any]
SMALL = 1e-3  # unit-days that are not told
MOST_RELIEFS = 6
MOST_CAUSES = 5  # lines; with those of relief and the rest an explanation has at most 25: half a screen
MOST_LIMITS = 10
MOST_QUARTERS = 4
MOST_PERIODS = 3  # told one by one
THE_PLAN = "the plan itself: whole orders and lots, or it is not proved to be the best"
BEYOND = "nothing can change it: so late it is even if every limit is let go"
KIND_WORDS = {"lead time": "earlier supply of", "task": "waiting for the tasks", "way": "goods ready at", "before": "those served first:", "beside": "others of its class:"}  # fmt: skip


def why_lines(said: Said, programme: Programme) -> list[str]:
    """Return why a demand is late: the causes with their unit-days, whether others would help too, and what cannot be helped."""
    late, best = said["late_unit_days"], said["at_best"]
    if late <= SMALL:
        return ["It is on time: nothing makes it late."]
    if said["stopped"]:
        return _so_far(said, programme)
    causes = [c for c in said["causes"] if c["unit_days"] > SMALL or len(said["causes"]) > 1]
    lines = [f"Late by {_unit_days(late)} in all{_order_words(len(causes))}:"]
    lines += _cause_lines(causes, programme)
    if said["rounding"] > SMALL:
        lines.append(f"  {_unit_days(said['rounding'])}: {THE_PLAN}.")
    if best > SMALL:
        lines.append(f"  {_unit_days(best)}: {BEYOND}.")
    if causes and said["otherwise"] is not None:
        lines.append(_others(said, programme))
    return lines


def _cause_lines(causes: list[Said], programme: Programme) -> list[str]:
    """Return causes line by line, where they are many those of a kind in one line, and the smallest together; their unit-days add up all the same."""
    kinds: dict[str, list[Said]] = defaultdict(list)
    for k, c in enumerate(causes):
        kinds[c["family"] if len(causes) > MOST_CAUSES else str(k)].append(c)
    told = [(sum(c["unit_days"] for c in some), some) for some in kinds.values()]
    if len(causes) > MOST_CAUSES:
        told.sort(key=lambda t: -t[0])
    rest = told[MOST_CAUSES - 1 :] if len(told) > MOST_CAUSES else []
    lines = [f"  {_unit_days(total)}: {_alike(some, programme)}." for total, some in told[: len(told) - len(rest)]]
    if rest:
        many = sum(len(some) for _, some in rest)
        lines.append(f"  {_unit_days(sum(t for t, _ in rest))}: {counted(many, 'cause')} more; --json has all.")
    return lines


def _alike(some: list[Said], programme: Programme) -> str:
    """Return causes of one kind in words: a single one with what would be enough, several by their names, the largest first."""
    if len(some) == 1:
        return cause_words(some[0], programme)
    some = sorted(some, key=lambda c: -c["unit_days"])
    family, words = some[0]["family"], [_name_words(c["family"], c["name"], programme) for c in some]
    return f"{KIND_WORDS.get(family) or FAMILY_WORDS.get(family, family)} {listed(words, most=3, comma='; ')}"


def _so_far(said: Said, programme: Programme) -> list[str]:
    """Return what is known of a late demand where the search ended early."""
    causes, best = said["causes"], said["at_best"]
    few = [limit_words(c["family"], c["name"], programme) for c in causes[:MOST_LIMITS]]
    more = len(causes) - len(few)
    left = f"{_unit_days(best)} late" if best > SMALL else "on time"
    return [
        f"Late by {_unit_days(said['late_unit_days'])} in all. Why is not known to the end: {said['stopped']}.",
        f"What makes it late is among {'these' if len(causes) > 1 else 'this'}: with all let go, it is {left}.",
        *(f"  {w}" for w in few),
        *([f"  and {counted(more, 'limit')} more."] if more > 0 else []),
    ]


def relief_lines(said: list[Said], programme: Programme, *, near: bool = False) -> list[str]:
    """Return what repairs a late demand, or helps in part: each was planned again, in large plans `near` the demand; its cost, and what it does to others."""
    how = "each planned around the demand, all else as planned" if near else "each planned again"
    if not said:
        return [f"Relief: none of the changes that were tried helps; {how.replace('each', 'each was', 1)}."]
    lines = [f"Relief ({how}):"]
    for r in said[:MOST_RELIEFS]:
        end = "on time" if r["repaired"] and r["late_unit_days"] <= SMALL else f"{_unit_days(r['late_unit_days'])} late"
        lines.append(f"  {r['text']}: {end}; {_costs(r, programme)}; {_effects(r)}.")
        lines.append("    " + " ".join(f'--set "{c}"' for c in r["changes"]))
    more = len(said) - MOST_RELIEFS
    return [
        *lines,
        *(
            [f"  and {counted(more, 'change')} more that {'helps' if more == 1 else 'help'}; --json has all."]
            if more > 0
            else []
        ),
    ]


def _costs(r: Said, programme: Programme) -> str:
    currency = programme.settings.currency
    change = r["cost"]
    plan = (
        "the plan costs as much"
        if abs(change) < 0.005
        else f"the plan costs {money(abs(change), currency)} {'more' if change > 0 else 'less'}"
    )
    if r["price"] is None:
        return f"{plan}, without the price of the change"
    return f"{plan}, and the change {money(r['price'], currency)}" if r["price"] else plan


def _effects(r: Said) -> str:
    """Return what a change does to others.

    >>> _effects({"worse": [], "better": ["S1", "S2"], "others_unit_days": -116.0})
    'S1 and S2 sooner (116 unit-days)'
    >>> _effects({"worse": [], "better": [], "others_unit_days": 0.0})
    'nobody else is later or sooner'
    """
    parts = [f"{listed(r[k])} {w}" for k, w in (("worse", "later"), ("better", "sooner")) if r[k]]
    if not parts:
        return "nobody else is later or sooner"
    return f"{', '.join(parts)} ({_unit_days(abs(r['others_unit_days']))}{' net' if len(parts) > 1 else ''})"


def ranking_lines(said: list[Said], programme: Programme) -> list[str]:
    """Return the limits of a programme by the harm that they do, those that hold classes back first, and when."""
    held = [h for h in said if h["stage"].startswith("class ")]
    rest = [h for h in said if not h["stage"].startswith("class ")]
    if not said:
        return ["No limit that can be let go holds the plan back."]
    lines = []
    if held:
        lines.append(
            "What makes deliveries later, by weighted unit-days that letting it go alone would take off (they do not add up):"
        )
        for h in held[:MOST_LIMITS]:
            lines.append(f"  {limit_words(h['family'], h['name'], programme)}: {_harm(h['harm'])} ({_quarters(h)})")
        lines += (
            [f"  {counted(len(held) - MOST_LIMITS, 'limit')} more: --json has all."] if len(held) > MOST_LIMITS else []
        )
    else:
        lines.append("No limit makes a delivery late.")
    if rest:
        lines.append("What costs money, or stock, alone, by the worth of one more unit:")
        for h in rest[:MOST_LIMITS]:
            lines.append(f"  {limit_words(h['family'], h['name'], programme)}: {_worths(h)}")
        lines += (
            [f"  {counted(len(rest) - MOST_LIMITS, 'limit')} more: --json has all."] if len(rest) > MOST_LIMITS else []
        )
    return lines


def _harm(harm: float | None) -> str:
    return "not reckoned" if harm is None else number(harm)


def _quarters(h: Said) -> str:
    told = [
        f"{quarter_word(q['quarter'])} {_harm(q['harm'])}, worth {number(q['worth'])} {_per(h['unit'])}"
        for q in h["quarters"]
    ]
    return "; ".join(
        [*told[:MOST_QUARTERS], *([f"{len(told) - MOST_QUARTERS} quarters more"] if len(told) > MOST_QUARTERS else [])]
    )


def _worths(h: Said) -> str:
    best = max(h["quarters"], key=lambda q: q["worth"])
    some = [quarter_word(q["quarter"]) for q in h["quarters"]]
    span = some[0] if len(some) == 1 else f"{some[0]} to {some[-1]}"
    return f"up to {number(best['worth'])} {_per(h['unit'])} in {quarter_word(best['quarter'])} ({h['stage']}; {span})"


def _per(unit: str) -> str:
    words = {"hours": "an hour", "units": "a unit", "people": "a person"}
    return words.get(unit, f"per {unit}" if unit else "a unit")


def quarter_word(day_: str) -> str:
    """Return a quarter by its first day.

    >>> quarter_word("2026-04-01")
    'Q2 2026'
    """
    first = date.fromisoformat(day_)
    return f"Q{(first.month + 2) // 3} {first.year}"


def cause_words(cause: Said, programme: Programme) -> str:
    """Return a cause in words: the limit, and where and how far it would have to give way."""
    family, name = cause["family"], cause["name"]
    first = None if cause["first_day"] is None else date.fromisoformat(cause["first_day"])
    if family == "task":
        return f"waiting for the task {task_names(programme).get(name, name)}, done on {day(first)}"
    if family in ("before", "beside"):
        later = f"; {listed(cause['later'])} would be later" if cause["later"] else ""
        return f"{precedence_words(family, name)}{later}"
    if family == "way":
        return f"goods need time to come to {_node(name, programme)}"
    needed = _needed(cause)
    if family == "lead time":
        soon = f"nothing can bring it before {day(first)}" if first else "nothing brings it"
        return f"supply of {_node(name, programme)}: {soon}{f'; {needed}' if needed else ''}"
    return f"{limit_words(family, name, programme)}{f': {needed}' if needed else ''}"


def limit_words(family: str, name: str, programme: Programme) -> str:
    """Return what a limit is called."""
    if family == "task":
        return f"the task {_name_words(family, name, programme)} done at the start"
    if family in ("before", "beside"):
        return precedence_words(family, name)
    kind = KIND_WORDS[family] if family in ("lead time", "way") else FAMILY_WORDS.get(family, family)
    return f"{kind} {_name_words(family, name, programme)}"


def _name_words(family: str, name: str, programme: Programme) -> str:
    """Return what the thing is called that a limit is of."""
    if family in ("lead time", "way"):
        return _node(name, programme)
    if family == "task":
        return task_names(programme).get(name, name)
    label = labels(programme).get(family)
    return label(name) if label else name


def precedence_words(family: str, stage: str) -> str:
    """Return who comes before a demand.

    >>> precedence_words("before", "class 1 firm"), precedence_words("beside", "class 2 firm"), precedence_words("before", "cost")
    ('class 1 firm is served first', 'other orders of class 2 firm take the place', 'to serve it costs more than it brings')
    """
    if stage == "cost":
        return "to serve it costs more than it brings"
    return f"{stage} is served first" if family == "before" else f"other orders of {stage} take the place"


def _others(said: Said, programme: Programme) -> str:
    late, otherwise, best = said["late_unit_days"], said["otherwise"], said["at_best"]
    instead = listed([limit_words(x["family"], x["name"], programme) for x in said["instead"]], comma="; ")
    if said["instead"]:
        return f"Instead of that, this would do as well: {instead}."
    if otherwise >= late - SMALL:
        return "Nothing else helps: with every other limit let go it would be as late."
    if otherwise <= best + SMALL:
        return "Other limits together would do as well; which of them was not sought."
    return f"Other limits help in part only: with all of them let go, but not these, it would be {_unit_days(max(otherwise, best))} late."


def _needed(cause: Said) -> str:
    """Return how far a limit would have to give way, and when."""
    found = cause["from"]
    if not found:
        return ""
    unit = cause["unit"]
    if len(found) <= MOST_PERIODS:
        words = [
            f"{number(b['amount'])} {_unit(unit, b['amount'])} from {day(date.fromisoformat(b['period_start']))}"
            for b in found
        ]
        return f"{listed(words)} would be enough"
    total = sum(b["amount"] for b in found)
    first, last = date.fromisoformat(found[0]["period_start"]), date.fromisoformat(found[-1]["period_end"])
    return f"{number(total)} {_unit(unit, total)} in {counted(len(found), 'period')} from {day(first)} to {day(last)} would be enough"


def _unit(unit: str, amount: float) -> str:
    return f"{unit} more" if unit != "units" else f"{measure('each', amount)} more"


def _order_words(count: int) -> str:
    return "; each cause after those above it" if count > 1 else ""


def _unit_days(value: float) -> str:
    return f"{number(value)} {'unit-day' if number(value) == '1' else 'unit-days'}"


def _node(name: str, programme: Programme) -> str:
    item, _, site = name.partition("@")
    return item_names(programme).get(item, item) + (f" at {site}" if site else "")
