"""A department's home reads counts made when the dues were found: nobody is looked at to count, however many there are."""

from dataclasses import replace
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.brought_in import brought_in
from tests.support.known_county import ON
from tests.support.registers import VILLAGE
from yingjin.basics.access import (
    CIVIL_AFFAIRS_OFFICER,
    INSURANCE_OFFICER,
    OWN_LISTS_ONLY,
    REVITALISATION_OFFICER,
)
from yingjin.gaps.models import Due
from yingjin.insight.actions import find_dues
from yingjin.insight.models import DueTally, Tally
from yingjin.insight.queries import kept
from yingjin.insight.queries.shapes import GapsWanted
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
listing = import_module("yingjin.insight.queries.gaps")  # the package names its function alike
ROLES = (INSURANCE_OFFICER, CIVIL_AFFAIRS_OFFICER, REVITALISATION_OFFICER)
COUNTED = ("total", "persons", "late", "dues", "statuses", "regions", "reasons", "owners", "ages")
ASKED = (
    {}, {"status": "due"}, {"status": "done"}, {"status": "late"}, {"status": "excepted"}, {"due": "covered"},
    {"region_code": VILLAGE}, {"region_code": VILLAGE[:9], "due": "insured", "status": "due"}, {"age": "365-"},
)  # fmt: skip


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture(autouse=True)
def nothing_in_memory(monkeypatch):
    monkeypatch.setattr(kept, "_memory", {})


def test_every_department_has_its_role():
    assert set(ROLES) == OWN_LISTS_ONLY


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("region", ["520527", VILLAGE[:9]])
def test_what_was_counted_is_what_counting_now_gives(county, role, asked, region, monkeypatch):
    reader = county.reader(role, region)
    counted = listing.gaps(reader, ON, GapsWanted(**asked))
    kept._memory.clear()
    monkeypatch.setattr(listing, "_counted_live", lambda at, wanted: True)
    now = listing.gaps(reader, ON, GapsWanted(**asked))
    for name in COUNTED:
        assert getattr(counted, name) == getattr(now, name), name
    assert counted.total == len(counted.rows)


@pytest.mark.parametrize("role", ROLES)
def test_opening_it_counts_nobody(county, role):
    reader = county.reader(role)
    with CaptureQueriesContext(connection) as asked:
        page = listing.gaps(reader, ON, GapsWanted())
    counting = [each["sql"] for each in asked if "COUNT(" in each["sql"].upper()]
    # Tasks are few and change by the hour: they are counted from the tasks.
    scanned = [each for each in counting if "gaps_due" in each and "gaps_gapwork" not in each]
    assert scanned == [], scanned
    assert any("insight_duetally" in each["sql"] for each in asked)
    assert page.found_at is not None


def test_the_page_says_when_it_was_counted(county):
    reader = county.reader(CIVIL_AFFAIRS_OFFICER)
    reader.save()
    browser = Client()
    browser.force_login(User.objects.get(pk=reader.pk))
    page = browser.get("/gaps/").content.decode()
    found_at = listing.gaps(reader, ON, GapsWanted()).found_at.astimezone()
    assert f"{found_at:%Y-%m-%d}" in page and "找出。" in page


def test_a_finding_of_before_is_counted_as_it_stands(county):
    reader = county.reader(INSURANCE_OFFICER)
    wanted = GapsWanted()
    counted = listing.gaps(reader, ON, wanted)
    Tally.objects.filter(audience=INSURANCE_OFFICER).delete()
    DueTally.objects.filter(audience=INSURANCE_OFFICER).delete()
    kept._memory.clear()
    assert replace(listing.gaps(reader, ON, wanted), rows=[]) == replace(counted, rows=[])


def test_who_comes_on_a_list_is_counted_when_the_dues_are_found_again(county, monkeypatch):
    from django.utils import timezone

    from yingjin.basics.access import Robot
    from yingjin.registry.models import CategoryHeld

    reader = county.reader(REVITALISATION_OFFICER)
    before = listing.gaps(reader, ON, GapsWanted(status="due")).total
    CategoryHeld.objects.filter(category__in=("C02", "C11", "C15", "C16", "C17")).update(category="C06")
    find_dues(on=ON, region_code="520527", by=Robot(), at=timezone.now())
    kept._memory.clear()
    assert before > listing.gaps(reader, ON, GapsWanted(status="due")).total == 0
    assert Due.objects.exists()
