"""Each role signs in to its own work: home, menu, and which pages open; no page offers a link that does not.

A page that is added must be entered in the table.
"""

import re
from html import unescape

import pytest
from django.test import Client

from tests.support.brought_in import brought_in
from tests.support.known_county import ILL
from tests.support.registers import VILLAGE
from yingjin.basics import access
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
COUNTY, TOWNSHIP = "520527", "520527102"
PLACES = {
    "village_doctor": VILLAGE, "township_officer": TOWNSHIP, "prefecture_reader": "5205", "province_reader": "52",
}  # fmt: skip
HOMES = {
    "village_doctor": "/gaps/?owner=village_doctor",
    "township_officer": "/gaps/",
    "county_officer": "/",
    "prefecture_reader": "/",
    "province_reader": "/",
    "cashier": "/window/",
    "insurance_officer": "/gaps/",
    "civil_affairs_officer": "/gaps/",
    "revitalisation_officer": "/gaps/",
    "auditor": "/checks/",
    "administrator": "/users/",
}
LISTS = ["总览", "地方", "缺口", "查人", "核对", "规则", "公布数"]
OWN_LISTS = ["缺口", "查人", "规则"]
MENUS = {
    "village_doctor": LISTS,
    "township_officer": LISTS,
    "county_officer": [*LISTS, "导入"],
    "prefecture_reader": ["总览", "地方", "规则", "公布数"],
    "province_reader": ["总览", "地方", "规则", "公布数"],
    "cashier": ["窗口", "查人", "规则"],
    "insurance_officer": OWN_LISTS,
    "civil_affairs_officer": OWN_LISTS,
    "revitalisation_officer": OWN_LISTS,
    "auditor": LISTS,
    "administrator": ["用户", "轮廓"],
}
EVERY = frozenset(HOMES)
# Whose page is which; where a key is needed it is one the role may see, if there is any.
OPENS = {
    "/": EVERY,  # whose it is not is led home
    "/gaps/": access.SEES_PERSONS,
    "/gaps/week/": access.SEES_PERSONS,
    "/find/?q=l": access.SEES_PERSONS | {"cashier"},
    "/regions/": access.MAY["read_overview"],
    "/quality/held/": access.WHOLE_LISTS,
    "/checks/": access.WHOLE_LISTS,
    "/window/": {"cashier"},
    "/imports/": {"county_officer"},
    "/users/": {"administrator"},
    "/users/add/": {"administrator"},
    "/account/": EVERY,
    "/account/second-factor/": EVERY,
    "/rules/": EVERY,
}
LINK = re.compile(r'<a\b[^>]*\shref="(/[^"#]*)')


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def as_role(county, settings):
    """Return a browser in which somebody of a role is signed in."""
    settings.SECOND_FACTOR = frozenset()

    def signed_in(role: str) -> Client:
        facility = "F1" if role == "cashier" else ""
        user = User(username=role, display_name=role, role=role, facility_code=facility)
        user.region_code = "" if facility else PLACES.get(role, COUNTY)
        user.set_password("not-asked-for-here")
        user.save()
        browser = Client()
        browser.force_login(user)
        return browser

    return signed_in


def test_the_tables_know_every_role():
    assert {role for role, _ in User.ROLES} == set(HOMES) == set(MENUS)


@pytest.mark.parametrize("role", HOMES)
def test_a_role_comes_home_to_its_own_work_and_is_shown_the_menu_of_it(as_role, role):
    browser = as_role(role)
    home = browser.get("/home/")
    assert (home.status_code, home["Location"]) == (302, HOMES[role])
    page = browser.get(HOMES[role])
    assert page.status_code == 200
    assert [str(entry.label) for entry in page.context["menu"]] == MENUS[role]
    for entry in page.context["menu"]:
        assert browser.get(entry.url).status_code == 200, entry.url


@pytest.mark.parametrize("role", HOMES)
def test_a_page_opens_to_those_whose_work_it_is_and_is_refused_to_the_others(as_role, role):
    browser = as_role(role)
    for path, roles in OPENS.items():
        status = browser.get(path).status_code
        if path == "/" and role not in access.MAY["read_overview"]:
            assert status == 302
        else:
            assert status == (200 if role in roles else 403), f"{path} {role}: {status}"


@pytest.mark.parametrize("role", HOMES)
def test_no_page_of_a_role_offers_a_link_that_does_not_open(as_role, role):
    browser, seen, kinds = as_role(role), set(), {}
    waiting = [HOMES[role]]
    while waiting:
        path = waiting.pop()
        answer = browser.get(path)
        while answer.status_code == 302:
            answer = browser.get(answer["Location"])
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for link in map(unescape, LINK.findall(answer.content.decode())):
            kind = re.sub(r"[0-9a-f-]{36}|=[^&]*|\d+|%[0-9A-F]{2}", "#", link)
            kinds[kind] = kinds.get(kind, 0) + 1
            if link not in seen and kinds[kind] <= 1 and not link.startswith("/static/"):
                seen.add(link)
                waiting.append(link)
    assert seen


def test_a_desk_opens_who_is_on_its_list_and_finds_nobody_else(as_role, county):
    browser = as_role("civil_affairs_officer")
    assert browser.get(f"/persons/{county.person('禄小英').key}/").status_code == 200
    for name in ("陈光明", ILL):
        assert browser.get(f"/persons/{county.person(name).key}/").status_code == 404
        assert name not in browser.get("/find/", {"q": name}).content.decode().replace(f'value="{name}"', "")
    assert browser.get(f"/bills/{county.bill('S-HEAD-1').key}/").status_code == 403
