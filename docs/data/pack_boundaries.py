"""
Pack schematic outlines of cities and counties into yingjin/registry/data/boundaries.csv.gz.

Run by hand when the source changes; the product never runs it. The same sources give the same bytes.

    python docs/data/pack_boundaries.py SOURCE

SOURCE is a folder with counties.topojson and cities.topojson. Lines that two places share are thinned once, so that
no gap opens between them. One row a place: its code and its rings, parted by ";". A ring is whole numbers: the first
point, then the steps to each next one, in units of 1/500 degree east and north.
"""

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yingjin.registry.domain.outlines import Point, pack, thinned
from yingjin.registry.domain.regions import canonical
from yingjin.registry.files import BOUNDARY_UNITS

TARGET = Path(__file__).parents[2] / "yingjin" / "registry" / "data" / "boundaries.csv.gz"
TOLERANCE = {"counties.topojson": 0.006, "cities.topojson": 0.012}  # degrees a thinned line may stray
LEAST_AREA = {"counties.topojson": 0.00008, "cities.topojson": 0.0008}  # smaller islands are left out
CITIES_ALONE = {"4419", "4420", "4604", "6202"}  # they have no counties; the cities' file draws them


def main(source: Path) -> None:
    """Write the outline of every county and city that the sources draw."""
    drawn: dict[str, str] = {}
    for name, digits in (("counties.topojson", 6), ("cities.topojson", 4)):
        world = json.loads((source / name).read_text(encoding="utf-8"))
        arcs = [thinned(points, TOLERANCE[name]) for points in arcs_of(world)]
        (layer,) = world["objects"].values()
        for shape in layer["geometries"]:
            code = canonical(shape["properties"]["code"]) or ""
            if len(code) == digits and (digits == 4 or code[:4] not in CITIES_ALONE):
                rings = list(rings_of(shape, arcs, LEAST_AREA[name]))
                drawn[code] = pack(rings, BOUNDARY_UNITS)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("code", "rings"))
    writer.writerows(sorted(drawn.items()))
    TARGET.write_bytes(gzip.compress(out.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    print(len(drawn), "outlines,", TARGET.stat().st_size, "bytes")


def arcs_of(world: dict[str, Any]) -> Iterator[list[Point]]:
    """Yield the shared lines in degrees."""
    (scale_x, scale_y), (from_x, from_y) = world["transform"]["scale"], world["transform"]["translate"]
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((from_x + x * scale_x, from_y + y * scale_y))
        yield points


def rings_of(shape: dict[str, Any], arcs: Sequence[Sequence[Point]], least: float) -> Iterator[list[Point]]:
    """Yield the rings of a place, the largest first; islands too small to be seen only where there is nothing else."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    rings = [joined(ring, arcs) for polygon in polygons for ring in polygon]
    rings.sort(key=area, reverse=True)
    yield from (ring for number, ring in enumerate(rings) if number == 0 or area(ring) >= least)


def joined(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> list[Point]:
    """Return the points of a ring, its last line ending where the first began; a negative number runs backwards."""
    points: list[Point] = []
    for number in ring:
        line = list(arcs[number]) if number >= 0 else list(reversed(arcs[~number]))
        points += line[:-1]
    return points


def area(ring: Sequence[Point]) -> float:
    """Return the area inside a ring in square degrees."""
    turns = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(one[0] * other[1] - other[0] * one[1] for one, other in turns)) / 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
