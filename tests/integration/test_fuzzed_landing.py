"""No row and no file, whatever stands in it, stops landing or lands by half; `make drill` tries a hundred times as many."""

import os
import random

import pytest
from django.db import transaction
from django.db.models import Count, Q

from tests.support.fuzzed import write_fuzzed
from tests.support.registers import landed
from yingjin.fusion.actions.imports import DERIVED
from yingjin.fusion.models import RegisterState, Row, SourceFile

pytestmark = pytest.mark.django_db
SEED = int(os.environ.get("YINGJIN_FUZZ_SEED") or random.SystemRandom().randrange(10**6))
ROWS = int(os.environ.get("YINGJIN_FUZZ_ROWS") or 1_000)
ROWS_A_FILE, FILES_A_FOLDER = 20, 5


def half_landed() -> list[str]:
    """Name the files that lie there by half: refused and yet with rows, or landed with rows that nobody counted."""
    wrong = []
    kept = Count("landed_rows")
    good = Count("landed_rows", filter=Q(landed_rows__accepted=True))
    for file in SourceFile.objects.annotate(kept=kept, good=good):
        if file.status == "refused" and file.kept:
            wrong.append(f"{file.name}: refused, with {file.kept} rows")
        if file.status == "landed" and file.accepted + file.refused != file.rows:
            wrong.append(f"{file.name}: {file.rows} rows, {file.accepted} good and {file.refused} refused")
        if file.good > file.accepted or file.kept > file.rows:
            wrong.append(f"{file.name}: more rows than were counted")
    return wrong + states_without_files()


def states_without_files() -> list[str]:
    """Name the registers with landed files and no state, and those with a state that no file of theirs brought.

    A state says from which files it was read, that they need not be read again, be each of them refused.
    """
    files = SourceFile.objects.exclude(register="")
    landed = set(files.filter(status="landed").values_list("register", flat=True))
    seen = set(files.values_list("register", flat=True))
    stated = set(RegisterState.objects.exclude(part__in=DERIVED).values_list("register", flat=True))
    return [f"{each}: files without a state" for each in landed - stated] + [
        f"{each}: a state without files" for each in stated - seen
    ]


def test_no_fuzzed_row_or_file_stops_landing_or_lands_by_half(tmp_path):
    print(f"seed {SEED}")
    chance, rows, landings = random.Random(SEED), 0, {"landed": 0, "refused": 0}
    accepted = refused = 0
    while rows < ROWS:
        folder = tmp_path / str(rows)
        folder.mkdir()
        with transaction.atomic():
            for number in range(FILES_A_FOLDER):
                write_fuzzed(folder, number, ROWS_A_FILE, chance)
            landed(folder)
            assert half_landed() == [], f"seed {SEED}, after {rows} rows"
            for status in landings:
                landings[status] += SourceFile.objects.filter(status=status).count()
            accepted += Row.objects.filter(accepted=True).count()
            refused += Row.objects.filter(accepted=False).count()
            transaction.set_rollback(True)
        rows += FILES_A_FOLDER * ROWS_A_FILE
    print(f"fuzzed {rows} rows, {accepted} good, {refused} refused; files {landings}")
    assert landings["landed"] and landings["refused"] and accepted and refused, (
        "all of one kind shows nothing"
    )
