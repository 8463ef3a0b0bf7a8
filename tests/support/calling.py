"""A client of the API, called in this process: signed in, with its headers."""

import os
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.utils import timezone

from yingjin.basics.access import COUNTY_OFFICER, Robot
from yingjin.registry.actions.clients import PERMISSIONS, add_client
from yingjin.registry.models import Client

COUNTY = "520527"
MADE = count(1)


def address() -> str:
    """Return an address nobody called from yet: the limits count by address too, and outlast a test."""
    number = next(MADE)
    return f"10.{os.getpid() % 250}.{number // 250}.{number % 250}"


@dataclass
class Caller:
    """Calls with a token of its own; `secret` is what the administrator was shown."""

    client: Client
    secret: str
    browser: Browser = field(default_factory=lambda: Browser(REMOTE_ADDR=address(), SERVER_NAME="localhost"))
    token: str = ""

    def __post_init__(self) -> None:
        answer = self.browser.post("/api/v1/token", self.asking(), HTTP_ACCEPT_LANGUAGE="en")
        assert answer.status_code == 200, answer.content
        self.token = answer.json()["access_token"]

    def asking(self) -> dict[str, str]:
        """Return what gets a token."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client.client_id,
            "client_secret": self.secret,
        }

    def get(self, path: str, language: str = "zh", **headers: Any) -> Any:
        return self.browser.get(f"/api/v1{path}", headers=self._headers(language, headers))

    def post(self, path: str, body: Any = None, language: str = "zh", key: str = "", **headers: Any) -> Any:
        sent = {"Idempotency-Key": key or str(uuid4()), **headers}
        return self.browser.post(
            f"/api/v1{path}", body, content_type="application/json", headers=self._headers(language, sent)
        )

    def send(self, path: str, files: Any, key: str = "") -> Any:
        sent = {"Idempotency-Key": key or str(uuid4())}
        return self.browser.post(f"/api/v1{path}", {"files": files}, headers=self._headers("zh", sent))

    def delete(self, path: str) -> Any:
        return self.browser.delete(f"/api/v1{path}", headers=self._headers("zh", {}))

    def _headers(self, language: str, more: dict[str, Any]) -> dict[str, str]:
        given = {"Authorization": f"Bearer {self.token}", "Accept-Language": language}
        return given | {name.replace("_", "-"): value for name, value in more.items()}


def caller(
    role: str = COUNTY_OFFICER, place: str = COUNTY, permissions: Any = PERMISSIONS, **facts: Any
) -> Caller:
    """Make a client and return it signed in."""
    where = facts or {"region_code": place}
    client, secret = add_client(
        name="县医保系统", role=role, permissions=permissions, by=Robot(), at=timezone.now(), **where
    )
    return Caller(client, secret)
