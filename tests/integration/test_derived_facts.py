"""A table of derived facts follows what the rows say: added, changed, removed, and nothing written for the rest."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.rows import landed_row, somebody
from yingjin.basics import derived
from yingjin.basics.derived import sync
from yingjin.care.models import Contract
from yingjin.registry.models import Household

pytestmark = pytest.mark.django_db
FIELDS = ("region_code", "doctor", "team", "valid_from", "valid_to")
JULY = date(2025, 7, 1)


@pytest.fixture
def person():
    return somebody()


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    """Batches of two, so that a few facts fall into several."""
    monkeypatch.setattr(derived, "BATCH", 2)


def contracts(person, count=5):
    return [
        {
            "person_id": person,
            "region_code": "520527102001",
            "doctor": f"医生{number}",
            "team": "",
            "valid_from": JULY,
            "valid_to": None,
            "row_id": landed_row("contract").pk,
        }
        for number in range(count)
    ]


def synced(drafts):
    return sync(Contract, drafts, match=("person_id", "row_id"), compare=FIELDS)


def test_facts_that_are_not_there_are_added(person):
    tally = synced(contracts(person))
    assert (tally.added, tally.changed, tally.removed, tally.unchanged) == (5, 0, 0, 0)
    assert set(Contract.objects.values_list("doctor", "valid_from")) == {(f"医生{n}", JULY) for n in range(5)}


def test_the_same_facts_again_write_nothing(person):
    drafts = contracts(person)
    synced(drafts)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        tally = synced(list(reversed(drafts)))
    assert (tally.written, tally.unchanged) == (0, 5)
    assert not [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_fact_that_differs_is_changed_in_its_place(person):
    drafts = contracts(person)
    synced(drafts)
    keys = set(Contract.objects.values_list("pk", flat=True))
    tally = synced([*drafts[:4], {**drafts[4], "valid_to": date(2026, 1, 1), "doctor": "另一位"}])
    assert (tally.changed, tally.unchanged) == (1, 4)
    assert set(Contract.objects.values_list("pk", flat=True)) == keys
    assert Contract.objects.get(valid_to=date(2026, 1, 1)).doctor == "另一位"


def test_a_fact_no_row_speaks_of_goes_and_one_of_another_person_is_another(person):
    drafts = contracts(person)
    synced(drafts)
    other = somebody("2")
    tally = synced([*drafts[:3], {**drafts[3], "person_id": other}])
    assert (tally.added, tally.removed, tally.unchanged) == (1, 2, 3)
    assert Contract.objects.filter(person=other).count() == 1 and Contract.objects.count() == 4


def test_no_fact_goes_where_nothing_may_be_removed():
    homes = [
        {"key": somebody(str(number)), "number": f"H{number}", "region_code": "520527102001"}
        for number in range(3)
    ]
    for drafts in (homes, homes[:1], []):
        tally = sync(Household, drafts, match=("number",), compare=("region_code",), remove=False)
        assert tally.removed == 0
    assert Household.objects.count() == 3
