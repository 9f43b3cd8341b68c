"""Tasks, licences, phrases in cells, changes, claims, rules. A test's docstring is the model it is about."""

import pytest

from tandemplan.model.cells import CellError
from tandemplan.model.phrases import Need, need, payments, price_breaks
from tandemplan.testing.models import reading_of

HEAD = "start = 2026-06-01\n[items]\nitem\nrod\n[offers]\noffer,item\no1,rod\n"


def test_tasks_do_not_wait_in_a_circle(found):
    """The hall waits for the permit, the permit for the plan, the plan for the hall.

    start = 2026-06-01
    [tasks]
    task,predecessors
    plan,hall+14
    hall,permit
    permit,plan;deed
    deed,
    """
    assert found == [
        (
            "tasks.csv:3: tasks wait for each other in a circle: hall -> permit -> plan -> hall (each waits for the next). "
            "Drop one of the predecessors. [task-cycle]"
        )
    ]


def test_predecessors_are_tasks_with_lags(found):
    """One unknown, one with a lag in words.

    start = 2026-06-01
    [tasks]
    task,predecessors
    hall,
    line,hal+14
    test,hall+two weeks
    sale,hall + 2.5
    """
    assert found == [
        "tasks.csv:3: predecessors 'hal' is not in tasks. Did you mean 'hall'? [unknown-name]",
        (
            "tasks.csv:4: predecessors names 'hall+two weeks': 'two weeks' is no number of days. "
            "Write the task and its lag as task+14. [bad-predecessor]"
        ),
    ]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "[tasks]\ntask,needs\nt,made:rod>10\n",
            (
                "tasks.csv:2: needs names 'made:rod>10', which cannot be read. Write produced:ITEM>=40/week for 4, "
                "made:ITEM>=10, bought:OFFER>=10, share:host>=0.5 over 26 or money:POOL>=1000000. [bad-need]"
            ),
        ),
        (
            "[tasks]\ntask,needs\nt,bought:o2>=10\n",
            "tasks.csv:2: needs names 'bought:o2>=10': 'o2' is not in offers. [unknown-name]",
        ),
        (
            "[tasks]\ntask,needs\nt,made:rood>=10\n",
            "tasks.csv:2: needs names 'made:rood>=10': 'rood' is not in items. Did you mean 'rod'? [unknown-name]",
        ),
        (
            "[funding]\ntranche,pool,amount,date\na,host,1,2026-06-01\n[tasks]\ntask,needs\nt,money:hosts>=10\n",
            (
                "tasks.csv:2: needs names 'money:hosts>=10': 'hosts' is not a pool of funding. Did you mean 'host'? "
                "[unknown-name]"
            ),
        ),
        (
            "[tasks]\ntask,payments\nt,0.5@start;0.4@end\n",
            (
                "tasks.csv:2: payments is '0.5@start;0.4@end'; the shares add up to 0.9, not 1. "
                "Shares are fractions of the whole cost. [bad-payments]"
            ),
        ),
        (
            "[costs]\ncost,amount,payments\nc,1,half@start\n",
            (
                "costs.csv:2: payments names 'half@start', which cannot be read. "
                "Write shares such as 0.3@start;0.5@middle;0.2@end, or monthly alone. [bad-payments]"
            ),
        ),
        (
            "[licences]\nlicence,kind\nl,standing\n",
            "licences.csv:2: licence 'l' is standing but no task obtains it. Name the task. [licence-task]",
        ),
        (
            "[tasks]\ntask\nt\n[licences]\nlicence,kind,task\nl,per order,t\n",
            (
                "licences.csv:2: licence 'l' is asked for with each order, but names task 't'. "
                "Leave task blank, or make the licence standing. [licence-task]"
            ),
        ),
        (
            "[tasks]\ntask\nt\n[funding]\ntranche,amount,date,awaits\na,1,2026-06-01,t\n",
            "funding.csv:2: awaits is 't', which is a task of the plan. Write it in opens_after. [awaits-task]",
        ),
        (
            "[tasks]\ntask\nt\n[funding]\ntranche,amount,date,awaits,opens_after\na,1,2026-06-01,surge,t\n",
            (
                "funding.csv:2: awaits is 'surge' beside opens_after 't'; the tranche would never open by them. "
                "Keep one of them. [awaits-task]"
            ),
        ),
        (
            "[risks]\nrisk,date\nr,2026-06-10\n",
            (
                "risks.csv:2: risk 'r' has the date 2026-06-10 but changes nothing. "
                "Write what it changes, or leave the date blank. [risk-without-changes]"
            ),
        ),
        (
            "[risks]\nrisk,changes\nr,offers[o2].lead_days += 5\n",
            "risks.csv:2: changes names 'offers[o2].lead_days += 5': no row of offers is 'o2'. Its rows are 'o1'. [unknown-row]",
        ),
        (
            "[risks]\nrisk,changes\nr,offers[o1].lead_day += 5\n",
            (
                "risks.csv:2: changes names 'offers[o1].lead_day += 5': table 'offers' has no column 'lead_day'. "
                "Did you mean 'lead_days'? [unknown-column]"
            ),
        ),
        (
            "[risks]\nrisk,changes\nr,offers[o1].qualified = no\n",
            (
                "risks.csv:2: changes names 'offers[o1].qualified = no': qualified is no number; "
                "a dated effect changes numbers and dates. [not-a-number]"
            ),
        ),
        (
            "[risks]\nrisk,changes\nr,programme.seed = 2\n",
            (
                "risks.csv:2: changes names 'programme.seed = 2': seed is a setting; a dated effect changes tables. "
                "Use a scenario. [setting-change]"
            ),
        ),
        (
            "[options]\noption,changes\nx,offers[o1].lead_days = soon\n",
            (
                "options.csv:2: changes names 'offers[o1].lead_days = soon': lead_days is 'soon'; it must be a number (days). "
                "[not-a-number]"
            ),
        ),
        (
            "[options]\noption,changes\nx,offers[o1].qualified = no\n",
            (
                "options.csv:2: changes names 'offers[o1].qualified = no': qualified is no number; "
                "a dated effect changes numbers and dates. [not-a-number]"
            ),
        ),
        (
            "[tasks]\ntask,earliest\nt,2026-07-01\n[options]\noption,changes\nx,tasks[t].earliest = 2026-06-15\n",
            (
                "options.csv:2: changes names 'tasks[t].earliest = 2026-06-15': earliest is a date; "
                "a dated effect moves it by days, and does not set it. Write earliest += 14, or += -14. [date-set]"
            ),
        ),
        (
            "[tasks]\ntask,earliest\nt,2026-07-01\n[options]\noption,changes\nx,tasks[t].earliest += -1e5\n",
            (
                "options.csv:2: changes names 'tasks[t].earliest += -1e5': earliest is 2026-07-01, moved by -100000 days; "
                "dates from 1900-01-01 to 2199-12-31 are read. [date-out-of-range]"
            ),
        ),
        (
            "[funding]\ntranche,pool,amount,date\nT,own,9,2026-07-01\n[options]\noption,changes\nx,funding[T].amount *= 1e12\n",
            (
                "options.csv:2: changes names 'funding[T].amount *= 1e12': amount becomes 9e+12; it must be at most 1e+12. "
                "[too-large]"
            ),
        ),
        (
            "[tasks]\ntask\nt\n[risks]\nrisk,date,changes\nr,2026-06-09,tasks[t].earliest += 9\n",
            (
                "risks.csv:2: changes names 'tasks[t].earliest += 9': earliest is blank there; "
                "a dated effect moves a date that is given. [blank-cell]"
            ),
        ),
        (
            "[options]\noption,changes\nx,faster please\n",
            (
                "options.csv:2: changes names 'faster please': 'faster please' is not a change. "
                "Write it as table[key].column = value, with += to add and *= to multiply. [unreadable-change]"
            ),
        ),
        (
            "[claims]\nclaim,table,key,column,value\nc,offers,o1,lead_days,-3\n",
            "claims.csv:2: lead_days is -3; it must be at least 0. [too-small]",
        ),
        (
            "[claims]\nclaim,table,column,value\nc,offers,lead_days,3\n",
            (
                "claims.csv:2: claim 'c' says table and column but not key. Name the whole cell, or none of it. "
                "[claim-incomplete]"
            ),
        ),
        (
            "[claims]\nclaim,table,key,column,value,chosen\nc,offers,o1,lead_days,3,yes\nd,offers,o1,lead_days,4,yes\n",
            (
                "claims.csv:3: value is '4', but the claim on line 2 is chosen for the same cell with '3'. "
                "Choose one of them. [two-chosen]"
            ),
        ),
        (
            "[rules]\nrule,kind,scope\nr,origin share,rod\n",
            "rules.csv:2: high is blank; a rule of kind 'origin share' needs it. [rule-incomplete]",
        ),
        (
            "[rules]\nrule,kind,policy\nr,fair sharing,proportionate\n",
            (
                "rules.csv:2: policy is 'proportionate'; it must be proportional, uniform gains or uniform losses. "
                "Did you mean 'proportional'? [rule-incomplete]"
            ),
        ),
        (
            "[rules]\nrule,kind,high\nr,origin share,35\n",
            (
                "rules.csv:2: high is 35; a rule of kind 'origin share' limits a share, from 0 to 1. "
                "Shares are fractions: write 0.35 for 35 %. [share-out-of-range]"
            ),
        ),
        (
            "[rules]\nrule,kind,high,scope\nr,origin share,0.35,rood\n",
            (
                "rules.csv:2: scope 'rood' is no item, contract, customer, class, resource, partner, place, group or pool. "
                "Did you mean 'rod'? [unknown-name]"
            ),
        ),
    ],
)
def test_one_fault_is_one_problem(rows, expected):
    assert [str(p) for p in reading_of(HEAD + rows).problems] == [expected]


def test_price_breaks_rise():
    model = HEAD.replace("offer,item\no1,rod", "offer,item,price_breaks\no1,rod,500:8;100:9")
    assert [str(p) for p in reading_of(model).problems] == [
        (
            "offers.csv:2: price_breaks is '500:8;100:9'; the quantities must rise. Write the smallest quantity first. "
            "[bad-price-breaks]"
        )
    ]


def test_phrases_that_can_be_read():
    assert need("share:host>=0.5 over 26") == Need("share", "host", 0.5, 26.0)
    assert payments(()) == ((1.0, "end"),)
    assert price_breaks(()) == ()


@pytest.mark.parametrize("text", ["", "made:>=1", "made:A>=1/week", "produced:A>=1", "share:A>=1 for 3", "money:A>=-1"])
def test_needs_that_cannot_be_read(text):
    with pytest.raises(CellError, match="cannot be read"):
        need(text)
