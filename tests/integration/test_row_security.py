"""The second wall: PostgreSQL itself shows a reader the rows of the scope alone, whatever a query forgot (D8)."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.support.brought_in import brought_in
from tests.support.database import ON_POSTGRES
from tests.support.known_county import KnownCounty
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics import row_security
from yingjin.basics.access import Scope, within
from yingjin.registry.models import Person

pytestmark = pytest.mark.django_db
COUNTY, NEXT_COUNTY = "520527", "520526"
NOBODY = Scope()


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def seeing():
    """Say what the connection may see, for one test."""
    yield row_security.see
    row_security.stop_seeing()


def protected():
    return [model for model in apps.get_models() if model._meta.db_table in row_security.conditions()]


def rows(model) -> int:
    return model._default_manager.count()


def test_every_table_says_whose_its_rows_are():
    assert {
        "registry_person",
        "fusion_row",
        "gaps_due",
        "settlement_bill",
    } <= row_security.conditions().keys()


def test_a_connection_that_said_nothing_sees_no_row_about_anybody(county, seeing):
    assert all(rows(model) for model in (Person,))
    seeing(NOBODY)
    seen = {model._meta.label: rows(model) for model in protected() if rows(model)}
    assert seen == {} if ON_POSTGRES else seen


def test_a_reader_sees_the_own_region_without_any_filter(county: KnownCounty, seeing):
    everybody = rows(Person)
    of_village = within(Person.objects.all(), Scope(VILLAGE)).count()
    assert 0 < of_village < everybody
    seeing(Scope(VILLAGE))
    assert rows(Person) == (of_village if ON_POSTGRES else everybody)
    seeing(Scope(COUNTY))
    assert rows(Person) == everybody
    seeing(Scope(NEXT_COUNTY))
    assert rows(Person) == (0 if ON_POSTGRES else everybody)


def test_no_table_shows_one_village_a_row_of_the_other(county: KnownCounty, seeing):
    """Whatever a row hangs on: of two villages that share nobody no row of a protected table is seen by both."""
    if not ON_POSTGRES:
        assert row_security.protect() == 0
        return
    shared = []
    for model in protected():
        seeing(Scope(VILLAGE))
        one = set(model._default_manager.values_list("pk", flat=True))
        seeing(Scope(OTHER_VILLAGE))
        other = set(model._default_manager.values_list("pk", flat=True))
        if one & other:
            shared.append(model._meta.label)
    assert shared == []


def test_nothing_is_written_into_or_changed_in_another_region(county: KnownCounty, seeing):
    seeing(Scope(NEXT_COUNTY))
    changed = Person.objects.filter(region_code__startswith=COUNTY).update(sex="male")
    assert changed == 0 if ON_POSTGRES else changed
    facts = {"name": "某", "pinyin": "mou", "initials": "m", "region_code": VILLAGE, "digest": ""}
    if ON_POSTGRES:
        with pytest.raises(DatabaseError), transaction.atomic():
            Person.objects.create(key=uuid4(), **facts)


def test_what_was_said_ends_with_the_request(county: KnownCounty):
    everybody = rows(Person)
    row_security.see(Scope(VILLAGE))
    row_security.stop_seeing()
    assert rows(Person) == everybody


def test_a_query_with_its_own_reason_sees_further_and_nothing_after_it(county: KnownCounty, seeing):
    everybody = rows(Person)
    seeing(Scope(VILLAGE))
    before = rows(Person)
    with row_security.widened():
        assert rows(Person) == everybody
    assert rows(Person) == before


def test_the_policies_are_put_on_once_and_again_when_they_change():
    assert row_security.protect() == 0
    if ON_POSTGRES:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DROP POLICY {row_security.POLICY} ON gaps_gapletter"
            )  # one that nothing waits on in this transaction
        assert row_security.protect() == 1
        assert row_security.protect() == 0


def test_the_range_of_a_scope_uses_the_index_on_the_region(county: KnownCounty, seeing):
    if not ON_POSTGRES:
        return
    seeing(Scope(VILLAGE))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT count(*) FROM registry_person WHERE region_code >= %s AND region_code < %s",
            [VILLAGE, VILLAGE + "~"],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (((region_code)" in plan, plan
