"""Bills of material and operations. A test's docstring is the model it is about."""

import pytest

from tandemplan.model.checks.cycles import cycles
from tandemplan.testing.models import reading_of


def test_a_bill_that_goes_in_a_circle_is_named(found):
    """frame needs rod, rod needs bolt, bolt needs frame; rivet is sound.

    start = 2026-06-01
    [items]
    item
    bolt
    frame
    rod
    rivet
    [offers]
    offer,item
    o1,bolt
    o2,frame
    o3,rod
    o4,rivet
    [bom]
    parent,component
    frame,rivet
    frame,rod
    rod,bolt
    bolt,frame
    """
    assert found == [
        "bom.csv:4: the bill of material goes in a circle: bolt -> frame -> rod -> bolt. Cut it at one line. [bill-cycle]"
    ]


def test_an_item_is_not_its_own_component(found):
    """A frame of frames.

    start = 2026-06-01
    [items]
    item
    frame
    [offers]
    offer,item
    o1,frame
    [bom]
    parent,component
    frame,frame
    """
    assert found == ["bom.csv:2: item 'frame' is its own component. Name the item that is used. [own-component]"]


def test_lines_of_one_component_do_not_overlap(found):
    """The second line starts on the last day of the first.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    [offers]
    offer,item
    o1,frame
    [bom]
    parent,component,from_date,to_date
    frame,rod,,2026-07-31
    frame,rod,2026-07-31,
    """
    assert found == [
        (
            "bom.csv:3: parent 'frame', component 'rod' is in force from 2026-07-31, while line 2 still is. "
            "End the earlier row the day before. [overlapping-dates]"
        )
    ]


def test_one_bill_has_one_rank(found):
    """The lines of bill 'kit' have ranks 2 and 1.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    bolt
    nut
    [offers]
    offer,item
    o1,frame
    [bom]
    parent,alternative,component,rank
    frame,kit,rod,2
    frame,kit,bolt,1
    frame,kit,nut,2
    frame,full,bolt,1
    """
    assert found == [
        "bom.csv:3: rank of parent 'frame', alternative 'kit' is 1, but 2 on line 2. One bill has one rank. [rank-differs]"
    ]


def test_the_alternative_of_an_operation_is_a_bill(found):
    """The operation belongs to 'kitt'.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    [skills]
    skill
    fitter
    [offers]
    offer,item
    o1,rod
    [bom]
    parent,alternative,component
    frame,kit,rod
    [operations]
    item,alternative,skill,plateau_hours
    frame,kitt,fitter,1
    rod,kit,fitter,1
    """
    assert found == [
        (
            "operations.csv:2: alternative 'kitt' is not a bill of item 'frame': its bills are kit. Did you mean 'kit'? "
            "[unknown-alternative]"
        ),
        "operations.csv:3: alternative 'kit' is not a bill of item 'rod': it has no bills with names. [unknown-alternative]",
    ]


def test_a_bill_needs_an_operation(found):
    """Nobody makes the frame.

    start = 2026-06-01
    [items]
    item
    frame
    rod
    [offers]
    offer,item
    o1,rod
    [bom]
    parent,component
    frame,rod
    [demands]
    demand,item,quantity_units,due
    d1,frame,5,2026-06-26
    """
    assert found == [
        (
            "bom.csv:2: parent 'frame' has a bill of material but no make operation, so no site makes it. "
            "Add a row to operations for it. [no-operation]"
        )
    ]


MADE = """
start = 2026-06-01
[items]
item
frame
[work_centres]
work_centre
line
[tools]
tool
jig
[operations]
item,step,work_centre,tool,tool_hours,plateau_hours
"""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("frame,10,line,,,2", None),
        (
            "frame,10,line,,,",
            (
                "operations.csv:2: operation 10 (make) of item 'frame' has no hours. "
                "Give plateau_hours, or tool_hours with a tool. [no-hours]"
            ),
        ),
        (
            "frame,10,line,jig,,2",
            (
                "operations.csv:2: operation 10 (make) of item 'frame' names tool 'jig' but no tool_hours. "
                "Give tool_hours. [no-hours]"
            ),
        ),
        (
            "frame,10,,,,2",
            (
                "operations.csv:2: operation 10 (make) of item 'frame' has hours but neither work centre nor skill. "
                "Name the work centre or the skill. [no-resource]"
            ),
        ),
        (
            "frame,10,line,,3,2",
            "operations.csv:2: operation 10 (make) of item 'frame' has tool_hours but no tool. Name the tool. [no-resource]",
        ),
        (
            "frame,10,line,,,two",
            "operations.csv:2: plateau_hours is 'two'; it must be a number (hours). [not-a-number]",
        ),
    ],
)
def test_operations_have_hours_and_means(row, expected):
    assert [str(p) for p in reading_of(MADE + row).problems] == ([] if expected is None else [expected])


def test_means_are_at_the_site_of_the_operation(found):
    """The line stands in Lyon, the frame is made in Turin; the line's pattern is Turin's.

    start = 2026-06-01
    [sites]
    site
    Turin
    Lyon
    [items]
    item
    frame
    [shift_patterns]
    shift_pattern,site
    early,Turin
    [work_centres]
    work_centre,site,shift_pattern
    line,Lyon,early
    [operations]
    item,site,work_centre,plateau_hours
    frame,Turin,line,1
    """
    assert found == [
        (
            "operations.csv:2: work_centre 'line' is at site 'Lyon', the row at site 'Turin'. Name one at the same site. "
            "[wrong-site]"
        ),
        (
            "work_centres.csv:2: shift_pattern 'early' is at site 'Turin', the row at site 'Lyon'. Name one at the same site. "
            "[wrong-site]"
        ),
    ]


def test_cycles_are_found_in_each_knot_once():
    knots = {"A": ["B", "C"], "B": ["A"], "C": ["B"], "D": ["A", "E"], "E": ["F"], "F": ["E", "D"]}
    assert cycles(knots) == [["A", "B", "A"], ["D", "E", "F", "D"]]
    assert cycles({"A": ["B"], "B": ["C"], "C": []}) == []


def test_a_long_chain_needs_no_deep_stack():
    chain = {str(i): [str(i + 1)] for i in range(50_000)}
    assert cycles(chain) == []
    assert len(cycles({**chain, "50000": ["0"]})[0]) == 50_002
