"""Hide in the findings kept what only later turned out to tell of a sensitive illness."""

from collections.abc import Iterator
from hashlib import sha256
from itertools import chain, groupby
from uuid import UUID

from yingjin.care.files import disease_list
from yingjin.gaps.domain.rules import COVERED, TREATED
from yingjin.gaps.models import Due, Finding
from yingjin.insight import counting
from yingjin.insight.desk_tallies import desk_audiences, desk_rows
from yingjin.insight.domain.tallies import BASE, PLAIN, DueTallies
from yingjin.insight.models import DueTally, Summary, Tally
from yingjin.insight.queries.gap_rows import state_of
from yingjin.insight.tallying import due_rows, keep_due_rows, keep_rows, person_rows
from yingjin.settlement.models import Bill

BATCH = 1_000


def hide_in_others(finding: Finding, hidden: set[UUID]) -> int:
    """Mark the dues of every other finding that are hidden as things stand now, and count those findings anew.

    A bill is hidden from a later day's knowledge too: a category recorded afterwards, a corrected diagnosis. What
    readers of everything are shown stays as it was found. Returns how many dues were hidden.
    """
    subjects = _subjects(hidden)
    return sum(_hide(other, subjects, hidden) for other in Finding.objects.exclude(pk=finding.pk))


def _subjects(hidden: set[UUID]) -> set[tuple[str, str]]:
    keys = sorted(hidden)
    bills = chain.from_iterable(
        Bill.objects.filter(pk__in=keys[start : start + BATCH]).values_list("bill_id", flat=True)
        for start in range(0, len(keys), BATCH)
    )
    diseases = (disease.name for disease in disease_list().diseases if disease.sensitive)
    return {(COVERED, bill) for bill in bills} | {(TREATED, disease) for disease in diseases}


def _hide(finding: Finding, subjects: set[tuple[str, str]], hidden: set[UUID]) -> int:
    shown = Due.objects.filter(finding=finding, sensitive=False, due__in=(COVERED, TREATED))
    keys = [
        pk
        for pk, *subject in shown.values_list("pk", "due", "subject").iterator()
        if tuple(subject) in subjects
    ]
    if keys:
        for start in range(0, len(keys), BATCH):
            Due.objects.filter(pk__in=keys[start : start + BATCH]).update(sensitive=True)
        _count_anew(finding, hidden)
    return len(keys)


def _count_anew(finding: Finding, hidden: set[UUID]) -> None:
    """Write what plain readers are shown of a finding again; its digest changes, so that a new run of it is kept whole."""
    tallies = DueTallies(finding.on)
    for region_code, dues in _people(finding):
        tallies.add(region_code, [state_of(due) for due in dues])
    rows = chain(
        person_rows(tallies),
        counting.money_rows(finding.on, hidden),
        counting.disease_rows(finding.on, hidden),
        counting.quality_rows(hidden),
    )
    Tally.objects.filter(finding=finding, audience=PLAIN).exclude(measure=BASE).delete()
    DueTally.objects.filter(finding=finding, audience=PLAIN).delete()
    desk_persons, desk_dues = desk_rows(finding)
    for model in (Tally, DueTally):
        model._default_manager.filter(finding=finding, audience__in=desk_audiences()).delete()
    keep_rows(finding, desk_persons)
    keep_due_rows(finding, desk_dues)
    keep_rows(finding, (row for row in rows if row.audience == PLAIN))
    keep_due_rows(finding, (row for row in due_rows(tallies) if row.audience == PLAIN))
    for summary in Summary.objects.filter(finding=finding):
        # Another word each time: no digest of tallies, and never the one that pages have kept something by.
        summary.digest = f"hidden {sha256(summary.digest.encode()).hexdigest()[:40]}"
        summary.save(update_fields=["digest"])


def _people(finding: Finding) -> Iterator[tuple[str, list[Due]]]:
    dues = Due.objects.filter(finding=finding).order_by("person_id").iterator(chunk_size=BATCH)
    for _, own in groupby(dues, key=lambda due: due.person_id):
        listed = list(own)
        yield listed[0].region_code, listed
