"""Whatever the rows and however they are cut into files: the same state, whole or not at all."""

import random
import tempfile
from itertools import combinations
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.support.registers import (
    complaints,
    landed,
    row,
    write_csv,
    write_facilities,
    write_workbook,
)
from tests.support.rows import AT
from yingjin.basics.access import Robot
from yingjin.fusion.actions import link, writing
from yingjin.fusion.models import RegisterPerson, RegisterState, Row, SourceFile, UnlinkedPair
from yingjin.registry.models import Person

pytestmark = pytest.mark.django_db

FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.sampled_from(["王小明", "李四", "", "赵六"])
PEOPLE = st.lists(st.tuples(st.integers(1, 6).map(lambda place: f"P{place}"), NAMES), max_size=10)
HELD = st.lists(
    st.tuples(
        st.integers(1, 7).map(lambda place: f"P{place}"),
        st.sampled_from(["C02", "C04", "C12"]),
        st.sampled_from(["2014-12-01", "2019-01-01", "2019-02-30"]),
    ),
    max_size=10,
)
# Rows that are good and named once: what is refused leaves what was good in between in force.
GOOD_PEOPLE = st.lists(
    st.tuples(st.integers(1, 6).map(lambda place: f"P{place}"), st.sampled_from(["王小明", "李四"])),
    unique_by=lambda each: each[0],
)
GOOD_HELD = st.lists(
    st.tuples(
        st.integers(1, 7).map(lambda place: f"P{place}"),
        st.sampled_from(["C02", "C04"]),
        st.sampled_from(["2014-12-01", "2019-01-01"]),
    ),
    unique=True,
)


class Undone(Exception):
    """Ends an example; what it wrote is undone."""


def alone(example):
    """Run an example in a folder and a transaction of its own."""
    with pytest.raises(Undone), transaction.atomic(), tempfile.TemporaryDirectory() as folder:
        example(Path(folder))
        raise Undone


def written(folder, people, held, *, parts):
    """Write a folder whose rows are dealt out over some workbooks."""
    folder.mkdir()
    lists = [row("lifted", register_no=number, name=name) for number, name in people]
    categories = [
        row("category", register_no=number, category=category, valid_from=day)
        for number, category, day in held
    ]
    for place in range(parts):
        sheets = {"lifted": lists[place::parts], "category": categories[place::parts]}
        write_workbook(
            folder / f"{place}.xlsx", {kind: rows for kind, rows in sheets.items() if rows or place == 0}
        )
    return folder


def state():
    versions = Row.objects.filter(current=True).values_list("kind", "key", "digest", "accepted")
    return sorted(versions), complaints()


@FEW
@given(PEOPLE, HELD, st.integers(1, 3), st.randoms())
def test_neither_the_cut_into_files_nor_the_order_matters(people, held, parts, chance):
    def example(folder):
        landed(written(folder / "whole", people, held, parts=1))
        before, rows = state(), Row.objects.count()
        chance.shuffle(people)
        chance.shuffle(held)
        dealt = [(people[place::parts], held[place::parts]) for place in range(parts)]
        assume(all(one != other for one, other in combinations(dealt, 2)))  # equal files are one file
        tally = landed(written(folder / "parts", people, held, parts=parts))
        assert state() == before
        assert (tally.counts["new"], tally.counts["changed"], tally.counts["withdrawn"]) == (0, 0, 0)
        assert Row.objects.count() == rows

    alone(example)


@FEW
@given(GOOD_PEOPLE, GOOD_HELD, PEOPLE, HELD)
def test_there_and_back_again_is_as_if_one_had_never_gone(people, held, others, others_held):
    def example(folder):
        once = written(folder / "1", people, held, parts=1)
        landed(once)
        before = state()
        kept = set(Row.objects.values_list("id", flat=True))
        landed(written(folder / "2", others, others_held, parts=2))
        landed(once)
        assert state() == before
        assert kept <= set(Row.objects.values_list("id", flat=True)), "nothing is deleted"

    alone(example)


@FEW
@given(PEOPLE, HELD)
def test_every_row_of_the_files_is_good_refused_or_a_repetition(people, held):
    def example(folder):
        tally = landed(written(folder / "1", people, held, parts=1))
        good, bad = (
            Row.objects.filter(current=True, accepted=accepted).count() for accepted in (True, False)
        )
        assert good + bad + tally.counts["repeated"] == len(people) + len(held)
        assert bad == tally.counts["refused"]

    alone(example)


@pytest.fixture
def folders(tmp_path):
    """Two folders of a small county: the second adds, changes, withdraws and refuses."""
    first, second = tmp_path / "1", tmp_path / "2"
    for folder, year, name in ((first, "2024", "王小明"), (second, "2025", "王晓明")):
        folder.mkdir()
        write_facilities(folder, "F1", f"F{year}")
        people = [row("lifted", register_no=f"P{place}", name=name) for place in range(5)]
        refused = [row("lifted", register_no="P9", name="")]
        write_workbook(folder / "p.xlsx", {"lifted": people + refused})
        write_csv(folder / "i.csv", "enrolment", [row("enrolment", register_no="N1", year=year, name=name)])
        bills = [row("settlement", bill_no=f"S{year}{place}", register_no="N1") for place in range(5)]
        write_csv(folder / "s.csv", "settlement", bills)
        write_workbook(folder / "h.xlsx", {"record": [row("record", register_no="R1", name=name)]})
    return first, second


def everything():
    """Return all that landing and linking keep, by natural keys."""
    rows = Row.objects.values_list(
        "kind", "key", "version", "digest", "current", "accepted", "ended_why", "file__sha256"
    )
    files = SourceFile.objects.values_list("sha256", "status", "rows", "refused")
    people = RegisterPerson.objects.values_list("register", "number", "name", "withdrawn", "person")
    persons = Person.objects.values_list("key", "name", "region_code", "merged_into", "digest")
    pairs = UnlinkedPair.objects.values_list("one__number", "other__number", "why")
    states = RegisterState.objects.values_list("register", "part")
    return [sorted(map(str, each)) for each in (rows, files, people, persons, pairs, states)]


class Killed(BaseException):
    """What stops the job: nothing catches it."""


# A stop leaves PostgreSQL's cursor open, as a kill does.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_a_stop_at_any_point_loses_and_doubles_nothing(folders, monkeypatch):
    first, second = folders

    def run(folder, stop_at=None):
        """Run to the end, or until the database is touched for the given time; return how often it was."""
        touched = 0

        def counted(execute, sql, params, many, context):
            nonlocal touched
            if touched == stop_at:
                raise Killed
            touched += 1
            return execute(sql, params, many, context)

        from django.db import connection

        with connection.execute_wrapper(counted):
            landed(folder)
            link(by=Robot(), at=AT)
        return touched

    monkeypatch.setattr(writing, "WAITING_MOST", 2)
    with pytest.raises(Undone), transaction.atomic():
        run(first)
        steps = run(second)
        wanted = everything()
        raise Undone
    assert steps > 100
    run(first)
    for stop_at in random.Random(7).sample(range(steps), 25):
        with pytest.raises(Undone), transaction.atomic():
            with pytest.raises(Killed):
                run(second, stop_at)
            run(second)
            assert everything() == wanted, f"stopped at step {stop_at}"
            raise Undone
