"""What happens to the demonstration county's people: categories, illnesses, stays, payments, care and the true dues."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from yingjin.basics.days import age_on
from yingjin.care.files import disease_list
from yingjin.fusion.formats import value_lists
from yingjin.jobs.county.assumptions import assumed, bulletin, illnesses
from yingjin.jobs.county.county import make_county_facts
from yingjin.jobs.county.dues import BASE, DONE, EXCEPTED, OPEN, away, refused, true_dues
from yingjin.jobs.county.facilities import level_of
from yingjin.jobs.county.illness import holders
from yingjin.jobs.county.payments import shortfall
from yingjin.jobs.county.people import CANCELLED, CANCELLING, COUNTED, HELD_DEAD, HELD_NOT_ENROLLED, Change
from yingjin.jobs.county.stays import Wards

PEOPLE = 6_000


@pytest.fixture(scope="module")
def county():
    return make_county_facts(11, PEOPLE)


def test_about_three_in_ten_people_are_in_the_poverty_register(county):
    share = sum(map(county.poverty.lists, county.persons)) / PEOPLE
    assert 0.25 < share < 0.35


def test_categories_are_dated_as_the_programme_went(county):
    for number, held in county.poverty.held.items():
        for one in held:
            assert one.category in value_lists()["category"].values
            assert one.valid_from >= max(date(2014, 1, 1), county.persons[number].born_on)
            assert one.valid_from < county.last_day
            assert one.valid_to is None or one.valid_to > one.valid_from
            if one.category == "C02":
                assert one.valid_from.year <= 2018 or one.valid_from == county.persons[number].born_on
            if one.category == "C17":
                assert one.valid_from >= date(2021, 1, 1)
            if one.category in ("C15", "C16"):
                assert one.valid_from >= date(2020, 3, 1)


def test_each_kind_of_category_that_can_be_registered_is_held_by_somebody(county):
    held = {one.category for ones in county.poverty.held.values() for one in ones}
    assert held >= set(value_lists()["category"].values) - {"C05", "C09", "C14"}


def test_times_of_one_category_never_overlap(county):
    for held in county.poverty.held.values():
        by_category = defaultdict(list)
        for one in held:
            by_category[one.category].append(one)
        for ones in by_category.values():
            ones.sort(key=lambda one: one.valid_from)
            for first, second in zip(ones, ones[1:], strict=False):
                assert first.valid_to is not None
                assert first.valid_to <= second.valid_from


def test_all_sorts_of_change_happen_and_nothing_after_death(county):
    whats = Counter(change.what for changes in county.poverty.changes.values() for change in changes)
    assert set(whats) == set(value_lists()["change"].values)
    for number, changes in county.poverty.changes.items():
        died_on = county.persons[number].died_on
        assert all(died_on is None or change.on <= died_on for change in changes)
        assert all(bool(change.due) == (change.what == "拒绝") for change in changes)


def test_illnesses_are_on_the_special_list_as_the_product_reads_it():
    diseases = disease_list()
    for illness in illnesses():
        child = 5 if illness.held_per_10000[0] and illness.disease.startswith("儿童") else 40
        assert diseases.disease_of(illness.code, age_years=child) == illness.disease, illness.code
        assert diseases.names[illness.code.upper()] == illness.name


def test_sensitive_diseases_are_there_in_small_counts(county):
    diseases = disease_list()
    held = Counter(
        illnesses()[one.illness].disease
        for ones in county.confirmed.values()
        for one in ones
        if diseases.sensitive(illnesses()[one.illness].code)
    )
    assert {"耐多药结核病", "艾滋病机会感染", "重性精神疾病"} <= set(held)
    assert held["艾滋病机会感染"] < 10


def test_somebody_in_the_poverty_register_has_each_disease_that_few_may_see_however_small_the_county():
    small = make_county_facts(4, 1_000)
    for disease in assumed()["surely"]["diseases"]:
        having = holders(disease, small.confirmed)
        assert len(having) >= 2
        assert any(small.poverty.lists(small.persons[number]) for number in having)


def test_the_mean_cost_of_a_stay_is_the_bulletins(county):
    wards = Wards(1, county.villages, county.facilities, county.confirmed)
    for year in (2024, 2025):
        costs = [wards.cost_fen(year, wards.levels.one(wards.chance)) for _ in range(60_000)]
        mean_yuan = sum(costs) / len(costs) / 100
        assert abs(mean_yuan / bulletin("residents_cost_per_stay")[year] - 1) < 0.03


def test_people_go_to_hospital_as_often_as_the_bulletin_says(county):
    for year in (2024, 2025):
        stays = sum(bill.inpatient and bill.discharged_on.year == year for bill in county.bills)
        wanted = bulletin("residents_discharges")[year] / bulletin("residents_insured")[year]
        assert abs(stays / len(county.enrolled[year]) / wanted - 1) < 0.12


def test_bills_are_of_people_alive_born_and_enrolled_but_for_the_held(county):
    for bill in county.bills:
        person = county.persons[bill.person]
        assert person.born_on <= bill.admitted_on <= bill.discharged_on <= county.last_day
        assert 0 <= bill.out_of_scope_fen <= bill.total_fen
        enrolled = bill.person in county.enrolled[bill.discharged_on.year]
        deaths = [
            change.on for change in county.poverty.changes.get(bill.person, ()) if change.what == "死亡"
        ]
        after_death = bool(deaths) and bill.discharged_on > deaths[0]
        assert after_death == (bill.state == HELD_DEAD)
        assert enrolled == (bill.state != HELD_NOT_ENROLLED)


def test_there_are_stays_over_new_year_ties_of_a_day_and_places_that_nobody_pays(county):
    stays = [bill for bill in county.bills if bill.inpatient and bill.state == COUNTED]
    assert any(bill.admitted_on.year == 2023 for bill in stays)
    assert any(bill.admitted_on.year == 2024 and bill.discharged_on.year == 2025 for bill in stays)
    ends = Counter((bill.person, bill.discharged_on) for bill in stays)
    assert max(ends.values()) >= 2
    assert any(not bill.facility.designated and level_of(bill.facility) != "L4" for bill in stays)
    assert any(not bill.facility.public and level_of(bill.facility) == "L4" for bill in stays)
    assert {level_of(bill.facility) for bill in stays} == {"L1", "L2", "L3", "L4"}
    assert any(bill.out_of_scope_fen == 0 for bill in stays)


def test_somebody_is_discharged_on_the_last_day(county):
    assert any(
        bill.discharged_on == county.last_day and bill.inpatient and bill.state == COUNTED
        for bill in county.bills
    )


def test_a_place_outside_the_city_is_level_four_whatever_its_list_says(county):
    outside = [one for one in county.facilities.every if not one.county_code.startswith("5205")]
    assert {one.level for one in outside} == {"L3", "L4"}
    assert {level_of(one) for one in outside} == {"L4"}


def test_bill_numbers_are_unique_and_run_with_the_day_of_settlement(county):
    numbers = [bill.number for bill in county.bills]
    assert numbers == sorted(set(numbers))


def test_each_cancelling_bill_takes_back_one_cancelled_bill(county):
    by_number = {bill.number: bill for bill in county.bills}
    cancelled = {bill.number for bill in county.bills if bill.state == CANCELLED}
    taken_back = [bill.cancels for bill in county.bills if bill.state == CANCELLING]
    assert cancelled
    assert sorted(taken_back) == sorted(cancelled)
    for bill in county.bills:
        if bill.state == CANCELLING:
            first = by_number[bill.cancels]
            assert (bill.person, bill.total_fen, bill.reported) == (
                first.person,
                first.total_fen,
                first.reported,
            )
            assert bill.computed is None
            assert first.computed is None


def test_payments_stay_within_the_in_scope_cost_and_mostly_agree_with_the_rulebook(county):
    paid = [bill for bill in county.bills if bill.computed is not None and bill.computed.funds > 0]
    for bill in county.bills:
        in_scope_fen = bill.total_fen - bill.out_of_scope_fen
        for payments in filter(None, (bill.computed, bill.reported)):
            assert 0 <= payments.funds <= in_scope_fen
            assert min(payments.basic, payments.critical_illness, payments.assistance) >= 0
    short = sum(bool(shortfall(bill)) for bill in paid) / len(paid)
    more = sum(bill.reported.funds > bill.computed.funds for bill in paid)
    assert 0.02 < short < 0.08
    assert more > 0
    payers = {payer for bill in paid for payer in shortfall(bill)}
    assert payers == {"basic", "critical_illness", "assistance"}


def test_categories_change_what_is_paid(county):
    by_category = defaultdict(list)
    for bill in county.bills:
        if bill.computed is not None and bill.computed.funds and level_of(bill.facility) == "L2":
            held = {
                one.category
                for one in county.poverty.held.get(bill.person, ())
                if one.holds(bill.discharged_on)
            }
            in_scope_fen = bill.total_fen - bill.out_of_scope_fen
            by_category["C04" in held].append(bill.computed.funds / in_scope_fen)
    with_dibao, without = (sum(ones) / len(ones) for ones in (by_category[True], by_category[False]))
    assert with_dibao > without + 0.05


def test_the_true_dues_are_those_of_the_living_base_on_the_last_day(county):
    dues = list(true_dues(county))
    on = county.last_day
    base = {
        f"P{number:07}"
        for number, held in county.poverty.held.items()
        if county.persons[number].lives_on(on) and any(one.category in BASE and one.holds(on) for one in held)
    }
    for due in ("insured", "contracted"):
        assert Counter(one.person for one in dues if one.due == due) == Counter(base)
    assert {one.person for one in dues} == base
    assert len({(one.person, one.due, one.subject) for one in dues}) == len(dues)
    statuses = {(one.due, one.status) for one in dues}
    assert statuses >= {
        (due, status) for due in ("insured", "treated", "contracted", "covered") for status in (DONE, OPEN)
    }
    assert {("insured", EXCEPTED), ("contracted", EXCEPTED)} <= statuses


def test_a_cover_is_open_exactly_where_a_payer_owes(county):
    covered = [one for one in true_dues(county) if one.due == "covered"]
    bills = {bill.number: bill for bill in county.bills}
    assert covered
    for one in covered:
        bill = bills[one.subject]
        assert bill.discharged_on.year == county.last_day.year
        assert bill.state == COUNTED
        assert dict(one.shortfall) == shortfall(bill)
        assert (one.status == DONE) == (not one.shortfall)


def test_some_who_moved_away_still_have_a_contract(county):
    on = county.last_day
    moved = [number for number, changes in county.poverty.changes.items() if away(changes, on)]
    in_force = [
        number for number in moved if any(one.holds(on) for one in county.care.contracts.get(number, ()))
    ]
    assert in_force
    assert len(in_force) < len(moved)


def test_coming_back_ends_being_away_and_a_refusal_ends_with_its_year():
    left, back = Change("外出", date(2024, 3, 1)), Change("返回", date(2025, 1, 1))
    assert away([left], date(2024, 12, 31))
    assert away([left, back], date(2024, 12, 31))
    assert not away([left, back], date(2025, 1, 1))
    refusal = Change("拒绝", date(2025, 5, 1), "签")
    assert refused([refusal], "签", date(2025, 12, 31))
    assert not refused([refusal], "保", date(2025, 12, 31))
    assert not refused([refusal], "签", date(2025, 4, 30))
    assert not refused([refusal], "签", date(2026, 1, 1))


def test_treatments_lie_clear_of_the_edge_of_the_year(county):
    days_ago = [(county.last_day - one.on).days for ones in county.care.treatments.values() for one in ones]
    assert all(abs(days - 365) >= 5 for days in days_ago)
    assert any(days > 365 for days in days_ago)
    assert sum(days < 365 for days in days_ago) > len(days_ago) / 2


def test_people_stand_in_the_registers_with_the_slips_assumed(county):
    rules = assumed()
    for register, entries in county.entries.items():
        assert len({entry.number for entry in entries}) == len(entries)
        once = [entry for entry in entries if not entry.duplicate]
        assert len({entry.person for entry in once}) == len(once)
        names = sum("name" in entry.slips for entry in once) / len(once)
        assert abs(names - rules["slips"]["name"]) < 0.02, register
        assert any(entry.duplicate for entry in entries)
    poor = {entry.person for entry in county.entries["poverty"]}
    elsewhere = {entry.person for register in ("insurance", "health") for entry in county.entries[register]}
    assert poor - elsewhere
    assert elsewhere - poor


def test_ages_of_the_oldest_reach_the_rule_for_eighty(county):
    oldest = [
        number
        for number in county.poverty.held
        if age_on(county.persons[number].born_on, county.last_day) >= 80
    ]
    assert oldest
    assert county.last_day - min(person.born_on for person in county.persons) < timedelta(days=366 * 106)
