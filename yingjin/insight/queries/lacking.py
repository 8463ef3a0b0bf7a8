"""What a day found lacking, in bulk, for the main job's own summary; pages ask with a reader instead."""

from datetime import date
from uuid import UUID

from yingjin.gaps.models import Due


def lacking_on(on: date) -> dict[tuple[UUID, str, str], bool]:
    """Return each due found lacking on a day: person, due, subject -> whether it only asks who somebody is."""
    rows = Due.objects.filter(finding__on=on, status__in=("open", "unknown"))
    found = rows.values_list("person_id", "due", "subject", "status").iterator(chunk_size=10_000)
    return {(person, due, subject): status == "unknown" for person, due, subject, status in found}
