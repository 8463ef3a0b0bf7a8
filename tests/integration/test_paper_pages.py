"""Papers and exports from the console: sent, recorded, within the reader's scope, and nothing to who may not."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.support.brought_in import brought_in
from tests.support.known_county import HEAD, ILL, ON
from tests.support.papers import A5, sizes, text_of
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics.audit import words_of
from yingjin.basics.errors import NotFound
from yingjin.basics.models import AuditEvent
from yingjin.insight.models import HouseholdCode
from yingjin.insight.papers import codes
from yingjin.jobs import work as jobs

pytestmark = pytest.mark.django_db
AT = timezone.now()


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "STORE", tmp_path)


def signed_in(reader):
    reader.save()
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    return client


def printed():
    rows = AuditEvent.objects.filter(what="paper_printed").order_by("pk")
    return [(row.target, row.facts["kind"]) for row in rows]


def test_papers_are_sent_as_pdf_and_recorded(county):
    officer = signed_in(county.reader())
    bill, home = county.bill("S-HEAD-2").key, county.household(HEAD)
    paths = [f"/bills/{bill}/slip.pdf?large=1", f"/households/{home}/sheet.pdf", "/summary.pdf?region=520527"]
    officer.post(f"/households/{home}/print/")
    papers = [officer.get(path) for path in paths]
    assert [answer.status_code for answer in papers] == [200, 200, 200]
    assert {answer["Content-Type"] for answer in papers} == {"application/pdf"}
    assert sizes(papers[0].content) == [A5]
    assert HEAD in text_of(papers[1].content) and "赫章县" in text_of(papers[2].content)
    assert printed() == [
        (f"bill:{bill}", "slip"), (f"household:{home}", "household_sheet"), ("region:520527", "region_summary"),
    ]  # fmt: skip


def test_papers_of_another_region_are_not_there_and_nothing_is_recorded(county):
    stranger = signed_in(county.reader("village_doctor", OTHER_VILLAGE))
    bill, home = county.bill("S-ILL-1").key, county.household(ILL)
    for path in (
        f"/bills/{bill}/slip.pdf",
        f"/households/{home}/sheet.pdf",
        f"/summary.pdf?region={VILLAGE}",
    ):
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/households/{home}/print/").status_code == 404
    assert printed() == [] and not HouseholdCode.objects.exists()


def test_a_bill_of_a_hidden_illness_has_no_slip_for_the_doctor(county):
    bill = county.bill("S-ILL-2").key
    assert signed_in(county.reader()).get(f"/bills/{bill}/slip.pdf").status_code == 200
    assert signed_in(county.doctor()).get(f"/bills/{bill}/slip.pdf").status_code == 404


def test_the_code_of_a_sheet_opens_the_household_within_scope_until_it_is_revoked(county):
    officer = county.reader()
    client, home = signed_in(officer), county.household(ILL)
    token = codes.make_code(home, by=officer, at=AT)
    assert codes.make_code(home, by=officer, at=AT) == codes.code_of(home, by=officer) == token
    assert re.fullmatch("[A-Z2-7]{16}", token) and str(home)[:8] not in token.lower()
    assert client.get(f"/h/{token}/")["Location"] == f"/households/{home}/"
    assert Client().get(f"/h/{token}/")["Location"].startswith("/login/")
    assert signed_in(county.reader("village_doctor", OTHER_VILLAGE)).get(f"/h/{token}/").status_code == 404
    assert client.post(f"/households/{home}/code/revoke/").status_code == 302
    assert client.get(f"/h/{token}/").status_code == 404
    newer = codes.make_code(home, by=officer, at=AT)
    assert newer != token and client.get(f"/h/{newer}/").status_code == 302
    whats = AuditEvent.objects.filter(target=f"household:{home}", what__startswith="household_code")
    assert list(whats.order_by("pk").values_list("what", flat=True)) == [
        "household_code_made", "household_code_revoked", "household_code_made",
    ]  # fmt: skip


def test_nobody_revokes_or_makes_the_code_of_a_household_they_may_not_see(county):
    home = county.household(ILL)
    for reader in (county.reader("village_doctor", OTHER_VILLAGE), county.cashier("F1")):
        assert signed_in(reader).post(f"/households/{home}/code/revoke/").status_code in (403, 404)
    stranger = county.reader("village_doctor", OTHER_VILLAGE)
    with pytest.raises(NotFound):
        codes.make_code(home, by=stranger, at=AT)
    codes.make_code(home, by=county.reader(), at=AT)
    with pytest.raises(NotFound):
        codes.code_of(home, by=stranger)


def test_a_sheet_s_code_is_made_by_the_button_and_opening_the_sheet_makes_nothing(county):
    officer, home = signed_in(county.reader()), county.household(HEAD)
    sheet = f"/households/{home}/sheet.pdf?on={ON.isoformat()}"
    refused = officer.get(sheet)
    assert refused.status_code == 409 and "按“一户一单 PDF”" in refused.content.decode()
    assert not HouseholdCode.objects.exists() and printed() == []
    assert f'action="/households/{home}/print/"' in officer.get(f"/households/{home}/").content.decode()
    asked = officer.post(f"/households/{home}/print/", {"on": ON.isoformat(), "large": "1"})
    assert asked["Location"] == f"{sheet}&large=1"
    assert officer.get(asked["Location"])["Content-Type"] == "application/pdf"
    [code] = HouseholdCode.objects.all()
    assert officer.post(f"/households/{home}/print/")["Location"] == sheet.partition("?")[0]
    assert officer.get(sheet).status_code == 200 and HouseholdCode.objects.get() == code


def test_an_export_is_asked_for_seen_and_downloaded(county):
    officer = signed_in(county.reader())
    form = officer.get("/exports/new/", {"list": "gaps", "due": "covered", "on": ON.isoformat()})
    assert 'name="due" value="covered"' in form.content.decode()
    answer = officer.post("/exports/new/", {"list": "gaps", "due": "covered", "format": "csv"})
    assert answer["Location"] == "/exports/"
    waiting = officer.get("/exports/").content.decode()
    assert "排着队" in waiting and 'hx-trigger="every 2s"' in waiting
    [key] = AuditEvent.objects.filter(what="export_asked").values_list("target", flat=True)
    key = key.removeprefix("export:")
    jobs.do(key)
    page = officer.get("/exports/").content.decode()
    assert f'/exports/{key}/file/"' in page and "every 2s" not in page
    file = officer.get(f"/exports/{key}/file/")
    text = b"".join(file.streaming_content).decode()
    assert file["Content-Disposition"].startswith("attachment") and HEAD in text
    assert officer.post(f"/exports/{key}/again/").status_code == 409
    other = signed_in(county.auditor())
    assert other.get(f"/exports/{key}/file/").status_code == 404
    assert other.post(f"/exports/{key}/again/").status_code == 404


def test_whole_numbers_without_a_reason_are_asked_about_at_the_field(county):
    officer = signed_in(county.reader())
    wanted = {"list": "people", "format": "xlsx", "numbers": "whole", "why": ""}
    answer = officer.post("/exports/new/", wanted)
    assert answer.status_code == 422 and "要写明为什么" in answer.content.decode()
    assert not AuditEvent.objects.filter(what="export_asked").exists()
    assert officer.post("/exports/new/", wanted | {"why": "核对参保名单"}).status_code == 302
    [event] = AuditEvent.objects.filter(what="export_asked")
    assert words_of([event])[event.number]["why"] == "核对参保名单"
    assert "核对" not in str(event.facts)


def test_who_may_not_export_meets_no_page_of_it(county):
    doctor = signed_in(county.doctor())
    for client in (doctor, signed_in(county.cashier("F1"))):
        assert client.get("/exports/").status_code == 403
        assert client.get("/exports/new/?list=gaps").status_code == 403
        assert client.post("/exports/new/", {"list": "gaps"}).status_code == 403
    assert "导出" not in doctor.get("/gaps/").content.decode()


def test_the_people_of_a_village_are_taken_away_from_where_they_were_found(county):
    officer = signed_in(county.reader())
    assert "list=people" not in officer.get("/find/", {"q": "li"}).content.decode()
    page = officer.get("/find/", {"q": "", "village": VILLAGE, "on": ON.isoformat()}).content.decode()
    link = re.search(r'href="(/exports/new/\?list=people[^"]+)"', page)[1].replace("&amp;", "&")
    assert f'name="village" value="{VILLAGE}"' in officer.get(link).content.decode()
