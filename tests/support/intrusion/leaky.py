"""Doors that leak on purpose: each writes what its request names and asks nobody whether it may.

The walk must see every one of them; if it does not, it is blind.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.utils import timezone

from yingjin.basics.row_security import widened
from yingjin.basics.work import Job
from yingjin.gaps.models import Gap, GapWork
from yingjin.insight.models import HouseholdCode, SavedFilter
from yingjin.registry.models import Client, Household, SignIn, User
from yingjin.settlement.models import Bill, HeldDecision


def gap(request: HttpRequest, named: Any) -> None:
    """Give a gap to the asker."""
    due = {"person_id": UUID(hex=named["gap"][:32])}
    one = Gap.objects.filter(**due).first()
    GapWork.objects.update_or_create(gap=one, defaults={"user": None, "role": "village_doctor"})


def lock(request: HttpRequest, named: Any) -> None:
    """Lock a user."""
    User.objects.filter(username=named["user"]).update(is_active=False)


def rise(request: HttpRequest, named: Any) -> None:
    """Make the asker an administrator."""
    User.objects.filter(pk=request.user.pk).update(role="administrator")


def sign_out(request: HttpRequest, named: Any) -> None:
    """End a session."""
    SignIn.objects.filter(user__username=named["user"]).delete()


def revoke(request: HttpRequest, named: Any) -> None:
    """Shut a client out."""
    Client.objects.filter(client_id=named["client"]).update(revoked_at=timezone.now())


def job(request: HttpRequest, named: Any) -> None:
    """End a job."""
    Job.objects.filter(pk=named["job"]).update(state="stopped")


def bill(request: HttpRequest, named: Any) -> None:
    """Release a held bill."""
    HeldDecision.objects.filter(bill__in=Bill.objects.filter(person=named["person"])).update(
        state="withdrawn", decided_at=timezone.now()
    )


def filter_(request: HttpRequest, named: Any) -> None:
    """Delete a kept filter."""
    SavedFilter.objects.filter(pk=named["filter"]).delete()


def code(request: HttpRequest, named: Any) -> None:
    """Make the code of a household."""
    home = Household.objects.get(pk=named["household"])
    HouseholdCode.objects.create(
        token="ABCDEFGH", household=home, region_code=home.region_code, made_at=timezone.now()
    )


DOORS: dict[str, Callable[[HttpRequest, Any], None]] = {
    "gap": gap, "lock": lock, "rise": rise, "sign_out": sign_out, "revoke": revoke, "job": job, "bill": bill,
    "filter": filter_, "code": code,
}  # fmt: skip


def leak(request: HttpRequest, how: str) -> HttpResponse:
    """Do what is named by the body, or by the filters of a GET."""
    # Past the second wall, which stops most of this on PostgreSQL: the walk itself must see it.
    with widened():
        DOORS[how](request, request.POST or request.GET)
    return HttpResponse("done")


urlpatterns = [path("leaky/<slug:how>/", leak), path("", include("yingjin.urls"))]
