"""Landed rows become what the parts hold: looked up, judged, and never by a guess."""

from collections import defaultdict
from datetime import date
from uuid import UUID, uuid5

import pytest

from tests.support.registers import row
from yingjin.care.files import disease_list
from yingjin.fusion.formats import kinds, registers
from yingjin.jobs.run_county import hold
from yingjin.registry.queries.persons import FacilityFacts

SPACE = UUID(int=7)
VILLAGE, ELSEWHERE = "520527102001", "520527102002"
CHILDS_LEUKAEMIA = "C91.000"
TOWN = FacilityFacts("F1", "妈姑镇卫生院", "520527", "L1", True, True)
CITY = FacilityFacts("F2", "毕节市第一人民医院", "520502", "L3", True, True)


def somebody(name: str) -> UUID:
    return uuid5(SPACE, name)


@pytest.fixture
def landed(monkeypatch):
    """Rows in force by kind, in the place of the landed ones: name -> row id, number, key, payload."""
    rows = defaultdict(list)

    def land(kind: str, **fields: str) -> None:
        payload = {title: value for title, value in row(kind, **fields).items() if value}
        number = payload.get(registers()[kinds()[kind].register].person_number or "", "")
        rows[kind].append((len(rows[kind]) + 1, number, f"{kind}-{len(rows[kind])}", payload))

    monkeypatch.setattr(hold.fusion, "current_rows", lambda kind: iter(rows[kind]))
    return land


def known(*numbers: str, born_on: date | None = date(2015, 3, 1), region: str = VILLAGE) -> hold.Known:
    persons = {number: somebody(number) for number in numbers}
    return hold.Known(
        persons={"poverty": persons, "insurance": persons, "health": persons},
        regions=dict.fromkeys(persons.values(), region),
        births=dict.fromkeys(persons.values(), born_on),
    )


def ground(**facts) -> hold.BillGround:
    usual = {
        "facilities": {"F1": TOWN, "F2": CITY},
        "deaths": {},
        "enrolled": {somebody("I1"): {2025}},
        "diseases": disease_list(),
        "confirmed": set(),
        "county_code": "520527",
        "in_force_from": date(2016, 1, 1),
    }
    return hold.BillGround(**{**usual, **facts})


def bills(**facts):
    return {each["bill_id"]: each for each in hold.bills(known("I1"), ground(**facts))}


def test_a_place_outside_the_rulebooks_city_is_level_four_whatever_its_grade(landed):
    for code, county in (("F1", "520527"), ("F2", "520502"), ("F3", "520103")):
        landed("facility", code=code, county=county, level="L3")
    levels = {each["code"]: each["level"] for each in hold.facilities("5205")}
    assert levels == {"F1": "L3", "F2": "L3", "F3": "L4"}


def test_a_household_lies_where_its_head_lives_whichever_row_comes_first(landed):
    landed("lifted", register_no="P1", household_no="H1", relation="之子", person_identified_on="2016-05-01")
    landed(
        "lifted", register_no="P2", household_no="H1", relation="户主", household_identified_on="2015-01-01"
    )
    landed("lifted", register_no="P3", household_no="H1", relation="之女", person_identified_on="说不清")
    people = known("P1", "P2", "P3")
    people.regions[somebody("P2")] = ELSEWHERE
    (home,), members = hold.households(people)
    assert home["region_code"] == ELSEWHERE and home["number"] == "H1"
    assert [each["valid_from"] for each in members] == [date(2016, 5, 1), date(2015, 1, 1), None]
    assert {each["household_id"] for each in members} == {home["key"]}


def test_a_change_is_kept_by_the_codes_words(landed):
    landed("change", register_no="P1", change="拒绝", due="签", changed_on="2025-06-05")
    (change,) = hold.changes(known("P1"))
    assert (change["what"], change["due"], change["on"]) == ("refused", "contracted", date(2025, 6, 5))


def test_a_bill_takes_place_level_and_designation_from_the_facility_list(landed):
    landed("settlement", bill_no="S1", register_no="I1", facility="F2", reported_level="05")
    bill = bills()["S1"]
    assert (bill["level"], bill["in_county"], bill["facility_name"]) == ("L3", False, CITY.name)
    assert bill["level_reported"] == "05" and bill["level_differs"]  # secondary A does not fit L3
    assert (bill["total_fen"], bill["out_of_scope_fen"], bill["reported_basic_fen"]) == (
        100_000,
        10_000,
        60_000,
    )


