"""The suite runs on the database it says, and the places where commands run are on the same kind."""

import os

import pytest
from django.db import connection

from tests.support.database import ON_POSTGRES


@pytest.mark.django_db
def test_django_speaks_to_the_database_the_run_names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()" if ON_POSTGRES else "PRAGMA journal_mode")
        answer = cursor.fetchone()[0]
    assert answer.startswith("PostgreSQL") if ON_POSTGRES else answer == "wal"


def test_a_place_is_on_the_same_kind_of_database(place):
    assert place.database_url.startswith("postgresql://") if ON_POSTGRES else place.database_url == ""


def test_two_places_share_nothing(new_place):
    one, other = new_place(), new_place()
    assert one.store != other.store
    assert not ON_POSTGRES or one.database_url != other.database_url


def test_the_run_has_a_data_folder_of_its_own(settings):
    assert str(settings.STORE) == os.environ["YINGJIN_STORE"]
    assert "yingjin-tests-" in str(settings.STORE)


def test_a_throwaway_postgres_is_there_in_every_run(postgres):
    address = postgres.create("once")
    try:
        assert address.endswith("/once")
    finally:
        postgres.drop("once")
