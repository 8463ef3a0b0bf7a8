"""
Clients: systems of other departments that call the API; made and revoked by an administrator of their place.

* add_client      returns the secret, once: it is kept as a digest alone
* renew_secret    a new secret; the old one and its tokens end at once
* revoke_client   its calls end at once
* give_token      a token for a client and its secret
* end_token       before its hour is over
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from django.db import transaction

from yingjin.basics.access import ADMINISTRATOR, allow
from yingjin.basics.audit import record
from yingjin.basics.errors import BadInput, NotAllowed
from yingjin.registry.actions.users import _check_place
from yingjin.registry.models import Client, ClientToken
from yingjin.registry.queries.clients import client_looked_after

READ, WORK, IMPORT = PERMISSIONS = ("read", "work", "import")
TOKEN_LASTS = timedelta(hours=1)
NAME_MOST = 64
SECRET_BYTES = 32


class WrongSecret(NotAllowed):
    """No such client, or not its secret: the same words for both, and for one that is revoked."""

    code = "invalid_client"

    def __init__(self) -> None:
        super().__init__(
            "客户端编号或密钥不对，或已经停用。核对后再来；密钥丢了，请管理员换一个。",
            "The client's id or secret is not right, or it is revoked. Check them; if the secret is lost, ask the "
            "administrator for a new one.",
        )


@transaction.atomic
def add_client(
    *,
    name: str,
    role: str,
    permissions: Collection[str],
    region_code: str = "",
    facility_code: str = "",
    by: Any,
    at: datetime,
) -> tuple[Client, str]:
    """Make a client and return it with its secret, which is kept nowhere. Errors: NotAllowed; BadInput."""
    allow(by, "change_client")
    name = name.strip()
    if not name or len(name) > NAME_MOST:
        raise BadInput(
            "名称没有填，或超过 64 个字。写这是哪个单位的哪个系统。",
            "The name is missing, or longer than 64 characters. Write which system of whom this is.",
            field="name",
        )
    given = [each for each in PERMISSIONS if each in permissions]
    if not given or set(permissions) - set(PERMISSIONS):
        raise BadInput(
            "能做的事至少选一样：看（read）、办（work）、导入（import）。",
            "Choose at least one permission: read, work or import.",
            field="permissions",
        )
    if role == ADMINISTRATOR:
        raise BadInput(
            "接口不能用管理员岗位：它看不到任何人，也不该由程序来管用户。换一个岗位。",
            "A client cannot be an administrator, who sees nobody and manages users. Choose another role.",
            field="role",
        )
    _check_place(role, region_code, facility_code, by)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    client = Client.objects.create(
        client_id=f"yj-{secrets.token_hex(8)}",
        name=name,
        role=role,
        region_code=region_code,
        facility_code=facility_code,
        permissions=given,
        secret_digest=digest_of(secret),
        made_at=at,
        made_by=by.username,
    )
    place = facility_code or region_code
    record("client_added", target=client.username, by=by, at=at, role=role, region=place, permissions=given)
    return client, secret


@transaction.atomic
def renew_secret(*, client_id: str, by: Any, at: datetime) -> str:
    """Give a client another secret; the old one and every token end now. Errors: NotAllowed; NotFound."""
    allow(by, "change_client")
    client = client_looked_after(by, client_id, lock=True)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    Client.objects.filter(pk=client.pk).update(secret_digest=digest_of(secret))
    ClientToken.objects.filter(client=client).delete()
    record("client_secret_renewed", target=client.username, by=by, at=at)
    return secret


@transaction.atomic
def revoke_client(*, client_id: str, by: Any, at: datetime) -> None:
    """End a client and its tokens now and for good. Errors: NotAllowed; NotFound."""
    allow(by, "change_client")
    client = client_looked_after(by, client_id, lock=True)
    if client.revoked_at is None:
        Client.objects.filter(pk=client.pk).update(revoked_at=at)
        ClientToken.objects.filter(client=client).delete()
        record("client_revoked", target=client.username, by=by, at=at)


@transaction.atomic
def give_token(*, client_id: str, secret: str, at: datetime) -> tuple[str, Client]:
    """Return a token for a client and its secret, with the client. Errors: WrongSecret."""
    client = Client.objects.filter(client_id=client_id, revoked_at=None).first()
    # Compared whether there is a client or not: the time taken tells nobody which ids there are.
    right = compare_digest(client.secret_digest if client else digest_of(""), digest_of(secret))
    if client is None or not right:
        raise WrongSecret
    token, ends_at = secrets.token_urlsafe(SECRET_BYTES), at + TOKEN_LASTS
    ClientToken.objects.filter(client=client, ends_at__lte=at).delete()
    ClientToken.objects.create(client=client, digest=digest_of(token), made_at=at, ends_at=ends_at)
    Client.objects.filter(pk=client.pk).update(used_at=at)
    record("client_signed_in", target=client.username, by=client, at=at)
    return token, client


def end_token(token: str) -> None:
    """End a token before its time; one that is none is ended already."""
    ClientToken.objects.filter(digest=digest_of(token)).delete()


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: it has 256 bits of its own, so that no slow digest is needed."""
    return sha256(secret.encode()).hexdigest()
