"""How insurance, contract and the four dues of many people stand on a day, as lists of people say it.

On the day the gaps stand by, this is what was found then: nobody is judged again. On any other day, and while
something that was changed has not been found again, it is judged live from dated facts, which takes longer.

* found_then    the finding that a reader's list of a day may be read from, None when it must be judged live
* stood         some people of the scope, in a fixed number of queries either way
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from yingjin.basics.prepared import prepared
from yingjin.basics.work import COUNTY, something_open
from yingjin.care.models import Contract
from yingjin.fusion.models import Landing
from yingjin.gaps.domain.dues import LACKING
from yingjin.gaps.domain.rules import CONTRACTED, DUES, INSURED
from yingjin.gaps.models import Due, Finding
from yingjin.insight.domain.standing import DONE, NOT_DUE, worst
from yingjin.insight.queries.sight import Sight
from yingjin.insight.queries.standing import standings
from yingjin.registry.models import Person
from yingjin.settlement.models import Enrolment


class Stood(NamedTuple):
    """One person on a day; `lacking` says which of the four dues lack something, in their order."""

    insured: str
    contracted: str
    contract_until: date | None
    lacking: Sequence[str]


def found_then(sight: Sight, on: date) -> Finding | None:
    """Return the finding of a day where it is the one the gaps stand by, covers the sight, and nothing came since."""
    newest = Finding.objects.select_related("summary").order_by("-on").first()
    if newest is None or newest.on != on or not sight.scope.region_prefix.startswith(newest.region_code):
        return None
    landing = Landing.objects.order_by("-pk").first()
    half_way = landing is not None and landing.finished_at is None
    return None if half_way or something_open(COUNTY) else newest


def stood(sight: Sight, keys: Collection[UUID], on: date, found: Finding | None) -> dict[UUID, Stood]:
    """Return how some people of the scope stand; the caller has taken the keys from the sight."""
    return _found(sight, keys, found) if found else _judged(sight, keys, on)


def _judged(sight: Sight, keys: Collection[UUID], on: date) -> dict[UUID, Stood]:
    judged = {}
    for key, each in standings(sight, keys, on).items():
        contract = each.contract_in_force()
        until = contract.valid_to if contract else None
        judged[key] = Stood(each.insured(), each.contracted(), until, tuple(each.lacking()))
    return judged


def _found(sight: Sight, keys: Collection[UUID], found: Finding) -> dict[UUID, Stood]:
    """Read it from a finding. Outside the base nothing is due: there an enrolment or a contract is what it is."""
    dues = _statuses(sight, keys, found)
    missing = set(_not_enrolled(keys, found.on.year))
    contracts = dict(_in_force(keys, found.on))
    return {
        key: _stood(
            dues.get(key, NONE), enrolled=key not in missing, held=key in contracts, until=contracts.get(key)
        )
        for key in keys
    }


NONE: Mapping[str, str] = {}


def _stood(dues: Mapping[str, str], *, enrolled: bool, held: bool, until: date | None) -> Stood:
    insured, contracted = dues.get(INSURED, NOT_DUE), dues.get(CONTRACTED, NOT_DUE)
    return Stood(
        DONE if insured == NOT_DUE and enrolled else insured,
        DONE if contracted == NOT_DUE and held else contracted,
        until,
        tuple([due for due in DUES if dues.get(due) in LACKING]) if dues else (),
    )


def _statuses(sight: Sight, keys: Collection[UUID], found: Finding) -> dict[UUID, dict[str, str]]:
    """Return the worst status of each due that the reader may see."""
    dues: dict[UUID, dict[str, str]] = {}
    for person, due, status in _dues(sight, keys, found.pk):
        own = dues.setdefault(person, {})
        own[due] = worst((own[due], status)) if due in own else status
    return dues


@prepared
def _dues(sight: Sight, keys: Collection[UUID], finding: int) -> QuerySet[Any]:
    rows = Due.objects.filter(finding=finding, person__in=keys, due__in=sight.dues)
    seen = rows if sight.scope.sees_sensitive else rows.filter(sensitive=False)
    return seen.values_list("person_id", "due", "status")


@prepared
def _not_enrolled(keys: Collection[UUID], year: int) -> QuerySet[Any]:
    """Return who has no enrolment of a year: most have one."""
    enrolled = Enrolment.objects.filter(person=OuterRef("pk"), year=year)
    return Person.objects.filter(~Exists(enrolled), pk__in=keys).values_list("pk", flat=True)


@prepared
def _in_force(keys: Collection[UUID], on: date) -> QuerySet[Any]:
    """Return the contracts in force; the newest of a person comes last."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    rows = Contract.objects.filter(lasting, person__in=keys, valid_from__lte=on).order_by("valid_from")
    return rows.values_list("person_id", "valid_to")
