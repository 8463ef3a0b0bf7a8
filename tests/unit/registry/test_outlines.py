"""Outlines: kept as steps, thinned, drawn into a picture; a customer's file is read whole or its faults are told."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yingjin.registry import files, queries
from yingjin.registry.domain import boundary_file
from yingjin.registry.domain.boundary_file import PROBLEMS_TOLD, UNITS
from yingjin.registry.domain.outlines import drawn, pack, thinned, unpack
from yingjin.registry.geojson import read_geojson

SQUARE = [[105.0, 27.0], [105.5, 27.0], [105.5, 27.4], [105.0, 27.4], [105.0, 27.0]]
degrees = st.tuples(st.integers(1_500_000, 2_600_000), st.integers(100_000, 1_000_000))


def known(code: str) -> bool:
    return queries.name_of(code) is not None


def feature(code="520527", coordinates=None, kind="Polygon", **properties):
    shape = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {
        "type": "Feature",
        "properties": properties or {"code": code, "name": "赫章县"},
        "geometry": shape,
    }


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@given(st.lists(st.lists(degrees, min_size=3, max_size=20, unique=True), min_size=1, max_size=4))
def test_what_is_packed_comes_back(rings):
    in_degrees = [[(x / UNITS, y / UNITS) for x, y in ring] for ring in rings]
    assert unpack(pack(in_degrees, UNITS), UNITS) == in_degrees


def test_a_thinned_line_keeps_its_ends_and_strays_no_further_than_told():
    line = [(x / 100, (x % 7) / 1000) for x in range(200)]
    thin = thinned(line, 0.01)
    assert (thin[0], thin[-1]) == (line[0], line[-1]) and len(thin) < 20
    curve = [(x / 100, x * x / 10_000) for x in range(50)]
    assert thinned(curve, 0) == curve
    assert thinned(line[:2], 1) == line[:2]
    ring = thinned([*map(tuple, SQUARE)], 0.01)
    assert len(ring) == 5 and ring[0] == ring[-1]


def test_every_city_and_county_shipped_has_rings_that_close_and_lies_in_the_country():
    shipped = files.boundaries()
    in_force = {row.code for row in files.regions("county") if not row.valid_to} - files.statistical_units()
    without = in_force - shipped.keys()
    assert len(without) == 9 and "520527" not in without
    for code in shipped:
        for ring in unpack(shipped[code], files.BOUNDARY_UNITS):
            assert len(ring) >= 3, code
            assert all(73 < x < 136 and 3 < y < 54 for x, y in ring), code
    assert {code for code in shipped if len(code) > 6} == set()


def test_a_picture_holds_every_place_inside_its_frame_with_a_name_inside_its_outline():
    counties = [code for code, _ in queries.in_force_below("5205")]
    picture = drawn(queries.outlines_of(counties), 360)
    assert [each.code for each in picture.outlines] == counties
    for each in picture.outlines:
        numbers = [
            list(map(float, pair.split()))
            for pair in each.path[1:].replace("M", "L").replace("Z", "").split("L")
        ]
        assert all(0 <= x <= 360 and 0 <= y <= picture.height for x, y in numbers)
        assert min(x for x, _ in numbers) < each.x < max(x for x, _ in numbers)
        assert each.room > 20
    hezhang, weining = (
        next(each for each in picture.outlines if each.code == code) for code in ("520527", "520526")
    )
    assert weining.x < hezhang.x  # Weining lies to the west


def test_a_page_of_a_region_weighs_little():
    for city, _ in queries.in_force_below("52"):
        picture = drawn(queries.outlines_of(code for code, _ in queries.parts_of(city)), 360)
        assert sum(len(each.path) for each in picture.outlines) < 16_000, city


@pytest.mark.parametrize(
    "properties",
    [{"adcode": 520527}, {"gb": "156520527"}, {"区划代码": "520527000000"}, {"code": " 520527 "}],
)
def test_a_code_is_found_under_the_names_files_use(properties):
    assert list(read_geojson(collection(feature(**properties)), known).places) == ["520527"]


@pytest.mark.parametrize(
    ("content", "feature_number", "word"),
    [
        (b"\xff\xfe", 0, "UTF-8"),
        (b"{", 0, "JSON"),
        (b"[" * 100_000, 0, "JSON"),
        (b'{"type": "Topology"}', 0, "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', 0, "1 到"),
        (collection(feature(), feature()), 2, "出现了两次"),
        (collection(feature(), feature("999999")), 2, "999999"),
        (collection(feature("520527123456789")), 1, "区划表里没有"),
        (collection(feature(name="某县")), 1, "没有区划代码"),
        (collection({"type": "Feature"}), 1, "没有属性表"),
        (collection(feature(kind="Point", coordinates=[105, 27])), 1, "Polygon"),
        (collection(feature(coordinates=[])), 1, "没有坐标"),
        (collection(feature(coordinates=[[[105, 27], [105.5, 27], [105, 27]]])), 1, "围不成面"),
        (collection(feature(coordinates=[[[27, 105], [27, 105.5], [27.4, 105.5]]])), 1, "先经度后纬度"),
        (collection(feature(coordinates=[[["105", "27"], [1, 2], [3, 4]]])), 1, "两个数"),
        (collection(feature()).replace(b"105.5", b"NaN"), 1, "不在经度"),
        (collection(feature()).replace(b"105.5", b"1" + b"0" * 400), 1, "不在经度"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_place(content, feature_number, word):
    read = read_geojson(content, known)
    assert [(each.feature, word in each.reason_zh) for each in read.problems] == [(feature_number, True)]
    assert read.problems[0].reason_en and read.wrong == 1


def test_a_ring_left_open_is_closed_and_a_place_of_several_parts_keeps_them():
    parts = feature(kind="MultiPolygon", coordinates=[[SQUARE[:-1]], [[[x + 1, y] for x, y in SQUARE]]])
    (rings,) = read_geojson(collection(parts), known).places.values()
    assert [len(ring) for ring in unpack(rings, UNITS)] == [4, 4]
    (problem,) = read_geojson(
        collection(feature(kind="MultiPolygon", coordinates=None) | {"geometry": {"type": "MultiPolygon"}}),
        known,
    ).problems
    assert "没有坐标" in problem.reason_zh


def test_a_file_of_too_many_points_is_left_where_that_shows(monkeypatch):
    monkeypatch.setattr(boundary_file, "POINTS_MOST", 8)
    read = read_geojson(collection(feature(), feature("520526"), feature("520525")), known)
    assert [problem.feature for problem in read.problems] == [2] and "8 个" in read.problems[0].reason_zh


def test_only_the_first_problems_are_told_and_all_are_counted():
    read = read_geojson(collection(*[feature("999999")] * 30), known)
    assert (len(read.problems), read.wrong) == (PROBLEMS_TOLD, 30)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["type", "code", "coordinates"]), inner)
        ),
    )
)
def test_whatever_stands_in_a_feature_is_told_and_never_a_crash(anything):
    spoilt = [anything, {"properties": {"code": "520527"}, "geometry": anything}]
    spoilt.append(feature(coordinates=anything))
    for each in spoilt:
        read = read_geojson(collection(each), known)
        assert read.problems or read.places


def test_a_fine_line_is_kept_no_finer_than_can_be_seen():
    coast = [[105 + number / 10_000, 27 + (number % 2) / 100_000] for number in range(5_000)]
    read = read_geojson(collection(feature(coordinates=[[*coast, [105.25, 27.5], coast[0]]])), known)
    (rings,) = (unpack(each, UNITS) for each in read.places.values())
    assert 3 <= len(rings[0]) < 50
    assert all(one != other for one, other in pairwise(rings[0]))
