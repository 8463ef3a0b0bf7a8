"""The second factor of signing in: a secret shared with a phone, taken into use by a code, given up or set back."""

import secrets
from datetime import datetime
from typing import Any

from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, Conflict
from yingjin.basics.sealing import seal, unseal
from yingjin.registry.actions.users import administered, new_password, not_oneself
from yingjin.registry.domain.second_factor import (
    DIGITS,
    RECOVERY_CODES,
    SECRET_BYTES,
    digest_of,
    plain_code,
    step_taken,
)
from yingjin.registry.models import RecoveryCode, SecondFactor, User
from yingjin.registry.queries.users import needs_second_factor


class WrongCode(BadInput):
    """The code does not belong to the secret and this half minute, or was used."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(
            "这个验证码不对，或者已经用过。看手机上现在的 6 位数字；手机的时间要对。",
            "This code is not right, or was used already. Type the six digits your phone shows now; its clock must be right.",
        )


@transaction.atomic
def begin_second_factor(*, by: User, at: datetime) -> None:
    """Make a secret for one's own phone; it counts for nothing until a code of it is typed. Errors: Conflict."""
    factor = SecondFactor.objects.select_for_update().filter(user=by).first()
    if factor is not None and factor.confirmed_at:
        raise Conflict(
            "第二步验证已经打开。要换手机，先关闭再打开。",
            "Two-step sign-in is on already. To change phones turn it off first.",
        )
    secret = seal(secrets.token_bytes(SECRET_BYTES), aad=_place(by))
    SecondFactor.objects.update_or_create(
        user=by, defaults={"secret": secret, "asked_at": at, "last_step": 0}
    )


def own_secret(user: User) -> bytes | None:
    """Return the secret that its owner has yet to confirm; None when there is none, or it is in use."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=True).first()
    return _secret(factor) if factor else None


@transaction.atomic
def confirm_second_factor(*, code: str, by: User, at: datetime) -> list[str]:
    """Take the secret into use by a code of it; return the recovery codes, kept nowhere in clear. Errors: WrongCode."""
    factor = SecondFactor.objects.select_for_update().filter(user=by, confirmed_at__isnull=True).first()
    step = _step(factor, code, at) if factor else None
    if factor is None or step is None:
        raise WrongCode
    factor.confirmed_at, factor.last_step = at, step
    factor.save(update_fields=["confirmed_at", "last_step"])
    codes = [new_password() for _ in range(RECOVERY_CODES)]
    factor.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=digest_of(each)) for each in codes)
    record("second_factor_confirmed", target=f"user:{by.username}", by=by, at=at)
    return codes


@transaction.atomic
def take_code(*, user: User, code: str, at: datetime) -> bool:
    """Say whether a code opens; each does once. A recovery code opens once for good."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
    if factor is None:
        return False
    if len(plain_code(code)) == DIGITS:
        step = _step(factor, code, at)
        if step is not None:
            SecondFactor.objects.filter(pk=factor.pk).update(last_step=step)
        return step is not None
    unused = factor.recovery_codes.filter(digest=digest_of(code), used_at__isnull=True)
    if not unused.update(used_at=at):
        return False
    left = factor.recovery_codes.filter(used_at__isnull=True).count()
    record("recovery_code_used", target=f"user:{user.username}", by=user, at=at, left=left)
    return True


@transaction.atomic
def give_up_second_factor(*, code: str, by: User, at: datetime) -> None:
    """Turn one's own second factor off by a code of it. Errors: Conflict where it is required; WrongCode."""
    if needs_second_factor(by):
        raise Conflict(
            "您的岗位必须用第二步验证。换手机请找另一位管理员重置。",
            "Your role requires two-step sign-in. To change phones ask another administrator to set it back.",
        )
    if not take_code(user=by, code=code, at=at):
        raise WrongCode
    SecondFactor.objects.filter(user=by).delete()
    record("second_factor_given_up", target=f"user:{by.username}", by=by, at=at)


@transaction.atomic
def reset_second_factor(*, username: str, by: Any, at: datetime) -> None:
    """Set back the second factor of somebody who lost the phone. Errors: NotFound, Conflict for oneself."""
    allow(by, "change_user")
    user = administered(username, by)
    not_oneself(user, by)
    SecondFactor.objects.filter(user=user).delete()
    record("second_factor_reset", target=f"user:{user.username}", by=by, at=at)


def _step(factor: SecondFactor, code: str, at: datetime) -> int | None:
    return step_taken(
        _secret(factor), plain_code(code), at_seconds=int(at.timestamp()), last_step=factor.last_step
    )


def _secret(factor: SecondFactor) -> bytes:
    return unseal(bytes(factor.secret), aad=_place(factor.user))


def _place(user: User) -> str:
    return f"registry_secondfactor.secret:{user.pk}"
