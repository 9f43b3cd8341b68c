"""The page of a run: one self-contained HTML file with the answer, its pictures, its tables and its proof."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from tandemplan.model.programme import Programme
from tandemplan.report.buckets import period_starts, period_word, span_words
from tandemplan.report.drawing import key_mark
from tandemplan.report.headline import Headline, headline
from tandemplan.report.identity import identity
from tandemplan.report.schedule_page import schedule_content
from tandemplan.report.sections import sections
from tandemplan.report.simulation_page import simulated_content
from tandemplan.report.summary import five_lines, has_plan
from tandemplan.report.sureness import hopeful, status_words, warning
from tandemplan.report.why import remedies, why_section
from tandemplan.report.wording import counted
from tandemplan.results.store import Run, kind_of


def page(run: Run, programme: Programme) -> str:
    """Return the page of a run as HTML text; it asks nothing of the network and is the same for the same run."""
    content = {"simulation": simulated_content, "schedule": schedule_content}.get(kind_of(run.info), _content)
    return render(content(run, programme))


def render(content: dict[str, Any]) -> str:
    """Return a page of the one family: band, navigation, answer, sections, footer."""
    environment = Environment(
        loader=PackageLoader("tandemplan.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["key_mark"] = key_mark
    environment.filters["tied"] = tied
    drawn = any(part.kind == "gantt" for s in content["sections"] for part in s.parts)
    return environment.get_template("page.html").render({"scripts": drawn, **content})


def tied(text: str) -> str:
    """Return text in which no line ends between a number and its per cent sign.

    >>> len(tied("53.4 % of it").split(" "))
    3
    """
    return text.replace(" %", "\u00a0%")


def _content(run: Run, programme: Programme) -> dict[str, Any]:
    planned = has_plan(run)
    return {
        "kind": "Supply plan of a joint production programme",
        "title": f"{programme.settings.name}: plan from {span_words(programme)}",
        "name": programme.settings.name,
        "chips": chips(run, programme),
        "warnings": [w for w in [warning(run)] if w],
        "top": headline(run, programme) if planned else no_plan(run, programme),
        "why": None if planned else why_section(run),
        "sections": sections(run, programme) if planned else (),
        "notes": run.info.get("notes", []),
        "about_title": "this run",
        "foot": identity(run),
    }


def no_plan(run: Run, programme: Programme) -> Headline:
    """Return the top of the page of a run that holds no plan."""
    first, *_ = five_lines(run, programme)
    now = "Give it more time: plan again with a longer time limit."
    if run.info["status"] == "infeasible":
        helps = remedies(run)
        now = "Give way in one of the limits below, and plan again."
        if helps:
            now = f"This would do: {helps[0]}"
            now += " Other ways are below." if len(helps) > 1 else ""
    return Headline(first.replace("No plan: ", "There is no plan: "), (), (("What now?", now),))


def chips(run: Run, programme: Programme) -> list[str]:
    """Return what stands below the name: span, periods, how far it is proved, scenarios."""
    starts, _ = period_starts(programme)
    scenarios = [f"scenario: {s}" for s in run.info.get("scenarios", [])]
    return [
        span_words(programme),
        counted(len(starts), period_word(programme)),
        status_words(run),
        *(["most of what is left out could only lower deliveries"] if hopeful(run)[1] else []),
        *scenarios,
    ]
