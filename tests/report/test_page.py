"""The page: complete, self-contained, the same for the same run."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tandemplan.model.schema import Item
from tandemplan.report.buckets import horizon
from tandemplan.report.datatable import Column, DataTable
from tandemplan.report.page import page
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

VOID = {"meta", "path", "rect", "br", "circle", "input", "link", "img"}
HOSTILE = "</script><script>alert(1)</script> & \"q\" 's' \u05e9\u05dc\u05d5\u05dd \u2028" + "W" * 400


class Outline(HTMLParser):
    """Keeps the open tags, the tags seen, and the text of headings."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.headings, self.wrong = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))

    def handle_data(self, data):
        if {"h1", "h2", "h3", "h4"} & set(self.open[-2:]):
            self.headings.append(data.strip())


@pytest.fixture(scope="module")
def text(run, programme):
    return page(run, programme)


def outline(text):
    parser = Outline()
    parser.feed(text)
    return parser


def words(text):
    """Return the text of a page without tags, spaces made plain."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return re.sub(
        r"\s+",
        " ",
        re.sub(r"<[^>]+>", "", re.sub(r"</?(?:dt|dd|p|h\d|div|td|th|li)[^>]*>", " ", body)).replace("\xa0", " "),
    )


def test_tags_are_closed_in_order(text):
    found = outline(text)
    assert found.wrong == []
    assert found.open == []


def test_the_same_run_gives_the_same_bytes(run, programme, text):
    assert page(run, programme) == text


def test_nothing_is_fetched(text):
    found = outline(text)
    assert not [t for t, _ in found.seen if t in ("link", "img", "iframe", "object")]
    assert not [a for _, a in found.seen if a.get("src") or not (a.get("href") or "#").startswith("#")]
    assert not re.search(r"https?:|url\(|@import", text)
    policy = next(a["content"] for t, a in found.seen if t == "meta" and "http-equiv" in a)
    assert policy.startswith("default-src 'none'"), "the browser itself refuses every request"


def test_it_holds_every_part(text):
    headings = outline(text).headings
    assert headings[0] == "First steps"
    for part in ("Asked for and delivered", "Service by class", "What holds the plan back", "Late and never delivered",
                 "Load of work centres, people and tools", "What it costs", "Start-up: tasks and what they open",
                 "What this plan leaves out", "About this run"):  # fmt: skip
        assert part in headings
    assert "Class 1: city" in headings


def test_the_top_answers_five_questions(text):
    said = words(text)
    assert "36 of 42 units are delivered by 26 Jun 2026; 6 units never." in said
    for answer in (
        "How many, by when? 36 of 42 units (85.7 %)",
        "Who waits? In order of service: city 22 of 22 units (100 %); school 14 of 20 units (70 %).",
        "What holds it back? Hours of bench, from 15 Jun 2026 to 28 Jun 2026: 2 demands of class 2 firm would gain from more.",
        "What does it cost? 3,002.80 EUR: purchases 3,000 EUR and holding 2.80 EUR.",
        "How sure is this? Best possible under its assumptions: on these periods and days, no plan serves these classes in their order with less delay.",
        "It leaves out 1 thing: minimum shipments are relaxed. All stand at the end of this page.",
    ):
        assert answer in said


def test_the_tiles_show_the_figures(text):
    tiles = re.findall(r"<dt>(.*?)</dt><dd><div class=\"figure[^\"]*\"><bdi>(.*?)</bdi>", text)
    assert dict(tiles) == {
        "Delivered": "85.7\xa0%",
        "First delivery": "5 Jun 2026",
        "Never delivered": "6 units",
        "Bottleneck": "bench",
        "Cost": "3,002.80 EUR",
        "Proof": "best possible",
    }
    assert "hours full in 3 of 4 weeks" in text


def test_each_picture_has_a_name_and_its_numbers(text):
    found = outline(text)
    pictures = [a for t, a in found.seen if a.get("role") == "img"]
    assert len(pictures) == 7, "classes, the product, limits, load, costs, start-up"
    assert all(p["aria-label"] for p in pictures)
    assert text.count("<summary>Numbers<") == len(pictures)


def test_every_anchor_of_the_navigation_exists(text):
    found = outline(text)
    names = [a["id"] for _, a in found.seen if "id" in a]
    assert len(names) == len(set(names)), "ids are unique"
    assert {a["href"][1:] for t, a in found.seen if t == "a"} <= set(names)


def test_the_footer_tells_digest_versions_and_options(programme, text):
    assert programme.digest in text
    assert "tandemplan 0.1.0" in text
    assert "gap 0.001" in text


def test_conflicts_are_escaped(programme):
    evil = [{"text": "<script>alert(1)</script>"}]
    text = page(run_of("", status="infeasible", conflicts=evil, remedies=evil), programme)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;") == 3  # the member, the remedy, and what to do now
    assert outline(text).wrong == []


def test_a_page_tells_why_there_is_no_plan(programme):
    conflicts = [{"text": f"Room {n} is too small.", "conflict": 1 + n // 2} for n in range(4)]
    remedies = [{"text": "1 m3 more room."}, {"text": "2 units fewer."}]
    search = {"irreducible": True, "complete": False, "reason": ""}
    run = run_of("", status="infeasible", conflicts=conflicts, remedies=remedies, conflict_search=search)
    said = words(page(run, programme))
    assert "Why it cannot be done" in said
    assert "Conflict 1 Room 0 is too small. Room 1 is too small. Conflict 2 Room 2 is too small." in said
    assert "What would make a plan possible" in said
    assert "This would do: 1 m3 more room. Other ways are below." in said
    assert "Not proved: There may be other remedies." in said


def test_hostile_names_stay_text(run, programme):
    named = programme[Item].columns["name"].copy()
    named[:] = HOSTILE
    evil = page(run, programme.replace(replace(programme[Item], columns={**programme[Item].columns, "name": named})))
    found = outline(evil)
    assert "<script>alert" not in evil
    assert found.wrong == []
    assert sum(t == "script" for t, _ in found.seen) == evil.count('<script type="application/json">') + 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("infeasible", "There is no plan: 0 limits cannot all be kept."),
        ("stopped", "There is no plan: the run ended before any plan was found (stopped by hand)."),
    ],
)
def test_a_run_without_a_plan_has_a_page(programme, status, said):
    text = page(run_of("", status=status, reason="stopped by hand"), programme)
    assert said in words(text)
    assert outline(text).wrong == []


def test_a_run_that_ended_too_early_claims_nothing(programme):
    stages = [{"stage": "class 1 firm", "finished": False, "gap": 1.0}]
    run = run_of(
        "[classes]\ndemand_class,demanded,lost,gap\n1,1,1,1\n[demand_summary]\ndemand,demand_class,item,quantity,due,lost\n"
        "d,1,bike,1,2026-06-05,1",
        status="stopped",
        objective={"stages": stages},
    )
    said = words(page(run, programme))
    assert (
        "The work ended before anything was planned; this is what becomes of doing nothing: nothing is delivered."
        in said
    )
    assert "Bottleneck not known yet" in said
    assert "Proof not proved" in said
    assert (
        "How sure is this? Nothing is proved yet: give it more time. The work ended before the gap was reached." in said
    )


def test_a_bare_plan_shows_only_what_there_is(programme):
    run = run_of(
        "[classes]\ndemand_class,demanded,on_time\n1,1,1\n"
        "[demand_summary]\ndemand,demand_class,item,quantity,due,on_time\nd,1,bike,1,2026-06-05,1"
    )
    headings = outline(page(run, programme)).headings
    assert "Late and never delivered" in headings
    for absent in ("Purchases and shortages", "The network on the map", "Start-up: tasks and what they open"):
        assert absent not in headings


def test_of_many_late_demands_the_worst_come_first_and_all_are_there(programme):
    late = "".join(f"\nd{n:03},1,bike,1,2026-06-05,1,{n}" for n in range(1, 61))
    run = run_of(
        "[demand_summary]\ndemand,demand_class,item,quantity,due,lost,late_unit_days"
        + late
        + "\n[classes]\ndemand_class\n1"
    )
    text = page(run, programme)
    assert text.index("<bdi>d060<") < text.index("<bdi>d059<")
    assert "60 demands of 60, the worst first; together 1,830 unit-days late." in words(text)
    box = text[text.index('<div class="data" id="late-table"') :]
    columns = json.loads(re.search(r'<script type="application/json">(.*?)</script>', box, re.DOTALL)[1])
    assert [c["n"] for c in columns][:2] == ["demand", "class"]
    assert columns[0]["d"][-1] == "d001"
    assert columns[-1]["v"] == list(range(60, 0, -1))


def test_a_table_carries_texts_once_and_days_as_numbers():
    from datetime import date

    table = DataTable(
        "t", "T", (Column("a"), Column("when", "date"), Column("x", "number")),
        (("same", date(1970, 1, 2), 1.0), ("same", None, float("nan"))),
    )  # fmt: skip
    a, when, x = json.loads(table.data)
    assert (a["d"], a["v"]) == (["same"], [0, 0])
    assert when["v"] == [1, None]
    assert x["v"] == [1, None]


def test_spans_end_on_their_last_day(programme, text):
    """Four weeks from Monday 1 June end on Sunday 28 June; the week from 22 June holds until then as well."""
    assert "<li>1 Jun 2026 to 28 Jun 2026</li>" in text
    assert "plan from 1 Jun 2026 to 28 Jun 2026</title>" in text
    assert "29 Jun 2026" not in text
    held = text[text.index('id="limits"') :]
    assert '<th scope="row">hours of bench</th><td>class 2 firm</td><td>15 Jun 2026</td><td>28 Jun 2026</td>' in held


def test_the_plan_ends_after_its_periods(programme):
    assert [d.isoformat() for d in horizon(programme)] == ["2026-06-01", "2026-06-29"]


def test_units_of_several_kinds_are_not_added_up():
    programme = programme_of("start = 2026-06-01\n[items]\nitem,unit\nfuel,l\nbike,each")
    run = run_of(
        "[classes]\ndemand_class\n1\n[deliveries]\ndemand,demand_class,item,quantity,due,delivered\n"
        "d,1,fuel,5,2026-06-05,2026-06-05\n[demand_summary]\ndemand,demand_class,item,quantity,due,on_time,lost\n"
        "d,1,fuel,5,2026-06-05,5,0\ne,1,bike,2,2026-06-05,0,2"
    )
    said = words(page(run, programme))
    assert "0 of 2 units and 5 of 5 l are delivered" in said
    assert "Class 1: class 1" in said
