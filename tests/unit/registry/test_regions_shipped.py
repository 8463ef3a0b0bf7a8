"""What the packed tables of regions hold."""

from collections import Counter
from datetime import date

import pytest

from yingjin.registry import files, queries
from yingjin.registry.domain.pinyin import read_place
from yingjin.registry.domain.regions import LEVELS, canonical, level_of, parent_of

SHIPPED = {row.code: row for level in LEVELS.values() for row in files.regions(level)}


def test_the_numbers_of_each_level_are_known():
    every = Counter(level_of(code) for code in SHIPPED)
    retired = Counter(level_of(code) for code, row in SHIPPED.items() if row.valid_to)
    assert every == {"province": 31, "city": 404, "county": 3_870, "township": 41_411, "village": 123_713}
    assert retired == {"city": 62, "county": 890, "township": 42}
    assert len(files.statistical_units()) == 133


def test_what_only_the_statistics_have_is_no_county_but_holds_its_towns():
    zones = files.statistical_units()
    assert not zones & {code for city in ("1301", "6201") for code, _ in queries.in_force_below(city)}
    assert all(SHIPPED[zone].valid_to == "" and level_of(zone) == "county" for zone in zones)
    assert queries.name_of("620171") == "兰州新区"
    assert any(code.startswith("620171") for code in SHIPPED if len(code) == 9)


def test_every_province_has_its_towns_and_a_province_is_read_alone():
    provinces = [row.code for row in files.regions("province")]
    assert all(files.regions_in(province, "township") for province in provinces)
    assert len(files.regions_in("52", "township")) == 1_510
    assert len(files.regions_in("52", "village")) == 17_964
    assert files.regions_in("11", "village") == ()


def test_a_city_without_counties_is_made_of_its_towns_and_a_node_of_the_tree_of_what_lies_in_it():
    assert queries.parts_of("4419")[0] == ("441900003", "东城街道")
    assert queries.parts_of("11")[0] == ("110101", "东城区")
    assert ("429004", "仙桃市") in queries.parts_of("42")
    assert queries.parts_of("520527001001") == ()


def test_a_code_stands_once_and_is_written_by_its_significant_digits():
    assert sum(len(files.regions(level)) for level in LEVELS.values()) == len(SHIPPED)
    assert all(canonical(code) == code for code in SHIPPED)
    for level in LEVELS.values():
        codes = [row.code for row in files.regions(level)]
        assert codes == sorted(codes)
        assert {level_of(code) for code in codes} == {level}


def test_every_region_lies_in_one_that_was_in_force_as_long():
    for code, row in SHIPPED.items():
        # A city without counties has towns of its own.
        if above := SHIPPED.get(parent_of(code)) or SHIPPED.get(code[:4] if len(code) == 9 else ""):
            assert above.valid_from <= row.valid_from, code
            assert (above.valid_to or "9999") >= (row.valid_to or "9999"), code
        else:
            assert len(code) == 2, code


def test_a_change_counts_from_the_first_day_of_its_year():
    days = {day for row in SHIPPED.values() for day in (row.valid_from, row.valid_to) if day}
    assert all(date.fromisoformat(day).timetuple().tm_yday == 1 for day in days)
    assert {day[:4] for day in days} >= {"2000", "2011", "2026"}


def test_every_retired_code_has_its_successions_and_no_other_has():
    retired = {code for code, row in SHIPPED.items() if row.valid_to and len(code) <= 6}
    tree_only = {"1102", "1202", "3102", "4600", "5003"}  # nodes that no register names
    assert {row.old_code for row in files.successions()} == retired - tree_only
    assert all(row.on == SHIPPED[row.old_code].valid_to for row in files.successions())


def test_a_division_gives_several_rows_and_every_other_change_one():
    count = Counter(row.old_code for row in files.successions())
    assert all((count[row.old_code] > 1) == (row.what == "divided") for row in files.successions())
    assert all((row.new_code == "") == (row.what == "ended") for row in files.successions())
    assert {row.what for row in files.successions()} == {"continued", "merged", "divided", "ended"}


def test_a_successor_has_begun_and_lies_in_the_same_province():
    for row in files.successions():
        if row.new_code:
            assert SHIPPED[row.new_code].valid_from <= row.on, row
            assert row.new_code[:2] == row.old_code[:2], row


