"""Purchases under way that come otherwise than planned; the plan of first_steps is solved by hand."""

from datetime import date

import pytest

import tandemplan as tp
from tandemplan.plan.replaced import UnknownOrderError

DAY = "2026-06-08"


@pytest.fixture(scope="module")
def run():
    return tp.plan(tp.example("first_steps"))


def facts(run, quantity, promised, replaces="P-00001"):
    row = {"order": "late kits", "replaces": replaces, "offer": "kits", "item": "kit", "quantity_units": quantity, "promised": promised}  # fmt: skip
    return run.programme.replace(open_orders=[row])


@pytest.mark.parametrize(
    ("quantity", "promised", "values"), [(10, "2026-06-12", [28, 116]), (10, "2026-06-19", [98, 272]), (4, "2026-06-12", [42, 232])]
)  # fmt: skip
def test_kits_that_come_later_or_fewer_cost_the_bikes_that_need_them(run, quantity, promised, values):
    """As planned nothing changes. A week late: the 4 left of C1 or 4 of C2 wait two weeks more, and 2 a week.

    Four of ten: 4 bikes are built in the second week and 10 in each later one, so 4 of C1 are a week late and 2 of C2.
    """
    new = tp.replan(run, facts(run, quantity, promised), as_of=DAY)
    assert [s["value"] for s in new.info["objective"]["stages"][:2]] == values
    assert tp.audit(new).clean
    assert new.purchases["quantity"].tolist() == [10, 10]
    assert (tp.briefing(run, new).moved["table"] != "purchases").all()


def test_what_was_started_needs_what_it_was_started_with(run):
    """On 9 June the bikes of the week are begun, with the kits of its Friday."""
    new = tp.replan(run, facts(run, 10, "2026-06-19"), as_of=date(2026, 6, 9))
    assert new.status == "stopped"


def test_a_row_counts_once_and_may_change_later(run):
    first = tp.replan(run, facts(run, 10, "2026-06-19"), as_of=DAY)
    assert tp.replan(first, first.programme, as_of=DAY).info["replan"]["changes"] == []
    back = tp.replan(first, first.programme.with_changes("open_orders[late kits].promised = 2026-06-12"), as_of=DAY)
    assert back.info["objective"]["stages"][0]["value"] == 28


def test_what_the_plan_has_not_bought_is_refused(run):
    with pytest.raises(
        UnknownOrderError, match=r"replaces 'P-00009', which is no purchase of the plan before\. Did you mean 'P-00003'"
    ):
        tp.replan(run, facts(run, 10, "2026-06-19", "P-00009"), as_of=DAY)
