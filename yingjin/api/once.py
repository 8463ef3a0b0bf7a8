"""
Do what a POST asks for once, however often it is sent: the answer is kept a day under the caller's key.

What is done and the answer to it are one transaction. A refusal changed nothing and is not kept: the same key may be
sent again when the reason is gone. Two at once with one key: the second waits for the first and gets its answer.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from yingjin.api.errors import KeyReused
from yingjin.api.models import KeptAnswer

KEPT = timedelta(hours=24)


class Answered(NamedTuple):
    """An answer before it is a response: its status and what its body says; `again` when it was kept from before."""

    status: int
    body: Any
    headers: dict[str, str]
    again: bool = False


def once(
    request: HttpRequest, client: Any, key: str, act: Callable[[], Answered], *, at: datetime
) -> Answered:
    """Act and keep the answer, or return the one that was kept. Errors: KeyReused, and whatever the act refuses."""
    digest = digest_of(request)
    with transaction.atomic():
        kept, new = _claimed(client, key, digest, at)
        if not new:
            if kept.digest != digest:
                raise KeyReused
            return Answered(kept.status, kept.body["body"], kept.body["headers"], again=True)
        answered = act()
        kept.status = answered.status
        kept.body = {"body": answered.body, "headers": answered.headers}
        kept.save(update_fields=["status", "body"])
    return answered


def forget_answers(*, before: datetime) -> int:
    """Delete the answers that need not be kept any longer; return how many."""
    return KeptAnswer.objects.filter(at__lt=before).delete()[0]


def digest_of(request: HttpRequest) -> str:
    """Return what a request asks for, as a digest: its address and all that was sent."""
    whole = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        whole.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                whole.update(f"\n{name} {file.name}\n".encode())
                for piece in file.chunks():
                    whole.update(piece)
                file.seek(0)
    else:
        whole.update(request.body)
    return whole.hexdigest()


def _claimed(client: Any, key: str, digest: str, at: datetime) -> tuple[KeptAnswer, bool]:
    """Return the row of a key, and whether it was made now; on PostgreSQL a second waits here for the first."""
    KeptAnswer.objects.filter(client=client, key=key, at__lt=at - KEPT).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(client=client, key=key, digest=digest, at=at), True
    except IntegrityError:
        return KeptAnswer.objects.get(client=client, key=key), False
