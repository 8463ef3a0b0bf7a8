"""Find, Person, Household and Bill answer live from dated facts: yingjin/insight/queries."""

from datetime import date
from uuid import uuid4

import pytest

from tests.support.brought_in import brought_in
from tests.support.known_county import (
    CALM,
    DEAD,
    HEAD,
    HUSBAND,
    ILL,
    ON,
    OTHER,
    PEOPLE,
    SON,
    identity,
)
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics.access import Robot
from yingjin.basics.errors import NotFound
from yingjin.insight import queries
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.policy.rulebooks import load
from yingjin.registry.actions.persons import merge_persons

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def officer(county):
    return county.reader()


def names(page):
    return [row.name for row in page.rows]


# Freshness and places


def test_the_footer_says_until_when_the_data_speak_and_by_which_rules(officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        as_of = queries.as_of(officer)
    assert (as_of.data_until, as_of.found_days, as_of.demo) == (date(2025, 11, 11), [ON], False)
    assert as_of.last_run_at is not None
    assert as_of.rulebook_version == load("hezhang").versions[-1].label


def test_a_place_lies_in_a_path_of_names_without_committees(officer):
    path = queries.place_path(officer, VILLAGE)
    assert [place.name for place in path] == ["贵州省", "毕节市", "赫章县", "妈姑镇", "铅丰社区"]
    below = queries.places_below(officer, "520527102")
    assert {VILLAGE, OTHER_VILLAGE} < {place.code for place in below}
    assert all(place.code.startswith("520527102") for place in below)


# Find


@pytest.mark.parametrize(
    ("text", "found", "read_as"),
    [
        ("禄小英", [HEAD], "按姓名"),
        ("禄", [HEAD], "按姓名"),
        ("禄晓英", [], "按姓名"),
        ("阿西木呷", [ILL], "按姓名"),
        ("阿西·木呷", [ILL], "按姓名"),
        ("阿西•木", [ILL], "按姓名"),
        ("luxiaoying", [HEAD], "按拼音"),
        ("lxy", [HEAD], "按拼音"),
        ("Lu Xiao", [HEAD], "按拼音"),
        ("锌河社区", [SON, "李双", OTHER], "按村名"),
        ("xinhe", [SON, "李双", OTHER], "按村名"),
        ("没有这个人", [], "按姓名"),
        (identity(HEAD), [], "证件号请只写后四位，按整个号码"),
    ],
)
def test_people_are_found_by_name_pinyin_and_village(officer, text, found, read_as):
    page = queries.find(officer, ON, text)
    assert names(page) == found
    assert (page.total, page.read_as_zh) == (len(found), read_as)


def test_people_are_found_by_the_last_four_of_their_number(officer):
    page = queries.find(officer, ON, identity(OTHER)[-4:].lower())
    assert OTHER in names(page) and page.read_as_zh == "按证件号后四位"
    assert all(row.masked_number.endswith(identity(OTHER)[-4:]) for row in page.rows)


def test_a_found_person_shows_the_day_asked_for(county, officer):
    row = queries.find(officer, date(2025, 10, 24), HUSBAND).rows[0]
    assert (row.insured, row.contracted, row.contract_until) == ("done", "done", date(2025, 10, 25))
    assert row.categories == ["建档立卡（脱贫）人口"] and row.household_key == str(county.household(HUSBAND))
    assert (row.village.name, row.township.name, row.age_years) == ("铅丰社区", "妈姑镇", 64)
    row = queries.find(officer, date(2025, 10, 25), HUSBAND).rows[0]
    assert (row.contracted, row.contract_until) == ("open", None)
    assert row.gaps == ["contracted"]


def test_the_whole_village_is_found_when_it_is_asked_for_without_a_name(officer):
    page = queries.find(officer, ON, "", VILLAGE)
    assert set(names(page)) == {HEAD, HUSBAND, ILL, CALM, DEAD}
    assert [place.name for place in page.villages] == ["铅丰社区"]
    assert queries.find(officer, ON, "").total == 0
    assert names(queries.find(officer, ON, "禄", OTHER_VILLAGE)) == []


def test_found_people_come_in_pages_that_do_not_overlap(officer):
    pages = [queries.find(officer, ON, "", "520527102", page, size=3) for page in (1, 2, 3, 99)]
    shown = [[row.person_key for row in page.rows] for page in pages]
    assert [len(keys) for keys in shown] == [3, 3, 2, 2] and shown[2] == shown[3]
    assert len({key for keys in shown for key in keys}) == pages[0].total == 8
    assert pages[3].page == pages[3].pages == 3


def test_finding_asks_as_often_for_many_as_for_one(officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        queries.find(officer, ON, "", "520527102")


# Person


def test_a_person_has_dated_categories_with_the_row_that_says_so(county, officer):
    page = queries.person(officer, ON, county.person(HEAD).key)
    spans = [(each.code, each.valid_from, each.valid_to, each.register_zh) for each in page.categories]
    assert spans == [
        ("C02", date(2014, 6, 1), date(2020, 11, 23), "脱贫人口登记"),
        ("C04", date(2019, 4, 1), None, "脱贫人口登记"),
    ]
    assert page.in_base and (page.age_years, page.sex) == (62, "female")
    assert [place.name for place in page.path] == ["赫章县", "妈姑镇", "铅丰社区"]
    assert page.masked_number == f"522428 ········ {identity(HEAD)[-4:]}"


def test_each_field_says_which_register_gave_it_and_what_another_says(county, officer):
    page = queries.person(officer, ON, county.person(HEAD).key)
    fields = {field.field_zh: field for field in page.fields}
    assert (fields["姓名"].value, fields["姓名"].register_zh) == (HEAD, "脱贫人口登记")
    assert fields["姓名"].others == [("参保与结算登记", "禄晓英")]
    assert fields["出生日期"].register_zh == "参保与结算登记"
    assert fields["出生日期"].source_zh == "参保与结算登记 参保2025.csv 第 2 行"
    assert fields["出生日期"].learnt_on is not None and not fields["出生日期"].others
    assert fields["住址"].value == "妈姑镇铅丰社区"
    assert (fields["电话"].value, fields["电话"].register_zh) == ("139 ···· 4321", "健康登记")
    assert fields["电话"].others == [("脱贫人口登记", "139 ···· 5678")]
    assert identity(HEAD) not in repr(page)


def test_the_four_dues_of_a_person_stand_with_their_worst_item(county, officer):
    one = county.person(HEAD)
    states = {state.due: state for state in queries.person(officer, ON, one.key).states}
    assert [state.status for state in states.values()] == ["done", "done", "done", "open"]
    covered = states["covered"]
    assert covered.title_zh == "2 处没有兜住" and covered.text_zh == "责任 县医保局经办"
    first = covered.items[0]
    # Worked out 7,909.55 and 1,117.06, reported 6,979.01 and nothing.
    assert (first.shortfall_fen, first.due_by) == (93_054 + 111_706, date(2025, 4, 21))
    assert first.bill_key == str(county.bill("S-HEAD-1").key)
    assert first.gap_id == gap_id(one.key, "covered", "S-HEAD-1")


def test_a_person_is_shown_as_on_the_day_asked_for(county, officer):
    key = county.person(HUSBAND).key
    before = {each.due: each for each in queries.person(officer, date(2025, 10, 1), key).states}
    after = {each.due: each for each in queries.person(officer, ON, key).states}
    assert (before["contracted"].status, after["contracted"].status) == ("done", "open")
    assert after["contracted"].items[0].since_on == date(2025, 10, 25)
    assert queries.person(officer, date(2013, 1, 1), key).in_base is False


def test_an_exception_is_told_with_its_paper(county, officer):
    page = queries.person(officer, ON, county.person(SON).key)
    contracted = next(state for state in page.states if state.due == "contracted")
    assert (contracted.status, page.moved_zh) == ("excepted", "外出，2025-03-01 起")
    assert contracted.exception is not None and contracted.exception.evidence_zh == "登记表"
    assert queries.person(officer, date(2025, 2, 28), county.person(SON).key).moved_zh == ""


def test_totals_of_a_year_add_up_its_counted_bills(county, officer):
    page = queries.person(officer, ON, county.person(HEAD).key)
    year = page.years[0]
    counted = [bill for bill in page.bills if bill.discharged_on.year == 2025 and bill.state == "counted"]
    assert (year.year, len(counted)) == (2025, 3)
    assert year.total_fen == sum(bill.total_fen for bill in counted) == 3_802_787
    assert sum(year.payments.values()) + year.own_payment_fen == year.total_fen
    assert page.bills[0].discharged_on > page.bills[-1].discharged_on


def test_held_and_cancelled_bills_are_shown_and_in_no_total(county, officer):
    dead = queries.person(officer, ON, county.person(DEAD).key)
    assert [(bill.state, bill.state_zh) for bill in dead.bills] == [
        ("held", "暂不计：出院在登记的去世日之后")
    ]
    assert dead.years == [] and dead.died_on == date(2025, 5, 1)
    husband = queries.person(officer, ON, county.person(HUSBAND).key)
    assert {bill.bill_id: bill.state for bill in husband.bills} == {
        "S-HUSBAND": "counted", "S-GONE": "cancelled", "S-BACK": "cancelled",
    }  # fmt: skip
    assert [(year.year, year.incomplete, year.total_fen) for year in husband.years] == [(2025, True, 200_000)]


def test_a_year_whose_only_bill_was_refused_is_incomplete(county, officer):
    page = queries.person(officer, ON, county.person(ILL).key)
    assert {year.year: (year.incomplete, year.total_fen) for year in page.years}[2024] == (True, 0)


def test_conditions_contracts_and_enrolments_say_how_they_stand(county, officer):
    page = queries.person(officer, ON, county.person(HEAD).key)
    condition = page.conditions[0]
    assert (condition.icd, condition.special, condition.status) == ("I63.900", True, "done")
    assert condition.treated_zh == "2025-11-11 住院，赫章县人民医院"
    assert queries.person(officer, date(2025, 7, 1), county.person(HEAD).key).conditions[0].treated_zh == (
        "2025-06-30 门诊救治，妈姑镇卫生院"
    )
    assert [(each.doctor, each.in_force) for each in page.contracts] == [("李国华", True)]
    assert [(each.year, each.enrolled) for each in page.enrolments] == [(2025, True), (2024, True)]


def test_what_happened_comes_newest_first_and_says_which_register(county, officer):
    events = queries.person(officer, ON, county.person(HEAD).key).events
    days = [event.on for event in events]
    assert days == sorted(days, reverse=True)
    titles = [event.title_zh for event in events]
    assert titles.count("发现缺口：应兜尽兜") == 2
    for title in (
        "登记为低保对象",
        "不再是建档立卡（脱贫）人口",
        "2025 年参保",
        "签约家庭医生",
        "确诊脑梗死",
    ):
        assert title in titles
    stay = next(event for event in events if event.bill_key == str(county.bill("S-HEAD-2").key))
    assert stay.text_zh == "总费用 28,436.52 元，本人付 1,123.85 元 · 参保与结算登记"


def test_a_person_merged_into_another_leads_there(county, officer):
    gone, kept, last = (county.person(name).key for name in (SON, HUSBAND, HEAD))
    merge_persons([(gone, kept), (kept, last)], by=Robot(), at=county.bill("S-HEAD-1").row.landed_at)
    with pytest.raises(queries.MergedInto) as refused:
        queries.person(officer, ON, gone)
    assert refused.value.data["person_key"] == str(last)
    with pytest.raises(NotFound) as refused:
        queries.person(county.reader("village_doctor", OTHER_VILLAGE), ON, gone)
    assert refused.value.code == "not_found"


def test_a_person_costs_a_bounded_number_of_queries(county, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(55):
        queries.person(officer, ON, county.person(HEAD).key)


# Household


def test_a_household_has_its_members_of_the_day(county, officer):
    page = queries.household(officer, ON, str(county.household(HEAD)))
    assert (page.head, page.masked_number) == (HEAD, "········ 0136")
    assert [member.name for member in page.members] == [HEAD, HUSBAND, SON]
    son = next(member for member in page.members if member.name == SON)
    assert son.states == {
        "insured": "open", "treated": "not_due", "contracted": "excepted", "covered": "not_due",
    }  # fmt: skip
    assert queries.household(officer, date(2014, 5, 31), county.household(HEAD)).members == []


def test_the_dues_of_a_household_are_those_of_its_members(county, officer):
    page = queries.household(officer, ON, county.household(HEAD))
    counts = {count.due: count for count in page.states}
    insured = counts["insured"]
    assert (insured.done, insured.open, insured.persons_due, insured.persons_lacking) == (2, 1, 3, 1)
    covered = counts["covered"]
    assert (covered.done, covered.open, covered.persons_due) == (1, 2, 2)
    assert counts["contracted"].excepted == 1
    for due, count in counts.items():
        members = [queries.person(officer, ON, each.person_key) for each in page.members]
        items = [
            item.status for one in members for state in one.states if state.due == due for item in state.items
        ]
        assert (count.done, count.open) == (items.count("done"), items.count("open"))


def test_the_dead_no_longer_belong_but_are_remembered(county, officer):
    page = queries.household(officer, ON, county.household(DEAD))
    assert page.members == [] and [member.name for member in page.former] == [DEAD]
    assert page.head == DEAD and page.bills[0][1].state == "held"
    before = queries.household(officer, date(2025, 4, 30), county.household(DEAD))
    assert [member.name for member in before.members] == [DEAD]


def test_a_household_shows_the_bills_of_the_year_of_the_day(county, officer):
    page = queries.household(officer, ON, county.household(HEAD))
    assert [bill.bill_id for _, bill in page.bills] == [
        "S-HEAD-2", "S-HUSBAND", "S-HEAD-3", "S-HEAD-1", "S-GONE", "S-BACK",
    ]  # fmt: skip
    assert [year.total_fen for year in page.years] == [3_802_787 + 200_000]
    before = queries.household(officer, date(2024, 12, 31), county.household(HEAD))
    assert [bill.bill_id for _, bill in before.bills] == ["S-HEAD-0"]
    assert any(event.title_zh.startswith(f"{HUSBAND}：") for event in page.events)


def test_a_household_costs_a_bounded_number_of_queries(county, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        queries.household(officer, ON, county.household(HEAD))


def test_what_does_not_exist_is_not_found(officer):
    for ask in (
        lambda: queries.person(officer, ON, uuid4()),
        lambda: queries.household(officer, ON, uuid4()),
        lambda: queries.bill(officer, uuid4()),
        lambda: queries.person(officer, ON, "nonsense"),
        lambda: queries.household(officer, ON, "nonsense"),
        lambda: queries.bill(officer, "nonsense"),
    ):
        with pytest.raises(NotFound):
            ask()


def test_everybody_of_the_county_can_be_opened(county, officer):
    for name in PEOPLE:
        page = queries.person(officer, ON, county.person(name).key)
        assert page.name == name and len(page.states) == 4
        for bill in page.bills:
            opened = queries.bill(officer, bill.bill_key)
            assert (opened.total_fen, opened.own_payment_fen) == (bill.total_fen, bill.own_payment_fen)
            assert {line.layer: line.amount_fen for line in opened.lines} == bill.payments
