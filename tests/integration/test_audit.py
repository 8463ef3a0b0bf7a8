from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from yingjin.basics.access import Robot
from yingjin.basics.audit import record
from yingjin.basics.models import AuditEvent

AT = datetime(2026, 1, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_what_was_done_is_kept_with_who_and_when():
    record("person_opened", target="person:1", by=Robot(), at=AT, on="2025-12-31")
    event = AuditEvent.objects.get()
    assert (event.what, event.target, event.by, event.at) == ("person_opened", "person:1", "robot", AT)
    assert event.facts == {"on": "2025-12-31"}


@pytest.mark.parametrize("change", [lambda rows: rows.update(by="nobody"), lambda rows: rows.delete()])
def test_the_database_itself_refuses_to_change_or_delete_a_line(change):
    record("person_opened", target="person:1", by="robot", at=AT)
    with pytest.raises(DatabaseError, match="append only"), transaction.atomic():
        change(AuditEvent.objects.all())
    assert AuditEvent.objects.get().by == "robot"


def test_a_transaction_that_is_undone_leaves_no_line():
    with pytest.raises(RuntimeError), transaction.atomic():
        record("person_opened", target="person:1", by="robot", at=AT)
        raise RuntimeError
    assert not AuditEvent.objects.exists()
