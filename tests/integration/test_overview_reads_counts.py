"""The overview reads counts that were made when the dues were found: nobody is looked at, however many there are."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.small_county import ON, VILLAGES, SmallCounty, reader
from yingjin.insight.queries import kept
from yingjin.insight.queries.overview import overview
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
COUNTS = {"gaps_finding", "insight_summary", "insight_tally", "insight_duetally"}


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch):
    monkeypatch.setattr(kept, "_memory", {})


def read_by_overview(county: SmallCounty, officer: User) -> tuple[set[str], int, int]:
    """Find the dues, open the overview, and return the tables it read, its queries and how many rows they gave."""
    county.hold()
    county.find()
    with CaptureQueriesContext(connection) as asked:
        overview(officer, ON)
    statements = [each["sql"] for each in asked]
    with connection.cursor() as cursor:
        rows = 0
        for statement in statements:
            cursor.execute(statement)
            rows += len(cursor.fetchall())
    return {table for each in statements for table in TABLE.findall(each)}, len(statements), rows


def test_opening_it_reads_counts_and_no_row_about_anybody():
    county, officer = SmallCounty(), reader("county_officer")
    county.person("缺保", VILLAGES[0], enrolled=False)
    tables, queries, _ = read_by_overview(county, officer)
    assert "insight_tally" in tables
    assert tables <= COUNTS
    assert queries <= 9


def test_fifty_times_the_people_are_no_row_more_to_read():
    county, officer = SmallCounty(), reader("county_officer")
    county.person("缺保", VILLAGES[0], enrolled=False)
    _, queries, rows = read_by_overview(county, officer)
    for number in range(50):
        county.person(f"又缺{number}", VILLAGES[0], enrolled=False)
    kept._memory.clear()
    _, queries_of_many, rows_of_many = read_by_overview(county, officer)
    assert (queries_of_many, rows_of_many) == (queries, rows)
