"""Asks everybody's requests of every address and tells what came out, or was written, that must not be."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from tests.support.intrusion.answers import text_of
from tests.support.intrusion.asking import Asked, Asking
from tests.support.intrusion.doors import Door, doors
from tests.support.intrusion.hidden import Telling
from tests.support.intrusion.keys import Keys, kind_of
from tests.support.intrusion.readers import Reader, readers
from tests.support.intrusion.writes import OF_NOBODY, Changed, Writing, quiet, tables_in
from yingjin.registry.actions.sessions import begin_session

EXPECTED = {200, 201, 202, 204, 302, 303, 304, 400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428}
# Pages where everybody reads the rules and lists of diseases: a word for an illness there is of nobody.
ABOUT_NOBODY = {
    "rules",
    "figures",
    "figure",
    "help",
    "openapi-json",
    "region_changes",
    "region_changes_csv",
    "login",
}


@dataclass
class Found:
    """What a walk met: answers by status, and each wrong one with its request."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    doors: set[str] = field(default_factory=set)
    written: Counter[str] = field(default_factory=Counter)  # by address, how often something lasting was
    asked: int = 0

    def says(self) -> str:
        """Return the first of what is wrong, for a test to show."""
        return "\n".join([f"{len(self.wrong)} of {self.asked} answers", *self.wrong[:15]])


