"""Forty faults planted in a copy of the joint plant, each of another kind or in another table, give those forty problems.

None makes a second problem, and none hides another. The faults are single edits of single lines: whoever adds a rule
adds a line here.
"""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tandemplan.model.reading import check

PLANT = Path(__file__).parents[2] / "examples" / "joint_plant"
SCENARIO = "sc-01-motor-and-thermal-cut-off"
CUT = f"scenarios/{SCENARIO}/changes.csv"


@dataclass(frozen=True)
class Planted:
    """One fault: on `line` of `file`, `old` becomes `new` (line 0: the line `new` is added at the end)."""

    file: str
    line: int
    old: str
    new: str
    code: str
    said: str  # a part of message or remedy
    at: int | None = -1  # line of the problem, where it is another


FAULTS = (
    # what single cells say
    Planted("items.csv", 2, ",7.5,", ',"7,5",', "not-a-number", "weight_kg is '7,5'"),
    Planted("items.csv", 3, ",yes,yes,", ",maybe,yes,", "not-yes-no", "hazard is 'maybe'"),
    Planted("bom.csv", 60, ",0.1,1,", ",-0.1,1,", "too-small", "scrap_share is -0.1"),
    Planted("calendars.csv", 2, ",factor,", ",factr,", "unknown-choice", "Did you mean 'factor'?"),
    Planted("contracts.csv", 2, ",0.15,", ",1.15,", "too-large", "advance_share is 1.15"),
    Planted("customers.csv", 3, ",2,", ",2.5,", "not-whole", "demand_class is 2.5"),
    Planted("demands.csv", 2, "2026-12-11", "2027-02-29", "not-a-date", "due is '2027-02-29'; there is no such day"),
    Planted("demands.csv", 3, ",3,", ",nan,", "not-a-number", "quantity_units is 'nan'"),
    Planted("funding.csv", 2, "2026-06-29", "29.06.2026", "not-a-date", "Write it as 2026-06-01."),
    Planted("offers.csv", 6, ",SUP-JP1,", ",,", "no-supplier", "names neither a supplier nor a site"),
    Planted("offers.csv", 2, ",9.5,", ",€9.50,", "not-a-number", "unit_price is '€9.50'"),
    Planted("open_orders.csv", 3, "2026-09-21", "", "missing-value", "promised is blank"),
    Planted("stock.csv", 9, ",9000,", ",=90*100,", "formula", "Paste its value instead."),
    Planted("sites.csv", 3, ",400,60,", ",inf,60,", "not-a-number", "hazard_storage_kg is 'inf'"),
    # what rows, columns and files say
    Planted("claims.csv", 16, ",no,", ",no,,", "row-length", "the row has 11 cells, the header 10"),
    Planted("crossings.csv", 1, "delay_sd_hours", "delay_sd_hour", "unknown-column", "Did you mean 'delay_sd_hours'?"),
    Planted("funding.csv", 1, ",amount,", ",x_amount,", "missing-column", "column 'amount' is missing"),
    Planted("sources.csv", 5, "plant may", "pl\udce2nt may", "wrong-encoding", "byte 0xE2 is not UTF-8"),
    Planted("stock_policies.csv", 0, "", "S-BRV,R-DLL,12,21,120,ASSUMPTION,", "repeated-key", "the first is on line 6"),
    Planted("programme.toml", 9, "frozen_days", "frozen_day", "unknown-setting", "Did you mean 'frozen_days'?"),
    # names that no table gives
    Planted("items.csv", 0, "", "p-mr10,look-alike,product,,each,1,0,1,1,,no,no,ASSUMPTION", "alike-names", "line 2"),
    Planted("bom.csv", 3, "A-MR-PRP", "A-MR-PRPP", "unknown-name", "Did you mean 'A-MR-PRP'?"),
    Planted("lanes.csv", 5, ",TW,", ",TW\u200b,", "bad-name", "U+200B"),
    Planted("licences.csv", 3, ";H-E,", ";H-F,", "unknown-name", "to_places 'H-F' is not in"),
    Planted("tasks.csv", 4, ",M-AGR,", ",M-AGR+x,", "bad-predecessor", "'x' is no number of days"),
    Planted(
        "suppliers.csv", 3, ",RO,", ",R\u041e,", "unknown-name", "One character is U+041E (CYRILLIC CAPITAL LETTER O)"
    ),
    # what rows say together
    Planted(
        "bom.csv", 0, "", "A-MR-AIR,,P-MR10,,,1,0,1,,ASSUMPTION", "bill-cycle", "A-MR-AIR -> P-MR10 -> A-MR-AIR", 2
    ),
    Planted("bom.csv", 9, "2027-10-03", "2026-07-03", "dates-out-of-order", "to_date is 2026-07-03, before from_date"),
    Planted("calendars.csv", 4, "2026-12-21", "2026-12-05", "overlapping-dates", "while line 3 still is"),
    Planted("costs.csv", 2, "0.2@end", "0.3@end", "bad-payments", "1.1"),
    Planted(
        "demands.csv", 6, "2026-12-18,2027", "2036-12-18,2037", "beyond-horizon", "the plan ends before 2029-05-28"
    ),
    Planted("operations.csv", 12, "WC-ELI", "WC-USM", "wrong-site", "'WC-USM' is at site 'S-UAP'"),
    Planted(
        "partners.csv", 3, ",0.4,0.4,", ",0.5,0.4,", "shares-above-one", "cost_share of all partners adds up to 1.1"
    ),
    Planted("rules.csv", 3, ",0.35,", ",35,", "share-out-of-range", "write 0.35 for 35 %"),
    Planted("skills.csv", 4, ",3,26,", ",30,26,", "numbers-out-of-order", "headcount is 30, more than most_headcount"),
    Planted("open_orders.csv", 5, ",R-CEL-21,", ",R-MOT-M,", "order-mismatch", "for 'R-CEL-21'"),
    # changes written in cells
    Planted("options.csv", 2, "SUP-DE2:R-MOT-M", "SUP-DE2:R-MOT-N", "unknown-row", "no row of offers is"),
    Planted("risks.csv", 5, ".lead_days", ".lead_day", "unknown-column", "Did you mean 'lead_days'?"),
    Planted(CUT, 2, "risks,RK-01,", "risks,RK-99,", "unknown-row", "no row of risks is 'RK-99'"),
    Planted(CUT, 3, ",182,", ",half a year,", "not-a-number", "duration_days is 'half a year'"),
)