def test_every_chain_of_successors_ends_in_force_or_unrecorded():
    outcomes = Counter(queries.resolve(row.old_code).outcome for row in files.successions())
    assert set(outcomes) == {"succeeded", "divided", "ended"}
    assert outcomes["ended"] == 9


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("522428", ("520527",)),  # 赫章县
        ("5224", ("5205",)),  # 毕节
        ("522401", ("520502",)),  # 毕节市, now 七星关区
        ("522201", ("520602", "520603")),  # 铜仁市, divided
        ("522423", ("520581",)),  # 黔西县, renumbered and later a city
        ("520522", ("520581",)),
        ("520222", ("520281",)),  # 盘县
        ("520114", ("520111",)),  # 小河区, merged
        ("340203", ("340209",)),
        ("371202", ("370116",)),
    ],
)
def test_a_retired_code_leads_to_what_it_is_today(old, new):
    assert queries.resolve(old).codes == new


def test_hezhang_has_its_townships_and_villages():
    villages = files.villages_of("520527")
    assert len(villages) == 481
    assert len({village.township_code for village in villages}) == 30
    assert all(village.code.startswith(village.township_code) for village in villages)
    assert villages[0].township_name == "双河街道"
    assert files.villages_of("110101") == ()


def test_readings_are_those_of_the_reading_rules_and_fit_their_columns():
    # Every county and every thirtieth town: all of them take half a minute.
    upper = [row for code, row in SHIPPED.items() if len(code) <= 6]
    for row in [*upper, *list(SHIPPED.values())[::30]]:
        assert (row.pinyin, row.initials) == read_place(row.name, files.place_readings()), row
    assert max(len(row.pinyin) for row in SHIPPED.values()) <= 160
    assert max(len(row.initials) for row in SHIPPED.values()) <= 32


def test_every_village_of_a_province_is_found_by_its_own_names():
    townships = {row.code: row.name for row in files.regions_in("52", "township")}
    missed = [
        row.code
        for row in files.regions_in("52", "village")
        if queries.by_names(row.code[:6], townships[row.code[:9]], row.name).code != row.code
    ]
    assert not missed


def test_every_county_in_force_is_found_by_its_own_names():
    missed = []
    for row in files.regions("county"):
        if not row.valid_to and row.code not in files.statistical_units():
            found = queries.county_by_names(SHIPPED[row.code[:2]].name, SHIPPED[row.code[:4]].name, row.name)
            if found.codes != (row.code,):
                missed.append((row.code, row.name, found.codes))
    assert not missed


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (("贵州省", "毕节市", "赫章县"), ("520527",)),
        (("贵州", "毕节地区", "赫章"), ("520527",)),
        (("", "", "威宁县"), ("520526",)),
        (("", "", "盘县"), ("520281",)),
        (("", "", "西湖区"), ("330106", "360103")),
        (("浙江省", "", "西湖区"), ("330106",)),
        (("", "", "火星县"), ()),
    ],
)
def test_a_county_is_found_by_names_old_and_new(names, codes):
    assert queries.county_by_names(*names).codes == codes


@pytest.mark.parametrize(
    ("text", "within", "first"),
    [
        ("赫章", "", "520527"),
        ("hezhang", "", "520527"),
        ("Hè Zhāng", "", "520527"),
        ("hzx", "5205", "520527"),
        ("可乐", "52", "520527210"),
        ("可乐", "", None),  # towns are looked for inside a region alone
        ("族苗族乡", "520527", "520527201"),
        ("luzhi", "", "520203"),
        ("襄樊", "", "4206"),
        ("520527 ", "", None),
        ("qqqqq", "", None),
        (" ", "", None),
    ],
)
def test_places_are_found_by_chinese_pinyin_or_first_letters(text, within, first):
    found = queries.find(text, within=within, limit=5)
    assert (found[0].code if found else None) == first


def test_what_is_found_says_its_whole_name_and_whether_it_is_retired():
    found = queries.find("赫章县")
    assert [(place.full_name, place.level, place.retired) for place in found] == [
        ("贵州省毕节市赫章县", "county", False),
        ("贵州省毕节地区赫章县", "county", True),
    ]
    assert [place.also for place in queries.find("襄樊市")] == ["襄樊市"]


def test_no_more_is_found_than_asked_for_and_nothing_twice():
    found = queries.find("大山", within="52", limit=7)
    assert len(found) == 7
    assert len({place.code for place in found}) == 7
    assert all(place.code.startswith("52") for place in found)
