"""What is known of a frePPLe model while its rows are written: cells with their faults, places, and the rows so far."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from tandemplan.interop.frepple.reading import Book
from tandemplan.interop.frepple.shapes import Thing
from tandemplan.interop.frepple.words import flag_of, limited, moment_of, seconds_of
from tandemplan.model.schema import Item, Row, Site

NOWHERE = "no location"
Place = tuple[str, str]  # item, site

LARGEST = 1e12  # units, or money: more is a mistake
LONGEST = 24 * 365 * 200.0  # hours: longer is for ever


@dataclass
class Cells:
    """The file while it is read: its moment of start, and the last moment that it speaks of."""

    book: Book
    start: datetime
    last: datetime | None = None

    def number(self, thing: Thing, name: str, default: float, *, low: float = 0.0) -> float:
        """Return a field as a number that is at least `low`."""
        text = thing.text(name)
        try:
            value = float(text) if text else default
        except ValueError:
            value = math.nan
        if not abs(value) <= LARGEST:
            self.book.say(
                thing.line, "not-a-number", f"{name} of {thing.kind} '{thing.name}' is '{text}'.", "Write a number."
            )
            return default
        if value < low:
            said = f"{name} of {thing.kind} '{thing.name}' is {value:g}; {low:g} is taken."
            self.book.say(thing.line, "not-imported", said)
            return low
        return value

    def hours(self, thing: Thing, name: str, default: float = 0.0, *, low: float = 0.0) -> float:
        """Return a duration in hours that is at least `low`."""
        text = thing.text(name)
        try:
            found = min(seconds_of(text) / 3600, LONGEST) if text else default
        except (ValueError, OverflowError):
            said = f"{name} of {thing.kind} '{thing.name}' is '{text}', which is no duration."
            self.book.say(thing.line, "not-a-duration", said, "Write it as PT8H or P7D.")
            return default
        if found < low:
            said = f"{name} of {thing.kind} '{thing.name}' is {text}, below {low:g} hours: {low:g} is taken."
            self.book.say(thing.line, "not-imported", said)
        return max(found, low)

    def moment(self, thing: Thing, name: str) -> datetime | None:
        """Return a moment; None where it is for ever, or blank."""
        text = thing.text(name)
        try:
            found = limited(moment_of(text)) if text else None
        except ValueError:
            said = f"{name} of {thing.kind} '{thing.name}' is '{text}', which is no moment."
            self.book.say(thing.line, "not-a-date", said, "Write it as 2026-06-01T08:30:00.")
            return None
        if found is not None and (self.last is None or found > self.last):
            self.last = found
        return found

    def flag(self, thing: Thing, name: str) -> bool:
        """Return a yes or no."""
        return flag_of(thing.text(name))


@dataclass
class Shop(Cells):
    """The model so far: `places` says where each buffer of the file is, `made` which processes each operation became."""

    rows: list[Row] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    owner: dict[Place, str] = field(default_factory=dict)
    made: dict[str, list[str]] = field(default_factory=dict)
    explicit: dict[Place, set[str]] = field(default_factory=dict)  # operations that buffers name as producing
    done: dict[str, Place] = field(default_factory=dict)  # what deliveries that are routes make, by their names
    lost: bool = False  # whether anything lies where no location says
    taken: Counter[str] = field(default_factory=Counter)  # names of purchases and moves

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Return the names of all locations."""
        return tuple(self.book.things["location"])

    def site(self, location: Thing | None) -> str:
        """Return the site of a location: the only one, or the place without a name, where none is said."""
        if location is not None:
            return location.name
        return "" if not self.sites else self.sites[0] if len(self.sites) == 1 else self.nowhere()

    def nowhere(self) -> str:
        """Return the site of what has no location."""
        if self.sites and not self.lost:
            self.lost = True
            self.rows.append(Site(site=NOWHERE, name="Where what has no location lies"))
        return NOWHERE if self.sites else ""

    def place(self, buffer: Thing) -> Place:
        """Return the item and site of a buffer; where another buffer has these, it is an item of its own."""
        if buffer.name in self.places:
            return self.places[buffer.name]
        item, location = buffer.thing("item"), buffer.thing("location")
        name, _, rest = buffer.name.partition(" @ ")
        site = rest if location is None and rest in self.sites else self.site(location)
        found = (item.name if item else name, site)
        if self.owner.setdefault(found, buffer.name) != buffer.name:
            self.book.say(
                buffer.line,
                "not-imported",
                f"buffer '{buffer.name}' lies where '{self.owner[found]}' does; it is an item of its own.",
            )
            found = (buffer.name, site)
        if found[0] not in self.book.things["item"]:
            self.item(found[0])
        self.places[buffer.name] = found
        return found

    def lies(self, item: str, site: str) -> Place:
        """Return the place of an item at a site."""
        self.owner.setdefault((item, site), f"{item} @ {site}")
        return item, site

    def item(self, name: str) -> None:
        """Add an item that the file does not name as one."""
        if not any(isinstance(r, Item) and r.item == name for r in self.rows):
            self.rows.append(Item(item=name))

    def at(self, row: type[Row], key: str, name: str) -> int:
        """Return where a row of that name stands among the rows; -1 where there is none."""
        return next((i for i, r in enumerate(self.rows) if type(r) is row and getattr(r, key) == name), -1)

    def unique(self, name: str) -> str:
        """Return a name for a purchase or a move: the same, with a number where another has it already."""
        self.taken[name] += 1
        return name if self.taken[name] == 1 else f"{name} ({self.taken[name]})"

    def change(self, i: int, **cells: object) -> None:
        """Change cells of a row."""
        self.rows[i] = replace(self.rows[i], **cells)


def ancestors(thing: Thing) -> list[Thing]:
    """Return a thing and all that it is part of, upwards."""
    found = [thing]
    while (above := found[-1].thing("owner")) is not None and above not in found:
        found.append(above)
    return found
