"""The picture of licences and consents: its numbers, and what it draws."""

import xml.etree.ElementTree as ET

import pytest

from tandemplan.report.gallery import drawing, figure
from tandemplan.report.listings import applications
from tandemplan.testing.models import programme_of
from tandemplan.testing.runs import run_of

MODEL = """
start = 2026-06-01
periods = 12 weeks
[countries]
country,name
C,Xland
[items]
item
A
[offers]
offer,item
O,A
[tasks]
task,duration_days
t,10
u,200
[licences]
licence,name,kind,country,licence_type,task,validity_days,cap_units,reexport_consent
permit,Permit for parts,standing,C,export permit,t,20,6,yes
later,,standing,C,,u,,,no
each,Permit for each,per order,C,,,,4,no
[demands]
demand,item,quantity_units,due
d,A,9,2026-06-30
"""
TABLES = """
[licences]
licence,kind,number,order,asked,granted,valid_until,first_dispatch,last_dispatch,units,capped,cap,margin
permit,standing,1,,2026-06-01,2026-06-11,2026-07-01,2026-06-12,2026-06-19,6,yes,6,0
permit,standing,2,,2026-06-21,2026-07-06,2026-07-26,2026-07-10,2026-07-10,2,yes,6,4
permit,consent,1,T-00001,2026-06-10,2026-06-14,2026-06-15,2026-06-14,2026-06-14,3,no,0,0
each,per order,1,P-00001,2026-06-05,2026-06-10,,2026-06-12,2026-06-12,4,yes,4,0
each,per order,1,P-00002,2026-06-15,2026-06-20,,2026-06-22,2026-06-22,1.5,yes,4,2.5
"""


@pytest.fixture(scope="module")
def shown():
    return figure("licences", run_of(TABLES), programme_of(MODEL))


def test_the_numbers_have_a_row_for_each_time_and_one_for_all_orders(shown):
    assert [r[:5] for r in shown.body] == [
        ("permit", "Permit for parts", "standing", "1", ""),
        ("permit", "Permit for parts", "standing", "2", ""),
        ("later", "later", "standing", "", ""),
        ("each", "Permit for each", "per order", "", "2"),
        ("permit", "Permit for parts", "consent", "", "1"),
    ]
    assert [r[5:] for r in shown.body] == [
        ("1 Jun 2026", "11 Jun 2026", "1 Jul 2026", "12 Jun 2026", "19 Jun 2026", "6", "6", "0"),
        ("21 Jun 2026", "6 Jul 2026", "26 Jul 2026", "10 Jul 2026", "10 Jul 2026", "2", "6", "4"),
        ("", "", "", "", "", "0", "", ""),
        ("5 Jun 2026", "", "", "12 Jun 2026", "22 Jun 2026", "5.5", "4", "0"),
        ("10 Jun 2026", "", "", "14 Jun 2026", "14 Jun 2026", "3", "", ""),
    ]


def test_it_says_how_many_there_are_and_which_are_full(shown):
    assert shown.description == (
        "2 standing licences, renewed 1 time; 2 licences per order; 1 consent. 2 licences are used up to the cap."
    )


def test_what_is_drawn_shows_gaps_and_the_end(shown):
    """Not valid on 1 to 5 July, nor from 26 July to the end of the plan; `later` is never granted in it."""
    texts = [t.text or "" for t in ET.fromstring(shown.svg).iter("{http://www.w3.org/2000/svg}title")]
    assert "not valid from 1 Jul 2026 to 6 Jul 2026" in texts
    assert "not valid from 26 Jul 2026 to 24 Aug 2026" in texts
    assert "asked for 1 Jun 2026, granted 11 Jun 2026, valid until 1 Jul 2026: 6 of 6 units" in texts
    assert "12 Jun 2026: 4 units" in texts
    assert ">not granted<" in shown.svg
    assert ">Xland, export permit<" in shown.svg


def test_the_legend_names_what_is_drawn():
    keys = [k.style for k in drawing("licences", run_of(TABLES), programme_of(MODEL)).keys]
    assert keys == ["area", "bar", "warm", "dashed", "lost"]


def test_what_to_ask_for_stands_by_day():
    table = applications(run_of(TABLES), programme_of(MODEL))
    assert [(str(r[0]), r[1], r[3], r[5]) for r in table.rows] == [
        ("2026-06-01", "permit", "standing", ""),
        ("2026-06-05", "each", "per order", "P-00001"),
        ("2026-06-10", "permit", "consent", "T-00001"),
        ("2026-06-15", "each", "per order", "P-00002"),
        ("2026-06-21", "permit", "standing", ""),
    ]
