"""A demonstration county through the whole main job: every number is the number of its list, in every place."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from tests.support.rows import AT
from tests.support.small_county import COUNTY, ON, reader
from yingjin.basics.access import Robot, Scope, scope_of, within
from yingjin.gaps.models import Due, Finding, Gap
from yingjin.insight import queries
from yingjin.insight.actions import find_dues
from yingjin.insight.domain.suppression import FEW, FEW_MAX, HELD, SHOWN
from yingjin.insight.domain.tallies import ALL, PLAIN
from yingjin.insight.models import DueTally, Tally
from yingjin.insight.queries.shapes import GapsWanted
from yingjin.insight.queries.sight import Sight
from yingjin.jobs.cli import main
from yingjin.jobs.run_county import run_over
from yingjin.policy.rulebooks import load
from yingjin.registry.files import desks

pytestmark = pytest.mark.django_db
PEOPLE = 1_000
EARLIER = date(2025, 6, 30)


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict[str, list[dict]]]:
    """The county held, settled and found on two days; what the gaps were after each; gone with the module."""
    folder = tmp_path_factory.mktemp("county") / "county"
    with django_db_blocker.unblock(), transaction.atomic():
        assert main(["make-county", str(folder), "--people", str(PEOPLE), "--seed", "11"]) == 0
        assert run_over(folder / "registers") == 0
        latest = list(Gap.objects.order_by("pk").values())
        find(EARLIER)
        yield {"latest": latest, "after": list(Gap.objects.order_by("pk").values())}
        transaction.set_rollback(True)


def find(on: date):
    return find_dues(on=on, region_code=COUNTY, rulebook=load("hezhang"), by=Robot(), at=AT)


def readers() -> list:
    """One of each role; a village doctor where most is lacking."""
    village = Counter(Due.objects.filter(lacking=True).values_list("region_code", flat=True)).most_common(1)[
        0
    ][0]
    return [
        reader("county_officer"),
        reader("auditor"),
        reader("auditor", village[:9]),
        reader("village_doctor", village),
    ]


def test_the_county_has_something_of_everything(county):
    found = Counter(Due.objects.filter(finding__on=ON).values_list("due", "status"))
    for due in ("insured", "treated", "contracted", "covered"):
        assert found[due, "done"] and found[due, "open"], found
    assert found["insured", "unknown"] and found["contracted", "excepted"]
    assert Due.objects.filter(finding__on=ON, sensitive=True).exists()


def audiences(on) -> dict[int, list[str]]:
    """Return whose tallies each due of a day stands in: everybody's, plain readers', and each department's own."""
    dues = Due.objects.filter(finding__on=on)
    seen = {pk: [ALL] if sensitive else [ALL, PLAIN] for pk, sensitive in dues.values_list("pk", "sensitive")}
    for desk in desks().desks:
        for pk in Sight(Scope(COUNTY, desk=desk)).dues_of_people(dues).values_list("pk", flat=True):
            seen[pk].append(desk)
    return seen


@pytest.mark.parametrize("on", [ON, EARLIER])
def test_every_tally_of_dues_is_the_count_of_its_list(county, on):
    wanted: Counter = Counter()
    seen = audiences(on)
    assert {desk for each in seen.values() for desk in each} == {ALL, PLAIN, *desks().desks}
    for pk, region, *group in Due.objects.filter(finding__on=on).values_list(
        "pk", "region_code", "due", "status", "reason", "owner_role"
    ):
        for digits in (2, 4, 6, 9, 12):
            for audience in seen[pk]:
                wanted[audience, region[:digits], *group] += 1
    kept: Counter = Counter()
    for *group, count in DueTally.objects.filter(finding__on=on).values_list(
        "audience", "region_code", "due", "status", "reason", "owner_role", "count"
    ):
        kept[tuple(group)] += count
    assert kept == wanted


