"""Queries whose SQL is worked out once: they find what the query itself finds, for every reader and number of keys."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from yingjin.basics.access import Scope
from yingjin.basics.prepared import MOST_KEYS, counted, prepared
from yingjin.insight.queries.sight import Sight
from yingjin.registry.models import Person, RegionSuccession

pytestmark = pytest.mark.django_db
BORN = date(1970, 1, 1)


def born_before(sight: Sight, keys: Collection[UUID], on: date) -> QuerySet[Any]:
    rows = sight.persons().filter(Q(born_on=None) | Q(born_on__lt=on), key__in=keys)
    return rows.order_by("key").values_list("key", "name", "born_on", "region_code")


def whole_rows(keys: Collection[UUID]) -> QuerySet[Any]:
    return Person.objects.filter(key__in=keys).select_related("merged_into").order_by("key")


def one_of(key: UUID) -> QuerySet[Any]:
    return Person.objects.filter(key=key).values_list("name", flat=True)


@pytest.fixture
def people() -> list[Person]:
    made = []
    for number in range(21):
        made.append(
            Person.objects.create(
                key=uuid4(),
                name=f"陈某{number}",
                pinyin="chen mou",
                initials="cm",
                sex="male",
                born_on=date(1960 + number, 5, 1) if number % 3 else None,
                region_code="520527102201" if number % 2 else "520526101200",
                merged_into=made[0] if number == 20 else None,
            )
        )
    return made


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 9, 21])
@pytest.mark.parametrize("region", ["520527", "520526", "5205", ""])
def test_finds_the_same_for_any_number_of_keys_and_any_reader(
    people: list[Person], count: int, region: str
) -> None:
    sight, ask = Sight(Scope(region_prefix=region)), prepared(born_before)
    for keys in ([each.key for each in people[:count]], {each.key for each in people[-count:]}):
        for on in (BORN, date(1975, 1, 1)):
            assert ask(sight, keys, on) == list(born_before(sight, keys, on))


def successions(numbers: Collection[int]) -> QuerySet[Any]:
    return RegionSuccession.objects.filter(pk__in=numbers).order_by("pk").values_list("pk", "old_code")


def test_rows_are_found_by_their_numbers() -> None:
    made = [
        RegionSuccession.objects.create(old_code=f"5205{n}", new_code="", on=BORN, what="") for n in range(9)
    ]
    ask, numbers = prepared(successions), [each.pk for each in made]
    for some in (numbers[:1], numbers[:3], numbers[4:], [*numbers, max(numbers) + 7]):
        assert ask(some) == list(successions(some))


@pytest.mark.parametrize("region", ["520527", "520526", "5205", ""])
def test_rows_are_counted_as_they_are_found(people: list[Person], region: str) -> None:
    sight, count = Sight(Scope(region_prefix=region)), counted(born_before)
    for keys in ([each.key for each in people], {people[1].key, uuid4()}, [uuid4()], []):
        assert count(sight, keys, BORN) == len(born_before(sight, keys, BORN))
    many = [each.key for each in people] + [uuid4() for _ in range(MOST_KEYS)]
    assert count(sight, many, BORN) == len(born_before(sight, many, BORN))


def test_keys_asked_for_later_do_not_bring_what_was_found_before(people: list[Person]) -> None:
    ask = prepared(one_of)
    assert [ask(each.key) for each in people[:3]] == [[each.name] for each in people[:3]]
    assert ask(uuid4()) == []


def test_rows_of_a_model_come_whole_with_what_they_select_beside(people: list[Person]) -> None:
    rows = prepared(whole_rows)([each.key for each in people])
    plain = list(whole_rows([each.key for each in people]))
    names = [field.attname for field in Person._meta.concrete_fields]
    assert [[getattr(each, name) for name in names] for each in rows] == [
        [getattr(each, name) for name in names] for each in plain
    ]
    with CaptureQueriesContext(connection) as asked:
        merged = next(each for each in rows if each.merged_into_id)
        assert merged.merged_into.name == people[0].name
    assert len(asked) == 0


def test_no_keys_find_nothing_without_asking_and_very_many_are_asked_as_they_are(
    people: list[Person],
) -> None:
    ask = prepared(whole_rows)
    with CaptureQueriesContext(connection) as asked:
        assert ask([]) == []
    assert len(asked) == 0
    many = [each.key for each in people] + [uuid4() for _ in range(MOST_KEYS)]
    assert {each.key for each in ask(many)} == {each.key for each in people}


def test_a_day_that_the_query_turns_into_something_else_is_refused() -> None:
    def of_year(on: date) -> QuerySet[Any]:
        return Person.objects.filter(born_on__year=on.year).values_list("key", flat=True)

    with pytest.raises(AssertionError, match="does not reach the query"):
        prepared(of_year)(BORN)
