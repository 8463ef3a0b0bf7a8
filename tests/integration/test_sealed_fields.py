"""What is sealed opens in its own row and column alone, however it is read."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import FieldError
from django.db import connection, transaction
from django.db.models import F

from tests.support.rows import AT
from tests.support.small_county import HIV, STROKE, SmallCounty
from yingjin.basics import bulk
from yingjin.basics.access import Robot
from yingjin.basics.keys import KeyMissing
from yingjin.basics.opening import Opening, Stored
from yingjin.basics.resealing import hiding_models, keys_fit, left_in, seal_anew
from yingjin.basics.sealed_fields import key_text, sealed_fields
from yingjin.basics.sealing import AES, NotOpened
from yingjin.care.models import Condition
from yingjin.fusion.models import RegisterPerson, Row
from yingjin.gaps.models import Due, Gap
from yingjin.registry.actions.persons import PersonDraft, hold_persons
from yingjin.registry.actions.second_factor import begin_second_factor, own_secret
from yingjin.registry.models import CategoryHeld, Person, SecondFactor, User

pytestmark = pytest.mark.django_db
ONE, OTHER = UUID(int=1), UUID(int=2)
NUMBER, PHONE = "522428198001011234", "13900001111"


@pytest.fixture
def two() -> None:
    """Two people with a name, a number and a phone each."""
    drafts = [
        PersonDraft(key, name, "male", date(1980, 1, 1), number, phone, "520527001001", {"name": "poverty"})
        for key, name, number, phone in ((ONE, "张三", NUMBER, PHONE), (OTHER, "李四", "B", "2"))
    ]
    hold_persons(drafts, by=Robot(), at=AT)


def lying(table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns as they lie there, in order of the table's keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1")
        return list(cursor.fetchall())


def put(table: str, column: str, key: str, values: dict[Any, Any]) -> None:
    """Write values by the rows' keys, past every field."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s",
            [(value, pk) for pk, value in values.items()],
        )


READINGS: dict[str, Callable[[], Any]] = {
    "a model": lambda: [person.name for person in Person.objects.all()],
    "one model": lambda: Person.objects.get(pk=ONE).name,
    "a deferred field": lambda: Person.objects.only("key").get(pk=ONE).name,
    "values_list": lambda: list(Person.objects.values_list("name", flat=True)),
    "values": lambda: list(Person.objects.values("name")),
    "an annotation": lambda: list(Person.objects.annotate(called=F("name")).values_list("called")),
    "through a relation": lambda: list(RegisterPerson.objects.values_list("person__name")),
    "a relation selected": lambda: [each.person.name for each in RegisterPerson.objects.select_related("person")],
    "a union": lambda: list(Person.objects.filter(pk=ONE).values_list("name").union(Person.objects.filter(pk=OTHER).values_list("name"))),
    "one after another": lambda: list(Person.objects.values_list("pk", "name").iterator(chunk_size=1)),
}  # fmt: skip


def test_many_are_opened_by_the_batch_each_in_its_own_row_alone(two: None) -> None:
    rows = dict(Person.objects.values_list("key", Stored("name")))
    assert all("张三" not in each and "李四" not in each for each in rows.values())
    opening = Opening(Person)
    assert {opening.text("name", key, each) for key, each in rows.items()} == {"张三", "李四"}
    assert opening.text("name", ONE, "") == ""
    for key, stored in ((ONE, rows[OTHER]), (ONE, rows[ONE][:-8]), (ONE, "no base64"), (ONE, "AAAA")):
        with pytest.raises(NotOpened):
            opening.text("name", key, stored)
    with pytest.raises(NotOpened):
        opening.text("phone", ONE, rows[ONE])
    with pytest.raises(AssertionError):
        opening.text("sources", ONE, rows[ONE])


@pytest.fixture
def registered(two: None) -> None:
    RegisterPerson.objects.create(
        register="insurance", number="1", name="张三", name_key="张三", name_first="张三", identity_number=NUMBER,
        identity_index=NUMBER, identity_valid=True, region_code="520527001001", person_id=ONE,
    )  # fmt: skip


@pytest.mark.parametrize("reading", READINGS)
def test_every_way_of_reading_opens_what_is_sealed(registered: None, reading: str) -> None:
    assert "张三" in str(READINGS[reading]())


