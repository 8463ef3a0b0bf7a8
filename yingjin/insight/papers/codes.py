"""The square code on a household's sheet: an opaque word, the same on every sheet until it is revoked."""

import secrets
from base64 import b32encode
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import Conflict, NotFound
from yingjin.insight.models import HouseholdCode
from yingjin.insight.queries.sight import as_key, found, sight_of
from yingjin.registry.models import Household

HOUSEHOLD = ("家庭", "household")
BYTES = 10  # 80 bits, 16 letters and figures


class NoCode(Conflict):
    """A sheet was opened before it was asked for, or after its code was revoked."""

    code = "household_without_code"

    def __init__(self) -> None:
        super().__init__(
            "这一户的单子上还没有码，或旧码已经作废。回到这一户的页面，按“一户一单 PDF”，码就有了。",
            "This household's sheet has no code yet, or its code was revoked. Go back to the household's page and press "
            "“Household sheet PDF”: that makes one.",
        )


@transaction.atomic
def make_code(household: UUID | str, *, by: Any, at: datetime) -> str:
    """Return the code of a household the reader may see, made now if it has none. Errors: NotAllowed, NotFound."""
    allow(by, "print_paper")
    home = _home(by, household)
    code, made = HouseholdCode.objects.get_or_create(
        household=home,
        revoked_at=None,
        defaults={
            "token": b32encode(secrets.token_bytes(BYTES)).decode("ascii"),
            "region_code": home.region_code,
            "made_at": at,
            "made_by": by.username,
        },
    )
    if made:
        record("household_code_made", target=f"household:{home.key}", by=by, at=at)
    return str(code.token)


def code_of(household: UUID | str, *, by: Any) -> str:
    """Return the code of a household the reader may see. Errors: NotAllowed, NotFound, NoCode."""
    allow(by, "print_paper")
    code = HouseholdCode.objects.filter(household=_home(by, household), revoked_at=None).first()
    if code is None:
        raise NoCode
    return str(code.token)


@transaction.atomic
def revoke_code(household: UUID | str, *, by: Any, at: datetime) -> bool:
    """Let the sheets printed so far open nothing more; return whether there was a code. Errors: NotAllowed, NotFound."""
    allow(by, "print_paper")
    home = _home(by, household)
    revoked = HouseholdCode.objects.filter(household=home, revoked_at=None).update(
        revoked_at=at, revoked_by=by.username
    )
    if revoked:
        record("household_code_revoked", target=f"household:{home.key}", by=by, at=at)
    return bool(revoked)


def household_of(token: str, *, by: Any) -> UUID:
    """Return whose sheet a code is on, for a reader within scope.

    Errors: NotAllowed; NotFound with the same words for a code that never was, was revoked, or lies outside the scope.
    """
    allow(by, "read_persons")
    code = HouseholdCode.objects.filter(token=token.upper(), revoked_at=None).first()
    if code is None or not sight_of(by).households().filter(pk=code.household_id).exists():
        raise NotFound(
            "这个码打不开：它已经作废，或这一户不在您的辖区。请这一户的村医或乡镇重新打印一张。",
            "This code opens nothing: it was revoked, or the household is not in your region. Ask its village doctor or "
            "township for a new sheet.",
        )
    return UUID(str(code.household_id))


def _home(by: Any, household: UUID | str) -> Household:
    home: Household = found(sight_of(by).households(), *HOUSEHOLD, key=as_key(household, *HOUSEHOLD))
    return home
