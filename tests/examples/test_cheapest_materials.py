"""What a unit of each product of the joint plant costs in material at least, by a small linear programme of its own.

`cheapest` reads the CSV files and asks the solver directly; it shares no code with the planner, whose plans of the same
parts, bills and offers must cost the same. The README of the example states these numbers.
"""

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import highspy
import numpy as np
import pytest

from tandemplan.audit import audit_tables
from tandemplan.calendar import cut
from tandemplan.model.reading import read
from tandemplan.plan import plan
from tandemplan.plan.materials import materials
from tandemplan.testing.models import programme_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "joint_plant"
PRODUCTS = ("P-MR10", "P-FW25", "P-GCS1")
LIMIT = 0.35
UNITS = 1000


@cache
def table(name):
    with (EXAMPLE / f"{name}.csv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def sources(day_one):
    """Return what may go into products: price and cost from outside of each offer and bill, and what comes of each item by it (items x these).

    A bill costs nothing itself, and takes its components.
    """
    offers = [o for o in table("offers") if o["qualified"] == "yes" or not day_one]
    eligible = {c["country"] for c in table("countries") if "eligible" in c["groups"].split(";")}
    bills = defaultdict(list)
    for line in table("bom"):
        units = float(line["quantity_units"]) * (1 + float(line["scrap_share"]))
        bills[line["parent"], line["alternative"]].append((line["component"], units))
    share = [float(o["third_country_share"] or o["origin_country"] not in eligible) for o in offers]
    price = np.array([float(o["unit_price"]) for o in offers] + [0.0] * len(bills))
    at = {i["item"]: k for k, i in enumerate(table("items"))}
    comes = np.zeros((len(at), len(price)))
    for k, offer in enumerate(offers):
        comes[at[offer["item"]], k] = 1
    for k, ((parent, _), lines) in enumerate(bills.items(), len(offers)):
        comes[at[parent], k] = 1
        for component, units in lines:
            comes[at[component], k] -= units
    return price, price * np.array(share + [0.0] * len(bills)), comes


def least(product, cost, comes, limits=()):
    """Return the units by each offer and bill that make one product at the least cost, None where none is within the limits.

    What comes of an item is what is used of it: nothing is bought to be left over.
    """
    solver = highspy.Highs()
    solver.silent()
    columns = np.arange(len(cost), dtype=np.int32)
    for each in cost:
        solver.addCol(each, 0, highspy.kHighsInf, 0, np.zeros(0, dtype=np.int32), np.zeros(0))
    for item, row in zip(table("items"), comes, strict=True):
        wanted = float(item["item"] == product)
        solver.addRow(wanted, wanted, len(row), columns, row)
    for row in limits:
        solver.addRow(-highspy.kHighsInf, 0, len(row), columns, row)
    solver.run()
    found = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return np.array(solver.getSolution().col_value) if found else None


def cheapest(product, *, limit=None, day_one=False):
    """Return the least cost of what is inside a product, None where nothing is within the limit."""
    price, outside, comes = sources(day_one)
    x = least(product, price, comes, () if limit is None else (outside - limit * price,))
    return None if x is None else float(price @ x)


def least_share(product, *, day_one):
    """Return the least share of cost from outside, by the parametric method of Dinkelbach 1967 for a ratio of linear functions."""
    price, outside, comes = sources(day_one)
    share, better = 1.0, True
    while better:
        x = least(product, outside - share * price, comes)
        better, share = outside @ x / (price @ x) < share - 1e-9, outside @ x / (price @ x)
    return float(share)


def planned(product, *, limit=None, day_one=False):
    """Return the cost of what a plan buys for a unit of the product alone, all but without hours, leads and sizes of orders; None where it delivers none."""
    text = "start = 2026-06-01\nperiods = 1 week\n"
    text += listed("countries", "country groups")
    text += listed("items", "item")
    text += listed("bom", "parent alternative component quantity_units scrap_share")
    text += "[work_centres]\nwork_centre\nW\n[operations]\nitem,work_centre,plateau_hours\n"
    text += "".join(f"{item},W,0.000001\n" for item in sorted({b["parent"] for b in table("bom")}))
    qualified = [o for o in table("offers") if o["qualified"] == "yes" or not day_one]
    text += listed("offers", "offer item unit_price origin_country third_country_share", qualified)
    text += "" if limit is None else f"[rules]\nrule,kind,scope,high\nR,origin share,{product},{limit}\n"
    programme = programme_of(text + f"[demands]\ndemand,item,quantity_units,due\nd,{product},{UNITS},2026-06-07\n")
    run = plan(programme)
    assert audit_tables(programme, run.info, run.tables) == []
    lost = run.tables["demand_summary"]["lost"][0]
    assert lost in (0, UNITS)
    return run.tables["purchases"]["cost"].sum() / UNITS if not lost else None


def listed(name, columns, rows=None):
    names = columns.split()
    lines = [[row[n] for n in names] for row in (table(name) if rows is None else rows)]
    return "".join(",".join(line) + "\n" for line in ([f"[{name}]"], names, *lines))


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("limit", [None, LIMIT])
@pytest.mark.parametrize("day_one", [False, True])
def test_a_plan_of_a_product_costs_what_the_separate_programme_finds(product, limit, day_one):
    """Each limit is out of reach in both, or in neither, and the cheapest material costs the same to the cent rounding of orders."""
    alone = cheapest(product, limit=limit, day_one=day_one)
    assert planned(product, limit=limit, day_one=day_one) == (None if alone is None else pytest.approx(alone, rel=1e-5))


@pytest.fixture(scope="module")
def table_of_a_run():
    """The table is made from the tables of the example alone, without a plan of it."""
    programme = read(EXAMPLE)
    found = materials(programme, cut(programme.settings.start, programme.settings.periods))
    assert sorted(found["product"]) == sorted(PRODUCTS)
    return {product: {n: found[n][k] for n in found} for k, product in enumerate(found["product"].tolist())}


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize(("day_one", "of"), [(False, ""), (True, "day_one_")])
def test_the_table_of_a_run_says_what_the_separate_programme_finds(table_of_a_run, product, day_one, of):
    """Each number to the cent, or none in both."""
    said = table_of_a_run[product]
    for name, limit in (("cost", None), ("ruled_cost", LIMIT)):
        right = cheapest(product, limit=limit, day_one=day_one)
        assert said[of + name] == pytest.approx(np.nan if right is None else right, abs=0.0051, nan_ok=True)
    assert said[f"{of}least_share"] == pytest.approx(least_share(product, day_one=day_one), abs=1e-6)


def test_the_example_says_what_its_products_cost_with_and_without_the_rule(table_of_a_run):
    """The table of the README is that of a run: cheapest without and with the rule, the same on day one, and the least share then."""
    said = {}
    for row in re.findall(
        r"^\| `(P-\w+)` \|(.*)\|$", (EXAMPLE / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        said[row[0]] = [cell.strip() for cell in row[1].split("|")]
    for product, found in table_of_a_run.items():
        costs = [found[n] for n in ("cost", "ruled_cost", "day_one_cost", "day_one_ruled_cost")]
        right = ["none" if np.isnan(c) else f"{c:,.2f}" for c in costs]
        assert said[product] == [*right, f"{100 * found['day_one_least_share']:.1f} %"]
    assert set(said) == set(PRODUCTS)
