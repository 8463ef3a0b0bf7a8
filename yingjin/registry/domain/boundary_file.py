"""
Read a file of outlines that somebody gave: GeoJSON with a code for each place.

* read_boundaries   the outlines of a parsed file, or the first of what is wrong with it
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from yingjin.registry.domain.outlines import Point, pack, thinned
from yingjin.registry.domain.regions import canonical

UNITS = 20_000  # steps a degree has in what is kept: some 5 m
FINENESS = 300  # a kept outline strays at most one part in so many of its place's size
FEATURES_MOST, POINTS_MOST, PROBLEMS_TOLD = 60_000, 3_000_000, 10
# Names under which files write a place's code, in the order they are looked for.
CODE_NAMES = ("code", "adcode", "CODE", "ADCODE", "区划代码", "行政区划代码", "XZQDM", "xzqdm", "gb", "GB")
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
NATION = "156"  # the national map service writes it before a code


@dataclass(frozen=True)
class Problem:
    """What is wrong with one feature, counted from 1 (0 is the file itself), and what to do."""

    feature: int
    reason_zh: str
    reason_en: str


@dataclass
class BoundariesRead:
    """What a file holds: the rings of each place as they are kept, and the first problems of `wrong` features."""

    places: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    wrong: int = 0

    def refuse(self, feature: int, zh: str, en: str) -> None:
        """Note a problem; the first ones are told."""
        self.wrong += 1
        if len(self.problems) < PROBLEMS_TOLD:
            self.problems.append(Problem(feature, zh, en))


class _Wrong(Exception):
    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def read_boundaries(data: object, known: Callable[[str], bool]) -> BoundariesRead:
    """Read the outlines of a GeoJSON as parsed; `known` says whether a code is one of the table of regions.

    Errors: none; what cannot be used is in `problems`, and a file with any of them is not to be used.
    """
    read = BoundariesRead()
    points = 0
    try:
        features = _features(data)
    except _Wrong as wrong:
        read.refuse(0, wrong.zh, wrong.en)
        return read
    for number, feature in enumerate(features, 1):
        try:
            code, rings = _place(feature, known)
            if code in read.places:
                raise _Wrong(
                    f"代码 {code} 在文件里出现了两次。只留一处。",
                    f"Code {code} stands twice. Keep one of them.",
                )
            read.places[code] = pack([_fine(ring, rings) for ring in rings], UNITS)
            points += sum(map(len, rings))
        except _Wrong as wrong:
            read.refuse(number, wrong.zh, wrong.en)
        if points > POINTS_MOST:
            read.refuse(
                number,
                f"文件里的点超过 {POINTS_MOST:,} 个。先把界线简化再导入。",
                f"The file has more than {POINTS_MOST:,} points. Simplify its lines first.",
            )
            return read
    return read


def _place(feature: Any, known: Callable[[str], bool]) -> tuple[str, list[list[Point]]]:
    return _code(feature, known), list(_rings(feature))


def _features(data: Any) -> list[Any]:
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list) or data.get("type") != "FeatureCollection":
        raise _Wrong(
            "文件不是 GeoJSON 的 FeatureCollection。重新导出，选 GeoJSON。",
            "The file is no GeoJSON FeatureCollection. Export it as GeoJSON.",
        )
    if not 1 <= len(features) <= FEATURES_MOST:
        raise _Wrong(
            f"文件里有 {len(features):,} 处，要 1 到 {FEATURES_MOST:,} 处。",
            f"The file has {len(features):,} features; 1 to {FEATURES_MOST:,} can be taken.",
        )
    return features


def _code(feature: Any, known: Callable[[str], bool]) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        raise _Wrong(
            "这一处没有属性表，认不出是哪里。", "The feature has no properties, so its place is unknown."
        )
    written = next((properties[name] for name in CODE_NAMES if properties.get(name) not in (None, "")), None)
    text = str(written).strip() if isinstance(written, str | int) and not isinstance(written, bool) else ""
    if not text:
        raise _Wrong(
            f"这一处没有区划代码。属性里要有 {'、'.join(CODE_NAMES[:2])} 或“区划代码”。",
            "The feature has no code. Its properties need “code”, “adcode” or “区划代码”.",
        )
    short = text.removeprefix(NATION) if len(text) == 9 and text.startswith(NATION) else text
    code = canonical(short)
    if code is None or not known(code):
        raise _Wrong(
            f"区划表里没有代码 {text[:20]}。核对代码，旧代码换成现在的。",
            f"Code {text[:20]} is not in the table of regions. Check it; write today's code for an old one.",
        )
    return code


def _rings(feature: dict[str, Any]) -> Iterator[list[Point]]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if geometry is None or kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong(
            f"这一处的图形是 {str(kind)[:20]}，要 Polygon 或 MultiPolygon。",
            f"The feature is a {str(kind)[:20]}; a Polygon or a MultiPolygon is needed.",
        )
    polygons = geometry.get("coordinates")
    polygons = [polygons] if kind == "Polygon" else polygons
    if not isinstance(polygons, list) or not polygons:
        raise _Wrong("这一处没有坐标。", "The feature has no coordinates.")
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            raise _Wrong("这一处有一个多边形没有坐标。", "A polygon of the feature has no coordinates.")
        for ring in polygon:
            yield _ring(ring)


def _ring(ring: Any) -> list[Point]:
    points = [_point(each) for each in ring] if isinstance(ring, list) else []
    if points and points[0] != points[-1]:
        points.append(points[0])
    if len(set(points)) < 3:
        raise _Wrong(
            "这一处有一圈界线不到 3 个点，围不成面。", "A ring of the feature has fewer than 3 points."
        )
    return points


def _point(point: Any) -> Point:
    numbers = point[:2] if isinstance(point, list) else []
    if len(numbers) != 2 or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in numbers
    ):
        raise _Wrong(
            "坐标要写成 [经度, 纬度] 两个数。", "A coordinate is two numbers: [longitude, latitude]."
        )
    try:
        x, y = float(numbers[0]), float(numbers[1])
    except OverflowError:
        x = y = float("inf")
    if not (isfinite(x) and isfinite(y) and WEST <= x <= EAST and SOUTH <= y <= NORTH):
        raise _Wrong(
            f"坐标 {str(numbers)[:60]} 不在经度 73–136、纬度 3–54 以内。用经纬度（度）导出，先经度后纬度。",
            f"Coordinate {str(numbers)[:60]} lies outside 73–136 east, 3–54 north. Export in degrees, longitude first.",
        )
    return x, y


def _fine(ring: Sequence[Point], rings: Sequence[Sequence[Point]]) -> list[Point]:
    """Return a ring no finer than can be seen at its place's size; a small ring keeps its shape."""
    every = [point for each in rings for point in each]
    size = max(
        max(x for x, _ in every) - min(x for x, _ in every),
        max(y for _, y in every) - min(y for _, y in every),
    )
    few = thinned(ring, size / FINENESS)
    return few if len(few) > 3 else list(ring)