@pytest.mark.parametrize("reading", READINGS)
def test_a_value_moved_to_another_row_is_refused_however_it_is_read(registered: None, reading: str) -> None:
    (one, mine), (other, yours) = lying("registry_person", "key", "name")
    put("registry_person", "name", "key", {one: yours, other: mine})
    with pytest.raises(NotOpened):
        READINGS[reading]()


@pytest.mark.parametrize("column", ["phone", "identity_number"])
def test_a_value_moved_to_another_column_is_refused(two: None, column: str) -> None:
    put("registry_person", column, "key", dict(lying("registry_person", "key", "name")))
    with pytest.raises(NotOpened):
        list(Person.objects.values_list(column))
    with pytest.raises(NotOpened):
        list(Person.objects.all())


def test_a_value_moved_to_another_table_is_refused(registered: None) -> None:
    (row,) = lying("fusion_registerperson", "id")
    put("fusion_registerperson", "name", "id", {row[0]: lying("registry_person", "key", "name")[0][1]})
    with pytest.raises(NotOpened):
        RegisterPerson.objects.get()


def test_clear_text_in_a_sealed_column_is_refused(two: None) -> None:
    put("registry_person", "name", "key", {lying("registry_person", "key")[0][0]: "张三"})
    with pytest.raises(NotOpened) as refused:
        list(Person.objects.values_list("name"))
    assert "registry_person.name" in refused.value.reason_zh and "张三" not in refused.value.reason_zh


def test_the_words_of_a_rows_key_open_for_its_number_alone() -> None:
    county = SmallCounty()
    county.person("病")
    county.hold()
    source = Row.objects.values_list("file_id", flat=True).first()
    rows = [
        [source, "health", "condition", 1, number, f"{number}|{icd}", 1, "", {}, True, True, AT]
        for number, icd in (("J1", HIV), ("J2", HIV), ("J3", "a||b"))
    ]
    names = (
        "file", "register", "kind", "row_number", "number", "key", "version", "digest", "payload", "accepted", "current",
        "landed_at",
    )  # fmt: skip
    bulk.insert(Row, (*names, "reasons", "sheet", "ended_why"), [[*row, [], "", ""] for row in rows])
    assert Row.objects.get(key=f"J1|{HIV}").number == "J1"
    assert set(Row.objects.filter(key__in=[f"J2|{HIV}", "J3|a||b"]).values_list("number", flat=True)) == {
        "J2",
        "J3",
    }
    words = {number: key for number, key in lying("fusion_row", "number", "key") if number in ("J1", "J2")}
    assert HIV not in str(words) and words["J1"].split("~")[1] != words["J2"].split("~")[1]
    put("fusion_row", "key", "number", {"J2": words["J1"].replace("J1|", "J2|")})
    with pytest.raises(NotOpened):
        list(Row.objects.filter(number="J2").values_list("key"))


def test_people_are_found_by_the_whole_number_and_its_end_and_nothing_of_it_lies_there(two: None) -> None:
    assert Person.objects.get(identity_index=f" {NUMBER.lower()} ").pk == ONE
    assert Person.objects.get(identity_last4="1234").pk == ONE
    assert Person.objects.get(identity_index__in=[NUMBER, "9"]).pk == ONE
    assert not Person.objects.filter(identity_index="522428198001011235").exists()
    assert "1234" not in str(lying("registry_person", "identity_index", "identity_last4", "digest"))


def test_an_index_read_is_written_back_as_it_was(two: None) -> None:
    before = lying("registry_person", "key", "identity_index", "identity_last4")
    for person in Person.objects.all():
        person.save()
    assert lying("registry_person", "key", "identity_index", "identity_last4") == before


def test_the_same_word_lies_there_alike_and_another_table_compares_with_it() -> None:
    county = SmallCounty()
    keys = [county.person(name) for name in ("甲", "乙", "丙")]
    for key, icd in zip(keys, (STROKE, STROKE, HIV), strict=True):
        county.ill(key, icd)
    county.hold()
    assert Condition.objects.filter(disease="脑卒中").count() == 2
    assert sorted(Condition.objects.values_list("disease", flat=True)) == sorted(
        ["脑卒中", "脑卒中", "艾滋病机会感染"]
    )
    lie = [word for _, word in lying("care_condition", "id", "disease")]
    assert len(set(lie)) == 2 and not any("脑" in word for word in lie)
    assert CategoryHeld.objects.filter(category="C02").count() == 3
    assert "C02" not in str(lying("registry_categoryheld", "category"))