def test_a_bill_without_a_reported_grade_differs_from_nothing(landed):
    landed("settlement", bill_no="S1", register_no="I1")
    assert not bills()["S1"]["level_differs"]


def test_bills_stand_by_what_the_registers_say_of_their_person(landed):
    landed("settlement", bill_no="S1", register_no="I1", discharged_on="2025-03-01")
    landed("settlement", bill_no="S2", register_no="I1", discharged_on="2024-03-01", admitted_on="2024-02-20")
    landed("settlement", bill_no="S3", register_no="I1", discharged_on="2025-09-01", admitted_on="")
    money = dict.fromkeys(("total_fen", "in_scope_fen"), "-1000.00") | {"reported_basic_fen": "-600.00"}
    landed("settlement", bill_no="S4", register_no="I1", is_refund="1", cancels="S5", **money)
    landed("settlement", bill_no="S5", register_no="I1")
    found = bills(deaths={somebody("I1"): date(2025, 8, 1)})
    assert {name: each["state"] for name, each in found.items()} == {
        "S1": "counted",
        "S2": "held_not_enrolled",
        "S3": "held_dead",
        "S4": "cancelling",
        "S5": "cancelled",
    }
    assert (found["S4"]["total_fen"], found["S4"]["reported_basic_fen"]) == (-100_000, -60_000)
    assert found["S3"]["admitted_on"] is None and found["S4"]["cancels"] == "S5"


def test_a_bill_of_a_childs_disease_is_of_it_for_a_child_and_for_who_was_one_when_it_was_confirmed(landed):
    landed("settlement", bill_no="S1", register_no="I1", diagnosis=CHILDS_LEUKAEMIA)
    disease = disease_list().disease_of(CHILDS_LEUKAEMIA)
    grown = known("I1", born_on=date(1990, 1, 1))
    assert disease == "儿童白血病" and bills()["S1"]["disease"] == disease
    (bill,) = hold.bills(grown, ground())
    assert bill["disease"] == ""
    (bill,) = hold.bills(grown, ground(confirmed={(somebody("I1"), disease)}))
    assert bill["disease"] == disease


def test_a_condition_is_judged_by_the_age_at_its_confirmation(landed):
    landed("condition", register_no="J1", diagnosis=CHILDS_LEUKAEMIA, confirmed_on="2020-01-01")
    landed("condition", register_no="J1", diagnosis=CHILDS_LEUKAEMIA, confirmed_on="2030-01-01")
    child, grown = hold.conditions(known("J1", born_on=date(2015, 3, 1)), disease_list())
    assert (child["disease"], grown["disease"]) == ("儿童白血病", "")
    assert child["name"] and child["confirmed"]


def test_a_treatment_names_its_place_by_the_list_or_as_it_was_written(landed):
    landed("treatment", register_no="J1", facility="F1")
    landed("treatment", register_no="J1", facility="村卫生室")
    landed("treatment", register_no="J1")
    places = [each["facility_name"] for each in hold.treatments(known("J1"), disease_list(), {"F1": TOWN})]
    assert places == ["妈姑镇卫生院", "村卫生室", ""]


def test_a_contract_may_have_no_end(landed):
    landed("contract", register_no="J1", valid_to="2025-12-31", team="妈姑第1团队")
    landed("contract", register_no="J1")
    ends = [each["valid_to"] for each in hold.contracts(known("J1"))]
    assert ends == [date(2025, 12, 31), None]


def test_enrolments_pass_by_and_leave_their_years(landed):
    landed("enrolment", register_no="I1", year="2024")
    landed("enrolment", register_no="I1", year="2025")
    years: dict[UUID, set[int]] = defaultdict(set)
    drafts = list(hold.noting_years(hold.enrolments(known("I1")), years))
    assert years == {somebody("I1"): {2024, 2025}}
    assert [(each["year"], each["region_code"]) for each in drafts] == [(2024, VILLAGE), (2025, VILLAGE)]
