"""
The anchor of a day: the number and hash of its last event in a small file beside the database (D10).

* keep       write a day's anchor from its last event, unless the day has one
* anchor     write the anchor of the last day that is over; the timetable and `yingjin audit anchor` call it

Whoever can write the database could work the whole chain out again. What was printed or sent elsewhere the day after
cannot be changed with it: then the chain no longer agrees with its anchor.
"""

import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yingjin.basics.chain import MOMENT
from yingjin.basics.models import AuditEvent

FORMAT = "yingjin-audit-anchor-1"


def folder() -> Path:
    """Return where the anchors lie."""
    return Path(settings.STORE) / "anchors"


def day_of(at: datetime) -> date:
    """Return the day of a moment, here."""
    return timezone.localtime(at).date()


def keep(last: AuditEvent) -> Path:
    """Write the anchor of the day whose last event this is; one that is there stays as it is."""
    path = folder() / f"{day_of(last.at)}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        facts = {
            "format": FORMAT, "day": f"{day_of(last.at)}", "number": last.number, "hash": last.hash,
            "at": last.at.astimezone(UTC).strftime(MOMENT),
        }  # fmt: skip
        new = path.with_name(f".{path.name}.{os.getpid()}")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(json.dumps(facts, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    return path


def anchor(at: datetime) -> Path | None:
    """Write the anchor of the last day before the one of `at` on which anything happened; None when there is none."""
    midnight = timezone.make_aware(datetime.combine(day_of(at), time.min))
    last = AuditEvent.objects.filter(at__lt=midnight).order_by("-number").first()
    return keep(last) if last else None