class Walk:
    """The two counties, and everybody who asks; each request is rolled back behind it."""

    def __init__(self, seed: int) -> None:
        self.readers, self.chance = readers(), Random(seed)
        self.sessions = {reader.name: _session(reader) for reader in self.readers}
        self.telling, self.keys, self.writing = Telling(), Keys(), Writing()
        self.doors = doors()
        self._known: dict[str, set[UUID]] = {}
        self.asking = Asking(self.keys, self.known, self.chance)

    def known(self, reader: Reader) -> set[UUID]:
        """Return of whom a reader may be told."""
        if reader.name not in self._known:
            self._known[reader.name] = self.telling.may_know(reader) if reader.role else set()
        return self._known[reader.name]

    def unknown_blanks(self) -> list[str]:
        """Name the addresses whose keys nobody has said."""
        return [
            f"{door.name}: {blank}"
            for door in self.doors
            for blank in door.blanks
            if not kind_of(door, blank)
        ]

    def run(self, requests: int, *, whole: bool = True, ticks: Any = iter) -> Found:
        """Ask so many requests, and each address as each reader at least once; not `whole`: as each role."""
        found, turns = Found(), [*(self._turns() if whole else self._fewer_turns())]
        self.chance.shuffle(turns)
        with self.open_limits():
            for door, reader, method in ticks(islice(cycle(turns), max(requests, len(turns)))):
                self.judge(self.asking.ask(door, reader, method), found)
        return found

    def speaking(
        self, reader: Reader, stranger: Reader, names: set[str], tries: int, *, once: bool = False
    ) -> dict[str, set[str]]:
        """Return by which addresses a reader who may is told what a stranger must not be: else all this sees nothing."""
        found: dict[str, set[str]] = {}
        with self.open_limits():
            for door in self.doors:
                asked_here = door.name in names and door.api == bool(reader.token)
                for _ in range(tries if asked_here else 0):
                    if once and door.name in found:
                        break
                    asked = self.asking.ask_own(door, reader)
                    _, text, _ = self.answer(asked)
                    told = {*self.telling.told(text, stranger, set(), asked.path.lower())}
                    told.update(self.telling.names_an_illness(text, stranger, ""))
                    if told:
                        found.setdefault(door.name, set()).update(told)
        return found

    def reader(self, name: str) -> Reader:
        """Return a reader by name."""
        return next(each for each in self.readers if each.name == name)

    def judge(self, asked: Asked, found: Found) -> None:
        """Ask one request and keep what is wrong with its answer."""
        found.asked += 1
        found.doors.add(asked.door.name)
        try:
            status, text, written = self.answer(asked)
        except Exception as broken:
            found.wrong.append(f"{type(broken).__name__} {str(broken)[:300]}: {asked}")
            return
        found.statuses[status] += 1
        reader, known = asked.reader, self.known(asked.reader)
        if status not in EXPECTED:
            found.wrong.append(f"answered {status}: {asked}")
        for word in set(self.telling.told(text, reader, known, asked.sent)):
            if not self._by_number(asked, word):
                found.wrong.append(f"told {word}: {asked}")
        if asked.door.name not in ABOUT_NOBODY:
            for word in self.telling.names_an_illness(text, reader, asked.sent):
                found.wrong.append(f"named {word}: {asked}")
        others = any(key.beyond(reader, known) for key in asked.path_keys)
        lasting = [each for each in written if not self.writing.of_asking(each, asked)]
        if lasting and (others or not reader.role or asked.method == "GET"):
            found.wrong.append(f"wrote {lasting[0].table}: {asked}")
        for wrong in filter(None, (self.writing.wrong(each, asked, known) for each in written)):
            found.wrong.append(f"{wrong}: {asked}")
        if lasting:
            found.written[asked.door.name] += 1

    def answer(self, asked: Asked) -> tuple[int, str, list[Changed]]:
        """Return status, text and which rows an answer wrote; then everything is as before."""
        statements: list[str] = []

        def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            statements.append(str(sql))
            return execute(sql, params, many, context)

        with transaction.atomic():
            with connection.execute_wrapper(note):
                answer = self._sent(asked)
                text = text_of(answer)
            tables = sorted(tables_in(statements))
            after = {table: self.writing.rows(table) for table in tables if not quiet(table)}
            transaction.set_rollback(True)
        errands = [Changed(table, {}, {}) for table in tables if table in OF_NOBODY]
        return answer.status_code, text, [*self.writing.changed(after), *errands]

    @contextmanager
    def open_limits(self) -> Iterator[None]:
        """Ask as often as a test must, by readers who came with a code."""
        with override_settings(API_PER_MINUTE=10**7, SECOND_FACTOR=frozenset()):
            yield

    def _turns(self) -> Iterator[tuple[Door, Reader, str]]:
        for door in self.doors:
            for reader in self.readers:
                if not reader.role or bool(reader.token) == door.api:
                    yield from ((door, reader, method) for method in door.methods)

    def _fewer_turns(self) -> Iterator[tuple[Door, Reader, str]]:
        """Yield each address once as each role, of either county; methods that it does not offer once."""
        turns: dict[tuple[str, str, str, bool], tuple[Door, Reader, str]] = {}
        every = [*self._turns()]
        self.chance.shuffle(every)
        for door, reader, method in every:
            role = reader.role if method in ("GET", "POST") else ""
            turns.setdefault((door.route, role, method, door.api), (door, reader, method))
        yield from turns.values()

    def _by_number(self, asked: Asked, word: str) -> bool:
        """Say whether a window was shown the whole number, which opens that person by design."""
        owners = self.telling.of.get(word, set()) | self.telling.names.get(word, set())
        number = str(asked.body.get("number", ""))
        return (
            asked.door.name == "present"
            and len(number) == 18
            and bool(owners & self.telling.of.get(number.lower(), set()))
        )

    def _sent(self, asked: Asked) -> Any:
        client, headers = self._client(asked), dict(asked.headers)
        if asked.reader.token:
            headers["Authorization"] = f"Bearer {asked.reader.token}"
        path = asked.path + ("?" + urlencode(asked.query) if asked.query else "")
        if asked.method in ("GET", "DELETE"):
            return getattr(client, asked.method.lower())(path, headers=headers)
        plain = {name: value for name, value in asked.body.items() if not hasattr(value, "read")}
        if asked.method == "PUT":
            return client.put(path, plain, content_type="application/json", headers=headers)
        if asked.door.api and len(plain) == len(asked.body) and "/token" not in path:
            return client.post(path, plain, content_type="application/json", headers=headers)
        return client.post(path, asked.body, headers=headers)

    def _client(self, asked: Asked) -> Client:
        """Return a browser as its reader left it before the first request: signed in, whatever was done since."""
        client = Client(REMOTE_ADDR=asked.headers["X-Forwarded-For"])
        english = asked.headers["Accept-Language"] == "en"
        client.cookies.load(
            {
                **self.sessions[asked.reader.name],
                settings.LANGUAGE_COOKIE_NAME: "en" if english else "zh-hans",
            }
        )
        return client


def _session(reader: Reader) -> dict[str, str]:
    client = Client()
    if reader.user and not reader.token:
        client.force_login(reader.user)
        key, now = client.session.session_key, timezone.now()
        begin_session(user=reader.user, session_key=key, user_agent="", at=now)
    return {name: each.value for name, each in client.cookies.items()}
