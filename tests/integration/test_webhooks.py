"""Events reach who asked for them: signed, in order, at least once, by keys alone; and no address inside the office."""

import json
import socket
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.calling import caller
from tests.support.importing import land, upload
from tests.support.known_county import ON as END
from tests.support.known_county import write_county
from tests.support.receiving import FIVE_MINUTES, proven, receiver
from tests.support.rows import AT
from tests.support.small_county import HIV, VILLAGES, SmallCounty
from yingjin.api import delivering, outgoing
from yingjin.api.models import DELIVERED, GIVEN_UP, Delivery, KeptAnswer, Subscription
from yingjin.api.subscribing import subscription_of
from yingjin.basics.access import COUNTY_OFFICER, INSURANCE_OFFICER, VILLAGE_DOCTOR, Robot
from yingjin.basics.work import Job, ask
from yingjin.gaps.models import Gap
from yingjin.jobs import work
from yingjin.jobs.run_county import run_over
from yingjin.registry.models import User
from yingjin.settlement.models import Replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_inside(settings):
    """Deliver to this machine, as the setting for an office's own network allows."""
    settings.API_DELIVERS_PRIVATELY = True


@pytest.fixture
def there():
    with receiver() as server:
        yield server


def subscribed(officer, there, *events: str) -> tuple[str, str]:
    made = officer.post("/webhooks", {"url": there.url, "events": events or ["gap.opened", "gap.closed"]})
    assert made.status_code == 201, made.content
    return made.json()["webhook"]["key"], made.json()["secret"]


def county_with_gaps() -> SmallCounty:
    county = SmallCounty()
    county.person("甲", VILLAGES[0], enrolled=False)
    county.person("乙", VILLAGES[2], enrolled=False)
    county.ill(county.person("丙", VILLAGES[0]), HIV)
    county.hold()
    county.find()
    return county


def delivered() -> None:
    """Do what the worker does: look whether there is anything, and do that job."""
    Job.objects.filter(kind=delivering.KIND).delete()
    work.ask_what_is_due()
    for job in Job.objects.filter(kind=delivering.KIND):
        work.do(job.key)
        job.refresh_from_db()
        assert job.state == "done", job.reason_zh


def sooner() -> None:
    """Let what waits for another attempt be due."""
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now() - timedelta(seconds=1))


def test_gaps_that_open_are_told_by_keys_alone_and_signed(open_inside, there):
    officer = caller()
    _, secret = subscribed(officer, there)
    county_with_gaps()
    delivered()
    headers, body = there.had[0]
    assert proven(body, headers["Yingjin-Signature"], secret, int(time.time()))
    assert not proven(body, headers["Yingjin-Signature"], secret, int(time.time()) + FIVE_MINUTES + 5)
    assert not proven(body + b" ", headers["Yingjin-Signature"], secret, int(time.time()))
    assert {each["gap"] for each in there.events()} == set(Gap.objects.values_list("pk", flat=True))
    assert all(set(each) == {"id", "type", "at", "gap", "on"} for each in there.events())
    assert not any(word in body.decode() for word in ("甲", "insured", "treated", "B20"))
    shown = officer.get(f"/gaps/{there.events()[0]['gap']}")
    assert shown.status_code == 200, shown.content
    delivered()
    assert len(there.had) == 1


def test_a_client_is_told_of_its_own_place_and_of_no_hidden_illness(open_inside, there):
    subscribed(caller(VILLAGE_DOCTOR, VILLAGES[0]), there)
    county_with_gaps()
    delivered()
    told = Gap.objects.filter(pk__in=[each["gap"] for each in there.events()])
    assert {gap.region_code for gap in told} == {VILLAGES[0]}
    assert not any(gap.sensitive for gap in told) and Gap.objects.filter(sensitive=True).exists()


def test_what_is_not_taken_is_sent_again_later_and_in_order(open_inside, there):
    officer = caller()
    key, _ = subscribed(officer, there)
    there.status = 503
    county_with_gaps()
    delivered()
    first = officer.get(f"/webhooks/{key}/deliveries").json()["items"]
    assert [(each["state"], each["attempts"], each["status"]) for each in first] == [("waiting", 1, 503)]
    assert not delivering.waits(timezone.now())
    there.status = 302
    sooner()
    delivered()
    there.status = 200
    sooner()
    delivered()
    again = officer.get(f"/webhooks/{key}/deliveries").json()["items"]
    assert [(each["state"], each["attempts"]) for each in again] == [(DELIVERED, 3)]
    assert len({headers["Yingjin-Delivery"] for headers, _ in there.had}) == 1 and len(there.had) == 3
    waits = [delivering.backoff(number) for number in range(1, delivering.ATTEMPTS)]
    assert waits == sorted(waits) and timedelta(hours=24) < sum(waits, timedelta()) < timedelta(days=3)


def test_a_receiver_that_is_gone_is_left_until_its_client_resumes(open_inside, there):
    officer = caller()
    key, _ = subscribed(officer, there)
    there.status = 500
    county_with_gaps()
    delivered()
    Delivery.objects.update(attempts=delivering.ATTEMPTS - 1)
    sooner()
    delivered()
    assert Delivery.objects.get().state == GIVEN_UP
    assert officer.get(f"/webhooks/{key}").json()["stopped_at"]
    assert not delivering.waits(timezone.now())
    there.status = 200
    assert officer.post(f"/webhooks/{key}/resume").status_code == 200
    delivered()
    assert Delivery.objects.get().state == DELIVERED


