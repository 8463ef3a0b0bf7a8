"""Codes of regions: written, ordered as a tree, followed through their changes."""

from datetime import date

import pytest

from yingjin.registry.domain.regions import (
    Heir,
    Life,
    above_all,
    canonical,
    level_below,
    level_of,
    parent_of,
    prefix_range,
    resolve,
    spoken,
)


def year(number):
    return date(number, 1, 1)


# A town renumbered in 2011 and again in 2021; one divided in 2015; one merged into it; one that simply ended.
LIVES = {
    "52": Life(None, None),
    "5224": Life(None, year(2011)),
    "5205": Life(year(2011), None),
    "522428": Life(None, year(2011)),
    "520527": Life(year(2011), year(2021)),
    "520587": Life(year(2021), None),
    "520501": Life(None, year(2015)),
    "520502": Life(year(2015), None),
    "520503": Life(year(2015), None),
    "520504": Life(None, year(2018)),
    "520505": Life(None, year(2012)),
}
HEIRS = {
    "5224": [Heir("5205", year(2011))],
    "522428": [Heir("520527", year(2011))],
    "520527": [Heir("520587", year(2021))],
    "520501": [Heir("520502", year(2015)), Heir("520503", year(2015))],
    "520504": [Heir("520503", year(2018))],
    "520505": [Heir("", year(2012))],
}


def follow(code, on=None):
    found = resolve(code, on=on, lives=LIVES, heirs=HEIRS)
    return found.outcome, found.codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("52", "52"),
        ("520000", "52"),
        ("460000", "46"),
        ("4600", "4600"),  # a node of its own: the counties under 海南 before 2003
        ("520500", "5205"),
        ("520500000000", "5205"),
        (" 520527 ", "520527"),
        ("520527000", "520527"),
        ("520527100000", "520527100"),
        ("520527100201", "520527100201"),
        ("520527100200", "520527100200"),
        ("110100", "1101"),
        ("", None),
        ("5", None),
        ("52052", None),
        ("5205271", None),
        ("赫章", None),
        ("５２０５２７", None),
        ("000000", None),
    ],
)
def test_a_code_is_read_by_its_significant_digits(text, code):
    assert canonical(text) == code


def test_the_digits_say_the_level_and_what_lies_above():
    assert [level_of("520527100201"[:digits]) for digits in (2, 4, 6, 9, 12)] == [
        "province",
        "city",
        "county",
        "township",
        "village",
    ]
    assert above_all("520527100201") == ["52", "5205", "520527", "520527100"]
    assert (parent_of("520527100"), parent_of("520527"), parent_of("52")) == ("520527", "5205", "")
    assert (level_below(""), level_below("5205"), level_below("520527100201")) == ("province", "county", "")
    with pytest.raises(KeyError):
        level_of("5205271")


def test_a_range_holds_a_region_and_all_below_it_and_nothing_else():
    low, high = prefix_range("5205")
    inside = ["5205", "520527", "520527100", "520527999999"]
    outside = ["52", "5204", "520499999999", "5206", "520600"]
    assert [code for code in inside + outside if low <= code < high] == inside


def test_nodes_of_the_tree_that_nobody_says_are_left_out():
    assert spoken(["北京市", "市辖区", "东城区"]) == "北京市东城区"
    assert spoken(["湖北省", "省直辖县级行政区划", "仙桃市"]) == "湖北省仙桃市"


def test_a_code_in_force_stands_for_itself():
    assert follow("520587") == ("current", ("520587",))


def test_a_chain_of_changes_is_followed_to_its_end():
    assert follow("522428") == ("succeeded", ("520587",))


def test_a_chain_is_followed_up_to_the_day_asked_for():
    assert follow("522428", date(2010, 12, 31)) == ("current", ("522428",))
    assert follow("522428", date(2011, 1, 1)) == ("succeeded", ("520527",))
    assert follow("522428", date(2020, 12, 31)) == ("succeeded", ("520527",))
    assert follow("522428", date(2021, 1, 1)) == ("succeeded", ("520587",))


def test_a_later_code_on_an_earlier_day_stands_for_its_forerunners():
    assert follow("520587", date(2005, 6, 1)) == ("earlier", ("522428",))
    assert follow("520503", date(2014, 1, 1)) == ("earlier", ("520501", "520504"))
    assert follow("520502", date(2014, 1, 1)) == ("earlier", ("520501",))


def test_a_forerunner_that_had_ended_before_the_day_is_none():
    lives = {"10": Life(None, year(2010)), "11": Life(year(2012), None)}
    found = resolve("11", on=year(2011), lives=lives, heirs={"10": [Heir("11", year(2012))]})
    assert (found.outcome, found.codes) == ("earlier", ())
    assert "没有记载" in found.reason_zh


def test_a_divided_region_gives_all_its_parts_and_says_the_code_does_not_choose():
    found = resolve("520501", on=None, lives=LIVES, heirs=HEIRS)
    assert (found.outcome, found.codes) == ("divided", ("520502", "520503"))
    assert "仅凭代码不能确定" in found.reason_zh
    assert "does not say which" in found.reason_en


def test_a_merged_region_leads_to_the_one_it_went_to():
    assert follow("520504") == ("succeeded", ("520503",))


def test_a_code_whose_heir_is_not_recorded_has_none_and_says_what_to_do():
    found = resolve("520505", on=None, lives=LIVES, heirs=HEIRS)
    assert (found.outcome, found.codes) == ("ended", ())
    assert "按地名" in found.reason_zh
    assert follow("520505", date(2011, 6, 1)) == ("current", ("520505",))


def test_an_unknown_code_is_not_guessed_but_the_regions_around_it_are_named():
    found = resolve("522428100201", on=None, lives=LIVES, heirs=HEIRS)
    assert (found.outcome, found.codes, found.within) == ("unknown", (), ("520587",))
    assert resolve("520599", on=None, lives=LIVES, heirs=HEIRS).within == ("5205",)
    assert resolve("99", on=None, lives=LIVES, heirs=HEIRS).within == ()
