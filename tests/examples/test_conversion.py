"""The examples: complete against the raw tables, equal to a fresh conversion, and without problems."""

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tandemplan.model.changes import parse_change, select, target
from tandemplan.model.reading import check, read
from tandemplan.model.scenario import ChangeRow
from tandemplan.model.schema import (
    TABLES,
    Claim,
    Contract,
    Demand,
    Item,
    Offer,
    Operation,
    Option,
    Risk,
    Rule,
    Settings,
    Site,
    Source,
    Tranche,
)
from tandemplan.model.tables import cell_text

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
RAW = ROOT.parent / "shared" / "examples"
FOLDERS = {"uas_plant": "joint_plant", "tanker_base": "tanker_base"}
SCENARIOS = [s for e in FOLDERS.values() for s in sorted((EXAMPLES / e / "scenarios").iterdir())]
needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason="the raw tables lie outside the repository")


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def mapping() -> dict[tuple[str, str], tuple[str, str]]:
    rows = rows_of(ROOT / "tools" / "convert" / "mapping.csv")
    return {(r["table"], r["column"]): (r["home"], r["reason"]) for r in rows}


@needs_raw
@pytest.mark.parametrize("raw_name", FOLDERS)
def test_every_raw_column_has_a_home_or_a_reason_in_the_readme(raw_name):
    readme = (EXAMPLES / FOLDERS[raw_name] / "README.md").read_text(encoding="utf-8")
    known = mapping()
    raw_columns = [
        (file.stem, column) for file in sorted((RAW / raw_name).glob("*.csv")) for column in rows_of(file)[0]
    ]
    raw_columns += [("parameter", r["parameter"]) for r in rows_of(RAW / raw_name / "parameters.csv")]
    assert [c for c in raw_columns if c not in known] == []
    dropped = {c: known[c][1] for c in raw_columns if not known[c][0]}
    assert all(dropped.values())
    for (table, column), reason in dropped.items():
        name = f"parameter {column}" if table == "parameter" else f"{table}.{column}"
        assert f"| {name} | {reason} |" in readme


def test_every_home_is_a_table_and_column_of_the_model_language():
    classes = {**TABLES, "programme": Settings, "changes": ChangeRow}
    homes = {word for home, _ in mapping().values() for word in home.split() if "." in word} - {"scenario.toml"}
    assert homes
    assert [h for h in sorted(homes) if classes[h.split(".")[0]].DESCRIPTION.column(h.split(".")[1]) is None] == []


@pytest.mark.parametrize("example", FOLDERS.values())
def test_every_rule_named_as_a_home_of_a_parameter_is_there(example):
    rules = set(read(EXAMPLES / example)[Rule].rule)
    named = {w for (t, _), (home, _) in mapping().items() if t == "parameter" for w in home.split()[1:]}
    stems = {w.removesuffix("*") for w in named}
    content = {"WORK-SHARE-PTN-RO", "WORK-SHARE-PTN-UA"}  # from the partners' own columns
    assert {r for r in rules if not any(r.startswith(s) for s in stems)} <= content
    assert rules


@needs_raw
def test_the_committed_examples_equal_a_fresh_conversion(tmp_path):
    tool = ROOT / "tools" / "convert_examples.py"
    subprocess.run([sys.executable, tool, RAW, tmp_path], check=True, capture_output=True)
    for example in FOLDERS.values():
        fresh = {p.relative_to(tmp_path): p.read_bytes() for p in (tmp_path / example).rglob("*") if p.is_file()}
        kept = {p.relative_to(EXAMPLES): p.read_bytes() for p in (EXAMPLES / example).rglob("*") if p.is_file()}
        assert sorted(fresh) == sorted(kept)
        assert [str(p) for p in fresh if fresh[p] != kept[p]] == []


@pytest.mark.parametrize("example", ["first_steps", *FOLDERS.values()])
def test_an_example_reads_without_problems(example):
    assert check(EXAMPLES / example).problems == ()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: f"{s.parent.parent.name}-{s.name}")
