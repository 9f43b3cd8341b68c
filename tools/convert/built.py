"""From rows of cells to the files of an example."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from convert import buying, demand, making, mapping, money, options, risks, rules, where
from convert.raw import Cells, Raw, Tables, text_of
from tandemplan.model.cells import parse
from tandemplan.model.programme import Programme
from tandemplan.model.scenario import ChangeRow
from tandemplan.model.schema import ROW_CLASSES, TABLES, Row, Settings
from tandemplan.model.tables import Table, from_values
from tandemplan.model.writing import table_text, write

HAND = Path(__file__).parent / "hand"
FOLDERS = {"uas_plant": "joint_plant", "tanker_base": "tanker_base"}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def build(raw: Raw, raw_name: str, folder: Path) -> None:
    """Write one example: programme, tables, scenarios and README, in place of what stood there."""
    hand = HAND / FOLDERS[raw_name]
    if folder.exists():
        shutil.rmtree(folder)
    cells = all_tables(raw, hand)
    programme = Programme(_settings(raw), {t: typed(TABLES[t], rows) for t, rows in cells.items() if rows})
    write(programme, folder)
    _write_scenarios(raw, risks.SCENARIO_FOLDERS[raw_name], folder / "scenarios")
    if (hand / "incidents").is_dir():
        shutil.copytree(hand / "incidents", folder / "incidents")
    (folder / "README.md").write_text(_readme(raw, raw_name, hand), encoding="utf-8", newline="\n")


def all_tables(raw: Raw, hand: Path) -> Tables:
    """Return all tables of an example, in the order of the schema."""
    found: Tables = {
        "sources": [*map(_source, raw["sources"]), *_hand(hand / "sources.csv")],
        "claims": _hand(hand / "claims.csv"),
    }
    for part in (where, making, buying, demand, money, rules, risks, options):
        found |= part.convert(raw)
    return {c.DESCRIPTION.name: found[c.DESCRIPTION.name] for c in ROW_CLASSES if c.DESCRIPTION.name in found}


def typed(row_class: type[Row], rows: Sequence[Cells]) -> Table[Any]:
    """Return rows of cells as a table; an unknown column is an error."""
    columns = {c.name: c for c in row_class.DESCRIPTION.columns}
    unknown = {name for r in rows for name in r} - set(columns)
    assert not unknown, f"{row_class.DESCRIPTION.name} has no {sorted(unknown)}"
    values = {n: [parse(c, text_of(r.get(n, ""))) for r in rows] for n, c in columns.items()}
    return from_values(row_class, values)


def _settings(raw: Raw) -> Settings:
    known = {c.name: c for c in Settings.DESCRIPTION.columns}
    return Settings(**{n: parse(known[n], text_of(v)) for n, v in rules.settings(raw).items()})  # type: ignore[arg-type]


def _hand(file: Path) -> list[Cells]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _source(r: dict[str, str]) -> Cells:
    day = DAY.search(r["title"])
    return {
        "source": r["source_id"],
        "title": r["title"],
        "address": r["url"],
        "date": day.group() if day else "",
        "kind": r["note"] or ("assumption" if r["source_id"] == "ASSUMPTION" else ""),
        "used_for": r["used_for"],
    }


def _write_scenarios(raw: Raw, folders: dict[str, str], into: Path) -> None:
    for r in raw["scenarios"]:
        folder = into / folders[r["scenario_id"]]
        folder.mkdir(parents=True)
        info = [f'name = "{r["scenario_id"]} {r["name"]}"']
        if r["policy_note"]:
            info.append(f'note = "{r["policy_note"]}"')
        (folder / "scenario.toml").write_text("\n".join(info) + "\n", encoding="utf-8", newline="\n")
        changes = risks.scenario_changes(raw, r["scenario_id"])
        if changes:
            text = table_text(typed(ChangeRow, changes))
            (folder / "changes.csv").write_text(text, encoding="utf-8", newline="\n")


def _readme(raw: Raw, raw_name: str, hand: Path) -> str:
    """Return the hand-written README with the lists that the conversion knows."""
    tables = {t: list(rows[0]) for t, rows in raw.tables.items() if rows}
    homes = [f"| {t} | {len(raw[t])} | {mapping.homes(t)} |" for t in tables]
    dropped = mapping.not_carried(tables, list(raw.parameters))
    scenarios = [f"| `{risks.SCENARIO_FOLDERS[raw_name][r['scenario_id']]}` | {r['name']} |" for r in raw["scenarios"]]
    parts = {
        "mapping": ["| raw table | rows | goes to |", "|---|---|---|", *homes],
        "not carried": [
            "| raw column | why it is not carried |",
            "|---|---|",
            *(f"| {n} | {why} |" for n, why in dropped),
        ],
        "scenarios": ["| scenario | what happens |", "|---|---|", *scenarios],
    }
    text = (hand / "README.md").read_text(encoding="utf-8")
    for word, lines in parts.items():
        assert f"<!-- {word} -->" in text
        text = text.replace(f"<!-- {word} -->", "\n".join(lines))
    return text
