"""The known county, brought in once for a module of tests that only read; everything is rolled back behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import transaction

from tests.support.known_county import ON, KnownCounty, write_county
from yingjin.jobs.run_county import run_over


@contextmanager
def brought_in(folder: Path) -> Iterator[KnownCounty]:
    """Write the registers and run the main job over them in a transaction that ends in nothing."""
    folder.mkdir()
    with transaction.atomic():
        assert run_over(write_county(folder), on=ON) == 0
        yield KnownCounty()
        transaction.set_rollback(True)