def test_a_scenario_reads_without_problems_and_changes_the_programme(scenario):
    folder = scenario.parents[1]
    reading = check(folder, [scenario])
    assert reading.problems == ()
    assert (reading.programme.digest != read(folder).digest) == (scenario / "changes.csv").exists()


def test_the_joint_plant_has_all_its_rows():
    programme = read(EXAMPLES / "joint_plant")
    counts = {c: len(programme[c]) for c in (Item, Offer, Site, Demand, Contract, Tranche)}
    assert list(counts.values()) == [99, 192, 11, 1157, 18, 16]
    assert int((~programme[Offer].qualified).sum()) == 106
    demands = programme[Demand]
    assert int((demands.minimum_shipment_units < demands.quantity_units).sum()) == 820
    assert float(demands.quantity_units.sum()) == float(programme[Contract].total_units.sum())
    assert programme.settings.periods == "156 weeks"


def test_the_tanker_base_has_all_its_rows():
    programme = read(EXAMPLES / "tanker_base")
    assert [len(programme[c]) for c in (Item, Offer, Site, Demand)] == [6, 6, 3, 483]
    offers = programme[Offer]
    assert float(offers.capacity_units_per_week[0]) == 600 * 7  # raw capacities are per day
    sorties = [i for i, c in enumerate(programme[Demand].contract) if c in ("CL-MK", "CL-MK-SRG", "CL-CT")]
    assert all(programme[Demand].due[i] == programme[Demand].latest[i] for i in sorties)


def test_a_kit_takes_its_own_share_of_hours_and_learns_with_the_full_build():
    steps = [r for r in read(EXAMPLES / "joint_plant")[Operation].rows() if r.item == "P-MR10" and r.step == 20]
    assert [(r.alternative, r.first_unit_hours, r.plateau_hours) for r in steps] == [("", 5, 1.2), ("kit", 2.75, 0.66)]
    assert {r.learns_with for r in steps} == {"P-MR10/20"}


@pytest.mark.parametrize("example", FOLDERS.values())
def test_every_change_of_a_risk_or_option_finds_its_rows(example):
    programme = read(EXAMPLES / example)
    texts = [t for c in (Risk, Option) for r in programme[c].rows() for t in r.changes]
    for text in texts:
        change = parse_change(text)
        assert target(change).name == change.column
        assert select(programme[TABLES[change.table]], change.rows)
    assert texts


@pytest.mark.parametrize("example", FOLDERS.values())
def test_a_chosen_claim_of_a_cell_is_what_the_cell_says(example):
    programme = read(EXAMPLES / example)
    chosen = [c for c in programme[Claim].rows() if c.chosen and c.table]
    for claim in chosen:
        table = programme[TABLES[claim.table]]
        column = table.description.column(claim.column)
        assert cell_text(column, table.columns[claim.column][table.index[tuple(claim.key.split("|"))]]) == claim.value
    assert chosen


def test_every_contradiction_of_the_two_news_reports_is_kept_with_both_sides():
    programme = read(EXAMPLES / "joint_plant")
    sides: dict[str, set[str]] = {}
    for claim in programme[Claim].rows():
        sides.setdefault(claim.subject, set()).add(claim.by)
    both = [s for s, by in sides.items() if {"SRC01", "SRC02"} <= by]
    assert {
        "name of the foreign minister",
        "maturity of the project",
        "pace",
        "place of production",
        "main aim",
        "dependence",
        "United States presence",
        "name of the coastal base",
        "kind of the Deveselu site",
        "name of the inland base",
        "kind of the inland base",
        "drone incident",
        "political risk",
        "success factors",
        "aerial refuelling",
        "frame of cooperation",
    } <= set(both)
    assert set(programme[Claim].by) <= set(programme[Source].source)


def test_every_row_of_the_converted_examples_names_a_source():
    for example in FOLDERS.values():
        programme = read(EXAMPLES / example)
        bare = Counter(n for n, t in programme.tables.items() for s in t.source if not s)
        assert set(bare) <= {"sources", "claims"}


def test_first_steps_fits_on_one_screen():
    lines = [line for f in (EXAMPLES / "first_steps").glob("*.csv") for line in f.read_text().splitlines()]
    assert len(lines) <= 25
