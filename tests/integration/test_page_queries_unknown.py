"""What nobody knows is shown as unknown, never guessed: pages of a person of whom little is told."""

from datetime import date

import pytest

from tests.support.small_county import ON, SmallCounty, reader
from yingjin.insight import queries
from yingjin.settlement.models import Bill

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    county = SmallCounty()
    somebody = county.person("无名氏", "520527", born_on=None, contracted=False)
    county.stay(somebody, "S1", date(2025, 5, 20))
    county.hold()
    return county


def test_somebody_without_birthday_or_village_has_a_page(county):
    key = next(iter(county.people))
    page = queries.person(reader("county_officer"), ON, key)
    assert (page.age_years, page.born_on, page.masked_number, page.members) == (None, None, "", [])
    assert [place.name for place in page.path] == ["赫章县"]
    row = queries.find(reader("county_officer"), ON, "wumingshi").rows[0]
    assert (row.village.name, row.township.name, row.age_years, row.household_key) == ("", "", None, None)


def test_a_bill_of_somebody_without_birthday_is_worked_out_the_same_again(county):
    page = queries.bill(reader("county_officer"), Bill.objects.get().key)
    assert page.same_as_stored is True and page.lines[0].amount_fen > 0
    assert {row.fact_zh: row.value_zh for row in page.basis}["出生日期"] == ""


def test_before_anything_was_found_the_pages_of_people_answer(county):
    officer = reader("county_officer")
    as_of = queries.as_of(officer)
    assert (as_of.data_until, as_of.found_days, as_of.last_run_at) == (None, [], None)
    assert queries.person(officer, ON, next(iter(county.people))).lacking == 2
    assert queries.quality(officer, "files").total == 1
