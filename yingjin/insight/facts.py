"""Put together what every register knows of a person, so that the dues of any day can be judged.

* days_of        some people, on one day: for pages that show any day live
* base_keys      who holds a category of the base on a day
* person_days    very many people on one day, in batches: for the main job
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from yingjin.basics.days import Interval
from yingjin.basics.prepared import prepared
from yingjin.care.files import disease_list
from yingjin.care.models import Condition, Contract, Treatment
from yingjin.fusion.models import RegisterPerson, UnlinkedPair
from yingjin.gaps.domain.facts import (
    NOTHING,
    Changed,
    Confirmed,
    Contracted,
    Evidence,
    Granted,
    Held,
    Paid,
    PersonDay,
    Stay,
    Treated,
)
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import GapException
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES, BillSeen, hidden_bills
from yingjin.registry.models import CategoryHeld, Person, PersonChange
from yingjin.settlement.domain.states import COUNTED, REPLAYED
from yingjin.settlement.models import Bill, Enrolment, SettledBill

BATCH = 2_000
INPATIENT = "inpatient"
LAYERS = ("basic", "critical_illness", "assistance")

Partners = Mapping[UUID, Collection[UUID]]


def days_of(keys: Collection[UUID], on: date) -> dict[UUID, PersonDay]:
    """Return what is known of some people on a day, in about ten queries a batch; unknown keys are left out."""
    found: dict[UUID, PersonDay] = {}
    wanted = sorted(keys)
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        found.update(_days(batch, on, _partners(batch)))
    return found


def person_days(keys: Sequence[UUID], on: date) -> Iterator[list[PersonDay]]:
    """Yield what is known of very many people on a day, in batches; the keys are in order."""
    partners = _partners(None)
    for start in range(0, len(keys), BATCH):
        yield list(_days(keys[start : start + BATCH], on, partners).values())


def base_keys(on: date, region_code: str = "") -> list[UUID]:
    """Return who holds a category of the base on a day, in order of key."""
    held = CategoryHeld.objects.filter(_in_force(on), category__in=due_rules().base)
    if region_code:
        held = held.filter(person__region_code__gte=region_code, person__region_code__lt=region_code + "~")
    return sorted(set(held.values_list("person_id", flat=True).iterator(chunk_size=10_000)))


def _in_force(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _days(keys: Sequence[UUID], on: date, partners: Partners) -> dict[UUID, PersonDay]:
    others = {each for key in keys for each in partners.get(key, ())}
    everybody = sorted(others.union(keys))
    categories, evidence = categories_of(everybody), evidence_of(everybody, on)
    conditions, changes = _conditions(everybody, on), _changes(keys)
    stays, granted = _stays(keys, on, categories), _granted(keys)
    rules = due_rules()
    outside = {each for each in others if not _holds_base(categories.get(each, ()), on, rules.base)}
    return {
        key: PersonDay(
            person=key,
            region_code=region_code,
            died_on=died_on,
            categories=tuple(categories.get(key, ())),
            conditions=tuple(conditions.get(key, ())),
            own=evidence.get(key, NOTHING),
            unlinked=_joined([evidence[each] for each in partners.get(key, ()) if each in evidence]),
            unlinked_conditions=tuple(
                condition
                for each in partners.get(key, ())
                if each in outside
                for condition in conditions.get(each, ())
            ),
            stays=tuple(stays.get(key, ())),
            changes=tuple(changes.get(key, ())),
            granted=tuple(granted.get(key, ())),
        )
        for key, died_on, region_code in _persons(keys)
    }


def _holds_base(held: Iterable[Held], on: date, base: Collection[str]) -> bool:
    return any(each.category in base and Interval(each.valid_from, each.valid_to).holds(on) for each in held)


def categories_of(keys: Collection[UUID]) -> dict[UUID, list[Held]]:
    """Return the dated categories of some people, oldest first."""
    held: dict[UUID, list[Held]] = defaultdict(list)
    for person, *category in _held(keys):
        held[person].append(Held(*category))
    for own in held.values():
        own.sort(key=lambda each: (each.valid_from, each.category))
    return held


def evidence_of(keys: Collection[UUID], on: date) -> dict[UUID, Evidence]:
    """Return the enrolments, treatments, stays and contracts of some people up to a day."""
    years: dict[UUID, set[int]] = defaultdict(set)
    treated: dict[UUID, list[Treated]] = defaultdict(list)
    contracts: dict[UUID, list[Contracted]] = defaultdict(list)
    if not keys:
        return {}
    for person, year in _enrolled(keys):
        years[person].add(year)
    for person, *row in _treatments(keys, on):
        treated[person].append(Treated(*row))
    for person, *row in _treating_stays(keys, on):
        treated[person].append(Treated(*row, by_stay=True))
    for person, *row in _contracts(keys):
        contracts[person].append(Contracted(*row))
    return {
        key: Evidence(
            frozenset(years.get(key, ())), tuple(treated.get(key, ())), tuple(contracts.get(key, ()))
        )
        for key in years.keys() | treated.keys() | contracts.keys()
    }


def _joined(parts: Sequence[Evidence]) -> Evidence:
    if not parts:
        return NOTHING
    return Evidence(
        enrolled_years=frozenset().union(*(part.enrolled_years for part in parts)),
        treated=tuple(each for part in parts for each in part.treated),
        contracts=tuple(each for part in parts for each in part.contracts),
    )


def _conditions(keys: Collection[UUID], on: date) -> dict[UUID, list[Confirmed]]:
    listed = {name: disease.added_on for name, disease in disease_list().by_name.items()}
    found: dict[UUID, list[Confirmed]] = defaultdict(list)
    for person, disease, confirmed_on, sensitive in _confirmed(keys, on):
        found[person].append(Confirmed(disease, confirmed_on, listed.get(disease, date.max), sensitive))
    return found


def _changes(keys: Collection[UUID]) -> dict[UUID, list[Changed]]:
    found: dict[UUID, list[Changed]] = defaultdict(list)
    for person, *change in _changed(keys):
        found[person].append(Changed(*change))
    return found


def _granted(keys: Collection[UUID]) -> dict[UUID, list[Granted]]:
    """Return the exceptions granted at the desk; one taken back before it held a day is none."""
    found: dict[UUID, list[Granted]] = defaultdict(list)
    for each in _exceptions(keys):
        until = min(each.until_on, each.held_to or each.until_on)
        one = Granted(each.gap.due, each.gap.subject, each.reason, each.on, until, each.words[:200])
        found[each.gap.person_id].append(one)
    return found


def _stays(keys: Collection[UUID], on: date, categories: Mapping[UUID, list[Held]]) -> dict[UUID, list[Stay]]:
    """Return the counted stays of the year so far, with what each payer owed and paid."""
    hidden = _hidden_stays(keys, on, categories)
    found: dict[UUID, list[Stay]] = defaultdict(list)
    for person, key, bill_id, discharged_on, *fen in _settled_stays(keys, on.year, on):
        paid = tuple(map(Paid, LAYERS, fen[: len(LAYERS)], fen[len(LAYERS) :]))
        found[person].append(Stay(bill_id, discharged_on, paid, sensitive=key in hidden))
    return found


def _hidden_stays(keys: Collection[UUID], on: date, categories: Mapping[UUID, list[Held]]) -> set[UUID]:
    """Return the stays of the year that plain readers may not see; few people have any."""
    begun = date(on.year, 1, 1)
    ill = set(_ill_this_year(keys, begun, on))
    marked = {
        key for key in keys if any(each.category in SENSITIVE_CATEGORIES for each in categories.get(key, ()))
    }
    seen: dict[UUID, list[BillSeen]] = defaultdict(list)
    for person, *row, state in _stays_of_year(ill | marked, begun, on):
        seen[person].append(BillSeen(*row, moves=state == COUNTED))
    return {key for person, bills in seen.items() for key in hidden_bills(bills, categories.get(person, ()))}


def _partners(keys: Collection[UUID] | None) -> Partners:
    """Return who may be the same as whom, both ways; for everybody when no keys are given."""
    # Each side by its own index: asked for as one or the other, every pair there is would be looked at.
    sides: list[Iterable[Any]] = [_pairs()]
    if keys is not None:
        entries = _entries(keys)
        sides = [_pairs_of_one(entries), _pairs_of_other(entries)]
    partners: dict[UUID, set[UUID]] = defaultdict(set)
    for side in sides:
        for one, other in side:
            if one != other:
                partners[one].add(other)
                partners[other].add(one)
    return partners


def _pairs() -> QuerySet[Any]:
    linked = UnlinkedPair.objects.filter(one__person__isnull=False, other__person__isnull=False)
    return linked.values_list("one__person_id", "other__person_id")


@prepared
def _pairs_of_one(entries: Collection[int]) -> QuerySet[Any]:
    return _pairs().filter(one__in=entries)


@prepared
def _pairs_of_other(entries: Collection[int]) -> QuerySet[Any]:
    return _pairs().filter(other__in=entries)


@prepared
def _entries(keys: Collection[UUID]) -> QuerySet[Any]:
    return RegisterPerson.objects.filter(person__in=keys).values_list("pk", flat=True)


@prepared
def _persons(keys: Collection[UUID]) -> QuerySet[Any]:
    return Person.objects.filter(key__in=keys).order_by("key").values_list("key", "died_on", "region_code")


@prepared
def _held(keys: Collection[UUID]) -> QuerySet[Any]:
    held = CategoryHeld.objects.filter(person__in=keys).order_by("valid_from")
    return held.values_list("person_id", "category", "valid_from", "valid_to")


@prepared
def _enrolled(keys: Collection[UUID]) -> QuerySet[Any]:
    return Enrolment.objects.filter(person__in=keys).values_list("person_id", "year")


@prepared
def _treatments(keys: Collection[UUID], on: date) -> QuerySet[Any]:
    treated = Treatment.objects.filter(person__in=keys, treated_on__lte=on).exclude(disease="")
    return treated.values_list("person_id", "disease", "treated_on")


@prepared
def _treating_stays(keys: Collection[UUID], on: date) -> QuerySet[Any]:
    stays = Bill.objects.filter(person__in=keys, setting=INPATIENT, discharged_on__lte=on, state__in=REPLAYED)
    return stays.exclude(disease="").values_list("person_id", "disease", "discharged_on")


@prepared
def _contracts(keys: Collection[UUID]) -> QuerySet[Any]:
    return Contract.objects.filter(person__in=keys).values_list("person_id", "valid_from", "valid_to")


@prepared
def _confirmed(keys: Collection[UUID], on: date) -> QuerySet[Any]:
    rows = Condition.objects.filter(person__in=keys, confirmed=True, confirmed_on__lte=on).exclude(disease="")
    return rows.values_list("person_id", "disease", "confirmed_on", "sensitive")


@prepared
def _changed(keys: Collection[UUID]) -> QuerySet[Any]:
    rows = PersonChange.objects.filter(person__in=keys).order_by("on", "pk")
    return rows.values_list("person_id", "what", "on", "due", "evidence")


@prepared
def _exceptions(keys: Collection[UUID]) -> QuerySet[Any]:
    held = GapException.objects.filter(gap__person__in=keys).exclude(held_to__lte=F("on"))
    return held.select_related("gap").order_by("on", "pk")


@prepared
def _settled_stays(keys: Collection[UUID], year: int, on: date) -> QuerySet[Any]:
    rows = SettledBill.objects.filter(
        replay__person__in=keys,
        replay__year=year,
        replay__latest=True,
        held=False,
        bill__setting=INPATIENT,
        bill__discharged_on__lte=on,
    ).order_by("bill__discharged_on", "position")
    computed = [f"{layer}_fen" for layer in LAYERS]
    reported = [f"bill__reported_{layer}_fen" for layer in LAYERS]
    facts = ("replay__person_id", "bill_id", "bill__bill_id", "bill__discharged_on")
    return rows.values_list(*facts, *computed, *reported)


def _replayed_stays(begun: date, on: date) -> QuerySet[Any]:
    return Bill.objects.filter(setting=INPATIENT, discharged_on__range=(begun, on), state__in=REPLAYED)


@prepared
def _ill_this_year(keys: Collection[UUID], begun: date, on: date) -> QuerySet[Any]:
    ill = _replayed_stays(begun, on).filter(person__in=keys, sensitive=True)
    return ill.values_list("person_id", flat=True)


@prepared
def _stays_of_year(keys: Collection[UUID], begun: date, on: date) -> QuerySet[Any]:
    fields = ("person_id", "key", "bill_id", "discharged_on", "admitted_on", "sensitive", "state")
    return _replayed_stays(begun, on).filter(person__in=keys).values_list(*fields)
