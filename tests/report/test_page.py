"""The page: complete, self-contained, the same for the same run."""

import re
from html.parser import HTMLParser

import pytest

from tandemplan.report.page import MOST_DEMANDS, page, plan_end
from tandemplan.testing.runs import run_of

VOID = {"meta", "path", "rect", "br"}


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
        if self.open and self.open[-1] in ("h1", "h2", "h3"):
            self.headings.append(data)


@pytest.fixture(scope="module")
def text(run, programme):
    return page(run, programme)


def outline(text):
    parser = Outline()
    parser.feed(text)
    return parser


def test_tags_are_closed_in_order(text):
    found = outline(text)
    assert found.wrong == []
    assert found.open == []


def test_the_same_run_gives_the_same_bytes(run, programme, text):
    assert page(run, programme) == text


def test_nothing_is_fetched(text):
    found = outline(text)
    assert not [t for t, _ in found.seen if t in ("script", "link", "img", "iframe", "object")]
    assert not [a for _, a in found.seen if a.get("src") or a.get("href")]
    assert not re.search(r"https?:|url\(|@import", text)


def test_it_holds_every_part(text):
    headings = outline(text).headings
    assert headings[0] == "First steps"
    for part in ("Service by class", "Promised against delivered", "The tightest resources", "What holds the plan back",
                 "Late and never delivered", "Costs", "Start-up", "What this plan leaves out", "About this run"):  # fmt: skip
        assert part in headings
    assert "Class 1: Bicycle" in headings
    assert "bench, work centre" in headings


def test_each_picture_has_a_title_a_description_and_its_numbers(text):
    found = outline(text)
    pictures = [a for t, a in found.seen if t == "svg" and a.get("role") == "img"]
    assert len(pictures) == 3, "two classes and one resource"
    names = {a["id"] for _, a in found.seen if "id" in a}
    assert all(set(p["aria-labelledby"].split()) <= names for p in pictures)
    assert text.count("<summary>Numbers</summary>") == len(pictures) + 2


def test_the_footer_tells_digest_versions_and_options(programme, text):
    assert programme.digest in text
    assert "tandemplan 0.1.0" in text
    assert "gap 0.001" in text


def test_names_are_escaped(programme, run):
    evil = run_of("", status="infeasible", conflicts=[{"text": "<script>alert(1)</script>"}])
    assert "<script>" not in page(evil, programme)
    assert "&lt;script&gt;" in page(evil, programme)


def test_of_many_late_demands_the_worst_are_listed_and_the_rest_counted(programme):
    late = "".join(f"\nd{n:03},1,bike,1,2026-06-05,1,{n}" for n in range(1, 61))
    run = run_of(
        "[demand_summary]\ndemand,demand_class,item,quantity,due,lost,late_unit_days"
        + late
        + "\n[classes]\ndemand_class\n1"
    )
    text = page(run, programme)
    assert text.index(">d060<") < text.index(">d059<")
    assert len(re.findall(r'<th scope="row">d0\d\d</th>', text)) == MOST_DEMANDS
    assert "And 10 more demands, together 55 unit-days late" in text


def test_the_plan_ends_after_its_periods(programme):
    assert plan_end(programme).isoformat() == "2026-06-29"
