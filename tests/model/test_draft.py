"""Programmes built in Python."""

import datetime as dt

import pytest

from tandemplan.model.draft import Draft
from tandemplan.model.schema import Item, Offer, Settings
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.testing.models import programme_of

SETTINGS = {"start": "2026-06-01", "periods": "2 weeks"}


def test_a_draft_says_what_files_say():
    draft = Draft(**SETTINGS).add(Item(item="A", groups=("g", "h")), Offer(offer="o1", item="A"))
    files = """
        start = 2026-06-01
        periods = 2 weeks
        [items]
        item,groups
        A,g;h
        [offers]
        offer,item
        o1,A
    """
    assert draft.programme() == programme_of(files)
    assert draft.programme().settings == Settings(start=dt.date(2026, 6, 1), periods="2 weeks")


def test_adding_leaves_the_old_draft_as_it_was():
    small = Draft(**SETTINGS).add(Item(item="A"))
    large = small.add(Item(item="B"))
    assert [len(d.programme()[Item]) for d in (small, large)] == [1, 2]


def test_all_faults_are_raised_at_their_places():
    draft = Draft(start="soon", colour="red").add(
        Item(item="A"), Item(item="", weight_kg=-1), Offer(offer="o", item="A")
    )
    with pytest.raises(ProgrammeFaultsError) as caught:
        draft.programme()
    assert caught.value.problems == draft.problems()
    assert [str(p) for p in draft.problems()] == [
        "draft:items:2: item is blank; it must be given. [missing-value]",
        "draft:items:2: weight_kg is -1; it must be at least 0. [too-small]",
        "draft:programme: start is 'soon'; it must be a date. Write it as 2026-06-01. [not-a-date]",
        "draft:programme: there is no setting 'colour'. [unknown-setting]",
    ]
