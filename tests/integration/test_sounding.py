"""People found by what is typed in letters: the same whether a county is asked by its own index or all are looked at."""

from itertools import product
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from yingjin.basics.access import CIVIL_AFFAIRS_OFFICER, Scope
from yingjin.insight.domain.searching import from_prefix
from yingjin.insight.queries.sight import Sight
from yingjin.insight.queries.sounding import _by_letters, _by_pinyin, sounding
from yingjin.registry.models import Person

pytestmark = pytest.mark.django_db
# A name may sound like the first letters of another, and the other way round.
NAMES = [
    ("lixiang", "lx"),
    ("lxiang", "lx"),
    ("luoxiaoying", "lxy"),
    ("chen", "c"),
    ("caohaoenning", "chen"),
    ("", ""),
]
VILLAGES = ("520527102201", "520527103200", "520526101200")
TYPED = ("l", "li", "lx", "lxy", "chen", "c", "z", "lixiangdong")


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """Everybody there is here is of this test: names are made to be confused."""
    with django_db_blocker.unblock():
        made = [
            Person(key=uuid4(), name="某", pinyin=pinyin, initials=initials, region_code=village, digest="")
            for (pinyin, initials), village, _ in product(NAMES, VILLAGES, range(2))
        ]
        for each in made:
            each.save(force_insert=True)
        made[0].merged_into = made[1]
        made[0].save(update_fields=["merged_into"])
        yield made
        Person.objects.filter(pk=made[0].pk).delete()
        Person.objects.filter(pk__in=[each.pk for each in made]).delete()


@pytest.mark.parametrize("scope", [
    Scope("520527"), Scope("520526"), Scope("520527102"), Scope("520527102201"), Scope("5205"), Scope(),
    Scope("520527", desk=CIVIL_AFFAIRS_OFFICER), Scope(facility_code="H1"), Scope("520527", sees_people=False),
])  # fmt: skip
def test_finds_whom_either_spelling_begins_in_one_order(people, scope):
    sight = Sight(scope)
    for typed in TYPED:
        low, high = from_prefix(typed)
        fitting = Q(pinyin__gte=low, pinyin__lt=high) | Q(initials__gte=low, initials__lt=high)
        keys = list(sight.persons().filter(fitting).order_by("pinyin", "key").values_list("key", flat=True))
        found = sounding(sight, typed)
        assert found.total == len(keys), typed
        assert set(found.rows.values_list("key", flat=True)) == set(keys), typed
        for first in range(0, len(keys) + 1, 4):
            assert list(found.keys(first, first + 4)) == keys[first : first + 4], typed


def test_a_county_of_some_finds_some(people):
    assert (
        sounding(Sight(Scope("520527")), "lx").total == 11
    )  # three names, two villages, twice; one is another


def test_the_county_is_written_with_the_region_and_the_database_refuses_another(people):
    one = Person.objects.get(pk=people[2].pk)
    assert one.county_code == one.region_code[:6] == "520527"
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=one.pk).update(region_code=VILLAGES[2])
    one.region_code = VILLAGES[2]
    one.save()
    one.refresh_from_db()
    assert one.county_code == "520526"


OTHER_INDEXES = """
SELECT indexrelid::regclass::text FROM pg_index one
WHERE indrelid = 'registry_person'::regclass AND indexrelid::regclass::text NOT IN ('person_sounding', 'person_by_first_letters')
AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = one.indexrelid)
"""


def _leave_no_other_way(cursor):
    """Until the test's transaction is rolled back: so few rows would be read in any way."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(OTHER_INDEXES)
    for (index,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {index}")
    for way in ("seqscan", "bitmapscan"):
        cursor.execute(f"SET LOCAL enable_{way} = off")


@pytest.mark.parametrize("count", [_by_pinyin, _by_letters])
def test_a_county_is_counted_by_its_own_range_of_an_index(people, count):
    """Whatever other counties hold: the range begins with the county's code. For so few rows either index will do."""
    rows = count.__wrapped__(Sight(Scope("520527")), from_prefix("li"))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _leave_no_other_way(cursor)
        plan = rows.explain().splitlines()
    used = [line for line in plan if "person_sounding" in line or "person_by_first_letters" in line]
    assert used, plan
    assert "COVERING INDEX" in used[0] or "Index Only Scan" in used[0]
    assert any("county_code" in line for line in plan), plan
