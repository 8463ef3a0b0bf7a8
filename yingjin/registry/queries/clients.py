"""Who calls the API: the clients an administrator looks after, and the client behind a token."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Q, QuerySet

from yingjin.basics.access import ROBOT, may
from yingjin.basics.errors import NotFound
from yingjin.registry.models import Client, ClientToken, Facility


def client_of_token(token: str, at: datetime) -> Client | None:
    """Return whose token this is, None when it is nobody's, has ended, or its client is revoked."""
    digest = sha256(token.encode()).hexdigest()
    found = ClientToken.objects.filter(digest=digest, ends_at__gt=at, client__revoked_at=None)
    one = found.select_related("client").first()
    return one.client if one else None


def clients_of(by: Any) -> list[Client]:
    """List the clients an administrator looks after, those in use first."""
    return sorted(_looked_after(by), key=lambda each: (each.revoked_at is not None, each.client_id))


def client_looked_after(by: Any, client_id: str, *, lock: bool = False) -> Client:
    """Return one of them. Errors: NotFound."""
    rows = _looked_after(by).filter(client_id=client_id)
    found: Client | None = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(
            f"没有编号为“{client_id[:32]}”的客户端，或不归您管。请从名单里重新打开。",
            f"There is no client “{client_id[:32]}”, or not in your care. Open it again from the list.",
        )
    return found


def clients_by_keys(keys: Any) -> dict[int, Client]:
    """Return some clients by their keys."""
    return Client.objects.in_bulk(list(keys))


def _looked_after(by: Any) -> QuerySet[Client]:
    """Return the clients of an administrator's region and of its facilities. The robot: all."""
    if by.role == ROBOT:
        return Client.objects.all()
    if not may(by, "change_client") or not by.region_code:
        return Client.objects.none()
    low, high = by.region_code, by.region_code + "~"
    here = Facility.objects.filter(county_code__gte=low, county_code__lt=high)
    return Client.objects.filter(
        Q(region_code__gte=low, region_code__lt=high)
        | Q(region_code="", facility_code__in=here.values("code"))
    )
