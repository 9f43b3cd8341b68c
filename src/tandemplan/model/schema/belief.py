"""Belief: where numbers come from, and what sources say of them."""

from __future__ import annotations

from datetime import date as Date

from tandemplan.model.schema.columns import Row, choice, day, flag, key, ref, row, text


@row("sources", "belief")
class Source(Row):
    """Where numbers come from."""

    source: str = key("Short name of the source.")
    title: str = text("What it is.")
    address: str = text("Where it can be read.")
    date: Date | None = day("Day it was published or read.")
    kind: str = text("Kind of source: news, law, assumption.")
    used_for: str = text("What it was used for.")


@row("claims", "belief")
class Claim(Row):
    """What one source says of one cell, or of one fact that is no cell."""

    claim: str = key("Name of the claim.")
    subject: str = text("What it speaks of; claims with one subject contradict each other.")
    by: str = ref("Source that says so.", to="sources")
    statement: str = text("What it says, in a few words.")
    table: str = text("Table of the cell; blank: a plain statement.")
    key: str = text("Key of the row; parts are joined by '|'.")
    column: str = text("Column of the cell.")
    operation: str = choice("What the value does to the cell.", "set", "add", "multiply", default="set")
    value: str = text("Value.")
    from_date: Date | None = day("First day of a dated change.")
    to_date: Date | None = day("Last day of a dated change.")
    chosen: bool = flag("The plan believes this one.")
