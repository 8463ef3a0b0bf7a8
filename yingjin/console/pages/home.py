"""Each role's home is its own work: where signing in leads, and the seal in the corner."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from yingjin.basics import access

# The page, and what is asked of it: one's own gaps come by their deadline.
HOMES: dict[str, tuple[str, str]] = {
    access.VILLAGE_DOCTOR: ("gaps", "?owner=village_doctor"),
    access.TOWNSHIP_OFFICER: ("gaps", ""),
    access.COUNTY_OFFICER: ("overview", ""),
    access.PREFECTURE_READER: ("overview", ""),
    access.PROVINCE_READER: ("overview", ""),
    access.CASHIER: ("till", ""),
    access.INSURANCE_OFFICER: ("gaps", ""),
    access.CIVIL_AFFAIRS_OFFICER: ("gaps", ""),
    access.REVITALISATION_OFFICER: ("gaps", ""),
    access.AUDITOR: ("checks", ""),
    access.ADMINISTRATOR: ("users", ""),
}


def show(request: HttpRequest) -> HttpResponse:
    """Send a reader to the page of the role's work."""
    page, asked = HOMES[request.user.role]  # type: ignore[union-attr]
    return redirect(reverse(page) + asked)
