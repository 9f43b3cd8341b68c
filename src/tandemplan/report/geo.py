"""Coarse outlines of land, places of countries, and maps that are cut to what they show."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt

from tandemplan.report.drawing import tag

Degrees = tuple[float, float]  # east, north
Corner = tuple[float, float]
NARROW_DEGREES = 60.0
NORTH_DEGREES = 79.0  # a wide map ends there, unless something lies beyond


@dataclass(frozen=True)
class View:
    """A window on the world: what turns degrees into units of the picture, and its size."""

    place: Callable[[Degrees], Corner]
    width: float
    height: float
    digits: int

    def holds(self, corner: Corner, margin: float = 0.0) -> bool:
        """Tell whether a place lies in the window, or at most `margin` beside it."""
        x, y = corner
        return -margin <= x <= self.width + margin and -margin <= y <= self.height + margin


@cache
def country_places() -> dict[str, Degrees]:
    """Return where each country is, by its two-letter code and by its name.

    >>> country_places()["RO"] == country_places()["Romania"]
    True
    """
    found: dict[str, Degrees] = {}
    for row in csv.DictReader(_data("countries.csv").splitlines()):
        here = (float(row["longitude_deg"]), float(row["latitude_deg"]))
        found |= {row["country"]: here, row["name"]: here}
    return found


@cache
def country_labels() -> tuple[tuple[str, Degrees], ...]:
    """Return the names of countries with their places."""
    return tuple(
        (r["name"], (float(r["longitude_deg"]), float(r["latitude_deg"])))
        for r in csv.DictReader(_data("countries.csv").splitlines())
    )


@cache
def outlines() -> tuple[tuple[str, tuple[Degrees, ...]], ...]:
    """Return lines by kind: rings of `land`, and `border` lines between countries."""
    rows = csv.DictReader(_data("outlines.csv").splitlines())
    return tuple((r["kind"], tuple(_unpacked(r["hundredths_of_degrees"]))) for r in rows)


def _unpacked(text: str) -> Iterator[Degrees]:
    x = y = 0
    steps = list(map(int, text.split()))
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        yield x / 100, y / 100


def _data(name: str) -> str:
    return files("tandemplan.report").joinpath("data", name).read_text(encoding="utf-8")


def equal_earth(here: Degrees) -> Corner:
    """Return a place on the Equal Earth map (Savric, Patterson, Jenny 2019, equations 1 to 3); north is up.

    >>> [round(v, 3) for v in equal_earth((0, 90))]
    [0.0, 1.317]
    """
    a, b, c, d = 1.340264, -0.081106, 0.000893, 0.003796
    t = asin(sqrt(3) / 2 * sin(radians(here[1])))
    x = 2 * sqrt(3) * radians(here[0]) * cos(t) / (3 * (9 * d * t**8 + 7 * c * t**6 + 3 * b * t**2 + a))
    return x, t * (d * t**8 + c * t**6 + b * t**2 + a)


def view_of(places: Sequence[Degrees], width: float, height: float, least: float = 9.0) -> View:
    """Return the window that holds all places with room around them, `least` degrees wide or more.

    Wide windows show the Equal Earth map, narrow ones degrees at the true shape of their middle.
    """
    wests, norths = [p[0] for p in places], [p[1] for p in places]
    middle = (min(norths) + max(norths)) / 2
    wide = max(wests) - min(wests) > NARROW_DEGREES
    flat: Callable[[Degrees], Corner] = equal_earth if wide else lambda p: (p[0] * cos(radians(middle)), p[1])
    corners = [flat(p) for p in places]
    left, right = min(c[0] for c in corners), max(c[0] for c in corners)
    low, high = min(c[1] for c in corners), max(c[1] for c in corners)
    across = (right - left) * (1.12 if wide else 1.28)
    across = across if wide else max(across, least * cos(radians(middle)))
    up = max((high - low) * 1.34, across * height / width)
    scale = height / up
    x0, y0 = (left + right) / 2 - width / scale / 2, (low + high) / 2 + up / 2
    if wide:
        y0 = min(y0, max(equal_earth((0, NORTH_DEGREES))[1], high + 0.05 * up))

    def place(p: Degrees) -> Corner:
        x, y = flat(p)
        return (x - x0) * scale, (y0 - y) * scale

    return View(place, width, height, 0 if wide else 1)


def land(view: View) -> str:
    """Return the land and the borders that a window shows."""
    rings: list[str] = []
    lines: list[str] = []
    for kind, points in outlines():
        corners = [view.place(p) for p in points]
        if _near(view, corners):
            (rings if kind == "land" else lines).append(_line(corners, view.digits) + ("z" if kind == "land" else ""))
    sea = tag("rect", class_="sea", width=view.width, height=view.height)
    return sea + tag("path", class_="land", d="".join(rings)) + tag("path", class_="border", d="".join(lines))


def _near(view: View, corners: Sequence[Corner]) -> bool:
    xs, ys = [c[0] for c in corners], [c[1] for c in corners]
    return min(xs) < view.width and max(xs) > 0 and min(ys) < view.height and max(ys) > 0


def _line(corners: Sequence[Corner], digits: int) -> str:
    """Return a path of relative steps, without those that round to nothing."""
    shown = [(round(x, digits), round(y, digits)) for x, y in corners]
    last, parts = shown[0], [f"M{shown[0][0]:g},{shown[0][1]:g}l"]
    for x, y in shown[1:]:
        if (x, y) != last:
            parts.append(f"{round(x - last[0], digits):g},{round(y - last[1], digits):g} ")
            last = (x, y)
    return "".join(parts).rstrip() if len(parts) > 1 else ""


def spread(corners: Sequence[Corner], apart: float, rounds: int = 60) -> list[Corner]:
    """Return places moved just so far that any two are `apart`, or as near to that as some rounds of pushing come.

    >>> [(round(x), round(y)) for x, y in spread([(0.0, 0.0), (2.0, 0.0), (50.0, 0.0)], 10)]
    [(-4, 0), (6, 0), (50, 0)]
    """
    found = [(x + 1e-3 * i, y) for i, (x, y) in enumerate(corners)]
    for _ in range(rounds):
        moved = False
        for i in range(len(found)):
            for j in range(i):
                dx, dy = found[i][0] - found[j][0], found[i][1] - found[j][1]
                far = sqrt(dx * dx + dy * dy) or 1e-9
                if far < apart - 1e-3:
                    push = (apart - far) / 2 / far
                    found[i] = (found[i][0] + dx * push, found[i][1] + dy * push)
                    found[j] = (found[j][0] - dx * push, found[j][1] - dy * push)
                    moved = True
        if not moved:
            break
    return found
