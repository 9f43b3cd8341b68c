"""The programme: settings and tables, frozen, with a digest of what they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from tandemplan.model.schema import TABLES, Row, Settings
from tandemplan.model.tables import Table, cell_text, column_texts, empty
from tandemplan.problems import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, eq=False, repr=False)
class Programme:
    """A whole programme as its files say it, overlays applied.

    `settings` is what `programme.toml` says, `tables` maps table names to tables (absent ones are empty), `scenarios`
    names the overlays that were applied, in order, `changes` the single changes made after them, and `home` is the folder it was read from, where scenarios are found
    by name. `programme[Item]` is the table of items, `programme.frame("items")` the same as a pandas frame.

    >>> import tandemplan as tp
    >>> bench = tp.example("first_steps")
    >>> bench
    Programme('First steps', 14 rows in 9 tables)
    >>> bench.settings.periods, len(bench.tables["demands"])
    ('4 weeks', 4)
    """

    settings: Settings
    tables: Mapping[str, Table[Any]]
    scenarios: tuple[str, ...] = ()
    home: Path = Path()
    changes: tuple[str, ...] = ()

    def __getitem__(self, row_class: type[R]) -> Table[R]:
        found = self.tables.get(row_class.DESCRIPTION.name)
        return empty(row_class) if found is None else cast("Table[R]", found)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Programme) or self.settings != other.settings:
            return False
        return all(self[c] == other[c] for c in TABLES.values())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        filled = [t for t in self.tables.values() if len(t)]
        over = f", with {', '.join((*self.scenarios, *self.changes))}" if self.scenarios or self.changes else ""
        return f"Programme({self.settings.name!r}, {sum(map(len, filled))} rows in {len(filled)} tables{over})"

    def _repr_html_(self) -> str:
        about = self.settings
        lines = "".join(
            f"<tr><td>{name}</td><td>{len(self[c]):,}</td><td>{escape(c.DESCRIPTION.meaning)}</td></tr>"
            for name, c in TABLES.items()
            if len(self[c])
        )
        over = f", with {escape(', '.join(self.scenarios))}" if self.scenarios else ""
        return (
            f"<p><b>{escape(about.name)}</b>{over}: {escape(about.periods)} from {about.start}, "
            f"money in {escape(about.currency)}</p>"
            f"<table><tr><th>table</th><th>rows</th><th>a row is</th></tr>{lines}</table>"
        )

    def replace(self, *tables: Table[Any], settings: Settings | None = None, **given: Any) -> Programme:
        """Return a programme with some tables, or settings, replaced.

        By name, `items=...`, a table is a pandas frame or a list of dicts, and `periods=...` is a setting, both as a
        file would say it: they are read and the whole is checked, and ProgrammeFaultsError lists all problems, a row by
        its number in what was given. `Table` and `Settings` values alone are taken as they are; `plan` checks them.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps")
        >>> offers = bench.frame("offers").assign(lead_days=3)
        >>> bench.replace(offers=offers, periods="8 weeks").frame("offers")["lead_days"].tolist()
        [3.0]
        >>> bench.replace(stock=[{"item": "kitt", "quantity_units": -6}])
        Traceback (most recent call last):
        tandemplan.problems.ProgrammeFaultsError: stock:1: quantity_units is -6; it must be at least 0. [too-small]
        stock:1: item 'kitt' is not in items. Did you mean 'kit'? [unknown-name]
        2 problems in 1 file; nothing was planned.
        """
        swapped = {**self.tables, **{t.description.name: t for t in tables}}
        changed = replace(self, tables=swapped, settings=settings or self.settings)
        if not given:
            return changed
        from tandemplan.model.variants import with_rows

        return with_rows(changed, given)

    def with_changes(self, *changes: str) -> Programme:
        """Return a programme with changes `table[rows].column = value` made, in order (`+=` adds, `*=` multiplies).

        Raises ProgrammeFaultsError with all problems; `changes:2` is the second change.

        >>> import tandemplan as tp
        >>> bench = tp.example("first_steps").with_changes("work_centres[bench].stations = 2", "offers[*].lead_days += 1")
        >>> bench.frame("offers")["lead_days"].tolist()
        [8.0]
        """
        from tandemplan.model.variants import with_changes

        return with_changes(self, changes)

    def with_scenario(self, *scenarios: str | Path) -> Programme:
        """Return a programme with scenarios laid over it, in order: folders, or names of those beside the programme.

        Raises ProgrammeFaultsError with all problems.

        >>> import tandemplan as tp
        >>> tp.example("tanker_base").with_scenario("sc-01-surge").scenarios
        ('SC-01 Surge x1.8 for 20 days',)
        """
        from tandemplan.model.variants import with_scenarios

        return with_scenarios(self, scenarios)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a fresh pandas frame with all of its columns; raises KeyError for an unknown table.

        Numbers are float64 (nan: blank), whole numbers Int64, flags bool, dates datetime64, all else text; lists of
        names are joined by ';'. `replace` takes such a frame back.

        >>> import tandemplan as tp
        >>> tp.example("first_steps").frame("demands")[["demand", "customer", "quantity_units", "due"]]
          demand customer  quantity_units        due
        0     C1     city            10.0 2026-06-05
        1     C2     city            12.0 2026-06-19
        2     S1   school             8.0 2026-06-12
        3     S2   school            12.0 2026-06-26
        """
        from tandemplan.model.frames import frame_of

        if name not in TABLES:
            raise KeyError(f"there is no table '{name}'. {did_you_mean(name, TABLES)}".strip())
        return frame_of(self[TABLES[name]])

    def save(self, path: str | Path) -> Path:
        """Write the programme to a folder, a zip (`.zip`) or a workbook (`.xlsx`), and return the path.

        >>> import tandemplan as tp, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = tp.example("first_steps").save(f"{folder}/bench.zip")
        ...     tp.read(file) == tp.example("first_steps")
        True
        """
        from tandemplan.model.workbook import write_workbook
        from tandemplan.model.writing import write, write_zip

        file = Path(path)
        writer = {".zip": write_zip, ".xlsx": write_workbook}.get(file.suffix.lower(), write)
        writer(self, file)
        return file

    @cached_property
    def digest(self) -> str:
        """Return a SHA-256 of settings and rows, the same whatever the order of rows and however defaults are written.

        Scenario names, file names and lines do not enter: an overlay and an edited copy give the same digest.

        >>> import tandemplan as tp
        >>> tp.example("first_steps").digest[:12]
        '7a32e5b21c35'
        """
        total = hashlib.sha256()
        for column in Settings.DESCRIPTION.columns:
            total.update(f"{column.name}={cell_text(column, getattr(self.settings, column.name))}\n".encode())
        for name in TABLES:
            table = self[TABLES[name]]
            if len(table):
                total.update(f"[{name}]\n".encode())
                total.update("\n".join(sorted(_lines(table))).encode())
        return total.hexdigest()


def _lines(table: Table[Any]) -> list[str]:
    texts = [column_texts(c, table.columns[c.name]) for c in table.description.columns]
    texts += [[f"{n}={v}" for v in table.extra[n]] for n in sorted(table.extra)]
    return ["\x1f".join(cells) for cells in zip(*texts, strict=True)]