def test_a_new_secret_signs_beside_the_old_one_for_a_day(open_inside, there):
    officer = caller()
    key, old = subscribed(officer, there)
    new = officer.post(f"/webhooks/{key}/secret").json()["secret"]
    county_with_gaps()
    delivered()
    headers, body = there.had[0]
    now = int(time.time())
    assert proven(body, headers["Yingjin-Signature"], old, now) and proven(
        body, headers["Yingjin-Signature"], new, now
    )
    one = subscription_of(officer.client, key)
    assert delivering._secrets(one, timezone.now() + timedelta(hours=25)) == [new]
    kept = str(Subscription.objects.values_list("key", "url", "events", "told").get())
    assert old not in kept and new not in kept


def test_a_subscription_is_its_clients_own_and_ends_with_its_log(open_inside, there):
    officer = caller()
    key, _ = subscribed(officer, there)
    other = caller(INSURANCE_OFFICER)
    assert (
        other.get(f"/webhooks/{key}").status_code == 404
        and other.delete(f"/webhooks/{key}").status_code == 404
    )
    assert officer.delete(f"/webhooks/{key}").status_code == 204
    assert officer.get("/webhooks").json()["items"] == []


INSIDE = (
    "https://127.0.0.1/", "https://10.1.2.3/", "https://192.168.1.1/", "https://169.254.169.254/latest/meta-data",
    "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://[fe80::1]/", "https://[2002:a00:1::]/",
    "https://localhost/", "https://2130706433/", "https://0x7f.1/", "http://example.org/", "https://user:word@example.org/",
    "https://224.0.0.1/",
)  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_no_address_inside_the_office_is_delivered_to(url, settings):
    settings.API_DELIVERS_PRIVATELY = False
    refused = caller().post("/webhooks", {"url": url, "events": ["gap.opened"]}, "en")
    assert refused.status_code == 422, url
    assert refused.json()["code"] == "address_refused"


def test_even_an_office_that_delivers_inside_does_not_ask_the_machines_own_cloud(open_inside):
    with pytest.raises(outgoing.Refused):
        outgoing.check_url("https://169.254.169.254/latest/meta-data", private=True)


def test_a_name_that_moves_inside_after_it_was_checked_leads_nowhere(monkeypatch, there):
    there_in = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", there.server_port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: there_in)
    with pytest.raises(outgoing.Refused):
        outgoing.post("https://moved.example/", b"{}", {}, private=False)
    assert there.had == []


def test_an_import_and_a_replay_are_told_once(open_inside, there, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    assert run_over(write_county(folder), on=END) == 0
    subscribed(caller(), there, "replay.changed")
    one = Replay.objects.filter(latest=True).first()
    one.latest = False
    one.save()
    facts = (
        "person_id",
        "region_code",
        "year",
        "digest",
        "rulebook_version",
        "incomplete",
        "replayed_at",
        "replayed_by",
    )
    Replay.objects.create(version=2, latest=True, **{name: getattr(one, name) for name in facts})
    delivered()
    told = there.events()
    assert [(each["type"], each["person"], each["year"], each["version"]) for each in told] == [
        ("replay.changed", str(one.person_id), one.year, 2)
    ]
    assert json.loads(there.had[0][1])["delivery"] == there.had[0][0]["Yingjin-Delivery"]


def test_an_import_that_was_landed_is_told_once_signed_and_again_until_it_is_taken(
    open_inside, there, tmp_path
):
    folder = tmp_path / "files"
    folder.mkdir()
    assert run_over(write_county(folder), on=END) == 0
    _, secret = subscribed(caller(), there, "import.landed")
    other = caller(place="520526")
    subscribed(other, there, "import.landed")
    lines = (folder / "参保2025.csv").read_text(encoding="utf-8").splitlines()
    later = tmp_path / "参保2025.csv"
    later.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    officer = User(username="daoru", role=COUNTY_OFFICER, region_code="520527")
    made = upload([later], by=officer)
    delivered()
    assert there.had == [], "what was only looked at is not told"
    there.status = 503
    land(made, by=officer)
    delivered()
    there.status = 200
    sooner()
    delivered()
    assert len(there.had) == 2 and there.had[0][1] == there.had[1][1], (
        "the same delivery, and of one county alone"
    )
    headers, body = there.had[1]
    assert proven(body, headers["Yingjin-Signature"], secret, int(time.time()))
    told = json.loads(body)["events"]
    assert [(each["type"], each["import"], set(each)) for each in told] == [
        ("import.landed", str(made.pk), {"id", "type", "at", "import"})
    ]
    delivered()
    assert len(there.had) == 2, "told once"
    assert Delivery.objects.get().state == DELIVERED
    assert caller().get(f"/imports/{made.pk}").json()["state"] == "landed"


def test_the_worker_asks_for_a_delivery_only_when_there_is_something():
    assert not delivering.waits(timezone.now())
    ask(delivering.KIND, by=Robot(), at=AT)
    assert not delivering.waits(timezone.now())


def test_what_need_not_be_kept_is_deleted_each_day(open_inside, there):
    officer = caller()
    subscribed(officer, there)
    county_with_gaps()
    delivered()
    later = timezone.now() - timedelta(days=31)
    Delivery.objects.update(ended_at=later)
    KeptAnswer.objects.update(at=later)
    job = ask("clear_api", by=Robot(), at=AT)
    work.do(job.key)
    assert not Delivery.objects.exists() and not KeptAnswer.objects.exists()
    assert work.SCHEDULE["clear_api"] == timedelta(days=1)
