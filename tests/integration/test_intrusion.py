"""Whoever asks, however: no address tells of others or of hidden illness, breaks, or changes what is not the asker's.

Generated from the table of addresses and operations itself; `make drill` asks a hundred times as much.
"""

import os
import random

import pytest

from tests.support.intrusion.county import two_counties
from tests.support.intrusion.walk import Walk

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
