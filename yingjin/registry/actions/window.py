"""Somebody stands at a hospital's window: by the whole identity number the window may work for this person."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics import row_security
from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput
from yingjin.basics.identity import clean, valid
from yingjin.registry.files import desks
from yingjin.registry.models import Person, Presented


class NumberUnreadable(BadInput):
    """What was typed is no identity number: its check digit is wrong, or its length."""

    code = "number_unreadable"


def present_person(*, number: str, by: Any, at: datetime) -> list[UUID]:
    """Let the facility of `by` work for whoever has this number; return their keys, none when nobody has it.

    The same number under two names gives two. Each asking is recorded, found or not; whoever was shown too long
    ago, and has no bill there, is forgotten. Errors: NumberUnreadable.
    """
    allow(by, "present")
    if not valid(clean(number)):
        raise NumberUnreadable(
            "这不是一个完整的证件号：位数不对，或末位校验不符。照身份证重新输入 18 位。",
            "This is no whole identity number: its length or its check digit is wrong. Type the 18 characters again from "
            "the card.",
            field="number",
        )
    with transaction.atomic():
        with row_security.widened():
            people = Person.objects.filter(identity_index=number, merged_into__isnull=True)
            keys = sorted(people.values_list("pk", flat=True))
        here = Presented.objects.filter(facility_code=by.facility_code)
        here.filter(at__lt=at - timedelta(days=desks().window_days)).delete()
        for key in keys:
            Presented.objects.update_or_create(
                facility_code=by.facility_code, person_id=key, defaults={"at": at, "by": by.username}
            )
        _recorded(keys, by, at)
    return keys


def _recorded(keys: list[UUID], by: Any, at: datetime) -> None:
    for key in keys:
        record("person_presented", target=f"person:{key}", by=by, at=at, facility=by.facility_code)
    if not keys:
        record("number_not_found", target=f"facility:{by.facility_code}", by=by, at=at)
