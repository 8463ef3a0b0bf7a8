"""A bill shows how each yuan was divided, by which clause and from which facts: yingjin/insight/queries/bills.py."""

import json
from datetime import date

import pytest

from tests.support.brought_in import brought_in
from tests.support.known_county import HEAD, identity
from tests.support.people import named
from yingjin.basics.money import parse_yuan
from yingjin.insight import queries
from yingjin.policy.domain.facts import BillFacts, CategoryHeld, PersonFacts
from yingjin.policy.domain.year import settle_year
from yingjin.policy.rulebooks import load
from yingjin.registry.models import CategoryHeld as CategoryRow

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def officer(county):
    return county.reader()


def engine(county, name, year=2025):
    """Work a person's year out by the engine alone, from what the test itself wrote."""
    held = [
        CategoryHeld("C02", date(2014, 6, 1), date(2020, 11, 23)),
        CategoryHeld("C04", date(2019, 4, 1), None),
    ]
    person = county.person(name)
    bills = [
        BillFacts(each.bill_id, each.setting, each.level, True, True, True, each.admitted_on, each.discharged_on,
                  each.total_fen, each.out_of_scope_fen)
        for each in person.bills.filter(discharged_on__year=year)
    ]  # fmt: skip
    facts = PersonFacts(str(person.key), person.born_on, tuple(held))
    return {each.bill_id: each for each in settle_year(facts, bills, load("hezhang"), explain=True)}


def test_a_bill_shows_the_engines_own_steps(county, officer):
    page = queries.bill(officer, county.bill("S-HEAD-2").key)
    outcome = engine(county, HEAD)["S-HEAD-2"]
    assert page.steps == json.loads(json.dumps(outcome.steps))
    assert {line.layer: line.amount_fen for line in page.lines} == outcome.payments
    assert page.own_payment_fen == outcome.own_payment_fen
    assert sum(line.amount_fen for line in page.lines) + page.own_payment_fen == page.total_fen
    # Basic 28,236.52 × 75 %; then 60 % of what lies above 3,000.00, stacked on 1,595.80 of March.
    assert [line.amount_fen for line in page.lines] == [2_117_739, 351_296, 262_232]
    assert [line.clause_id for line in page.lines] == ["R10", "R21", "R32"]
    assert page.lines[1].clause_zh == "第二张网·特殊人群3000元以上"
    assert [line.reported_fen for line in page.lines] == [2_100_000, 0, 0]


def test_a_bill_is_worked_out_again_when_it_is_opened(county, officer):
    key = county.bill("S-HEAD-2").key
    assert queries.bill(officer, key).same_as_stored is True
    CategoryRow.objects.filter(person__in=named(HEAD), category="C04").update(valid_from=date(2025, 12, 1))
    assert queries.bill(officer, key).same_as_stored is False


def test_a_bill_stands_in_its_year_in_replay_order(county, officer):
    page = queries.bill(officer, county.bill("S-HEAD-2").key)
    assert [bill.bill_id for bill in page.bills_of_year] == ["S-HEAD-1", "S-HEAD-3", "S-HEAD-2"]
    assert (page.year_before, page.replay_version) == (2, 1)
    assert (page.doctor_zh, page.diagnosis_zh) == ("家庭医生 李国华", "脑梗死（I63.900）")


def test_every_fact_of_a_bill_says_where_it_stands(county, officer):
    page = queries.bill(officer, county.bill("S-HEAD-2").key)
    basis = {row.fact_zh: row for row in page.basis}
    assert basis["低保对象"].value_zh == "2019-04-01 起"
    assert basis["低保对象"].source_zh == "脱贫人口登记 脱贫.xlsx “身份”表第 3 行"
    assert "建档立卡（脱贫）人口" not in basis
    assert basis["出生日期"].value_zh == "1963-04-12，出院那天 62 岁"
    assert basis["赫章县人民医院"].source_zh == "机构名单 机构.csv 第 3 行"
    assert basis["总费用"].source_zh == "参保与结算登记 结算2025.csv 第 3 行"
    assert basis["2025 年参保"].value_zh == "有"
    assert basis["规则版本"].value_zh.endswith("2016-10-01 版")
    assert all(
        row.learnt_on for name, row in basis.items() if "结算" in row.source_zh or "脱贫" in row.source_zh
    )


def test_a_bill_as_json_holds_every_step_and_no_floating_point(county, officer):
    page = queries.bill(officer, county.bill("S-HEAD-2").key)
    text = json.dumps(page.as_json, ensure_ascii=False)
    read = json.loads(text, parse_float=lambda number: pytest.fail(f"{number} is floating point"))
    assert read["settled"]["payments"] == {
        "basic": "21177.39",
        "critical_illness": "3512.96",
        "assistance": "2622.32",
    }
    paid = sum(parse_yuan(text) for text in read["settled"]["payments"].values())
    assert paid + parse_yuan(read["settled"]["own_payment"]) == parse_yuan(read["total"]) == page.total_fen
    assert [step["kind"] for step in read["steps"]] == [step["kind"] for step in page.steps]
    assert HEAD not in text and identity(HEAD) not in text and '_fen"' not in text


def test_a_bill_that_was_never_worked_out_shows_what_was_reported(county, officer):
    page = queries.bill(officer, county.bill("S-GONE").key)
    assert (page.state, page.state_zh) == ("cancelled", "已作废：有冲销它的结算")
    assert page.steps == [] and page.same_as_stored is False and page.as_json["settled"] is None
    assert [line.amount_fen for line in page.lines] == [30_000, 0, 0] and page.own_payment_fen == 20_000
    back = queries.bill(officer, county.bill("S-BACK").key)
    assert (back.state, back.total_fen) == ("cancelled", -50_000)


def test_a_held_bill_is_worked_out_and_counts_nowhere(county, officer):
    page = queries.bill(officer, county.bill("S-DEAD").key)
    assert (page.state, page.same_as_stored) == ("held", True)
    assert page.lines[0].amount_fen == 323_000 and page.year_before == 0


def test_a_bill_of_a_year_with_a_refused_one_says_so(county, officer):
    assert queries.bill(officer, county.bill("S-HUSBAND").key).incomplete_year is True
    assert queries.bill(officer, county.bill("S-HEAD-1").key).incomplete_year is False


def test_an_outpatient_bill_is_paid_by_nobody_and_says_why(county, officer):
    page = queries.bill(officer, county.bill("S-HEAD-3").key)
    assert page.own_payment_fen == page.total_fen == 8_600 and page.own_in_scope_fen == 8_600
    assert [line.clause_id for line in page.lines] == ["", "", ""]
    counted = next(step for step in page.steps if step["kind"] == "counted")
    assert counted["counted"] is False and counted["gate"] == "outpatient"


def test_a_bill_costs_a_bounded_number_of_queries(county, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        queries.bill(officer, county.bill("S-HEAD-2").key)
