"""Make the coarse outlines and country places that maps are drawn from.

    npm pack world-atlas@2.0.2 i18n-iso-countries@7.14.0 && for f in *.tgz; do mkdir -p "$f.d"; tar xzf "$f" -C "$f.d"; done
    python tools/outlines.py world-atlas-2.0.2.tgz.d/package i18n-iso-countries-7.14.0.tgz.d/package

Coast lines and borders are Natural Earth's (public domain), as world-atlas packs them; codes are ISO 3166-1's. A country's
place is the centre of its largest piece of land, so that islands far away do not pull it into the sea.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
DATA = Path(__file__).parents[1] / "src" / "tandemplan" / "report" / "data"
COARSE_DEGREES = 0.06  # how far a point may lie off the simplified line
SMALLEST_RING = 0.35  # square degrees; smaller islands are left out
ANTARCTICA = "010"
PEREKOP = (
    32.5,
    45.0,
    35.5,
    46.5,
)  # Natural Earth draws a de facto line here; Crimea is Ukraine, so no border runs across it


def main() -> None:
    """Write `countries.csv` and `outlines.csv`."""
    atlas, codes = Path(sys.argv[1]), Path(sys.argv[2])
    topology = json.loads((atlas / "countries-50m.json").read_text(encoding="utf-8"))
    arcs = [absolute(a, topology["transform"]) for a in topology["arcs"]]
    shapes = [g for g in topology["objects"]["countries"]["geometries"] if g.get("arcs") and g.get("id") != ANTARCTICA]
    DATA.mkdir(exist_ok=True)
    _write(
        "countries.csv",
        ("country", "name", "latitude_deg", "longitude_deg"),
        country_rows(shapes, arcs, alpha_codes(codes)),
    )
    _write("outlines.csv", ("kind", "hundredths_of_degrees"), outline_rows(shapes, arcs))


def absolute(arc: list[list[int]], transform: dict[str, list[float]]) -> list[Point]:
    """Return the points of a delta-encoded arc in degrees."""
    x = y = 0
    found = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        found.append(
            (
                x * transform["scale"][0] + transform["translate"][0],
                y * transform["scale"][1] + transform["translate"][1],
            )
        )
    return found


def alpha_codes(package: Path) -> dict[str, str]:
    """Return two-letter codes by numeric code."""
    return {row[2]: row[0] for row in json.loads((package / "codes.json").read_text(encoding="utf-8"))}


def polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry as rings of arc numbers."""
    found: list[list[list[int]]] = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    return found


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """Return the points of a ring; a negative number is an arc walked backwards."""
    points: list[Point] = []
    for n in ring:
        points += (arcs[n] if n >= 0 else arcs[~n][::-1])[1 if points else 0 :]
    return unwrapped(points)


def unwrapped(points: list[Point]) -> list[Point]:
    """Return a line that goes on beyond 180 degrees where it would jump to the other side of the map.

    >>> unwrapped([(179.0, 60.0), (-179.0, 61.0)])
    [(179.0, 60.0), (181.0, 61.0)]
    """
    found = points[:1]
    for x, y in points[1:]:
        found.append((x + 360 * round((found[-1][0] - x) / 360), y))
    return found


def area_and_centre(points: list[Point]) -> tuple[float, Point]:
    """Return the area of a ring and its centre."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(points):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross / 2, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(area), (x / (6 * area), y / (6 * area))) if area else (0.0, points[0])


def country_rows(shapes: list[dict[str, Any]], arcs: list[list[Point]], codes: dict[str, str]) -> list[tuple[str, ...]]:
    """Return code, name and place of every country that has a code."""
    found = []
    for shape in shapes:
        code = codes.get(shape.get("id", ""), "")
        if code:
            _, (x, y) = max(area_and_centre(ring_points(p[0], arcs)) for p in polygons(shape))
            found.append((code, shape["properties"]["name"], f"{y:.1f}", f"{x:.1f}"))
    return sorted(found)


def outline_rows(shapes: list[dict[str, Any]], arcs: list[list[Point]]) -> list[tuple[str, ...]]:
    """Return the outlines: rings of land by country, and the borders that two countries share."""
    used = Counter(abs(n) if n >= 0 else ~n for s in shapes for p in polygons(s) for r in p for n in r)
    simple = [simplified(a) for a in arcs]
    found: list[tuple[str, ...]] = []
    for shape in shapes:
        for polygon in polygons(shape):
            points = ring_points(polygon[0], simple)
            if area_and_centre(points)[0] >= SMALLEST_RING and len(points) > 3:
                found.append(("land", packed(points)))
    shared = (simple[n] for n, count in sorted(used.items()) if count > 1)
    return found + [("border", packed(line)) for line in shared if not lies_in(line, PEREKOP)]


def lies_in(points: list[Point], box: tuple[float, float, float, float]) -> bool:
    """Tell whether all points lie in a box of degrees (west, south, east, north)."""
    return all(box[0] <= x <= box[2] and box[1] <= y <= box[3] for x, y in points)


def simplified(points: list[Point]) -> list[Point]:
    """Return a line with fewer points (Douglas and Peucker 1973)."""
    if len(points) < 3:
        return points
    (x0, y0), (x1, y1) = points[0], points[-1]
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    far, at = 0.0, 0
    for i, (x, y) in enumerate(points[1:-1], 1):
        off = abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length if length else abs(x - x0) + abs(y - y0)
        if off > far:
            far, at = off, i
    if far <= COARSE_DEGREES:
        return [points[0], points[-1]]
    return simplified(points[: at + 1])[:-1] + simplified(points[at:])


def packed(points: list[Point]) -> str:
    """Return a line as whole hundredths of degrees: the first point, then steps.

    >>> packed([(1.0, 2.0), (1.5, 2.0), (1.5, 1.0)])
    '100 200 50 0 0 -100'
    """
    found: list[str] = []
    last = (0, 0)
    for x, y in points:
        here = (round(x * 100), round(y * 100))
        if not found or here != last:
            found += [str(here[0] - last[0]), str(here[1] - last[1])]
            last = here
    return " ".join(found)


def _write(name: str, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{name}: {len(rows)} rows, {(DATA / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
