"""
Draw the outlines of places as a schematic picture: no survey, no projection but a plain one.

* unpack    the rings of a place from the text they are kept as
* pack      the other way round
* thinned   a line with fewer points
* drawn     the paths of some places in one picture, with a place for each name
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians

Point = tuple[float, float]  # degrees east and north
Ring = Sequence[Point]
MARGIN = 2.0
TALLEST = 1.25  # a picture is at most so much taller than wide


@dataclass(frozen=True)
class Outline:
    """One place in a picture: the path of its rings, where its name stands, and how much room that has."""

    code: str
    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Drawing:
    """A picture of some places, in its own units."""

    width: float
    height: float
    outlines: tuple[Outline, ...]


def unpack(text: str, units: int) -> list[list[Point]]:
    """Return the rings of a place in degrees. `units` is how many steps a degree has."""
    rings = []
    for ring in text.split(";"):
        numbers = [int(number) for number in ring.split()]
        x = y = 0
        points = []
        for step_x, step_y in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + step_x, y + step_y
            points.append((x / units, y / units))
        rings.append(points)
    return rings


def pack(rings: Iterable[Ring], units: int) -> str:
    """Return rings as text: each its first point and the steps from there; points that fall together are one."""
    return ";".join(_packed([(round(x * units), round(y * units)) for x, y in ring]) for ring in rings)


def _packed(ring: Sequence[tuple[int, int]]) -> str:
    kept = [ring[0]] + [point for before, point in zip(ring, ring[1:], strict=False) if point != before]
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept = kept[:-1]
    steps = list(kept[0])
    for before, point in zip(kept, kept[1:], strict=False):
        steps += [point[0] - before[0], point[1] - before[1]]
    return " ".join(map(str, steps))


def thinned(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Return a line without the points that lie within the tolerance of what remains (Douglas and Peucker).

    A closed line, whose first point is its last, is cut at the point farthest from there.
    """
    if len(points) < 3:
        return list(points)
    kept = {0, len(points) - 1}
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        inner = range(first + 1, last)
        far, at = max((_off(points[each], points[first], points[last]), each) for each in inner)
        if far > tolerance or points[first] == points[last]:
            kept.add(at)
            waiting += [(first, at), (at, last)]
    return [points[each] for each in sorted(kept)]


def _off(point: Point, first: Point, last: Point) -> float:
    """Return how far a point lies from a straight piece."""
    along = (last[0] - first[0], last[1] - first[1])
    length = along[0] ** 2 + along[1] ** 2
    away = (point[0] - first[0], point[1] - first[1])
    part = max(0.0, min(1.0, (away[0] * along[0] + away[1] * along[1]) / length)) if length else 0.0
    return float(((away[0] - part * along[0]) ** 2 + (away[1] - part * along[1]) ** 2) ** 0.5)


def drawn(places: Mapping[str, Sequence[Ring]], width: float) -> Drawing:
    """Draw some places, of which there is at least one, into a picture of a width.

    East to west is shortened by the cosine of the middle latitude, so that shapes look as on a map.
    """
    points = [point for rings in places.values() for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    narrow = cos(radians((south + north) / 2))
    wide, tall = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    inner = width - 2 * MARGIN
    scale = min(inner / wide, inner * TALLEST / tall)

    def at(point: Point) -> Point:
        return MARGIN + (point[0] - west) * narrow * scale, MARGIN + (north - point[1]) * scale

    outlines = [
        _outline(code, [[at(point) for point in ring] for ring in rings]) for code, rings in places.items()
    ]
    return Drawing(round(wide * scale + 2 * MARGIN, 1), round(tall * scale + 2 * MARGIN, 1), tuple(outlines))


def _outline(code: str, rings: Sequence[Sequence[Point]]) -> Outline:
    path = "".join(
        "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in ring) + "Z" for ring in rings if len(ring) > 2
    )
    x, y, room = _middle(max(rings, key=_area))
    return Outline(code, path, round(x), round(y), round(room))


def _area(ring: Sequence[Point]) -> float:
    turns = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(one[0] * other[1] - other[0] * one[1] for one, other in turns)) / 2


def _middle(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Return the middle of the widest level stretch inside a ring, and how wide it is: room for a name."""
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    best = (ring[0][0], ring[0][1], 0.0)
    for part in range(5, 16):  # not at the very ends, where a name would hang out
        y = low + (high - low) * part / 20
        crossings = sorted(
            one[0] + (y - one[1]) * (other[0] - one[0]) / (other[1] - one[1])
            for one, other in zip(ring, [*ring[1:], ring[0]], strict=True)
            if (one[1] > y) != (other[1] > y)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=True):
            if right - left > best[2]:
                best = ((left + right) / 2, y, right - left)
    return best
