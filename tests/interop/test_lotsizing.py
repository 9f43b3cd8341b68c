"""Published lot-sizing files: what they mean, worked out by hand and by the model written straight from them; and their faults."""

from pathlib import Path

import pytest

from tandemplan.audit import audit
from tandemplan.interop.lotsizing import programme_of_instance
from tandemplan.plan import PlanOptions, plan
from tandemplan.problems import ProgrammeFaultsError
from tandemplan.results.store import write_run

from .direct import least_cost, numbers_of

SHARED = Path(__file__).parents[3] / "shared" / "bench" / "lotsizing"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the published instances are not beside this checkout")

SINGLE = """    2   3
    1
  20
 1.00 2.00  5. 30.
 2.00 1.00  0. 50.
   10    0
    4    0
    0    5
  Bi   hi   su   su
           time cost
"""
MULTI = """N_Product
2
N_EndItems
1
N_Components
1
N_Periods
3
N_Resources
2
Cap(R,Cap)
[10,10,5]
[100,100,100]
Production_Time
[1,0]
[0,1]
Order_Delay_TimeLimit
[2,0]
[1,0]
[0,0]
Demand
[[6,0,8],[0,0,3]]
Setup_Time
[2,0]
[0,10]
Setup_Cost
[7,40]
[0,0]
Holding_Cost
[5,1]
Delay_Cost
[0.5,0]
Assemble,Component,Quantity
[1,2,2]
Substitution,Product,Cost,Quantity
[1,2,0.5,1]
"""


def planned(text_or_file, tmp_path):
    """Return cost, bound and totals of the best plan, once the audit has found nothing in it."""
    file = text_or_file
    if isinstance(text_or_file, str):
        file = tmp_path / "small.txt"
        file.write_text(text_or_file, encoding="utf-8")
    programme, notes = programme_of_instance(file)
    run = plan(programme, PlanOptions(gap=1e-6))
    assert [str(f) for f in audit(write_run(run, programme, tmp_path / "run")).findings] == []
    assert run.info["status"] == "optimal"
    assert run.info["totals"]["units"]["each"]["lost"] == 0
    return run, run.info["objective"], notes


def test_a_single_level_file_is_planned_as_it_means(tmp_path):
    """Item 1: 10 and 4 in periods 1 and 2. One lot takes 5 + 14 = 19 of 20 hours, and 4 lie for a period at 2: 30 + 8; two lots: 60.

    Item 2: 5 in period 3, in 10 hours: 50. In all 88.
    """
    run, objective, notes = planned(SINGLE, tmp_path)
    assert (objective["value"], objective["bound"]) == (88, pytest.approx(88, abs=1e-3))
    assert run.tables["production"]["started"].tolist() == [14, 5]
    assert notes == ()


def test_a_multi_level_file_is_planned_as_it_means(tmp_path):
    """Item 1, 2 of item 2 in each: 6 in period 1, which may be up to 2 periods late, and 8 in period 3, on time.

    Resource 1 makes 8, 8 and 3 of item 1 at most. Of 14, periods 1 and 2 make 11 or more, so 5 or more lie over the end of
    period 2, at 5 each, unless the first 6 are late. Lots of 8 and 6 in periods 1 and 2: 14 + 2 x 5 + 8 x 5 = 64; of 6 and
    8: 14 + 8 x 5 = 54. Lots of 6, 5 and 3: 21 + 5 x 5 = 46. Nothing in period 1: 11 at most. So 46, and nothing is late.
    Item 2: 31 in one lot in period 1, of which 31 - 12 = 19 lie for a period and 19 - 10 = 9 for another: 40 + 28 = 68.
    A second lot costs 40, and saves no more than 28. In all 114.
    """
    run, objective, notes = planned(MULTI, tmp_path)
    assert objective["value"] == pytest.approx(114)
    assert objective["bound"] == pytest.approx(114, abs=1e-3)
    assert notes == ("1 substitutions are left out: items are not exchanged for each other.",)
    assert sorted(run.tables["production"]["started"].tolist()) == [3, 5, 6, 31]


def test_the_model_written_straight_from_the_files_agrees_on_the_small_ones(tmp_path):
    for name, text in (("single", SINGLE), ("multi", MULTI)):
        file = tmp_path / f"{name}.txt"
        file.write_text(text, encoding="utf-8")
        assert least_cost(numbers_of(file))[0] == pytest.approx({"single": 88, "multi": 114}[name])


@needs_shared
@pytest.mark.parametrize("name", ["X11117A", "X11118C", "X11127D"])
def test_published_instances_have_the_cost_of_the_model_written_straight_from_them(name, tmp_path):
    file = SHARED / "trigeiro_x" / name
    value, bound = least_cost(numbers_of(file))
    assert bound == pytest.approx(value, rel=1e-5)
    _, objective, _ = planned(file, tmp_path)
    assert objective["value"] == pytest.approx(value, rel=1e-5)
    assert objective["bound"] <= value * (1 + 1e-5)


