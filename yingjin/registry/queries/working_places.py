"""Find the place a user works in, by what an administrator types: a name, its pinyin, or a code."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from yingjin.basics.access import AT_A_FACILITY, allow
from yingjin.registry.domain.regions import canonical
from yingjin.registry.domain.roles import DIGITS_OF_PLACE
from yingjin.registry.models import Facility
from yingjin.registry.queries.places import find, name_of
from yingjin.registry.queries.regions import full_names

OFFERED = 20
LOOKED_AT = 400


@dataclass(frozen=True)
class WorkPlace:
    """A region or a facility with its whole name."""

    code: str
    name: str


def work_places(by: Any, role: str, text: str) -> list[WorkPlace]:
    """Return the places a role may work in that the text may mean, inside what `by` looks after; the best first."""
    allow(by, "add_user")
    if not text or not by.region_code or role not in DIGITS_OF_PLACE:
        return []
    if role in AT_A_FACILITY:
        return _facilities(by.region_code, text)
    digits = DIGITS_OF_PLACE[role]
    code = canonical(text) or ""
    if code and len(code) in digits and code.startswith(by.region_code) and name_of(code):
        return _named([code])
    found = [each for each in find(text, within=by.region_code, limit=LOOKED_AT) if not each.retired]
    return _named([each.code for each in found if len(each.code) in digits][:OFFERED])


def _named(codes: list[str]) -> list[WorkPlace]:
    names = full_names(codes)
    return [WorkPlace(code, names.get(code) or name_of(code) or code) for code in codes]


def _facilities(region_code: str, text: str) -> list[WorkPlace]:
    here = Facility.objects.filter(
        county_code__gte=region_code, county_code__lt=region_code + "~", withdrawn=False
    )
    rows = here.filter(Q(code=text) | Q(name__contains=text)).order_by("name", "code")[:OFFERED]
    found = [WorkPlace(each.code, each.name) for each in rows]
    return [each for each in found if text in (each.code, each.name)] or found
