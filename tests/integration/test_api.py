"""Other systems read and do what a user of their role and place may, and no more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.brought_in import brought_in
from tests.support.calling import Caller, caller
from tests.support.known_county import HEAD, HIV, ILL, ON
from tests.support.registers import VILLAGE
from yingjin.api.errors import PROBLEM
from yingjin.basics import row_security
from yingjin.basics.access import AUDITOR, CASHIER, PREFECTURE_READER, VILLAGE_DOCTOR, Robot
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import Job
from yingjin.registry.actions.clients import renew_secret, revoke_client
from yingjin.registry.models import ClientToken

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here; what a test changes is rolled back behind it."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def officer(county) -> Caller:
    return caller()


def refusal(answer, status: int, code: str) -> dict:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == PROBLEM
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    return problem


def test_somebody_is_found_opened_and_the_opening_is_recorded(county, officer):
    found = officer.get("/persons?q=禄").json()["items"]
    assert [each["name"] for each in found] == [HEAD]
    key = found[0]["person_key"]
    person = officer.get(f"/persons/{key}").json()
    assert person["name"] == HEAD
    assert len(person["bills"]) == len(officer.get(f"/persons/{key}/bills").json()["items"]) == 4
    opened = AuditEvent.objects.filter(what="person_opened").latest("number")
    assert (opened.target, opened.by, opened.role) == (
        f"person:{key}",
        officer.client.username,
        "county_officer",
    )
    home = officer.get(f"/households/{person['household_key']}").json()
    assert HEAD in [each["name"] for each in home["members"]]


def test_a_bill_comes_with_every_step_and_the_openings_are_recorded(county, officer):
    bill = county.bill("S-HEAD-2")
    shown = officer.get(f"/bills/{bill.key}").json()
    assert shown["total_fen"] == sum(line["amount_fen"] for line in shown["lines"]) + shown["own_payment_fen"]
    assert shown["steps"] and shown["same_as_stored"]
    assert AuditEvent.objects.latest("number").target == f"bill:{bill.key}"


def test_a_client_sees_what_its_role_and_place_see_and_no_more(county, officer):
    ill, hidden = county.person(ILL), county.bill("S-ILL-2")
    assert hidden.diagnosis == HIV
    assert officer.get(f"/bills/{hidden.key}").status_code == 200
    auditor = caller(AUDITOR)
    refusal(auditor.get(f"/bills/{hidden.key}"), 404, "not_found")
    assert str(hidden.key) not in auditor.get(f"/persons/{ill.key}/bills").content.decode()
    doctor = caller(VILLAGE_DOCTOR, VILLAGE)
    elsewhere = county.person("罗远")
    refusal(doctor.get(f"/persons/{elsewhere.key}"), 404, "not_found")
    reader = caller(PREFECTURE_READER, "5205")
    refusal(reader.get("/persons?q=禄"), 403, "not_allowed")
    assert reader.get("/regions").status_code == 200
    refusal(caller(permissions=["import"]).get("/gaps"), 403, "not_permitted")


def test_a_token_ends_by_time_by_its_owner_by_a_new_secret_and_with_its_client(county):
    one = caller()
    refusal(one.browser.get("/api/v1/gaps"), 401, "not_signed_in")
    wrong = one.browser.post("/api/v1/token", one.asking() | {"client_secret": "wrong"})
    assert refusal(wrong, 401, "invalid_client") and "Bearer" in wrong["WWW-Authenticate"]
    assert one.token not in str(list(ClientToken.objects.values()))
    assert one.browser.post("/api/v1/token/end", {"token": one.token}).status_code == 204
    refusal(one.get("/gaps"), 401, "not_signed_in")
    two = caller()
    ClientToken.objects.filter(client=two.client).update(ends_at=timezone.now() - timedelta(seconds=1))
    refusal(two.get("/gaps"), 401, "not_signed_in")
    three, by_robot = caller(), {"by": Robot(), "at": timezone.now()}
    renew_secret(client_id=three.client.client_id, **by_robot)
    refusal(three.get("/gaps"), 401, "not_signed_in")
    four = caller()
    revoke_client(client_id=four.client.client_id, **by_robot)
    refusal(four.get("/gaps"), 401, "not_signed_in")
    refusal(four.browser.post("/api/v1/token", four.asking()), 401, "invalid_client")


def test_refusals_speak_the_callers_language_and_mask_what_was_sent(county, officer):
    zh = refusal(officer.get("/persons?limit=0&cursor=!"), 422, "bad_request_fields")
    en = officer.get("/persons?limit=0&cursor=!", "en").json()
    assert "不能小于 1" in zh["errors"][1]["detail"] or "不能小于 1" in zh["errors"][0]["detail"]
    assert {each["field"] for each in en["errors"]} == {"query.limit", "query.cursor"}
    assert all(each["detail"].isascii() for each in en["errors"])
    key = county.person(HEAD).key
    number = officer.post(
        f"/persons/{key}/quote",
        {"setting": "52242819630412002X", "discharged_on": "2025-12-01", "total_fen": 1},
    )
    assert "52242819630412002X" not in number.content.decode()
    assert refusal(number, 422, "bad_request_fields")["errors"][0]["value"] == "52··············2X"
    assert officer.get("/nowhere", "en").json()["title"] == "Not found"
    spoken = officer.get("/gaps", "fr;q=0.9, en-GB;q=0.8, zh;q=0.1")
    assert spoken["Content-Language"] == "en" and "Accept-Language" in spoken["Vary"]


def test_a_quote_is_worked_out_and_kept_nowhere(county, officer):
    key = county.person(HEAD).key
    asked = {
        "setting": "inpatient", "admitted_on": "2025-12-01", "discharged_on": "2025-12-09", "total_fen": 2_000_000,
        "facility_code": "F2",
    }  # fmt: skip
    quote = officer.post(f"/persons/{key}/quote", asked).json()
    assert quote["own_payment_fen"] + sum(line["amount_fen"] for line in quote["lines"]) == 2_000_000
    assert AuditEvent.objects.latest("number").what == "quote_made"
    window = caller(CASHIER, facility_code="F2")
    assert window.post(f"/persons/{key}/quote", asked).json()["own_payment_fen"] == quote["own_payment_fen"]
    assert refusal(officer.post(f"/persons/{key}/quote", asked | {"total_fen": 0}), 422, "bad_request_fields")
    late = officer.post(f"/persons/{key}/quote", asked | {"admitted_on": "2025-12-10"})
    assert refusal(late, 422, "bad_quote")["errors"][0]["field"] == "admitted_on"


def test_pages_follow_a_cursor_that_nobody_can_make_or_take_elsewhere(county, officer):
    whole = [each["gap_id"] for each in officer.get("/gaps").json()["items"]]
    assert len(whole) == len(set(whole)) > 5
    seen, cursor = [], ""
    while True:
        part = officer.get(f"/gaps?limit=3&cursor={cursor}").json()
        seen += [each["gap_id"] for each in part["items"]]
        if not (cursor := part["next"]):
            break
    assert seen == whole
    first = officer.get("/gaps?limit=3").json()["next"]
    refusal(officer.get(f"/gaps?limit=3&due=insured&cursor={first}"), 422, "bad_cursor")
    refusal(caller().get(f"/gaps?limit=3&cursor={first}"), 422, "bad_cursor")
    refusal(officer.get(f"/gaps?cursor={first[:-4]}AAAA"), 422, "bad_cursor")
    people, cursor = [], ""
    while True:
        part = officer.get(f"/persons?village=520527102&limit=2&cursor={cursor}").json()
        people += [each["person_key"] for each in part["items"]]
        if not (cursor := part["next"]):
            break
    assert len(people) == len(set(people)) == len(officer.get("/persons?village=520527102").json()["items"])


def test_what_was_read_before_is_not_sent_again(county, officer):
    first = officer.get("/figures?limit=5")
    same = officer.get("/figures?limit=5", If_None_Match=first["ETag"])
    assert (same.status_code, same.content) == (304, b"")
    assert officer.get("/figures?limit=6", If_None_Match=first["ETag"]).status_code == 200


def test_a_gap_is_given_to_somebody_by_who_has_read_it_last(county, officer):
    one = officer.get("/gaps?due=insured").json()["items"][0]["gap_id"]
    read = officer.get(f"/gaps/{one}")
    asked = {"role": "township_officer", "note": "本周上门"}
    refusal(officer.post(f"/gaps/{one}/assign", asked), 428, "version_needed")
    done = officer.post(f"/gaps/{one}/assign", asked, If_Match=read["ETag"])
    assert done.status_code == 200, done.content.decode()
    assert done.json()["row"]["worked"]["role"] == "township_officer"
    assert done["ETag"] != read["ETag"]
    refusal(
        officer.post(f"/gaps/{one}/notes", {"note": "迟到的"}, If_Match=read["ETag"]), 412, "version_passed"
    )
    number = done.json()["desk"]["worked"]["gap"]
    assert officer.get(f"/gaps/{number}")["ETag"] == done["ETag"]
    refusal(caller(AUDITOR).post(f"/gaps/{one}/assign", asked, If_Match=done["ETag"]), 403, "not_allowed")


def test_no_word_closes_a_gap_but_a_paper_excepts_it(county, officer):
    one = officer.get("/gaps?due=insured").json()["items"][0]["gap_id"]
    version = officer.get(f"/gaps/{one}")["ETag"]
    said = refusal(
        officer.post(f"/gaps/{one}/close", {"note": "办好了"}, If_Match=version), 409, "closes_by_evidence"
    )
    assert "凭证据关" in said["detail"]
    exception = {
        "reason": "insured_elsewhere", "words": "在贵阳参保", "paper_name": "参保证明.pdf",
        "until_on": str(timezone.localdate() + timedelta(days=60)),
        "paper_base64": "JVBERi0xLjcKMSAwIG9iago8PD4+CmVuZG9iagp0cmFpbGVyCjw8Pj4KJSVFT0YK",
    }  # fmt: skip
    done = officer.post(f"/gaps/{one}/close", {"exception": exception}, If_Match=version)
    assert done.json()["desk"]["granted"]["reason"] == "insured_elsewhere", done.content


def test_the_same_key_does_a_thing_once_and_another_body_is_refused(county, officer):
    one = officer.get("/gaps").json()["items"][0]["gap_id"]
    version = officer.get(f"/gaps/{one}")["ETag"]
    first = officer.post(f"/gaps/{one}/notes", {"note": "一次"}, key="same-key-1", If_Match=version)
    again = officer.post(f"/gaps/{one}/notes", {"note": "一次"}, key="same-key-1", If_Match=version)
    assert (first.status_code, again.status_code) == (200, 200)
    assert (
        again.json() == first.json()
        and again["Idempotent-Replayed"] == "true"
        and again["ETag"] == first["ETag"]
    )
    other = officer.post(f"/gaps/{one}/notes", {"note": "另一句"}, key="same-key-1", If_Match=version)
    refusal(other, 422, "idempotency_key_reused")
    assert sum("一次" in each["text"] for each in officer.get(f"/gaps/{one}").json()["desk"]["events"]) == 1
    refusal(
        officer.post(f"/gaps/{one}/notes", {"note": "一次"}, key="short", If_Match=version),
        422,
        "bad_request_fields",
    )


def test_a_year_is_asked_to_be_replayed_as_a_job_that_can_be_followed(county, officer):
    key = county.person(HEAD).key
    asked = officer.post(f"/persons/{key}/years/2025/replay")
    assert asked.status_code == 202, asked.content
    assert officer.get(f"/jobs/{asked.json()['key']}").json()["state"] == "waiting"
    assert Job.objects.get(pk=asked.json()["key"]).facts["person"] == str(key)
    refusal(officer.post(f"/persons/{key}/years/2019/replay"), 404, "not_found")
    refusal(caller(VILLAGE_DOCTOR, VILLAGE).post(f"/persons/{key}/years/2025/replay"), 403, "not_allowed")
    refusal(caller().get(f"/jobs/{asked.json()['key']}"), 404, "not_found")


def test_regions_codes_and_figures_are_told(county, officer):
    own = officer.get(f"/regions?on={ON}").json()
    assert own["whole"]["place"]["code"] == "520527" and own["parts"]
    refusal(officer.get("/regions/110101"), 404, "not_found")
    assert officer.get("/regions/522428/history").json()["today"] == ["520527"]
    figures = officer.get("/figures?fared=broken").json()
    assert figures["items"] and all(each["broken"] for each in figures["items"])
    assert officer.get(f"/figures/{figures['items'][0]['id']}").json() == figures["items"][0]


def test_the_database_is_told_whose_rows_a_call_may_see_and_forgets_it_behind_it(
    county, officer, monkeypatch
):
    said = []
    monkeypatch.setattr(
        row_security, "see", lambda scope: said.append((scope.region_prefix, scope.facility_code))
    )
    monkeypatch.setattr(row_security, "stop_seeing", lambda: said.append("stopped"))
    officer.get("/gaps")
    caller(CASHIER, facility_code="F2").get("/figures")
    nobody, token = ("", ""), [("", ""), "stopped"]
    assert said == [nobody, ("520527", ""), "stopped", *token, nobody, ("", "F2"), "stopped"]
