"""What is opened about a person is recorded under one key; who may read that reads it; a number is shown for a reason."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.support.brought_in import brought_in
from tests.support.known_county import CALM, HEAD, ILL, OTHER, KnownCounty, identity, village
from yingjin.basics.access import MAY, SEES_PERSONS
from yingjin.basics.audit import record, words_of
from yingjin.basics.errors import NotAllowed, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.console.urls import urlpatterns
from yingjin.insight import queries
from yingjin.registry.models import Person, User

pytestmark = pytest.mark.django_db
MASKED = re.compile(r"\d{17}[\dX]")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


def signed_in(role: str = "county_officer", region_code: str = "520527") -> Client:
    user = User(username=f"{role}-{region_code}", display_name="李国华", role=role, region_code=region_code)
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def last():
    return AuditEvent.objects.order_by("-number").first()


def moment(hours: int) -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC) + timedelta(hours=hours)


def path(county: KnownCounty, name: str, more: str = "") -> str:
    return f"/persons/{county.person(name).key}/{more}"


# ---- What is recorded


def test_everything_opened_about_a_person_is_recorded_under_its_one_key(county):
    client = signed_in()
    person, bill, home = county.person(HEAD).key, county.bill("S-HEAD-2").key, county.household(HEAD)
    written = {
        f"/persons/{person}/": ("person_opened", f"person:{person}"),
        f"/households/{home.hex.upper()}/": ("household_opened", f"household:{home}"),
        f"/bills/{{{bill}}}/": ("bill_opened", f"bill:{bill}"),
        f"/bills/{bill.hex}/slip/": ("slip_opened", f"bill:{bill}"),
        f"/bills/{bill}/json/": ("bill_json_taken", f"bill:{bill}"),
        "/quality/unlinked/": ("quality_opened", "quality:unlinked"),
        f"/persons/{person}/number/": ("number_asked", f"person:{person}"),
        f"/persons/{person}/looked/": ("who_looked_opened", f"person:{person}"),
    }
    for address, event in written.items():
        assert client.get(address).status_code == 200, address
        assert (last().what, last().target) == event
        assert (last().by, last().role) == ("county_officer-520527", "county_officer")


def test_no_page_about_somebody_opens_without_being_recorded(county):
    client = signed_in()
    keys = {
        "persons": county.person(HEAD).key,
        "households": county.household(HEAD),
        "bills": county.bill("S-HEAD-2").key,
    }
    assert client.post(f"/households/{keys['households']}/print/").status_code == 302
    opened = []
    for pattern in urlpatterns:
        kind, _, rest = str(pattern.pattern).partition("/")
        if kind in keys and rest.count("<") == 1:
            address = f"/{kind}/{keys[kind]}/{rest.partition('>/')[2]}"
            before = AuditEvent.objects.count()
            answer = client.get(address)
            assert answer.status_code in (200, 405), f"{address}: {answer.status_code}"
            assert answer.status_code == 405 or AuditEvent.objects.count() > before, address
            opened.append(address)
    assert len(opened) >= 7


def test_what_may_not_be_opened_is_not_recorded_as_opened(county):
    client, before = signed_in("village_doctor", village(OTHER)), AuditEvent.objects.count()
    assert client.get(path(county, HEAD)).status_code == 404
    assert client.get(path(county, HEAD, "number/")).status_code == 404
    assert client.get(f"/bills/{county.bill('S-HEAD-2').key}/").status_code == 404
    assert (
        AuditEvent.objects.filter(target__startswith="person:").count() + 0 == 0
        or AuditEvent.objects.count() == before
    )


def test_a_list_of_files_names_nobody_and_is_not_recorded(county):
    client, before = signed_in(), AuditEvent.objects.count()
    assert client.get("/quality/files/").status_code == 200
    assert AuditEvent.objects.count() == before


# ---- A number in full


def test_a_number_is_shown_once_for_a_reason_that_is_kept(county):
    client, address = signed_in(), path(county, HEAD, "number/")
    assert identity(HEAD) not in client.get(address).content.decode()
    answer = client.post(address, {"which": "identity_number", "reason": "window", "note": "办慢病卡"})
    assert answer.status_code == 200 and identity(HEAD) in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    event = last()
    assert (event.what, event.target) == ("number_unmasked", f"person:{county.person(HEAD).key}")
    assert words_of([event]) == {event.number: {"note": "办慢病卡"}} and "办慢病卡" not in str(event.facts)
    assert (event.facts["which"], event.facts["reason"]) == ("identity_number", "window")
    assert "办慢病卡" in client.get(path(county, HEAD, "looked/")).content.decode()
    for shown in (client.get(address), client.get(path(county, HEAD))):
        assert identity(HEAD) not in shown.content.decode()


def test_a_phone_number_can_be_seen_too(county):
    answer = signed_in().post(path(county, HEAD, "number/"), {"which": "phone", "reason": "contact"})
    text = answer.content.decode()
    assert "13987654321" in text and identity(HEAD) not in text
    assert last().facts["which"] == "phone"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({}, "没有选看哪个号码"),
        ({"which": "name", "reason": "window"}, "没有选看哪个号码"),
        ({"which": "identity_number"}, "没有选为什么看"),
        ({"which": "identity_number", "reason": "curious"}, "没有选为什么看"),
        ({"which": "identity_number", "reason": "other", "note": "  "}, "要写明办什么事"),
        ({"which": "identity_number", "reason": "other", "note": "查 522428 1963"}, "说明里有号码"),
        ({"which": "identity_number", "reason": "other", "note": "电话１３９８７６"}, "说明里有号码"),
        ({"which": "identity_number", "reason": "other", "note": f"给{HEAD[0]} {HEAD[1:]}办卡"}, "说明里有姓名"),
        ({"which": "identity_number", "reason": "window", "note": "办" * 201}, "说明太长"),
        ({"which": "identity_number", "reason": "window", "note": "办\0卡"}, "f-note"),
    ],
)  # fmt: skip
def test_without_a_reason_nothing_is_shown_and_nothing_recorded(county, form, words):
    before = AuditEvent.objects.count()
    answer = signed_in().post(path(county, HEAD, "number/"), form)
    text = answer.content.decode()
    assert answer.status_code == 422 and words in text
    assert identity(HEAD) not in text and AuditEvent.objects.count() == before


def test_what_was_chosen_and_written_stays_in_a_refused_form(county):
    form = {"which": "phone", "reason": "other", "note": "给13987654321办"}
    text = signed_in().post(path(county, HEAD, "number/"), form).content.decode()
    assert 'value="phone" required checked' in text and 'value="other" required checked' in text
    assert 'value="给13987654321办"' in text


@pytest.mark.parametrize("role", sorted(SEES_PERSONS))
def test_only_roles_that_may_see_a_number(county, role):
    client, allowed = signed_in(role), role in MAY["unmask"]
    answer = client.post(path(county, HEAD, "number/"), {"which": "identity_number", "reason": "window"})
    assert (identity(HEAD) in answer.content.decode()) == allowed == (answer.status_code == 200)
    page = client.get(path(county, HEAD)).content.decode()
    assert ("/number/" in page) == allowed


def test_a_number_of_somebody_outside_the_scope_is_nobodys(county):
    doctor = signed_in("village_doctor", village(OTHER))
    answer = doctor.post(path(county, HEAD, "number/"), {"which": "identity_number", "reason": "window"})
    assert answer.status_code == 404 and not MASKED.search(answer.content.decode())
    for role, region in (
        ("county_officer", "520526"),
        ("administrator", "520527"),
        ("province_reader", "52"),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            queries.unmasked(county.reader(role, region), county.person(HEAD).key, "identity_number")


def test_a_form_from_elsewhere_shows_nothing(county):
    client = signed_in()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(path(county, HEAD, "number/"), {"which": "identity_number", "reason": "window"})
    assert answer.status_code == 403


# ---- Who looked


def test_who_looked_says_when_who_as_what_and_why(county):
    doctor, officer = signed_in("village_doctor", village(HEAD)), signed_in()
    doctor.get(path(county, HEAD))
    doctor.post(path(county, HEAD, "number/"), {"which": "phone", "reason": "other", "note": "随访改期"})
    officer.get(f"/bills/{county.bill('S-HEAD-2').key}/")
    text = officer.get(path(county, HEAD, "looked/")).content.decode()
    rows = re.findall(r'<tr role="row">(<th role="rowheader".*?)</tr>', text)
    plain = [re.sub(r"<[^>]+>", " ", row) for row in rows]
    assert len(plain) == 3 and "2 个工号，共 3 次" in text
    assert "看了账单" in plain[0] and "县级工作人员" in plain[0]
    assert "看了号码" in plain[1] and "电话" in plain[1] and "别的事（写明）：随访改期" in plain[1]
    assert "看了个人页" in plain[2] and "村医" in plain[2] and "李国华" in plain[2]
    assert all(re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row) for row in plain)


def test_who_looked_is_paged_with_the_newest_first(county):
    person = county.person(CALM).key
    for number in range(7):
        record("person_opened", target=f"person:{person}", by=county.reader(), at=moment(number))
    first = queries.looks(county.reader(), person, 1, size=3)
    third = queries.looks(county.reader(), person, 3, size=3)
    assert (first.total, first.pages, first.people, len(first.rows), len(third.rows)) == (7, 3, 1, 3, 1)
    assert first.rows[0].at > first.rows[-1].at > third.rows[0].at


def test_what_was_opened_of_somebody_since_merged_is_shown_with_whoever_it_became(county):
    one, other = county.person(HEAD), county.person(OTHER)
    gone = Person.objects.create(
        key="00000000-0000-0000-0000-000000000001", name=HEAD, region_code=one.region_code, merged_into=one
    )
    record("person_opened", target=f"person:{gone.key}", by=county.reader(), at=moment(0))
    assert queries.looks(county.reader(), one.key).total == 1
    assert queries.looks(county.reader(), other.key).total == 0
    assert signed_in().get(f"/persons/{gone.key}/looked/")["Location"] == f"/persons/{one.key}/looked/"


def test_whoever_may_not_know_of_an_illness_does_not_learn_it_from_who_looked(county):
    officer = signed_in()
    officer.get(f"/bills/{county.bill('S-ILL-2').key}/")
    officer.get(f"/bills/{county.bill('S-ILL-1').key}/")
    assert queries.looks(county.reader(), county.person(ILL).key).total == 2
    seen = queries.looks(county.auditor(), county.person(ILL).key)
    assert [each.key for each in seen.rows] == [str(county.bill("S-ILL-1").key)]


@pytest.mark.parametrize("role", sorted(SEES_PERSONS))
def test_only_roles_that_read_the_audit_see_who_looked(county, role):
    client, allowed = signed_in(role), role in MAY["read_audit"]
    assert client.get(path(county, HEAD, "looked/")).status_code == (200 if allowed else 403)
    assert ("/looked/" in client.get(path(county, HEAD)).content.decode()) == allowed


def test_who_looked_is_found_within_the_scope_alone_and_by_no_administrator(county):
    person = county.person(HEAD).key
    with pytest.raises(NotFound):
        queries.looks(county.reader("auditor", "520526"), person)
    with pytest.raises(NotAllowed):
        queries.looks(county.reader("administrator", "520527"), person)


def test_both_pages_are_in_english_for_who_chose_it(county):
    client = signed_in()
    client.cookies["yingjin_language"] = "en"
    client.get(path(county, HEAD))
    text = client.get(path(county, HEAD, "looked/")).content.decode()
    assert "Who looked at" in text and "Opened the person’s page" in text and "county officer" in text.lower()
    text = client.get(path(county, HEAD, "number/")).content.decode()
    assert "Which number" in text and "Phoning the person" in text
