"""Requests: plausible questions with the wrong keys in the path, the filters and the body.

The same words are sent to every address: a page reads those it knows, so that one added later is asked them as well.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.support.intrusion.county import PAPER
from tests.support.intrusion.doors import Door
from tests.support.intrusion.keys import Key, Keys, kind_of
from tests.support.intrusion.readers import Reader
from yingjin.registry.models import Person, User

WORDS = {
    "do": ("work", "except", "end", "letter", "undo"), "verdict": ("release", "reject"), "all": ("1", ""),
    "due": ("insured", "treated", "contracted", "covered", ""), "size": ("20", "200"), "large": ("1", ""),
    "status": ("lacking", "due", "done", "excepted", "late", "open", "unknown"), "sort": ("name", "-name", "age"),
    "whose": ("mine", "area", "all", "role"), "kind": ("", "held", "in", "out"), "show": ("broken", "all"), "year": ("2025", "2024"),
    "format": ("csv", "xlsx"), "list": ("gaps", "find", "bills"), "masked": ("1", "0"), "which": ("identity_number", "phone"),
    "reason": ("insured_elsewhere", "核对用", ""), "words": ("看一下",), "note": ("看一下",), "why": ("核对",),
    "department": ("insurance_bureau", "civil_affairs"), "page": ("1", "2", "x"), "count": ("1", "0", "20"),
    "seen": ("", "0", "99999999"), "role": ("village_doctor", "county_officer", "administrator"), "old": ("x",),
    "new": ("Ganjing-2026-Mima",), "again": ("Ganjing-2026-Mima",), "code": ("123456",), "setting": ("inpatient",),
    "total": ("1000.00",), "level": ("L2",), "grant_type": ("client_credentials",), "back": ("/gaps/", "//example.org/"),
    "next": ("/gaps/", "https://example.org/"), "language": ("en", "zh-hans"), "name": ("x",), "display_name": ("某某",),
    "permissions": ("read",), "url": ("https://127.0.0.1/x",), "events": ("gap.opened",), "how": ("link",),
}  # fmt: skip
# Which fields hold keys, and of what.
KEYED = {
    "region": "region", "village": "region", "place": "region", "region_code": "region", "picked": "region",
    "gap": "gap", "gaps": "gap", "gap_id": "gap", "ids": "gap", "key": "person", "person": "person", "bill": "bill",
    "household": "household", "letter": "letter", "job": "job", "import": "import", "username": "user", "user": "user",
    "filter": "filter", "act": "act", "client": "client", "client_id": "client",
}  # fmt: skip
DAYS = ("on", "due_on", "until_on", "reply_by", "replied_on", "admitted_on", "discharged_on", "from", "to")
MORE_DAYS = (-400, -30, 0, 30)


@dataclass(frozen=True)
class Asked:
    """One request, and which keys of others stand in it."""

    door: Door
    reader: Reader
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    keys: tuple[Key, ...] = ()
    path_keys: tuple[Key, ...] = ()

    @property
    def sent(self) -> str:
        """Return everything that was sent: what comes back of it tells nothing new."""
        return json.dumps([self.path, self.query, self.body], ensure_ascii=False, default=str).lower()

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.query or ''} {self.body or ''} as {self.reader.name}"


class Asking:
    """Makes requests by chance."""

    def __init__(self, keys: Keys, known: Callable[[Reader], set[UUID]], chance: Random) -> None:
        self.keys, self.known, self.chance = keys, known, chance
        self.names = [(name, pk) for pk, name in ((each.pk, each.name) for each in Person.objects.all())]
        self.numbers = [
            (each.identity_number, each.pk) for each in Person.objects.all() if each.identity_number
        ]
        self.users = list(User.objects.values_list("username", flat=True))

    def ask(self, door: Door, reader: Reader, method: str) -> Asked:
        """Return one request."""
        kinds = {blank: kind_of(door, blank) for blank in door.blanks}
        in_path = {blank: self._pick(kind, reader) for blank, kind in kinds.items() if kind}
        query, in_query = self._fields(reader, few=method != "GET")
        body, in_body = self._fields(reader, few=False) if method in ("POST", "PUT") else ({}, [])
        if door.api:  # an operation takes no field it does not know
            body = {name: body.get(name, "1") for name in door.fields if name != "files"}
        if method == "POST" and self.chance.random() < 0.5:
            body |= {"paper": self._file(), "file": self._file(), "files": self._file()}
        return Asked(
            door, reader, method, door.filled({name: key.text for name, key in in_path.items()}), query, body,
            self._headers(), (*in_path.values(), *in_query, *in_body), tuple(in_path.values()),
        )  # fmt: skip

    def ask_own(self, door: Door, reader: Reader) -> Asked:
        """Return a request for what the reader may open, as a page's own links ask."""
        kinds = {blank: kind_of(door, blank) for blank in door.blanks}
        known = self.known(reader)
        keys = {
            blank: self.keys.own(kind, reader, known, self.chance) for blank, kind in kinds.items() if kind
        }
        names = [name for name, person in self.names if person in known]
        query = {"q": self.chance.choice(names)} if names and door.name.startswith("find") else {}
        path = door.filled({name: key.text for name, key in keys.items()})
        return Asked(
            door, reader, "GET", path, query, {}, self._headers(), tuple(keys.values()), tuple(keys.values())
        )

    def _pick(self, kind: str, reader: Reader) -> Key:
        return self.keys.pick(kind, reader, self.known(reader), self.chance)

    def _fields(self, reader: Reader, *, few: bool) -> tuple[dict[str, Any], list[Key]]:
        chance, sent, keys = self.chance, {}, []
        share = 0.1 if few else chance.choice((0.15, 0.5, 0.9))
        for name, choices in WORDS.items():
            if chance.random() < share:
                sent[name] = chance.choice(choices)
        for name, kind in KEYED.items():
            if chance.random() < share:
                keys.append(self._pick(kind, reader))
                sent[name] = keys[-1].text
        for name in DAYS:
            if chance.random() < share * 0.3:
                sent[name] = (date.today() + timedelta(days=chance.choice(MORE_DAYS))).isoformat()
        for name, held in (("q", self.names), ("number", self.numbers), ("text", self.names)):
            if chance.random() < share:
                text, person = chance.choice(held)
                keys.append(Key(text, person))
                sent[name] = text if chance.random() < 0.7 else text[: chance.randint(1, 6)]
        return sent, keys

    def _file(self) -> SimpleUploadedFile:
        name, content = self.chance.choice(
            (("x.pdf", PAPER), ("x.csv", b"a,b\n1,2\n"), ("x.xlsx", b"PK\x03\x04x"))
        )
        return SimpleUploadedFile(name, content)

    def _headers(self) -> dict[str, str]:
        return {
            "Accept-Language": self.chance.choice(("zh", "en")),
            "Idempotency-Key": f"{self.chance.getrandbits(64):x}-key",
            "If-Match": self.chance.choice(("*", '"0"', '"1"')),
            "X-Forwarded-For": f"10.{self.chance.randrange(250)}.{self.chance.randrange(250)}.1",
        }