def test_every_tally_of_persons_is_the_count_of_its_list(county):
    people: dict = defaultdict(set)
    seen = audiences(ON)
    for pk, region, due, status, person, lacking in Due.objects.filter(finding__on=ON).values_list(
        "pk", "region_code", "due", "status", "person", "lacking"
    ):
        for audience in seen[pk]:
            for place in {region[:6], region[:9], region}:
                for kind in {status} | ({"lacking"} if lacking else set()):
                    people[audience, place, due, kind].add(person)
                    people[audience, place, "", kind].add(person)
    rows = Tally.objects.filter(
        finding__on=ON, measure="persons", region_level__in=("county", "township", "village")
    )
    kept = {
        (row.audience, row.region_code, row.subject, row.status): row.persons
        for row in rows.exclude(status__in=("due", "late"))
    }
    assert kept == {key: len(persons) for key, persons in people.items()}


@pytest.mark.parametrize("number", range(4))
def test_overview_list_and_file_agree_for_every_reader(county, number):
    who = readers()[number]
    page = queries.overview(who, ON)
    listed = within(Due.objects.filter(finding__on=ON), scope_of(who))
    if not scope_of(who).sees_sensitive:
        listed = listed.filter(sensitive=False)
    for due in page.dues:
        for status in ("done", "open", "unknown", "excepted"):
            count = listed.filter(due=due.due, status=status).count()
            assert (
                getattr(due, status)
                == count
                == queries.gaps(who, ON, GapsWanted(due=due.due, status=status)).total
            )
    rows = list(queries.gap_rows(who, ON, GapsWanted()))
    assert len(rows) == sum(due.open + due.unknown for due in page.dues)
    assert (
        page.late
        == sum(row.days_late > 0 for row in rows)
        == queries.gaps(who, ON, GapsWanted(status="late")).total
    )
    assert page.persons_lacking == len({row.person_key for row in rows})
    assert sum(place.persons_in_base for place in page.places) == page.persons_in_base
    for due in page.dues:
        assert sum(place.lacking[due.due] for place in page.places) == due.open + due.unknown
    amounts = [line.amount_fen for line in page.money.lines]
    assert amounts[0] == sum(amounts[1:]) > 0


@pytest.mark.parametrize("audience", [ALL, PLAIN])
def test_no_single_hidden_count_can_be_subtracted_from_the_shown_ones(county, audience):
    rows = Tally.objects.filter(finding__on=ON, measure="disease", audience=audience)
    marks = {(row.subject, row.region_code): row for row in rows}
    assert {row.status for row in marks.values()} >= {FEW, HELD} or len(marks) > 0
    for (disease, code), row in marks.items():
        assert row.status != SHOWN or not 1 <= row.persons <= FEW_MAX
        below = [
            each
            for (name, inside), each in marks.items()
            if name == disease and inside.startswith(code) and is_child(code, inside) and each.persons
        ]
        hidden = [each for each in below if each.status != SHOWN]
        if row.status == SHOWN and sum(each.persons for each in below) == row.persons:
            assert len(hidden) != 1, (disease, code)


def is_child(code: str, inside: str) -> bool:
    lengths = [2, 4, 6, 9, 12]
    return len(code) in lengths[:-1] and len(inside) == lengths[lengths.index(len(code)) + 1]


def test_sensitive_diseases_are_in_no_tally_of_plain_readers(county):
    named = {"all": set(), "plain": set()}
    for audience, disease in Tally.objects.filter(measure="disease").values_list("audience", "subject"):
        named[audience].add(disease)
    assert {"重性精神疾病", "艾滋病机会感染", "耐多药结核病"} & named["all"]
    assert not {"重性精神疾病", "艾滋病机会感染", "耐多药结核病"} & named["plain"]


def test_a_day_before_the_latest_left_every_gap_as_it_was(county):
    assert county["after"] == county["latest"] != []
    assert set(Finding.objects.values_list("on", flat=True)) == {ON, EARLIER}


def test_finding_both_days_again_changes_nothing(county):
    for on in (ON, EARLIER):
        before = Finding.objects.get(on=on)
        again = find(on)
        assert not again.changed and again.gaps == {}
        assert Finding.objects.get(on=on).pk == before.pk
