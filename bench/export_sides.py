"""The two sides of the export measurement, each a program of its own that prints what its work took.

    python bench/export_sides.py more_people DUES      copies everybody with what was found due, until there is so much
    python bench/export_sides.py more BILLS            copies people with their bills and years until there are so many
    python bench/export_sides.py product LIST FILE     writes a list of the place in the environment, opened, to FILE
    python bench/export_sides.py bare FILE COPY        writes the cells of FILE with xlsxwriter alone

Neither counts what it takes to start, nor the bare side what it takes to read the cells.
"""

import json
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

COPIED_AT_ONCE = 10_000
DUE = ("open", "unknown", "done")  # as the list asked for below
QUERIES: dict[str, dict[str, str]] = {
    "people": {}, "gaps": {"status": "due"}, "bills": {},
}  # fmt: skip


def more_people(wanted: str) -> dict[str, Any]:
    """Make a county larger: everybody of it copied alike under keys of their own, sealed anew as rows are."""
    import django

    django.setup()
    from django.db import transaction

    from yingjin.gaps.models import Due
    from yingjin.registry.models import Person

    keys = sorted(Person.objects.values_list("key", flat=True))
    for start in range(0, 1_000_000_000, COPIED_AT_ONCE):
        if (there := Due.objects.filter(status__in=DUE).count()) >= int(wanted):
            break
        begun = start % len(keys)
        with transaction.atomic():
            copied_people(keys[begun : begun + COPIED_AT_ONCE])
    return {"dues": there, "people": Person.objects.count()}


def copied_people(keys: list[Any]) -> None:
    """Copy some people with what the lists of people and gaps say of them."""
    from yingjin.basics.bulk import numbered
    from yingjin.care.models import Contract
    from yingjin.gaps.models import Due
    from yingjin.registry.models import CategoryHeld, Person
    from yingjin.settlement.models import Enrolment

    people = list(Person.objects.filter(key__in=keys))
    copies = {person.key: uuid4() for person in people}
    for person in people:
        person.key = copies[person.key]
    Person.objects.bulk_create(people, batch_size=500)
    for model in (CategoryHeld, Enrolment, Contract, Due):
        rows = list(model._default_manager.filter(person__in=list(copies)))
        for row in rows:
            row.pk, row.person_id = None, copies[row.person_id]
        model._default_manager.bulk_create(numbered(rows) if model is Due else rows, batch_size=500)


def more(wanted: str) -> dict[str, Any]:
    """Make a county's patients as many as it takes: copies under keys of their own, sealed anew as rows are."""
    import django

    django.setup()
    from django.db import transaction
    from django.db.models import Max

    from yingjin.settlement.models import Bill

    year = Bill.objects.aggregate(last=Max("discharged_on"))["last"].year
    while (there := Bill.objects.filter(discharged_on__year=year).count()) < int(wanted):
        bills = list(
            Bill.objects.filter(discharged_on__year=year)[: min(COPIED_AT_ONCE, int(wanted) - there)]
        )
        with transaction.atomic():
            copied(bills, year)
    return {"bills": there}


def copied(bills: list[Any], year: int) -> None:
    """Copy some bills, whose they are, and what they were worked out to."""
    from yingjin.registry.models import Person
    from yingjin.settlement.models import Bill, Replay, SettledBill

    persons, replays = {}, {}
    for person in Person.objects.filter(key__in={bill.person_id for bill in bills}):
        old, person.key = person.key, uuid4()
        persons[old] = person
    Person.objects.bulk_create(persons.values(), batch_size=500)
    for replay in Replay.objects.filter(person__in=persons, year=year, latest=True):
        old, replay.pk, replay.person = replay.person_id, None, persons[replay.person_id]
        replays[old] = replay
    Replay.objects.bulk_create(replays.values(), batch_size=500)
    settled = {
        each.bill_id: each
        for each in SettledBill.objects.filter(bill__in=[bill.key for bill in bills], replay__latest=True)
    }
    lines = []
    for bill in bills:
        line, whose = settled.get(bill.key), bill.person_id
        bill.key, bill.person = uuid4(), persons[whose]
        bill.bill_id = bill.key.hex[:24]
        if line is not None:
            line.pk, line.bill, line.replay = None, bill, replays[whose]
            lines.append(line)
    Bill.objects.bulk_create(bills, batch_size=500)
    SettledBill.objects.bulk_create(lines, batch_size=500)


def product(name: str, target: str) -> dict[str, Any]:
    """Ask for a list, let the worker's function write it, and return what the writing took."""
    import django

    django.setup()
    from django.utils import timezone

    from yingjin.insight import exports
    from yingjin.registry.models import User

    officer = User.objects.get(username="bench")
    now = timezone.now()
    job = exports.ask_export(exports.Wanted(name, "xlsx", QUERIES[name]), by=officer, at=now)
    began = time.process_time()
    said = exports.write(job, lambda *told: None, at=now)
    took = time.process_time() - began
    from yingjin.insight.exports.kept import pieces_of

    Path(target).write_bytes(b"".join(pieces_of(job.key)))
    return {"cpu": took, "rows": said["rows"]}


def bare(source: str, target: str) -> dict[str, Any]:
    """Write the same cells, of the same kinds and widths, with xlsxwriter and nothing else."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(source).get_sheet_by_index(0).to_python()
    began = time.process_time()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(2, 0)
    sheet.set_column(0, len(rows[1]) - 1, 16)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(at, column, cell, text)
            elif isinstance(cell, date):
                sheet.write_datetime(at, column, cell, day)
            else:
                sheet.write_number(at, column, cell)
    book.close()
    return {"cpu": time.process_time() - began, "rows": len(rows) - 2}


if __name__ == "__main__":
    side, *words = sys.argv[1:]
    print(
        json.dumps({"more_people": more_people, "more": more, "product": product, "bare": bare}[side](*words))
    )
