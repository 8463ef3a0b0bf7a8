"""No page reads a whole table of people, rows or bills: every query has an index to go by, on either database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests.support.brought_in import brought_in
from tests.support.known_county import HEAD, ILL, ON
from tests.support.registers import VILLAGE
from yingjin.insight import queries

ALIAS = re.compile(r'"(\w+)" ([TUV]\d+)\b')
pytestmark = pytest.mark.django_db
BIG = (
    "basics_auditevent", "care_condition", "care_contract", "care_treatment", "fusion_registerperson", "fusion_row",
    "fusion_unlinkedpair", "gaps_due", "gaps_gap", "gaps_gapevent", "registry_categoryheld", "registry_household",
    "registry_membership", "registry_person", "registry_personchange", "registry_region", "settlement_bill",
    "settlement_enrolment", "settlement_explanation", "settlement_replay", "settlement_settledbill",
)  # fmt: skip


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        if connection.vendor == "sqlite":
            forget_how_few()
        yield county


def forget_how_few() -> None:
    """Make SQLite plan as for tables of unknown size: it was told of a dozen people, whom a scan finds soonest."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_master")


@contextmanager
def plans() -> Iterator[list[tuple[str, list[str]]]]:
    """Collect the plan of every query that runs inside, as the database would go about it with a full table."""
    found: list[tuple[str, list[str]]] = []

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            found.append((sql, plan_of(sql, params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


def plan_of(sql: str, params: Any) -> list[str]:
    with (
        connection.connection.cursor() if connection.vendor == "postgresql" else connection.cursor() as cursor
    ):
        if connection.vendor == "postgresql":
            # A dozen people fit on one page, so a scan is cheap; without scans it is taken only where no index serves.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}", params)
            return [str(row[0]) for row in cursor.fetchall()]
        return plan_on_sqlite(sql, params)


def plan_on_sqlite(sql: str, params: Any) -> list[str]:
    raw = connection.connection.execute(
        "EXPLAIN QUERY PLAN " + sql.replace("%s", "?").replace("%%", "%"), params or ()
    )
    return [row[3] for row in raw.fetchall()]


def scans(sql: str, plan: list[str]) -> list[str]:
    """Return the steps of a plan that read a whole big table, by its name or by what the query calls it.

    An index of few rows may be read whole: it holds those alone that are asked for.
    """
    called = {alias: table for table, alias in ALIAS.findall(sql)}
    if connection.vendor == "postgresql":
        return [
            step for step in plan if "Seq Scan on" in step and step.split("Seq Scan on ")[1].split()[0] in BIG
        ]
    few = {index.name for model in apps.get_models() for index in model._meta.indexes if index.condition}
    return [
        step
        for step in plan
        if step.startswith("SCAN")
        and called.get(step.split()[1], step.split()[1]) in BIG
        and step.split()[-1] not in few
    ]


FROM_MEMORY = {"place_path", "places_below"}  # names of places ask the database nothing


def calls(county: Any, reader: Any) -> dict[str, Any]:
    head, ill = county.person(HEAD).key, county.person(ILL).key
    return {
        "as_of": lambda: queries.as_of(reader),
        "place_path": lambda: queries.place_path(reader, VILLAGE),
        "places_below": lambda: queries.places_below(reader, VILLAGE[:9]),
        **{
            f"find {text}": lambda text=text: queries.find(reader, ON, text)
            for text in ("lu", "禄", "0028", "锌河")
        },
        "find village": lambda: queries.find(reader, ON, "", VILLAGE),
        "person": lambda: [queries.person(reader, ON, key) for key in (head, ill)],
        "household": lambda: queries.household(reader, ON, county.household(HEAD)),
        "bill": lambda: queries.bill(reader, county.bill("S-HEAD-2").key),
        **{
            f"quality {kind}": lambda kind=kind: queries.quality(reader, kind)
            for kind in ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled")
        },
    }


@pytest.mark.parametrize("role", ["county_officer", "auditor", "village_doctor"])
def test_no_page_reads_a_whole_big_table(county, role):
    reader = county.doctor() if role == "village_doctor" else county.reader(role)
    whole = []
    for page, call in calls(county, reader).items():
        with plans() as found:
            call()
        assert bool(found) != (page in FROM_MEMORY), page
        whole += [f"{page}: {step}\n  {sql[:300]}" for sql, plan in found for step in scans(sql, plan)]
    assert not whole, "\n".join(whole)


def test_a_scan_is_seen_when_there_is_one(county):
    with plans() as found:
        assert (
            county.person(HEAD).phone and not type(county.person(HEAD)).objects.filter(sex="neither").exists()
        )
    assert any(scans(sql, plan) for sql, plan in found)
