"""Register persons become persons: linked on number and name, held, merged, parted, and listed where in doubt."""

import pytest

from tests.support.registers import (
    OTHER_VILLAGE,
    VILLAGE,
    identity_no,
    landed,
    row,
    write_csv,
    write_facilities,
    write_workbook,
)
from tests.support.rows import AT
from yingjin.basics.access import Robot, Scope
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.fusion import queries
from yingjin.fusion.actions import link
from yingjin.fusion.models import RegisterPerson, Row, UnlinkedPair
from yingjin.registry.models import Person

pytestmark = pytest.mark.django_db

ID, OTHER_ID = identity_no(1), identity_no(3)
COUNTY = Scope("520527")


@pytest.fixture
def folder(tmp_path):
    write_facilities(tmp_path, "F1")
    return tmp_path


def lands(folder, *, poverty=(), insurance=(), health=(), bills=()):
    """Land registers whose rows are given by number, name and identity number, and link them."""
    for name in ("p.xlsx", "i.csv", "h.xlsx", "s.csv"):
        (folder / name).unlink(missing_ok=True)
    if poverty:
        write_workbook(folder / "p.xlsx", {"lifted": [row("lifted", **each) for each in poverty]})
    if insurance:
        write_csv(folder / "i.csv", "enrolment", [row("enrolment", **each) for each in insurance])
    if health:
        write_workbook(folder / "h.xlsx", {"record": [row("record", **each) for each in health]})
    if bills:
        write_csv(folder / "s.csv", "settlement", [row("settlement", **each) for each in bills])
    landed(folder)
    return link(by=Robot(), at=AT)


def one(number, name="王小明", identity=ID, **more):
    return {"register_no": number, "name": name, "identity_no": identity, **more}


def person_of(register, number):
    return queries.persons_of(register)[number]


def test_equal_numbers_and_names_are_one_person(folder):
    tally = lands(folder, poverty=[one("P1")], insurance=[one("N1")], health=[one("R1")])
    assert (tally.persons, tally.linked, tally.register_persons) == (1, 1, 3)
    assert person_of("poverty", "P1") == person_of("insurance", "N1") == person_of("health", "R1")
    person = Person.objects.get()
    assert (person.name, person.identity_number, person.region_code) == ("王小明", ID, VILLAGE)
    assert person.sources["name"] == "poverty" and person.sources["born_on"] == "insurance"


def test_a_number_of_fifteen_and_a_name_with_an_interpunct_link(folder):
    short = ID[:6] + ID[8:17]
    lands(folder, poverty=[one("P1", "阿依·古丽", short)], insurance=[one("N1", "阿依 古丽")])
    assert Person.objects.count() == 1
    assert Person.objects.get().identity_number == ID, "the whole number is shown where one register has it"


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ({"name": "李四"}, "same_number"),
        ({"identity": OTHER_ID}, "same_name_village"),
        ({"identity": ""}, "same_name_village"),
        ({"identity": "123"}, "same_name_village"),
    ],
)
def test_what_does_not_link_is_listed_and_starts_its_own_person(folder, theirs, why):
    lands(folder, poverty=[one("P1")], insurance=[one("N1", village=VILLAGE, **theirs)])
    assert Person.objects.count() == 2
    pair = UnlinkedPair.objects.get()
    assert (pair.one.register, pair.other.register, pair.why) == ("poverty", "insurance", why)
    assert queries.unlinked_persons() == {
        person_of("poverty", "P1"): {("insurance", why)},
        person_of("insurance", "N1"): {("poverty", why)},
    }


def test_neither_number_nor_name_and_village_in_common_is_not_listed(folder):
    lands(folder, poverty=[one("P1")], insurance=[one("N1", identity=OTHER_ID, village=OTHER_VILLAGE)])
    assert not UnlinkedPair.objects.exists()


def test_every_accepted_row_belongs_to_exactly_one_person(folder):
    bills = [{"bill_no": "S1", "register_no": "N9", "name": "无参保"}]
    lands(
        folder,
        poverty=[one("P1")],
        insurance=[one("N1"), one("N2", "无号", "")],
        health=[one("R1")],
        bills=bills,
    )
    for register in ("poverty", "insurance", "health"):
        persons = queries.persons_of(register)
        numbers = Row.objects.filter(register=register, current=True, accepted=True).values_list(
            "number", flat=True
        )
        assert set(numbers) == set(persons)
        assert Person.objects.filter(key__in=persons.values()).count() == len(set(persons.values()))