def plant(folder: Path) -> None:
    shutil.copytree(PLANT, folder)
    for fault in FAULTS:
        file = folder / fault.file
        lines = file.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
        if fault.line == 0:
            lines[-1:] = [fault.new, ""]
        else:
            before = lines[fault.line - 1]
            assert fault.old in before, (
                f"{fault.file}:{fault.line} reads {before!r}: it has changed, so change the fault"
            )
            lines[fault.line - 1] = before.replace(fault.old, fault.new, 1)
        file.write_text("\n".join(lines), encoding="utf-8", errors="surrogateescape")


def expected(folder: Path) -> list[tuple[str, int | None, str]]:
    """Return file, line and code of each problem that there must be."""
    found = []
    for fault in FAULTS:
        line = fault.line or (folder / fault.file).read_bytes().count(b"\n")
        found.append((fault.file.removeprefix("scenarios/"), line if fault.at == -1 else fault.at, fault.code))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted") / "plant"
    plant(folder)
    return folder


@pytest.fixture(scope="module")
def problems(folder):
    return check(folder, [SCENARIO]).problems


def test_there_are_forty_faults_in_twenty_tables():
    assert len(FAULTS) == 40
    assert len({f.file for f in FAULTS if f.file.endswith(".csv")}) >= 20
    assert len({f.code for f in FAULTS}) >= 20


def test_each_fault_gives_its_problem_and_nothing_else(folder, problems):
    assert sorted((p.source, p.line, p.code) for p in problems) == sorted(expected(folder))


def test_each_problem_names_the_value_and_the_rule(folder, problems):
    by_place = {(p.source, p.line, p.code): p for p in problems}
    for fault, place in zip(FAULTS, expected(folder), strict=True):
        assert fault.said in f"{by_place[place].message} {by_place[place].hint}", place


def test_each_fault_alone_gives_its_problem_alone(tmp_path, monkeypatch):
    for i, fault in enumerate(FAULTS):
        monkeypatch.setattr(f"{__name__}.FAULTS", (fault,), raising=True)
        folder = tmp_path / str(i)
        plant(folder)
        found = [(p.source, p.line, p.code) for p in check(folder, [SCENARIO]).problems]
        assert found == expected(folder), fault
        shutil.rmtree(folder)


def test_the_shell_says_so_and_writes_nothing(folder, tmp_path):
    command = [
        sys.executable,
        "-m",
        "tandemplan",
        "plan",
        str(folder),
        "--scenario",
        SCENARIO,
        "--out",
        "run",
        "--json",
    ]
    before = sorted(p for p in folder.rglob("*"))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert len(said["problems"]) == 40
    assert said["summary"].startswith("40 problems in ")
    assert said["summary"].endswith("nothing was planned.")
    assert list(tmp_path.iterdir()) == []
    assert sorted(p for p in folder.rglob("*")) == before