def test_nobody_asks_the_database_for_what_is_sealed(two: None) -> None:
    for asked in ({"name": "张三"}, {"name__startswith": "张"}, {"identity_index__gt": "1"}):
        with pytest.raises(FieldError):
            Person.objects.filter(**asked).exists()
    assert Person.objects.filter(phone="").count() == 0


def test_a_change_that_knows_no_row_is_refused(two: None) -> None:
    with pytest.raises(AssertionError, match="bound to its row"), transaction.atomic():
        Person.objects.update(name="王五")
    one = Person.objects.get(pk=ONE)
    one.name = "王五"
    with pytest.raises(AssertionError, match="bound to its row"), transaction.atomic():
        Person.objects.bulk_update([one], ["name"])
    bulk.update(Person, ("name",), [("王五", ONE)])
    assert Person.objects.get(pk=ONE).name == "王五"


def test_rows_that_number_themselves_are_bound_to_the_number_they_get() -> None:
    county = SmallCounty()
    person = county.person("甲")
    county.hold()
    facts = {
        "region_code": "520527001001", "due": "treated", "subject": "脑卒中", "sensitive": False, "open": True,
        "unknown": False, "reason": "r", "owner_role": "o", "shortfall_fen": 0, "opened_on": date(2025, 1, 1),
        "deadline": date(2025, 2, 1), "person_id": person,
    }  # fmt: skip
    created = Gap.objects.create(facts={"n": 1}, **facts)
    saved = Gap(facts={"n": 2}, **facts | {"subject": "肺癌"})
    saved.save()
    several = [Gap(facts={"n": each}, **facts | {"subject": f"病{each}"}) for each in (3, 4, 5)]
    Gap.objects.bulk_create(bulk.numbered(several))
    values = {"facts": {"n": 6}, **facts, "subject": "末", "closed_by_evidence": "", "closed_on": None}
    bulk.insert(Gap, list(values), [list(values.values())])
    assert sorted(each["n"] for each in Gap.objects.values_list("facts", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert created.pk < saved.pk < several[0].pk < Gap.objects.latest("pk").pk
    saved.facts = {"n": 7}
    saved.save(update_fields=["facts"])
    assert Gap.objects.get(pk=saved.pk).facts == {"n": 7} and Gap.objects.get(subject="肺癌").pk == saved.pk


def test_a_rotation_gives_every_table_the_present_keys(tmp_path: Any, settings: Any) -> None:
    county = SmallCounty()
    county.ill(county.person("甲"), STROKE)
    county.hold()
    county.find()
    before = {model: everything(model) for model in hiding_models()}
    settings.CIPHER = "aes"
    waiting = {model: left_in(model) for model in hiding_models()}
    assert waiting[Person] and waiting[Condition] and waiting[Due] and waiting[CategoryHeld]
    for model, count in waiting.items():
        assert sum(seal_anew(model)) == count
        assert left_in(model) == 0
    assert {model: everything(model) for model in hiding_models()} == before
    settings.KEY_FILE = tmp_path / "other.json"
    with pytest.raises(KeyMissing):
        keys_fit()
    assert not settings.KEY_FILE.exists()


def test_a_rotation_seals_the_second_factors_anew_too(settings: Any) -> None:
    user = User.objects.create(username="u", display_name="u", role="county_officer", region_code="520527")
    begin_second_factor(by=user, at=AT)
    secret = own_secret(user)
    settings.CIPHER = "aes"
    assert left_in(SecondFactor) == 1
    assert sum(seal_anew(SecondFactor)) == 1
    assert left_in(SecondFactor) == 0
    assert own_secret(user) == secret and bytes(SecondFactor.objects.get().secret)[1] == AES


def everything(model: Any) -> list[Any]:
    names = [field.name for field in model._meta.concrete_fields]
    return sorted(map(str, model.objects.values_list(*names)))


def test_every_sealed_column_of_the_product_is_hidden_from_copies() -> None:
    kept = [
        f"{model.__name__}.{field.name}"
        for model in hiding_models()
        for field in sealed_fields(model)
        if field.name not in model.Privacy.hide
    ]
    assert kept in ([], ["Summary.registers"]), kept


def test_a_key_not_known_yet_is_no_place() -> None:
    with pytest.raises(AssertionError):
        key_text(None)
