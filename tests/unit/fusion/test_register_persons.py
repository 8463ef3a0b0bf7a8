"""Whom a register means by a number, when its rows do not all say the same."""

from datetime import date

from tests.support.registers import identity_no
from yingjin.fusion.domain.register_persons import Said, draft_of

COUNTY = "520527"
ID = identity_no(1)


def said(key="k", *, slip=False, on="2025", name="王小明", identity="", sex="", born="", phone="", region=""):
    return Said("N1", slip, on, key, name, identity, sex, born, phone, region)


def test_each_field_is_that_of_the_newest_row_that_has_it():
    draft = draft_of(
        [said(on="2024", name="旧名", phone="1", region="520527102001"), said(on="2025", name="新名")], COUNTY
    )
    assert (draft.name, draft.phone, draft.region_code) == ("新名", "1", "520527102001")


def test_a_row_about_the_person_comes_before_a_newer_slip():
    draft = draft_of([said(on="2024", name="本名"), said(on="2025-06-01", name="笔误", slip=True)], COUNTY)
    assert draft.name == "本名"
    assert draft.disagreements == {"name": ["笔误", "本名"]}


def test_ties_are_broken_by_the_key_whatever_the_order():
    rows = [said("b", name="乙"), said("a", name="甲"), said("c", name="丙")]
    assert draft_of(rows, COUNTY) == draft_of(rows[::-1], COUNTY)
    assert draft_of(rows, COUNTY).name == "甲"


def test_writings_of_one_name_or_number_are_no_disagreement():
    rows = [said("a", name="阿依·古丽", identity=ID), said("b", name="阿依 古丽", identity=ID[:6] + ID[8:17])]
    assert draft_of(rows, COUNTY).disagreements == {}


def test_numbers_that_differ_are_listed_as_written():
    rows = [said("a", on="2024", identity=ID), said("b", on="2025", identity="123")]
    assert draft_of(rows, COUNTY).disagreements == {"identity_number": ["123", ID]}


def test_without_a_place_somebody_lives_in_the_county():
    assert draft_of([said()], COUNTY).region_code == COUNTY


def test_sex_and_birthday_are_read_from_a_valid_number_alone():
    assert draft_of([said(identity=ID)], COUNTY).born_on == date(1960, 5, 1)
    assert draft_of([said(identity=ID)], COUNTY).sex == "male"
    unknown = draft_of([said(identity="123")], COUNTY)
    assert (unknown.born_on, unknown.sex, unknown.identity_valid) == (None, "", False)
    written = draft_of([said(identity=ID, sex="female", born="1961-01-01")], COUNTY)
    assert (written.born_on, written.sex) == (date(1961, 1, 1), "female")
