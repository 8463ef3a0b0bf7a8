"""Who asks: each role of both counties, once by pages and once by the API, and nobody at all."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from tests.support.intrusion.county import COUNTIES, person_of
from yingjin.basics import access
from yingjin.basics.access import Robot
from yingjin.registry.actions.clients import PERMISSIONS, add_client, give_token
from yingjin.registry.models import Person
from yingjin.settlement.models import Bill

OF_A_COUNTY = (
    access.COUNTY_OFFICER, access.AUDITOR, access.INSURANCE_OFFICER, access.CIVIL_AFFAIRS_OFFICER,
    access.REVITALISATION_OFFICER, access.ADMINISTRATOR,
)  # fmt: skip


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: with a session, or with a client's token; without either nobody."""

    name: str
    role: str = ""
    region: str = ""
    facility: str = ""
    user: Any = None
    token: str = ""

    @property
    def sees_illness(self) -> bool:
        return self.role == access.COUNTY_OFFICER


def readers() -> list[Reader]:
    """Make everybody; each role of a county by page, and as a client of the API as well."""
    found = [Reader("nobody")]
    for role, where in _places():
        user = person_of(where.get("county", ""), role, where.get("code", ""), **_facility(where))
        region = "" if "facility" in where else user.region_code
        one = Reader(
            f"{role} of {region or where['facility']}", role, region, where.get("facility", ""), user
        )
        found.append(one)
        if role != access.ADMINISTRATOR:
            found.append(_by_api(one))
    return found


def _places() -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    for county in COUNTIES:
        people = Person.objects.filter(region_code__startswith=county).values("region_code")
        village = people.annotate(n=Count("pk")).order_by("-n", "region_code")[0]["region_code"]
        bills = Bill.objects.filter(region_code__startswith=county).values("facility_code")
        facility = bills.annotate(n=Count("pk")).order_by("-n", "facility_code")[1]["facility_code"]
        found += [(role, {"county": county}) for role in OF_A_COUNTY]
        found += [
            (access.TOWNSHIP_OFFICER, {"county": county, "code": village[:9]}),
            (access.VILLAGE_DOCTOR, {"county": county, "code": village}),
            (access.CASHIER, {"county": county, "facility": facility}),
        ]
    return [
        *found,
        (access.PREFECTURE_READER, {"county": "5205"}),
        (access.PROVINCE_READER, {"county": "52"}),
        (access.COUNTY_OFFICER, {"county": "520524"}),  # a county nobody lives in
    ]


def _facility(where: dict[str, str]) -> dict[str, str]:
    return {"facility": where["facility"]} if "facility" in where else {}


def _by_api(one: Reader) -> Reader:
    where = {"facility_code": one.facility} if one.facility else {"region_code": one.region}
    client, secret = add_client(
        name=f"{one.name} by API",
        role=one.role,
        permissions=PERMISSIONS,
        by=Robot(),
        at=timezone.now(),
        **where,
    )
    token, _ = give_token(client_id=client.client_id, secret=secret, at=timezone.now())
    return Reader(f"{one.name} by API", one.role, one.region, one.facility, client, token)
