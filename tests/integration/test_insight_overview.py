"""The overview of a found day: numerators over denominators, places, money and data, as far as a reader may see."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.small_county import COUNTY, HIV, ON, STROKE, VILLAGES, SmallCounty, reader
from yingjin.basics.errors import NotFound
from yingjin.gaps.models import Due
from yingjin.insight.queries.overview import overview

pytestmark = pytest.mark.django_db
OFFICER, DOCTOR, AUDITOR = "county_officer", "village_doctor", "auditor"
STAY = date(2025, 5, 20)
STROKE_ZH = "脑卒中"


@pytest.fixture
def county() -> SmallCounty:
    """A county with something lacking in two townships and money paid in one."""
    county = SmallCounty()
    for number, village in enumerate(VILLAGES):
        county.person(f"全{number}", village)
    county.person("缺保", VILLAGES[0], enrolled=False)
    county.person("缺签", VILLAGES[2], contracted=False)
    paid = county.person("住院", VILLAGES[2])
    county.stay(paid, "S1", STAY, total_fen=1_000_000, out_of_scope_fen=100_000)
    county.stay(paid, "S2", date(2025, 6, 20), state="held_not_enrolled")
    county.stay(paid, "S3", date(2025, 6, 21), state="cancelled")
    county.stay(paid, "S4", date(2024, 6, 21))
    county.household("H1", paid, *[each for each in county.people if county.people[each].name == "全2"])
    return county


def due(page, name):
    return next(each for each in page.dues if each.due == name)


def test_the_four_dues_are_counted_for_the_readers_own_region(county):
    county.hold()
    county.find()
    page = overview(reader(OFFICER), ON)
    assert (page.place.code, page.place.name, page.persons_in_base) == (COUNTY, "赫章县", 7)
    assert [each.due for each in page.dues] == ["insured", "treated", "contracted", "covered"]
    insured = due(page, "insured")
    assert (insured.done, insured.open, insured.unknown, insured.excepted) == (6, 1, 0, 0)
    assert (insured.persons_due, insured.persons_lacking) == (7, 1)
    assert (due(page, "covered").open, page.persons_lacking) == (1, 3)
    assert page.previous is None


def test_each_number_is_the_number_of_the_list_behind_it(county):
    county.hold()
    county.find()
    page = overview(reader(OFFICER), ON)
    for each in page.dues:
        for status in ("done", "open", "unknown", "excepted"):
            listed = Due.objects.filter(finding__on=ON, due=each.due, status=status).count()
            assert getattr(each, status) == listed, (each.due, status)


def test_townships_of_the_county_and_villages_of_a_township_are_all_there(county):
    county.hold()
    county.find()
    page = overview(reader(OFFICER), ON)
    rows = {row.place.code: row for row in page.places}
    assert len(rows) > 20 and all(len(code) == 9 for code in rows)
    assert rows[VILLAGES[0][:9]].lacking == {"insured": 1, "treated": 0, "contracted": 0, "covered": 0}
    assert rows[VILLAGES[2][:9]].lacking == {"insured": 0, "treated": 0, "contracted": 1, "covered": 1}
    assert sum(row.persons_in_base for row in rows.values()) == page.persons_in_base
    assert sum(row.late for row in rows.values()) == page.late == 3
    township = overview(reader("auditor"), ON, VILLAGES[2][:9])
    assert {len(row.place.code) for row in township.places} == {12}
    assert sum(sum(row.lacking.values()) for row in township.places) == 2


def test_a_village_doctor_sees_one_row_of_the_own_village(county):
    county.hold()
    county.find()
    page = overview(reader(DOCTOR, VILLAGES[2]), ON)
    (row,) = page.places
    assert (row.place.code, row.persons_in_base, row.lacking["contracted"]) == (VILLAGES[2], 3, 1)
    assert page.persons_in_base == 3


def test_nobody_sees_the_overview_of_a_place_outside_the_own(county):
    county.hold()
    county.find()
    doctor = reader(DOCTOR, VILLAGES[2])
    for outside in (VILLAGES[0], VILLAGES[2][:9], COUNTY, "52", "999999"):
        with pytest.raises(NotFound):
            overview(doctor, ON, outside)
    with pytest.raises(NotFound):
        overview(doctor, date(2025, 1, 1))


def test_money_goes_from_the_total_to_the_own_payment_and_adds_up(county):
    county.hold()
    county.find()
    page = overview(reader(OFFICER), ON)
    money = page.money
    amounts = {line.kind: line.amount_fen for line in money.lines}
    assert list(amounts) == [
        "total",
        "basic",
        "critical_illness",
        "assistance",
        "own_in_scope",
        "own_out_of_scope",
    ]
    # One counted bill this year: S1; S2 is held, S3 cancelled, S4 of last year.
    assert (money.bills, amounts["total"], money.in_scope_fen) == (1, 1_000_000, 900_000)
    assert amounts["own_out_of_scope"] == 100_000
    assert amounts["total"] == sum(fen for kind, fen in amounts.items() if kind != "total")
    assert amounts["basic"] > 0
    assert (money.held_bills, page.quality.cancelled) == (1, 1)
    assert overview(reader(DOCTOR, VILLAGES[0]), ON).money.bills == 0


def test_the_day_found_before_is_compared_with(county):
    county.hold()
    county.find(date(2025, 6, 30))
    county.find()
    page = overview(reader(OFFICER), ON)
    assert page.previous.on == date(2025, 6, 30)
    assert page.previous.lacking == {"insured": 1, "treated": 0, "contracted": 1, "covered": 1}
    assert overview(reader(AUDITOR), date(2025, 6, 30)).previous is None


def test_households_of_the_base_are_counted_once(county):
    county.hold()
    county.find()
    assert overview(reader(OFFICER), ON).households_in_base == 1


def sick_county(*, stroke: int, hiv: int, villages: int = 2) -> SmallCounty:
    county = SmallCounty()
    for number in range(stroke):
        person = county.person(f"卒中{number}", VILLAGES[number % villages])
        county.ill(person, STROKE)
        county.stay(person, f"S{number}", STAY, icd=STROKE)
    for number in range(hiv):
        person = county.person(f"某{number}", VILLAGES[0])
        county.ill(person, HIV)
        county.stay(person, f"H{number}", STAY, icd=HIV)
    county.hold()
    county.find()
    return county


def test_conditions_by_disease_show_persons_stays_and_cost():
    sick_county(stroke=12, hiv=0, villages=1)
    (row,) = overview(reader(OFFICER), ON).diseases.rows
    assert (row.name_zh, row.persons.value, row.stays.value) == (STROKE_ZH, 12, 12)
    assert row.cost_fen.value == 12 * 2_000_000


@pytest.mark.parametrize("role", [OFFICER, AUDITOR])
def test_one_to_nine_persons_show_as_fewer_than_ten(role):
    sick_county(stroke=4, hiv=0)
    (row,) = overview(reader(role), ON).diseases.rows
    assert row.persons.value is None and row.persons.few
    assert (row.stays.value, row.stays.few, row.cost_fen.value) == (None, False, None)
    village = overview(reader(DOCTOR, VILLAGES[0]), ON).diseases.rows[0]
    assert village.persons.value is None


@pytest.mark.parametrize("role", [DOCTOR, AUDITOR])
def test_a_sensitive_disease_is_in_no_count_of_plain_readers(role):
    sick_county(stroke=0, hiv=11, villages=1)
    region = VILLAGES[0] if role == DOCTOR else COUNTY
    page = overview(reader(role, region), ON)
    assert page.diseases.rows == []
    assert (page.money.bills, page.money.lines[0].amount_fen) == (0, 0)
    assert due(page, "treated").done == due(page, "treated").open == 0
    assert due(page, "covered").open == 0
    assert page.persons_lacking == 0
    officer = overview(reader(OFFICER), ON)
    assert [(row.sensitive, row.persons.value) for row in officer.diseases.rows] == [(True, 11)]
    assert officer.money.bills == 11 and due(officer, "covered").open == 11


def test_a_stay_after_a_sensitive_one_is_in_no_sum_of_plain_readers():
    county = SmallCounty()
    person = county.person("某人", VILLAGES[0])
    county.stay(person, "S1", date(2025, 3, 1))
    county.stay(person, "S2", date(2025, 4, 1), icd=HIV)
    county.stay(person, "S3", date(2025, 5, 1))
    county.hold()
    county.find()
    assert overview(reader(OFFICER), ON).money.bills == 3
    assert overview(reader(AUDITOR), ON).money.bills == 1
    assert due(overview(reader(AUDITOR), ON), "covered").open == 1


def test_the_overview_asks_few_questions_however_many_people_there_are(county):
    county.hold()
    county.find()
    officer = reader(OFFICER)
    overview(officer, ON)
    with CaptureQueriesContext(
        connection,
    ) as few:
        overview(officer, ON)
    assert len(few) <= 11, [each["sql"][:120] for each in few]
    asked = " ".join(each["sql"] for each in few)
    assert '"gaps_due"' not in asked and '"registry_person"' not in asked and '"settlement_bill"' not in asked
