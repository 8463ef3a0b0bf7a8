"""What pages keep in memory: asked for once while the finding is the same, seen anew after any change of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.small_county import ON, VILLAGES, SmallCounty, reader
from yingjin.insight.queries.gaps import gaps
from yingjin.insight.queries.overview import overview
from yingjin.insight.queries.shapes import GapsWanted

pytestmark = pytest.mark.django_db
OFFICER = "county_officer"


@pytest.fixture
def county() -> SmallCounty:
    county = SmallCounty()
    county.person("齐", VILLAGES[0])
    county.person("缺保", VILLAGES[0], enrolled=False)
    county.hold()
    county.find()
    return county


def lacking(page) -> int:
    return sum(each.open + each.unknown for each in page.dues)


def test_the_same_finding_is_counted_once(county):
    officer = reader(OFFICER)
    with CaptureQueriesContext(
        connection,
    ) as first:
        one = overview(officer, ON)
    with CaptureQueriesContext(connection) as second:
        other = overview(officer, ON)
    assert other == one
    assert len(second) < len(first)


def test_a_new_finding_of_the_day_is_seen_by_the_next_page(county):
    officer = reader(OFFICER)
    assert (lacking(overview(officer, ON)), gaps(officer, ON, GapsWanted()).total) == (1, 1)
    county.person("缺签", VILLAGES[1], contracted=False)
    county.hold()
    county.find()
    assert (lacking(overview(officer, ON)), gaps(officer, ON, GapsWanted()).total) == (2, 2)


def test_one_readers_counts_are_not_anothers(county):
    officer, doctor = reader(OFFICER), reader("village_doctor", VILLAGES[1])
    assert gaps(officer, ON, GapsWanted()).total == 1
    assert gaps(doctor, ON, GapsWanted()).total == 0
    assert lacking(overview(doctor, ON)) == 0