def test_linking_again_writes_nothing(folder):
    lands(folder, poverty=[one("P1")], insurance=[one("N1"), one("N2", "李四")])
    people, register_persons = list(Person.objects.values_list()), list(RegisterPerson.objects.values_list())
    pairs, events = list(UnlinkedPair.objects.values_list()), AuditEvent.objects.count()
    again = link(by=Robot(), at=AT)
    assert (again.unchanged, again.persons, again.linked, again.moved) == (True, 2, 1, 0)
    assert list(Person.objects.values_list()) == people
    assert list(RegisterPerson.objects.values_list()) == register_persons
    assert list(UnlinkedPair.objects.values_list()) == pairs
    assert AuditEvent.objects.count() == events


def test_a_person_keeps_the_key_when_a_lower_register_comes_or_goes(folder):
    lands(folder, poverty=[one("P1")])
    key = person_of("poverty", "P1")
    lands(folder, poverty=[one("P1")], insurance=[one("N1")])
    assert person_of("insurance", "N1") == key
    lands(folder, poverty=[one("P1")], insurance=[one("N1", "李四")])
    assert person_of("poverty", "P1") == key
    assert person_of("insurance", "N1") != key


def test_people_found_to_be_one_are_merged_and_parted_again(folder):
    apart = [one("N1", "李四")]
    lands(folder, poverty=[one("P1")], insurance=apart)
    poor, insured = person_of("poverty", "P1"), person_of("insurance", "N1")
    tally = lands(folder, poverty=[one("P1")], insurance=[one("N1")])
    assert tally.merged == 1
    assert Person.objects.get(key=insured).merged_into_id == poor
    lands(folder, poverty=[one("P1")], insurance=apart)
    assert person_of("insurance", "N1") == insured
    assert Person.objects.get(key=insured).merged_into is None


def test_going_back_to_the_first_registers_gives_the_first_persons(folder):
    first = {
        "poverty": [one("P1"), one("P2", "赵六", OTHER_ID)],
        "insurance": [one("N1")],
        "health": [one("R1", "李四")],
    }
    second = {
        "poverty": [one("P2", "赵六", OTHER_ID)],
        "insurance": [one("N1", "李四")],
        "health": [one("R1", "李四")],
    }

    def state():
        return {register: queries.persons_of(register) for register in ("poverty", "insurance", "health")}

    lands(folder, **first)
    persons = state()
    lands(folder, **second)
    assert person_of("insurance", "N1") == person_of("health", "R1")
    lands(folder, **first)
    assert state() == persons
    assert not Person.objects.filter(
        merged_into__isnull=False, key__in=set(persons["poverty"].values())
    ).exists()


def test_a_number_that_left_its_register_keeps_its_person_and_links_no_more(folder):
    lands(folder, poverty=[one("P1"), one("P2", "赵六", OTHER_ID)], insurance=[one("N1")])
    lands(folder, poverty=[one("P2", "赵六", OTHER_ID)], insurance=[one("N1")])
    gone = RegisterPerson.objects.get(number="P1")
    assert gone.withdrawn
    assert gone.person_id == person_of("insurance", "N1")
    assert [each.ended_why for each in queries.rows_of_person(gone.person_id) if each.number == "P1"] == [
        "withdrawn"
    ]


def test_a_register_that_disagrees_with_itself_lists_what_differs_newest_first(folder):
    bills = [
        {"bill_no": "S1", "register_no": "N1", "name": "王小名", "identity_no": OTHER_ID},
        {"bill_no": "S2", "register_no": "N1", "name": "王 小 明", "identity_no": ""},
    ]
    lands(folder, insurance=[one("N1", year="2024"), one("N1", "王晓明", year="2025")], bills=bills)
    person = RegisterPerson.objects.get()
    assert person.name == "王晓明", "the newest enrolment says who it is, not a bill"
    assert person.disagreements == {
        "name": ["王小名", "王 小 明", "王晓明"],
        "identity_number": [OTHER_ID, ID],
    }
    register, number, region, differing = next(queries.disagreements_for(COUNTY))
    assert (register, number, region) == ("insurance", "N1", "520527")
    assert differing["identity_number"] == ["522428 ········ " + OTHER_ID[-4:], "522428 ········ " + ID[-4:]]


def test_a_village_is_found_by_names_and_by_a_code(folder):
    lands(
        folder,
        poverty=[one("P1"), one("P2", "赵六", OTHER_ID, village_name="没有的村")],
        insurance=[one("N3", "钱七", "", village="520527102002")],
        health=[one("R4", "孙八", "", village="520527999999")],
    )
    regions = dict(RegisterPerson.objects.values_list("number", "region_code"))
    assert regions == {"P1": VILLAGE, "P2": "520527102", "N3": OTHER_VILLAGE, "R4": "520527"}
    remarks = {
        key: [each["code"] for each in reasons] for key, reasons in Row.objects.values_list("key", "reasons")
    }
    assert remarks["P2"] == ["unknown_place"]
    assert "unknown_region" in remarks["R4"]


