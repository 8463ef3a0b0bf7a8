"""In English no page leaves a word in Chinese, by every address, for every role; in Chinese each says something else."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve
from django.urls.exceptions import Resolver404

from tests.support.brought_in import brought_in
from tests.support.importing import land, undo, upload
from tests.support.registers import VILLAGE
from tests.support.seen import Names, seen
from yingjin.basics.access import (
    CASHIER,
    COUNTY_OFFICER,
    PREFECTURE_READER,
    PROVINCE_READER,
    ROBOT,
    ROLES,
    TOWNSHIP_OFFICER,
    VILLAGE_DOCTOR,
)
from yingjin.console.signing import CODE_AT
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
COUNTY = "520527"
PLACES = {
    VILLAGE_DOCTOR: VILLAGE,
    TOWNSHIP_OFFICER: VILLAGE[:9],
    PREFECTURE_READER: "5205",
    PROVINCE_READER: "52",
}
PAGES_ALIKE = 2  # of one address and the same filters, how many are opened
LINK = re.compile(r'\b(?:href|hx-get)="([^"#]+)"')
# What no reader can open by following a link, each with why.
UNLINKED = {
    "language": "asked by POST",
    "logout": "asked by POST",
    "import_land": "asked by POST",
    "import_drop": "asked by POST",
    "import_take_back": "asked by POST",
    "import_undo": "asked by POST",
    "import_cancel": "only while something goes on with an import",
    "export_cancel": "only while an export is written",
    "import_marked": "a workbook, not a page",
    "login_code": "before signing in",
    "evidence": "a paper as it was sent",
    "letter": "this county has sent none",
    "letter_pdf": "a paper",
    "letter_xlsx": "a workbook",
    "export_file": "a file",
    "household_code": "by the code on a paper",
    "household_pdf": "a paper, opened by its button",
    **dict.fromkeys(
        (
            "boundaries_take_back", "boundaries_use", "change_password", "client_act", "end_others", "end_session",
            "export_again", "filter_change", "filter_delete", "filter_save", "gap_undo", "held_decide", "held_propose",
            "household_code_revoke", "household_print", "notices_read", "present", "second_factor_begin", "second_factor_confirm",
            "second_factor_off", "user_act",
        ),
        "asked by POST",
    ),
}  # fmt: skip
ASKED_TOO = (
    "/", "/?on=2020-02-02", "/gaps/?on=2020-02-02", "/gaps/?status=due", "/gaps/?status=done", "/gaps/?status=excepted",
    "/gaps/?status=unknown", "/gaps/?age=0-29&status=excepted&due=covered", "/gaps/?due=nothing", "/gaps/?page=x",
    "/find/", "/find/?q=l", "/find/?q=zzzz", "/find/?q=0412", "/figures/", "/figures/?show=broken", "/figures/?show=x",
    "/figures/F999/", "/quality/nothing/", "/nowhere/", "/persons/00000000-0000-0000-0000-000000000000/",
    "/bills/nothing/", "/rules/",
)  # fmt: skip


@dataclass
class Walk:
    """What was opened by a reader, in English and in Chinese, by address."""

    english: dict[str, str] = field(default_factory=dict)
    chinese: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county and what its officer imported, the same for every test here: they only read."""
    folder = tmp_path_factory.mktemp("county") / "files"
    with django_db_blocker.unblock(), brought_in(folder) as county:
        import_again(folder)
        yield county


def import_again(folder: Path) -> None:
    """Import the enrolments with a row less: once only looked at, once landed and undone."""
    officer = somebody(COUNTY_OFFICER)
    lines = (folder / "参保2025.csv").read_text(encoding="utf-8").splitlines()
    for left_out in (1, 2):
        again = folder / f"参保2025少{left_out}.csv"
        again.write_text("\n".join([*lines[:-left_out], "x,,,"]) + "\n", encoding="utf-8")
        made = upload([again], by=officer)
        if left_out == 2:
            undo(land(made, by=officer), by=officer, why="wrong file")


def signed_in(role: str) -> Client:
    """Return somebody of a role who looks at pages."""
    client = Client(raise_request_exception=True)
    client.force_login(somebody(role))
    session = client.session
    session[CODE_AT] = 1  # an administrator signs in with a code too
    session.save()
    return client


def somebody(role: str) -> User:
    """Return the one of a role."""
    place = {"facility_code": "F1"} if role == CASHIER else {"region_code": PLACES.get(role, COUNTY)}
    return User.objects.get_or_create(
        username=f"en-{role}", defaults={"display_name": role, "role": role, **place}
    )[0]


def opened(client: Client, path: str, language: str) -> tuple[str, str]:
    """Return the kind and the text of an answer in a language; redirects are followed."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(path, follow=True)
    assert answer.status_code < 500, path
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return kind, content.decode() if kind.startswith("text/") else ""


def alike(path: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the address by name and by which filters it is asked; None for what is no page of ours."""
    parts = urlsplit(path)
    if parts.netloc or not parts.path.startswith("/") or parts.path.startswith(settings.STATIC_URL):
        return None
    try:
        name = resolve(parts.path).view_name
    except Resolver404:
        return None
    return name, tuple(sorted(key for key, _ in parse_qsl(parts.query)))


