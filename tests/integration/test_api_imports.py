"""Register files come in through the API as they do by the page: sent once, looked at, dropped; landed by the worker."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.calling import caller
from tests.support.known_county import write_county
from yingjin.basics.access import AUDITOR
from yingjin.basics.work import WAITING, Job
from yingjin.fusion.models import Import
from yingjin.jobs import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(tmp_path) -> bytes:
    folder = tmp_path / "files"
    folder.mkdir()
    return (write_county(folder) / "参保2025.csv").read_bytes()


def sent(content: bytes) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile("参保2025.csv", content)]


def test_files_are_sent_once_looked_at_and_asked_to_be_landed(content):
    officer = caller()
    first = officer.send("/imports", sent(content), key="import-0001")
    assert (first.status_code, first.json()["state"]) == (202, "checking"), first.content
    again = officer.send("/imports", sent(content), key="import-0001")
    assert again.json()["key"] == first.json()["key"] and Import.objects.count() == 1
    other = officer.send("/imports", sent(content + b"\n"), key="import-0001")
    assert other.json()["code"] == "idempotency_key_reused"
    work.do(Job.objects.get(state=WAITING).key)
    key = first.json()["key"]
    looked_at = officer.get(f"/imports/{key}").json()
    assert looked_at["state"] == "checked", looked_at
    assert [(each["kind"], each["new"]) for each in looked_at["counts"]] == [("enrolment", 6)]
    landing = officer.post(f"/imports/{key}/land")
    assert (landing.status_code, landing.json()["state"], landing.json()["job"]["state"]) == (
        202,
        "landing",
        "waiting",
    )
    assert officer.post(f"/imports/{key}/undo", {"why": "传错了文件"}).status_code == 409


def test_an_import_is_dropped_and_listed_and_nobody_elses(content):
    officer = caller()
    keys = [officer.send("/imports", sent(content)).json()["key"] for _ in range(3)]
    assert officer.post(f"/imports/{keys[0]}/drop").json()["state"] == "dropped"
    page = officer.get("/imports?limit=2").json()
    rest = officer.get(f"/imports?limit=2&cursor={page['next']}").json()
    assert [each["key"] for each in page["items"] + rest["items"]] == keys[::-1] and rest["next"] is None
    assert caller(place="520502").get(f"/imports/{keys[1]}").status_code == 404
    assert caller(AUDITOR).get("/imports").status_code == 403
    assert caller(permissions=["read"]).send("/imports", sent(content)).json()["code"] == "not_permitted"
