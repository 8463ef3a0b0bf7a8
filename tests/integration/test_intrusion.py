"""Whoever asks, however: no address tells of others or of hidden illness, breaks, or changes what is not the asker's.

Generated from the table of addresses and operations itself; `make drill` asks a hundred times as much.
"""

import os
import random

import pytest
from django.test import override_settings

from tests.support.intrusion.asking import Asked
from tests.support.intrusion.county import two_counties
from tests.support.intrusion.doors import Door
from tests.support.intrusion.walk import Found, Walk
from yingjin.gaps.models import Gap

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("YINGJIN_INTRUSION_SEED") or random.SystemRandom().randrange(10**6))
REQUESTS = int(os.environ.get("YINGJIN_INTRUSION_REQUESTS") or 1_000)
WHOLE = REQUESTS > 5_000  # every reader asks every address; else every role does


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two counties and everybody who asks: each request is rolled back behind it."""
    with django_db_blocker.unblock(), two_counties(tmp_path_factory.mktemp("intrusion") / "counties"):
        yield Walk(SEED)


def test_every_blank_of_every_address_is_given_the_keys_of_others(walk):
    assert not walk.unknown_blanks(), "say in tests/support/intrusion/keys.py which keys these take"


def test_nobody_is_told_or_changes_anything_of_others_by_any_address(walk):
    print(f"seed {SEED}")
    found = walk.run(REQUESTS, whole=WHOLE)
    print(f"asked {found.asked}", dict(sorted(found.statuses.items())))
    assert not found.wrong, found.says()
    assert found.doors == {door.name for door in walk.doors}
    assert found.statuses[200] > found.asked / 20


# Where people, their keys and numbers are shown to who may see them. If one of these tells nothing, the walk is blind.
PAGES = {
    "gaps", "find", "person", "household", "bill", "bill_json", "slip", "letter", "letter_pdf", "letter_xlsx",
    "letters", "held", "quality", "who_looked", "import", "imports", "gap_week",
}  # fmt: skip
OPERATIONS = {
    "find_persons", "show_person", "show_household", "list_bills", "show_bill", "list_gaps", "show_gap", "show_import",
}  # fmt: skip


@pytest.mark.parametrize(
    ("county", "stranger", "by", "doors"),
    [
        ("520527", "520526", "", PAGES),
        ("520526", "520527", "", PAGES),
        ("520527", "520526", " by API", OPERATIONS),
    ],
)
def test_who_may_know_is_told_by_the_same_addresses(walk, county, stranger, by, doors):
    officer = walk.reader(f"county_officer of {county}{by}")
    told = walk.speaking(officer, walk.reader(f"auditor of {stranger}"), doors, tries=20, once=True)
    assert doors <= told.keys(), doors - told.keys()


def test_an_illness_is_seen_where_it_is_named(walk):
    officer, auditor = walk.reader("county_officer of 520527"), walk.reader("auditor of 520527")
    told = set().union(*walk.speaking(officer, auditor, {"bill", "person", "gaps"}, tries=25).values())
    assert told & set(walk.telling.illnesses) and told & walk.telling.ill.keys()


def through(walk, how, reader, method="POST", **named):
    """Return what the walk says of a request to a door that leaks (tests/support/intrusion/leaky.py)."""
    door = Door("leaky", f"leaky/{how}/", (), ("GET", "POST"))
    headers = {"Accept-Language": "zh", "X-Forwarded-For": "10.1.1.1"}
    query, body = (named, {}) if method == "GET" else ({}, named)
    found = Found()
    with walk.open_limits(), override_settings(ROOT_URLCONF="tests.support.intrusion.leaky"):
        asked = Asked(door, walk.reader(reader), method, f"/leaky/{how}/", query, body, headers)
        walk.judge(asked, found)
    assert found.statuses[200] == 1, found.wrong
    return found.wrong


OURS, THEIRS = "county_officer of 520527", "county_officer of 520526"
# By which name of the body a leaky door is aimed, at whose, and what of it tells who that is.
AIMED = [
    ("gap", "gap", "gap"), ("lock", "user", "user"), ("sign_out", "user", "user"), ("job", "job", "job"),
    ("bill", "person", "decision"), ("filter", "filter", "filter"), ("code", "household", "household"),
]  # fmt: skip


@pytest.mark.parametrize(("how", "name", "kind"), AIMED)
def test_a_door_that_writes_what_its_body_names_of_others_is_seen(walk, how, name, kind):
    ours, theirs = walk.reader(OURS), walk.reader(THEIRS)

    def of(reader):
        known, gaps = walk.known(reader), set(Gap.objects.values_list("person", flat=True))
        held = [key for key in walk.keys.of[kind] if not key.beyond(reader, known)]
        key = next(key for key in held if kind != "gap" or key.person in gaps)
        return str(key.person) if kind == "decision" else key.text

    wrong = through(walk, how, OURS, **{name: of(theirs)})
    assert any("wrote of others" in each for each in wrong), (how, wrong)
    mine = ours.user.username if name == "user" else of(ours)
    wrong = through(walk, how, OURS, **{name: mine})
    assert wrong == [] or how == "lock" and "is_active" in wrong[0], (how, wrong)


def test_a_door_that_changes_what_the_asker_is_or_writes_by_a_get_is_seen(walk):
    assert ["changed what the asker is: role" in each for each in through(walk, "rise", OURS)] == [True]
    home = next(key.text for key in walk.keys.of["household"] if key.region.startswith("520527"))
    assert "wrote insight_householdcode" in through(walk, "code", OURS, "GET", household=home)[0]
    client = next(key.text for key in walk.keys.of["client"] if key.region.startswith("520527"))
    assert "wrote of others" in through(walk, "revoke", OURS, client=client)[0]
    assert through(walk, "revoke", "administrator of 520527", client=client) == []
    assert "wrote of others" in through(walk, "revoke", "administrator of 520526", client=client)[0]
