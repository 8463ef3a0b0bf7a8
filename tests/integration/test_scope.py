"""No query gives a reader anything outside the scope, or anything that tells of an illness the reader may not know of.

Every query that pages may ask is walked as every role with every key of the county; one that is added must be walked too.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser

from tests.support.brought_in import brought_in
from tests.support.desk_walk import TOTALLED, walk_of_the_desk
from tests.support.known_county import (
    BILLS,
    CALM,
    DOUBLE,
    ILL,
    ON,
    PEOPLE,
    SHOWN_TO_EVERYBODY,
    KnownCounty,
    village,
)
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from tests.support.rights import FOR_EVERYBODY, MAY_ASK
from tests.support.window_walk import walk_of_the_window
from yingjin.basics.access import scope_of
from yingjin.basics.errors import NotAllowed, NotFound
from yingjin.gaps.domain.rules import DUES
from yingjin.gaps.models import Due
from yingjin.insight import queries
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.queries.shapes import GapsWanted
from yingjin.registry.files import desks
from yingjin.registry.models import CategoryHeld, Person, User

pytestmark = pytest.mark.django_db
TOWNSHIP, COUNTY, NEXT_COUNTY = "520527102", "520527", "520526"
PLACES = (COUNTY, TOWNSHIP, VILLAGE, OTHER_VILLAGE, NEXT_COUNTY, "520526101", "5205", "52", "520527001")
LISTS = ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled")
DESKS = ("insurance_officer", "civil_affairs_officer", "revitalisation_officer")
STATUSES = ("lacking", "due", "done", "excepted", "late", "open", "unknown")
ASKED = ["", "禄", "罗", "阿西", "杨", "陈", "张", "l", "y", "a", "锌河", "铅丰", "mgz"]
# What would tell of the two people's illness, by name, code, category or bill.
TELLING = ("艾滋", "B20", "B24", "HIV", "精神", "F20", "C07", "残疾人证（精神）")
Call = Callable[[], object]


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    _heard.clear()
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


def readers(county: KnownCounty) -> dict[str, User | AnonymousUser]:
    roles = {"village_doctor": (VILLAGE, OTHER_VILLAGE, ""), "auditor": (COUNTY, TOWNSHIP, NEXT_COUNTY)}
    roles["county_officer"] = (COUNTY, NEXT_COUNTY, "")
    roles["township_officer"] = (TOWNSHIP, "520527101")
    roles["prefecture_reader"], roles["province_reader"] = ("5205",), ("52",)
    roles |= dict.fromkeys(DESKS, (COUNTY, NEXT_COUNTY))
    roles["administrator"] = (COUNTY,)
    signed_in = {
        f"{role} of {code}": county.reader(role, code) for role, codes in roles.items() for code in codes
    }
    windows = {f"cashier of {code}": county.cashier(code) for code in ("F1", "F2", "F9")}
    return {**signed_in, **windows, "nobody": AnonymousUser()}


def walk(county: KnownCounty, reader: object) -> Iterator[tuple[str, str, Call]]:
    """Yield the query, what was asked, and the call, for everything there is to ask."""
    for person in Person.objects.all():
        yield "person", person.name, lambda key=person.key: queries.person(reader, ON, key)
        yield "looks", person.name, lambda key=person.key: queries.looks(reader, key)
        yield "masked_numbers", person.name, lambda key=person.key: queries.masked_numbers(reader, key)
        for which in ("identity_number", "phone"):
            yield "unmasked", f"{person.name} {which}", partial(queries.unmasked, reader, person.key, which)
    for name in PEOPLE:
        home = county.household(name)
        yield "household", name, lambda key=home: queries.household(reader, ON, key)
    for bill in BILLS:
        opened = county.bill(bill).key
        yield "bill", bill, lambda key=opened: queries.bill(reader, key)
    for due in Due.objects.select_related("person"):
        key = gap_id(due.person_id, due.due, due.subject)
        yield (
            "gap",
            f"{due.person.name} {due.due} {due.subject}",
            lambda key=key: queries.gap(reader, ON, key),
        )
        yield (
            "gap_keys",
            f"{due.person.name} {due.due} {due.subject}",
            lambda key=key: list(queries.gap_keys(reader, ON, [key])),
        )
    yield from walk_of_the_desk(county, reader)
    yield from walk_of_the_window(county, reader, PLACES)
    for kind in LISTS:
        yield "quality", kind, lambda kind=kind: queries.quality(reader, kind)
    for text in ASKED:
        for place in ("", *PLACES):
            yield "find", f"{text} {place}", lambda t=text, p=place: queries.find(reader, ON, t, p)
    for place in ("", *PLACES):
        yield "overview", place, lambda p=place: queries.overview(reader, ON, p or None)
        yield "places_below", place, lambda p=place: queries.places_below(reader, p)
        for status in STATUSES:
            wanted = GapsWanted(status=status, region_code=place, size=200)
            yield "gaps", f"{place} {status}", lambda w=wanted: queries.gaps(reader, ON, w)
            yield "gap_keys_of", f"{place} {status}", lambda w=wanted: len(queries.gap_keys_of(reader, ON, w))
            yield "gap_rows", f"{place} {status}", lambda w=wanted: list(queries.gap_rows(reader, ON, w))
    # Names of regions and how fresh the data is are for everybody who is signed in.
    yield "as_of", "", lambda: queries.as_of(reader)
    yield "place_path", VILLAGE, lambda: queries.place_path(reader, VILLAGE)


@dataclass
class Heard:
    """What one reader was answered; the queries asked, and those the role is refused as such."""

    answers: dict[tuple[str, str], object] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


_heard: dict[str, Heard] = {}


def heard(county: KnownCounty, who: str) -> Heard:
    """Ask everything as one reader, once; any refusal but these two fails the test."""
    if who not in _heard:
        told = _heard[who] = Heard()
        for query, asked, call in walk(county, readers(county)[who]):
            told.asked.add(query)
            try:
                told.answers[query, asked] = call()
            except NotFound:
                continue
            except NotAllowed:
                told.refused.add(query)
    return _heard[who]


def answered(county: KnownCounty, who: str) -> dict[tuple[str, str], object]:
    """Return every answer that is not a refusal."""
    return heard(county, who).answers


def words(answer: object, asked: str) -> str:
    """Return an answer as text, without what the reader typed: that is shown again."""
    if isinstance(answer, queries.FindPage):
        answer = replace(answer, text="")
    return repr(answer)


def test_the_walk_knows_every_query(county):
    offered = {name for name, each in vars(queries).items() if inspect.isfunction(each)}
    assert offered == {query for query, _, _ in walk(county, county.reader())}


def test_the_county_officer_is_answered_everything(county):
    answers = answered(county, "county_officer of 520527")
    for name in PEOPLE:
        assert ("person", name) in answers and ("household", name) in answers
    assert all(("bill", bill) in answers for bill in BILLS)
    assert len([key for key in answers if key[0] == "gap"]) == Due.objects.count()
    assert all(answers["quality", kind].total for kind in LISTS)


@pytest.mark.parametrize(
    "who",
    [
        "village_doctor of 520527102001", "village_doctor of 520527102002", "village_doctor of ",
        "auditor of 520527102", "auditor of 520526", "county_officer of 520526", "county_officer of ", "nobody",
        "township_officer of 520527102", "township_officer of 520527101",
    ],
)  # fmt: skip
def test_nobody_of_another_place_is_found_by_any_query(county, who):
    reader = readers(county)[who]
    scope = scope_of(reader)
    strangers = [person for person in Person.objects.all() if not scope.covers(person.region_code)]
    bills = [county.bill(bill) for bill, facts in BILLS.items() if not scope.covers(village(facts[0]))]
    for (query, asked), answer in answered(county, who).items():
        text = words(answer, asked)
        for person in strangers:
            assert person.name not in text, f"{query} {asked} names {person.name}"
            assert str(person.key) not in text, f"{query} {asked} gives the key of {person.name}"
            assert person.key.hex not in text, f"{query} {asked} gives a key of a due of {person.name}"
        for bill in bills:
            assert str(bill.key) not in text and bill.bill_id not in text, f"{query} {asked}: {bill.bill_id}"


@pytest.mark.parametrize(
    "who",
    [
        "auditor of 520526", "county_officer of 520526", "county_officer of ", "nobody", "insurance_officer of 520526",
        "civil_affairs_officer of 520526", "revitalisation_officer of 520526", "cashier of F9", "administrator of 520527",
    ],
)  # fmt: skip
def test_a_reader_of_another_county_is_told_nothing_at_all(county, who):
    for (query, asked), answer in answered(county, who).items():
        if isinstance(answer, TOTALLED):
            assert (answer.total, answer.rows) == (0, []), f"{query} {asked}"
        elif isinstance(answer, queries.Overview):
            assert (answer.persons_in_base, answer.persons_lacking, answer.money.bills) == (0, 0, 0)
            assert answer.quality.unlinked == answer.quality.held_bills == answer.quality.cancelled == 0
        elif isinstance(answer, queries.RegionPage):
            assert {(row.persons, row.lacking) for row in (answer.whole, *answer.parts)} == {(0, 0)}
            assert answer.people is None or answer.people.total == 0
        else:
            assert query in ("as_of", "place_path", "places_below") or not answer, f"{query} {asked}"


def test_what_is_outside_the_scope_is_refused_in_the_words_of_what_does_not_exist(county):
    doctor, stranger = county.doctor(), county.person("罗远")
    for query, key in (
        (queries.person, stranger.key),
        (queries.household, county.household("罗远")),
    ):
        with pytest.raises(NotFound) as outside:
            query(doctor, ON, key)
        with pytest.raises(NotFound) as missing:
            query(doctor, ON, "0" * 32)
        assert str(outside.value) == str(missing.value) and outside.value.data == missing.value.data
    with pytest.raises(NotFound) as outside:
        queries.bill(doctor, county.bill("S-OTHER").key)
    with pytest.raises(NotFound) as missing:
        queries.bill(doctor, "0" * 32)
    assert str(outside.value) == str(missing.value)


def test_a_household_shows_its_doctor_only_who_lives_in_the_village(county):
    page = queries.household(county.doctor(), ON, county.household("禄小英"))
    assert [member.name for member in page.members] == ["禄小英", "陈光明"]
    whole = queries.household(county.reader(), ON, county.household("禄小英"))
    assert "陈大勇" in [member.name for member in whole.members]


# Whom each role may know of: everybody of the region, own lists, a facility's patients, nobody


# By hand, from the county's register files. Own lists hold whoever holds a category of the desk (desks.yaml), and for
# insurance who has a gap of enrolment or cover, or a held bill. The cashier's are who has a bill at the facility.
SEEN = {
    "county_officer of 520527": {*PEOPLE, DOUBLE},
    "auditor of 520527": {*PEOPLE, DOUBLE},
    "township_officer of 520527102": {*PEOPLE, DOUBLE},
    "village_doctor of 520527102001": {"禄小英", "陈光明", ILL, CALM, "张故"},
    "insurance_officer of 520527": {"禄小英", "陈大勇", "罗远", "张故"},
    "civil_affairs_officer of 520527": {"禄小英", "罗远", "张故"},
    "revitalisation_officer of 520527": {"禄小英", "陈光明", "陈大勇", ILL, CALM},
    "cashier of F1": {"禄小英", "陈光明", ILL, "罗远", "张故"},
    "cashier of F2": {"禄小英", ILL, CALM},
    "cashier of F9": set(),
    "prefecture_reader of 5205": set(),
    "province_reader of 52": set(),
    "administrator of 520527": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("who", SEEN)
def test_each_role_is_told_of_nobody_but_whom_its_work_is_about(county, who):
    seen, named = SEEN[who], set()
    for (query, asked), answer in answered(county, who).items():
        text = words(answer, asked)
        for person in Person.objects.all():
            if person.name in text or str(person.key) in text or person.key.hex in text:
                assert person.name in seen, f"{query} {asked} tells of {person.name}"
                named.add(person.name)
    assert named == seen


@pytest.mark.parametrize(
    "who", [each for each in SEEN if each.split("_")[0] in ("insurance", "civil", "revitalisation")]
)
def test_who_is_on_no_own_list_does_not_exist_and_of_who_is_only_own_dues_are_told(county, who):
    reader = readers(county)[who]
    own = desks().desks[reader.role]
    answers = answered(county, who)
    for name in PEOPLE:
        assert (("person", name) in answers) == (name in SEEN[who])
    for (query, _), answer in answers.items():
        if query == "person":
            assert [state.due for state in answer.states] == [due for due in DUES if due in own.dues]
            assert answer.conditions == [] and (own.bills or answer.bills == [])
            assert not answer.contracts or "contracted" in own.dues
        if query == "gap_rows":
            assert {row.due for row in answer} <= set(own.dues)
    assert own.bills == any(query == "bill" for query, _ in answers)


@pytest.mark.parametrize("who", [each for each in SEEN if SEEN[each]])
def test_every_count_beside_a_filter_is_the_length_of_its_list(county, who):
    answers = answered(county, who)
    lists = {asked: rows for (query, asked), rows in answers.items() if query == "gap_rows"}
    assert lists or who.startswith("cashier")
    for asked, rows in lists.items():
        page = answers["gaps", asked]
        assert page.total == len(rows) and page.persons == len({row.person_key for row in rows})
        assert page.late == sum(bool(row.days_late and row.days_late > 0) for row in rows)
        for choice in page.regions:
            elsewhere = answers.get(("gaps", f"{choice.code} {asked.split()[-1]}"))
            assert elsewhere is None or choice.count == elsewhere.total
        for name, of_row in (("dues", "due"), ("owners", "owner"), ("reasons", "reason")):
            for choice in getattr(page, name):
                fitting = [row for row in rows if choice.code in ("", getattr(row, of_row))]
                assert choice.count == len(fitting), f"{asked} {name} {choice.code}"


def test_the_table_knows_every_role():
    assert set(MAY_ASK) == {role for role, _ in User.ROLES}


@pytest.mark.parametrize("role", MAY_ASK)
def test_a_role_is_answered_the_queries_of_its_work_and_refused_the_others(county, role):
    told = heard(county, next(who for who in readers(county) if who.startswith(f"{role} ")))
    assert told.asked - told.refused - FOR_EVERYBODY == MAY_ASK[role] & told.asked


# Illness that only some may know of


@pytest.mark.parametrize(
    "who", ["village_doctor of 520527102001", "auditor of 520527", "auditor of 520527102"]
)
def test_no_query_tells_a_plain_reader_of_a_hidden_illness(county, who):
    hidden = [county.bill(bill) for bill in BILLS if bill not in SHOWN_TO_EVERYBODY]
    dues = Due.objects.filter(sensitive=True)
    ids = [gap_id(due.person_id, due.due, due.subject) for due in dues]
    assert len(hidden) == 3 and len(ids) == 5
    for (query, asked), answer in answered(county, who).items():
        text = words(answer, asked)
        for word in TELLING:
            assert word not in text, f"{query} {asked} says {word}"
        for bill in hidden:
            assert bill.bill_id not in text and str(bill.key) not in text, f"{query} {asked}: {bill.bill_id}"
        for key in ids:
            assert key not in text, f"{query} {asked} gives the key of a hidden due"


def test_the_county_officer_sees_what_is_hidden_from_others(county):
    page = queries.person(county.reader(), ON, county.person(ILL).key)
    assert [condition.icd for condition in page.conditions] == ["B20.x00"]
    assert {bill.bill_id for bill in page.bills} == {"S-ILL-1", "S-ILL-2", "S-ILL-3"}
    calm = queries.person(county.reader(), ON, county.person(CALM).key)
    assert [span.code for span in calm.categories] == ["C02", "C07"]
    bill = queries.bill(county.reader(), county.bill("S-CALM").key)
    assert any(row.fact_zh == "精神病患者" for row in bill.basis)


def test_sums_and_statuses_of_a_plain_reader_leave_the_hidden_out(county):
    officer, auditor, key = county.reader(), county.auditor(), county.person(ILL).key
    whole, plain = queries.person(officer, ON, key), queries.person(auditor, ON, key)
    assert [bill.bill_id for bill in plain.bills] == ["S-ILL-1"]
    totals = {year.year: year.total_fen for year in plain.years}
    assert totals[2025] == 300_000 and whole.years[0].total_fen == 4_800_000
    assert [state.status for state in plain.states] == ["done", "not_due", "done", "done"]
    assert [state.status for state in whole.states] == ["done", "done", "done", "open"]
    assert plain.conditions == [] and plain.lacking == 0
    home = queries.household(auditor, ON, county.household(ILL))
    assert home.years[0].total_fen == 300_000 and [count.done for count in home.states] == [1, 0, 1, 1]


def test_a_bill_shown_to_a_plain_reader_speaks_of_no_hidden_one(county):
    page = queries.bill(county.auditor(), county.bill("S-ILL-1").key)
    assert [bill.bill_id for bill in page.bills_of_year] == ["S-ILL-1"]
    assert page.same_as_stored and page.steps
    text = json.dumps(page.as_json, ensure_ascii=False)
    assert "S-ILL-2" not in text and "B20" not in text
    officer = queries.bill(county.reader(), county.bill("S-ILL-1").key)
    assert [bill.bill_id for bill in officer.bills_of_year] == ["S-ILL-1", "S-ILL-2", "S-ILL-3"]


def test_what_is_hidden_later_is_hidden_in_what_happened_before(county):
    head = county.person("禄小英")
    before = queries.person(county.auditor(), ON, head.key)
    assert any("应兜尽兜" in event.title_zh for event in before.events)
    CategoryHeld.objects.filter(person=head, category="C02").update(category="C07", valid_to=None)
    after = queries.person(county.auditor(), ON, head.key)
    assert after.bills == [] and not any("应兜尽兜" in event.title_zh for event in after.events)
    assert any("应兜尽兜" in event.title_zh for event in queries.person(county.reader(), ON, head.key).events)


def test_a_refused_row_that_names_a_hidden_illness_is_listed_for_the_officer_alone(county):
    officer = queries.quality(county.reader(), "refused")
    auditor = queries.quality(county.auditor(), "refused")
    assert (officer.total, auditor.total) == (4, 2)
    assert all("患病情况" not in row.cells[1] for row in auditor.rows)