def test_sex_and_birthday_not_written_are_read_from_the_number(folder):
    lands(folder, poverty=[one("P1")], insurance=[one("N2", "李四", "", born_on="1970-02-03", sex="2")])
    people = {each.name: each for each in Person.objects.all()}
    assert (people["王小明"].sex, str(people["王小明"].born_on)) == ("male", "1960-05-01")
    assert (people["李四"].sex, str(people["李四"].born_on)) == ("female", "1970-02-03")


def test_the_reader_sees_only_pairs_of_the_region(folder):
    lands(
        folder,
        poverty=[one("P1"), one("P2", "赵六", OTHER_ID, village_name="锌河社区")],
        insurance=[one("N1", "李四", village=VILLAGE), one("N2", "钱七", OTHER_ID, village=OTHER_VILLAGE)],
    )
    assert len(list(queries.unlinked_for(COUNTY))) == 2
    ((left, right, why),) = queries.unlinked_for(Scope(VILLAGE))
    assert (left.name, right.name, why) == ("王小明", "李四", "same_number")
    assert left.masked_number == "522428 ········ " + ID[-4:]
    assert list(queries.unlinked_for(Scope())) == []


def test_quality_counts_what_a_reader_may_see(folder):
    lands(
        folder,
        poverty=[one("P1"), one("P2", "", OTHER_ID)],
        insurance=[one("N1", "李四", village=VILLAGE), one("N2", born_on="x", village=OTHER_VILLAGE)],
        health=[one("R1")],
        bills=[{"bill_no": "S1", "register_no": "N1", "name": "李四", "facility": "F9"}],
    )
    whole = queries.quality(COUNTY)
    assert whole == {
        "files": 5,
        "files_refused": 0,
        "rows": 7,
        "refused": 3,
        "unlinked": 2,
        "disagreements": 0,
    }
    village = queries.quality(Scope(VILLAGE))
    assert (village["refused"], village["unlinked"], village["rows"]) == (1, 2, 4)
    assert queries.quality(Scope())["refused"] == 0
    assert {each.number for each in queries.refused_rows(COUNTY)} == {"P2", "N2", "N1"}
    assert queries.refused_person_years() == {(person_of("insurance", "N1"), 2025)}


def test_landed_files_are_listed_as_they_came_last(folder):
    lands(folder, poverty=[one("P1")])
    lands(folder, poverty=[one("P1"), one("P2", "赵六", OTHER_ID)])
    files = [(each.name, each.rows, each.status) for each in queries.landed_files()]
    assert sorted(files) == [("p.xlsx", 1, "landed"), ("p.xlsx", 2, "landed"), ("机构.csv", 1, "landed")]


def test_the_rows_of_a_person_say_where_they_come_from(folder):
    lands(folder, poverty=[one("P1")], insurance=[one("N1")])
    rows = queries.rows_of_person(person_of("poverty", "P1"))
    assert {(row.register, row.kind, row.file_name, row.row_number) for row in rows} == {
        ("poverty", "lifted", "p.xlsx", 4),
        ("insurance", "enrolment", "i.csv", 2),
    }
    assert all(row.landed_at == AT for row in rows)


def test_current_rows_come_in_order_of_key_with_their_cells(folder):
    lands(folder, poverty=[one("P2", "赵六", OTHER_ID), one("P1")])
    rows = list(queries.current_rows("lifted"))
    assert [(number, key, payload["姓名"]) for _, number, key, payload in rows] == [
        ("P1", "P1", "王小明"),
        ("P2", "P2", "赵六"),
    ]


def test_only_who_may_link_links():
    class Auditor:
        username, role = "auditor", "auditor"

    with pytest.raises(NotAllowed):
        link(by=Auditor(), at=AT)


def test_a_landing_is_finished_once_its_main_job_ended(folder):
    from yingjin.fusion.actions import finish_landing
    from yingjin.fusion.files import folder_digest

    tally = landed(folder)
    digest = folder_digest(folder)
    assert not queries.finished_landing(digest)
    finish_landing(landing=tally.landing, summary={"rows": 1}, by=Robot(), at=AT)
    assert queries.finished_landing(digest)
    write_facilities(folder, "F1", "F2")
    assert not queries.finished_landing(folder_digest(folder))
