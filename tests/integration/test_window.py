"""A hospital's window: who stands there by the whole number, what a stay would cost, the facility's bills and no others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.support.brought_in import brought_in
from tests.support.known_county import CALM, HEAD, HUSBAND, ILL, OTHER, SON, identity
from yingjin.basics.errors import BadInput, NotAllowed, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.insight import queries
from yingjin.insight.queries.quotes import QuoteFacts
from yingjin.registry.actions.window import present_person
from yingjin.registry.models import Presented, User
from yingjin.settlement.models import Bill, Replay, SettledBill

pytestmark = pytest.mark.django_db
AT = datetime(2025, 12, 31, 8, tzinfo=UTC)
STAY = QuoteFacts("inpatient", date(2025, 12, 20), 1_000_000, 50_000, date(2025, 12, 10), "F2")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county; what a test changes is rolled back behind it."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def at_f2(county):
    """A browser at the window of F2."""
    user = User(username="shoufei", display_name="窗口", role="cashier", facility_code="F2")
    user.save()
    browser = Client()
    browser.force_login(user)
    return browser


def test_a_trial_settlement_is_what_the_bill_would_be_were_it_one(county):
    """The bill that was settled last in the year, asked for as a trial on the others, comes out to the fen."""
    bill = county.bill("S-HEAD-2")
    stored = SettledBill.objects.get(bill=bill, replay__latest=True)
    Bill.objects.filter(pk=bill.pk).update(state="cancelled")
    facts = QuoteFacts(
        bill.setting, bill.discharged_on, bill.total_fen, bill.out_of_scope_fen, bill.admitted_on,
        bill.facility_code,
    )  # fmt: skip
    worked = queries.quote(county.reader(), county.person(HEAD).key, facts)
    outcome = worked.outcome
    assert outcome.payments == {
        "basic": stored.basic_fen,
        "critical_illness": stored.critical_illness_fen,
        "assistance": stored.assistance_fen,
    }
    assert (outcome.own_payment_fen, outcome.deductible_fen) == (stored.own_fen, stored.deductible_fen)
    assert worked.told and worked.enrolled and worked.bills_before == 2
    assert {step["kind"] for step in outcome.steps} >= {"in_scope", "deductible"}


def test_a_trial_settlement_keeps_nothing(county):
    before = (Bill.objects.count(), Replay.objects.count(), SettledBill.objects.count())
    first = queries.quote(county.reader(), county.person(HEAD).key, STAY)
    again = queries.quote(county.reader(), county.person(HEAD).key, STAY)
    assert first.outcome == again.outcome
    assert before == (Bill.objects.count(), Replay.objects.count(), SettledBill.objects.count())


def test_every_bill_of_the_year_counts_whoever_treated(county):
    """The window of F2 knows nothing of the stay in F1, and works out on it all the same."""
    key = county.person(HEAD).key
    seen = queries.quote(county.cashier("F2"), key, STAY)
    assert {row.bill_id for row in seen.person.bills_here} == {"S-HEAD-2"}
    assert seen.outcome == queries.quote(county.reader(), key, STAY).outcome and seen.bills_before == 3


def test_the_level_is_that_of_the_facility_and_a_window_asks_for_no_other(county):
    key = county.person(HEAD).key
    assert queries.quote(county.cashier("F1"), key, STAY).facility.code == "F1"
    with pytest.raises(NotFound):
        queries.quote(county.reader(), key, replace(STAY, facility_code="F9"))


def test_who_is_not_insured_is_told_so(county):
    seen = queries.quote(county.reader(), county.person(SON).key, STAY)
    assert not seen.enrolled


@pytest.mark.parametrize(
    "changed, field",
    [
        ({"total_fen": 0}, "total"), ({"out_of_scope_fen": 1_000_001}, "out_of_scope"),
        ({"admitted_on": None}, "admitted_on"), ({"admitted_on": date(2025, 12, 21)}, "admitted_on"),
        ({"setting": "home"}, "setting"), ({"discharged_on": date(2015, 1, 1), "admitted_on": date(2015, 1, 1)}, None),
    ],
)  # fmt: skip
def test_what_cannot_be_one_bill_is_refused_at_its_field(county, changed, field):
    with pytest.raises(BadInput) as refused:
        queries.quote(county.reader(), county.person(HEAD).key, replace(STAY, **changed))
    assert refused.value.data.get("field") == field


def test_roles_without_that_work_ask_for_no_quote(county):
    for role in ("village_doctor", "auditor", "civil_affairs_officer", "administrator", "prefecture_reader"):
        with pytest.raises(NotAllowed):
            queries.quote(county.reader(role), county.person(HEAD).key, STAY)


# Illness that few may know of


def test_at_a_window_no_step_names_an_illness_and_the_amounts_are_the_true_ones(county):
    calm = county.person(CALM).key
    told, withheld = (
        queries.quote(county.reader(), calm, STAY),
        queries.quote(county.cashier("F2"), calm, STAY),
    )
    assert withheld.outcome.payments == told.outcome.payments and not withheld.told
    assert withheld.outcome.steps == () and set(withheld.outcome.clauses.values()) == {None}
    assert told.outcome.steps and told.told
    page = queries.bill(county.cashier("F2"), county.bill("S-CALM").key)
    assert page.own_payment_fen and page.steps == [] and page.basis == [] and page.as_json["steps"] == []
    for text in (repr(withheld), repr(page)):
        assert "精神" not in text and "C07" not in text


def test_a_window_collects_for_its_own_stay_whatever_the_illness_and_knows_of_no_other(county):
    own = queries.bill(county.cashier("F2"), county.bill("S-ILL-2").key)
    assert own.own_payment_fen and own.bills_of_year[0].bill_id == "S-ILL-2" and len(own.bills_of_year) == 1
    for bill in ("S-ILL-1", "S-ILL-3"):
        with pytest.raises(NotFound):
            queries.bill(county.cashier("F2"), county.bill(bill).key)
    elsewhere = queries.quote(county.cashier("F1"), county.person(ILL).key, STAY)
    assert elsewhere.told and "B20" not in repr(elsewhere) and "艾滋" not in repr(elsewhere)


def test_an_insurance_officer_is_told_no_steps_that_rest_on_a_hidden_bill(county):
    officer = county.reader("insurance_officer")
    with pytest.raises(NotFound):
        queries.quote(officer, county.person(ILL).key, STAY)  # on no list of theirs
    assert queries.quote(officer, county.person(HEAD).key, STAY).told


# Who stands there


def test_by_the_whole_number_somebody_new_can_be_worked_for_and_it_is_recorded(county, at_f2):
    key = county.person(OTHER).key
    assert at_f2.get(f"/window/{key}/").status_code == 404
    found = at_f2.post("/window/present/", {"number": identity(OTHER).lower()})
    assert found["Location"] == f"/window/{key}/" and at_f2.get(f"/window/{key}/").status_code == 200
    event = AuditEvent.objects.get(what="person_presented")
    assert (event.target, event.facts) == (f"person:{key}", {"facility": "F2"})
    assert identity(OTHER) not in repr(list(AuditEvent.objects.values()))
    other = county.cashier("F1")
    assert queries.window_person(other, date(2025, 12, 31), key).name == OTHER  # has a bill there
    with pytest.raises(NotFound):
        queries.window_person(county.cashier("F9"), date(2025, 12, 31), key)


def test_a_number_that_is_none_or_nobodys_finds_nobody(county, at_f2):
    for number, said in (
        ("52242819630412", "不是一个完整的证件号"),
        (identity(OTHER)[:-1] + ("0" if identity(OTHER)[-1] != "0" else "1"), "末位校验不符"),
        ("110101199003070417", "没有这个证件号"),
    ):
        refused = at_f2.post("/window/present/", {"number": number})
        assert refused.status_code == 422 and said in refused.content.decode(), number
        assert number not in refused.content.decode()
    assert AuditEvent.objects.filter(what="number_not_found", target="facility:F2").count() == 1


def test_a_number_under_two_names_is_asked_about(county, at_f2):
    asked = at_f2.post("/window/present/", {"number": identity(HEAD)})
    assert asked.status_code == 200 and HEAD in asked.content.decode() and "李双" in asked.content.decode()


def test_who_was_shown_long_ago_and_has_no_bill_there_is_forgotten(county):
    cashier = county.cashier("F2")
    (key,) = present_person(number=identity(OTHER), by=cashier, at=AT)
    present_person(number=identity(HUSBAND), by=cashier, at=AT + timedelta(days=30))
    assert queries.window_person(cashier, date(2025, 12, 31), key)
    present_person(number=identity(HUSBAND), by=cashier, at=AT + timedelta(days=31))
    with pytest.raises(NotFound):
        queries.window_person(cashier, date(2025, 12, 31), key)
    assert Presented.objects.count() == 1


def test_only_a_window_presents_people(county):
    for role in ("county_officer", "insurance_officer", "administrator"):
        with pytest.raises(NotAllowed):
            present_person(number=identity(OTHER), by=county.reader(role), at=AT)


# The pages


def test_the_window_lists_the_bills_of_its_facility_and_no_others(county, at_f2):
    page = at_f2.get("/window/").content.decode()
    for bill, here in (("S-HEAD-2", True), ("S-ILL-2", True), ("S-CALM", True), ("S-HEAD-1", False)):
        assert (str(county.bill(bill).key) in page) == here, bill
    assert OTHER not in page
    assert at_f2.get(f"/persons/{county.person(HEAD).key}/").status_code == 403
    assert at_f2.get(f"/bills/{county.bill('S-HEAD-2').key}/slip/").status_code == 200
    assert at_f2.get(f"/bills/{county.bill('S-HEAD-1').key}/").status_code == 404


def test_a_patient_whose_steps_are_withheld_has_a_slip_all_the_same(county, at_f2):
    path = f"/bills/{county.bill('S-CALM').key}/"
    bill, slip = at_f2.get(path).content.decode(), at_f2.get(f"{path}slip/").content.decode()
    own = queries.bill(county.reader(), county.bill("S-CALM").key).own_payment_fen
    assert "只给结果，不列步骤" in bill and f"{own / 100:,.2f}" in slip and 'class="slip' in slip
    for text in (bill, slip, at_f2.get(f"{path}json/").content.decode()):
        assert "精神" not in text and "C07" not in text


def test_a_window_finds_its_patients_by_name_pinyin_and_number_and_nobody_else(county, at_f2):
    for typed in (HEAD, HEAD[:1], HEAD[:2], "luxiaoying", "lxy", identity(HEAD)[-4:]):
        page = at_f2.get("/find/", {"q": typed}).content.decode()
        assert f"/window/{county.person(HEAD).key}/" in page or str(county.person(HEAD).key) in page, typed
        assert str(county.person(HUSBAND).key) not in page
    for typed in (OTHER, "luoyuan", identity(OTHER)[-4:]):
        assert str(county.person(OTHER).key) not in at_f2.get("/find/", {"q": typed}).content.decode(), typed


def test_the_page_says_whether_the_patient_is_insured_and_what_is_settled(county, at_f2):
    assert "参保有效" in at_f2.get(f"/window/{county.person(HEAD).key}/").content.decode()
    bill = at_f2.get(f"/bills/{county.bill('S-HEAD-2').key}/").content.decode()
    own = SettledBill.objects.get(bill=county.bill("S-HEAD-2"), replay__latest=True).own_fen
    assert f"{own / 100:,.2f}" in bill and "打开这一页时重放了一遍，结果相同" in bill


def test_a_stay_is_worked_out_on_the_page_and_what_was_typed_stays_when_refused(county, at_f2):
    path = f"/window/{county.person(HEAD).key}/"
    asked = {
        "setting": "inpatient", "admitted_on": "2025-12-10", "discharged_on": "2025-12-20", "total": "10,000.00",
        "out_of_scope": "500",
    }  # fmt: skip
    worked = queries.quote(county.cashier("F2"), county.person(HEAD).key, STAY)
    page = at_f2.get(path, asked).content.decode()
    assert f"{worked.outcome.own_payment_fen / 100:,.2f}" in page and "三张网" in page
    assert 'class="slip' in page and "这是试算，不是结算单" in page
    assert AuditEvent.objects.filter(what="quote_made").count() == 1
    refused = at_f2.get(path, {**asked, "total": "-5"})
    assert refused.status_code == 422 and "不是金额" in refused.content.decode()
    assert (
        'value="2025-12-10"' in refused.content.decode() and 'aria-invalid="true"' in refused.content.decode()
    )
