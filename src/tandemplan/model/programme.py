"""The programme: settings and tables, frozen, with a digest of what they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, cast

from tandemplan.model.schema import TABLES, Row, Settings
from tandemplan.model.tables import Table, cell_text, column_texts, empty

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, eq=False)
class Programme:
    """A whole programme as its files say it, overlays applied.

    `settings` is what `programme.toml` says, `tables` maps table names to tables (absent ones are empty), and
    `scenarios` names the overlays that were applied, in order. `programme[Item]` is the table of items.
    """

    settings: Settings
    tables: Mapping[str, Table[Any]]
    scenarios: tuple[str, ...] = ()

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
        return f"Programme({self.settings.name!r}, {sum(map(len, filled))} rows in {len(filled)} tables)"

    def replace(self, *tables: Table[Any], settings: Settings | None = None) -> Programme:
        """Return a programme with some tables, or the settings, replaced.

        >>> from tandemplan.model.tables import from_values
        >>> from tandemplan.model.schema import Item
        >>> len(Programme(Settings(), {}).replace(from_values(Item, {"item": ["A"]}))[Item])
        1
        """
        swapped = {**self.tables, **{t.description.name: t for t in tables}}
        return replace(self, tables=swapped, settings=settings or self.settings)

    @cached_property
    def digest(self) -> str:
        """Return a SHA-256 of settings and rows, the same whatever the order of rows and however defaults are written.

        Scenario names, file names and lines do not enter: an overlay and an edited copy give the same digest.
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
