"""An administrator makes, renews and revokes clients of the place; a secret is shown once and kept nowhere."""

import re

import pytest
from django.test import Client as Browser
from django.utils import timezone

from tests.support.calling import Caller, caller
from yingjin.basics.access import ADMINISTRATOR, COUNTY_OFFICER, Robot
from yingjin.basics.models import AuditEvent
from yingjin.registry.actions.users import add_user
from yingjin.registry.models import Client, User

pytestmark = pytest.mark.django_db

SECRET = re.compile(r'id="secret">([^<]+)<')


def signed_in(settings, role: str) -> Browser:
    settings.SECOND_FACTOR = frozenset()
    add_user(
        username=f"{role}-1",
        display_name=role,
        role=role,
        region_code="520527",
        own_password="山清水秀-2026-春",
        by=Robot(),
        at=timezone.now(),
    )
    browser = Browser()
    browser.force_login(
        User.objects.get(username=f"{role}-1"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return browser


@pytest.fixture
def administrator(settings) -> Browser:
    return signed_in(settings, ADMINISTRATOR)


TYPED = {
    "name": "县医保局结算系统",
    "role": "insurance_officer",
    "place": "520527",
    "permissions": ["read", "work"],
}


def test_a_client_is_made_on_the_page_and_signs_in_with_what_was_shown(administrator):
    shown = administrator.post("/clients/add/", TYPED)
    secret = SECRET.search(shown.content.decode())[1]
    client = Client.objects.get()
    assert (client.role, client.region_code, client.permissions) == (
        "insurance_officer",
        "520527",
        ["read", "work"],
    )
    assert secret not in str(Client.objects.values().get())
    assert secret not in administrator.get("/clients/").content.decode()
    one = Caller(client, secret)
    assert one.get("/figures?limit=1").status_code == 200
    again = SECRET.search(administrator.post(f"/clients/{client.client_id}/secret/").content.decode())[1]
    assert one.get("/figures?limit=1").status_code == 401
    two = Caller(client, again)
    assert administrator.post(f"/clients/{client.client_id}/revoke/").status_code == 302
    assert two.get("/figures?limit=1").status_code == 401
    said = list(
        AuditEvent.objects.filter(target=client.username).order_by("number").values_list("what", flat=True)
    )
    assert [each for each in said if each != "client_signed_in"] == [
        "client_added", "client_secret_renewed", "client_revoked",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("place", "510100"),
        ("place", "没有这里"),
        ("permissions", []),
        ("role", "administrator"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(administrator, field, value):
    refused = administrator.post("/clients/add/", TYPED | {field: value})
    assert refused.status_code == 422
    assert f'href="#{field}"' in refused.content.decode()
    assert not Client.objects.exists()


def test_nobody_but_an_administrator_of_the_place_sees_or_ends_a_client(settings, administrator):
    elsewhere = caller(place="520502")
    assert elsewhere.client.client_id not in administrator.get("/clients/").content.decode()
    assert administrator.post(f"/clients/{elsewhere.client.client_id}/revoke/").status_code == 404
    officer = signed_in(settings, COUNTY_OFFICER)
    assert officer.get("/clients/").status_code == 403
    assert officer.post("/clients/add/", TYPED).status_code == 403