@needs_shared
@pytest.mark.parametrize("folder", ["trigeiro", "trigeiro_x", "mlclsp/SET1", "mlclsp/SET2", "mlclsp/classap"])
def test_every_published_file_is_read(folder):
    files = sorted(f for f in (SHARED / folder).iterdir() if f.is_file())
    assert files
    for file in files:
        programme, _ = programme_of_instance(file)
        numbers = numbers_of(file)
        assert programme.frame("demands")["quantity_units"].sum() == pytest.approx(numbers.demand.sum())
        assert len(programme.frame("items")) == len(numbers.holding)


def faults(text, tmp_path):
    file = tmp_path / "bad.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeFaultsError) as caught:
        programme_of_instance(file)
    return [str(p) for p in caught.value.problems]


def test_all_faults_of_a_single_level_file_are_told_at_once(tmp_path):
    text = "2 3\n1\nmuch\n1 2 -5 30\n2 1 0\n10 0\n4 nan\n0 5 7\n99\n"
    assert faults(text, tmp_path) == [
        "bad.txt:3: the capacity, every period is 'much'; it must be a number. [not-a-number]",
        "bad.txt:4: item 1, set-up hours is -5; it must be at least 0. [too-small]",
        "bad.txt:5: item 2 has 3 numbers; it must have 4. They are those of hours of a unit to set-up cost. [wrong-form]",
        "bad.txt:7: the demand of period 2, item 2 is 'nan'; it must be finite. [not-finite]",
        "bad.txt:8: the demand of period 3 has 3 numbers; it must have 2. They are those of item 1 to item 2. [wrong-form]",
        "bad.txt:9: '99' stands after the last period; only the legend follows there. [wrong-form]",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bad.txt:1: the first line is ''; it must be the numbers of items and periods. [wrong-form]"),
        ("2.5 0\n1\n9\n", "bad.txt:1: items is 2.5; it must be a whole number. [not-whole]"),
        ("2.5 0\n1\n9\n", "bad.txt:1: periods is 0; it must be at least 1. [too-small]"),
        ("99999 3\n", "bad.txt:1: items is 99999; it must be at most 10000. [too-large]"),
        ("2 3\n1\n9\n", "bad.txt:3: the file ends after 3 lines that are not blank; 2 items and 3 periods make 8. [wrong-form]"),
    ],
)  # fmt: skip
def test_a_broken_single_level_file_is_refused(text, said, tmp_path):
    assert said in faults(text, tmp_path)


def test_all_faults_of_a_multi_level_file_are_told_at_once(tmp_path):
    text = MULTI.replace("[10,10,5]", "[10,10]").replace("[5,1]", "[5,x]").replace("[[6,0,8],[0,0,3]]", "[[6,0,-8]]")
    text = text.replace("[2,0]\n[1,0]", "[2,0.5]\n[1,0]").replace("[7,40]", "[7,true]")
    text = text.replace("[1,2,2]", "[1,2,2]\n[1,2,1]\n[2,1,1]\n[1,9,1]\n[2,2]\n[2,2,0]")
    assert faults(text, tmp_path) == [
        "bad.txt:12: Cap(R,Cap), resource 1 has 2 numbers; it must have 3. They are those of period 1 to period 3. [wrong-form]",
        "bad.txt:18: Order_Delay_TimeLimit, item 2 is 0.5; it must be a whole number. [not-whole]",
        "bad.txt:22: Demand holds 1 lists; it must hold 2, one for each item. [wrong-form]",
        "bad.txt:27: Setup_Cost, resource 1, item 2 is 'true'; it must be a number. [not-a-number]",
        "bad.txt:30: '[5,x]' is no list. Write numbers in brackets, with commas between them. [wrong-form]",
        "bad.txt:34: item 1 is made of item 2, and that of item 1 again, by other lines or its own. [bill-cycle]",
        "bad.txt:35: component 2 of item 1 stands in line 34 already. [repeated-key]",
        "bad.txt:36: item 2 is made of item 1, and that of item 2 again, by other lines or its own. [bill-cycle]",
        "bad.txt:37: component is 9; there are 2 items. [too-large]",
        "bad.txt:38: '[2,2]' has 2 numbers; it must have an item, its component, and a quantity. [wrong-form]",
        "bad.txt:39: the quantity is 0; it must be above 0. [too-small]",
    ]


def test_parts_that_are_missing_are_told(tmp_path):
    text = MULTI.replace("Setup_Cost\n[7,40]\n[0,0]\n", "").replace("Delay_Cost\n[0.5,0]\n", "")
    assert faults(text, tmp_path) == [
        "bad.txt: the part 'Delay_Cost' is missing. [wrong-form]",
        "bad.txt: the part 'Setup_Cost' is missing. [wrong-form]",
    ]


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProgrammeFaultsError, match="no text in UTF-8"):
        programme_of_instance(tmp_path / "bad.txt")