def links(path: str, page: str) -> Iterator[str]:
    """Yield where a page leads to."""
    for found in LINK.findall(page):
        link = unescape(found)
        yield urlsplit(path).path + link if link.startswith("?") else link


def walked(client: Client, *asked: str) -> Walk:
    """Open what is asked and all it leads to, a few of each kind, in both languages."""
    walk, waiting, met = Walk(), deque(asked), Counter[tuple[str, tuple[str, ...]]]()
    while waiting:
        path = waiting.popleft()
        kind = alike(path)
        if path in walk.english or (kind is None and path not in asked):
            continue
        if kind is not None:
            if met[kind] >= PAGES_ALIKE and path not in asked:
                continue
            met[kind] += 1
            walk.names.add(kind[0])
        media, walk.english[path] = opened(client, path, "en")
        _, walk.chinese[path] = opened(client, path, "zh-hans")
        if media == "text/html":
            waiting.extend(links(path, walk.english[path]))
    return walk


@pytest.fixture(scope="module")
def names(county):
    """The Chinese that stays Chinese."""
    signed_in(COUNTY_OFFICER)
    return Names()


@pytest.fixture(scope="module")
def officer_walk(county):
    """Everything the county officer can reach."""
    return walked(signed_in(COUNTY_OFFICER), *ASKED_TOO)


def left_over(walk: Walk, names: Names) -> list[str]:
    """List the Chinese words of the English pages, each text once with the first page it stands on."""
    found: dict[str, str] = {}
    for path, page in walk.english.items():
        for run, text in names.words_left(texts_of(page)):
            found.setdefault(text, f"{path}: {run} in “{text[:100]}”")
    return list(found.values())


def texts_of(page: str) -> list[str]:
    """Return the texts of a page, or the first line of a table for a spreadsheet: the rest is the registers'."""
    if page.lstrip("\ufeff \r\n").startswith("<"):
        return seen(page)[1]
    return page.splitlines()[:1]


def test_no_page_of_the_officer_leaves_a_word_in_chinese(officer_walk, names):
    left = left_over(officer_walk, names)
    assert not left, "\n".join(left)


def test_the_walk_opens_every_address(county, officer_walk):
    every = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    seen_by_role = [walked(signed_in(role), "/").names for role in sorted(ROLES - {ROBOT, COUNTY_OFFICER})]
    reached = officer_walk.names.union(*seen_by_role) | {"login"}
    left = sorted(every - reached - UNLINKED.keys())
    assert not left, " ".join(left)


@pytest.mark.parametrize("role", sorted(ROLES - {ROBOT, COUNTY_OFFICER}))
def test_no_page_of_another_role_leaves_a_word_in_chinese(county, names, role):
    left = left_over(walked(signed_in(role), "/", "/gaps/", "/find/?q=l", "/rules/"), names)
    assert not left, "\n".join(left)


def test_signing_in_is_in_english_too(county, names):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    pages = [client.get("/login/").content.decode()]
    for password in ("", "wrong", "wrong", "wrong", "wrong", "wrong", "wrong"):
        answer = client.post("/login/", {"username": "en-county_officer", "password": password})
        pages.append(answer.content.decode())
    assert "locked" in pages[-1]
    left = [found for page in pages for found in names.words_left(texts_of(page))]
    assert not left


def test_each_page_says_its_language_and_differs_in_the_other(officer_walk):
    for path, page in officer_walk.english.items():
        language, texts = seen(page)
        if page.startswith("<"):
            assert (language, seen(officer_walk.chinese[path])[0]) == ("en", "zh-CN"), path
            assert texts != seen(officer_walk.chinese[path])[1], path


def test_the_switch_keeps_the_page_and_its_filters(county):
    client = signed_in(COUNTY_OFFICER)
    path = "/gaps/?status=due&due=insured"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    form = client.get(path).content.decode()
    assert 'name="next" value="/gaps/?status=due&amp;due=insured"' in form
    answer = client.post("/language/", {"language": "en", "next": path})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert '<html lang="en">' in client.get(path).content.decode()


def test_the_switch_works_before_signing_in_and_leads_nowhere_else():
    client = Client()
    assert 'action="/language/"' in client.get("/login/?next=/gaps/").content.decode()
    answer = client.post("/language/", {"language": "en", "next": "/login/?next=/gaps/"})
    assert answer["Location"] == "/login/?next=/gaps/"
    assert "Sign in" in client.get("/login/").content.decode()
    away = client.post("/language/", {"language": "en", "next": "https://example.org/"})
    assert "example.org" not in away["Location"]


def test_what_is_kept_in_memory_is_kept_by_language(county):
    client = signed_in(COUNTY_OFFICER)
    first = {language: opened(client, "/", language)[1] for language in ("zh-hans", "en")}
    again = {language: opened(client, "/", language)[1] for language in ("en", "zh-hans")}
    assert (
        seen(first["en"])[1] == seen(again["en"])[1] != seen(again["zh-hans"])[1] == seen(first["zh-hans"])[1]
    )
