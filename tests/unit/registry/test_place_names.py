"""Places found by the names registers write."""

import pytest

from yingjin.registry.domain.places import PlaceNames, forms, plain, stem, without_committee

TOWNSHIPS = [
    ("520527001", "双河街道"),
    ("520527205", "珠市彝族乡"),
    ("520527211", "河镇彝族苗族乡"),
    ("520527103", "财神镇"),
    ("520527104", "财神乡"),
]
VILLAGES = [
    ("520527001001", "前河社区居民委员会"),
    ("520527001002", "双河社区居民委员会"),
    ("520527001201", "大山村民委员会"),
    ("520527001202", "大山社区居民委员会"),
    ("520527205201", "大山村村民委员会"),
    ("520527205202", "双河街道社区居民委员会"),
    ("520527211201", "只此村民委员会"),
]


@pytest.fixture
def places():
    return PlaceNames(TOWNSHIPS, VILLAGES)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("大山村民委员会", "大山村"),
        ("大山村村民委员会", "大山村"),
        ("大山村委会", "大山村"),
        ("前河社区居民委员会", "前河社区"),
        ("前河社区居委会", "前河社区"),
        ("红星居民委员会", "红星居"),
        ("红 星 居委会", "红星居"),
        ("前河社区", "前河社区"),
        ("村委会", "村委会"),
    ],
)
def test_a_committee_stands_for_its_place(name, place):
    assert without_committee(name) == place


@pytest.mark.parametrize(
    ("name", "level", "bare"),
    [
        ("珠市彝族乡", "township", "珠市"),
        ("河镇彝族苗族乡", "township", "河镇"),
        ("古达民族乡", "township", "古达"),
        ("双河街道办事处", "township", "双河"),
        ("大山村村民委员会", "village", "大山"),
        ("彝族村村民委员会", "village", "彝族"),
        ("威宁彝族回族苗族自治县", "county", "威宁"),
        ("察布查尔锡伯自治县", "county", "察布查尔"),
        ("六枝特区", "county", "六枝"),
        ("黔西南布依族苗族自治州", "city", "黔西南"),
        ("新疆维吾尔自治区", "province", "新疆"),
        ("内蒙古自治区", "province", "内蒙古"),
        ("县", "county", "县"),
        ("赫章", "county", "赫章"),
    ],
)
def test_a_name_is_shortened_by_its_kind_and_peoples(name, level, bare):
    assert stem(name, level) == bare


def test_a_name_is_known_by_each_way_of_shortening_it():
    assert forms("河镇彝族苗族乡", "township") == {"河镇彝族苗族乡", "河镇彝族苗族", "河镇"}
    assert plain(" 赫章　县 ") == "赫章县"


@pytest.mark.parametrize(
    ("township", "village", "code"),
    [
        ("双河街道", "前河社区居民委员会", "520527001001"),
        ("双河街道办事处", "前河社区", "520527001001"),
        ("双河", "前河", "520527001001"),
        ("双河街道", "前河村", "520527001001"),
        ("双河街道", "双河街道前河社区", "520527001001"),
        ("双河街道", "双河社区", "520527001002"),
        ("双河街道", "大山村", "520527001201"),
        ("双河街道", "大山社区", "520527001202"),
        ("珠市乡", "大山", "520527205201"),
        ("珠市彝族乡", "双河街道社区", "520527205202"),
        ("河镇乡", "只此村", "520527211201"),
        ("河镇", "只此", "520527211201"),
        ("", "只此村委会", "520527211201"),
    ],
)
def test_a_village_is_found_however_its_names_are_shortened(places, township, village, code):
    found = places.match(township, village)
    assert (found.code, found.township_code, found.candidates) == (code, code[:9], ())


def test_a_township_alone_is_found_when_no_village_is_named(places):
    assert places.match("珠市乡", " ").code == "520527205"


def test_a_name_of_two_places_is_not_decided(places):
    found = places.match("双河街道", "大山")
    assert (found.code, found.township_code) == ("", "520527001")
    assert found.candidates == ("520527001201", "520527001202")
    assert "请写全名" in found.reason_zh
    assert places.match("财神", "").candidates == ("520527103", "520527104")
    assert places.match("财神镇", "").code == "520527103"
    assert places.match("", "大山村").candidates == ("520527001201", "520527205201")


def test_an_unknown_village_says_so_and_keeps_its_township(places):
    found = places.match("双河街道", "没有村")
    assert (found.code, found.township_code, found.candidates) == ("", "520527001", ())
    assert "没有“没有村”" in found.reason_zh


def test_a_village_of_an_unknown_township_is_a_candidate_and_not_taken(places):
    found = places.match("没有镇", "只此村")
    assert (found.code, found.candidates) == ("", ("520527211201",))
    assert "核对乡镇名" in found.reason_zh
    assert places.match("没有镇", "").candidates == ()


def test_no_name_at_all_is_no_place(places):
    assert places.match("", "").code == ""
