"""Count what a found day's pages show beside the dues: money by payer, conditions by disease, quality of the data.

* Row             one tally: audience, place, measure, subject, mark, number, persons, fen
* base_rows       people and households of the base
* money_rows      the year's counted bills so far, from the total to the own payment
* disease_rows    persons, stays and cost by disease, small counts marked
* quality_rows    what is wrong or doubtful in the data
* register_states what was landed of each register
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum

from yingjin.basics.access import Scope
from yingjin.care.models import Condition
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import RegisterPerson, SourceFile, UnlinkedPair
from yingjin.fusion.models import Row as LandedRow
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES
from yingjin.insight.domain.suppression import Counts, suppress
from yingjin.insight.domain.tallies import ALL, BASE, DISEASE, MONEY, PLAIN, QUALITY, places_of, rolled
from yingjin.insight.queries.sight import Sight
from yingjin.registry.models import CategoryHeld, Membership
from yingjin.settlement.domain.states import CANCELLED, HELD
from yingjin.settlement.models import Bill, Replay, SettledBill

INPATIENT = "inpatient"
LAYERS = ("basic", "critical_illness", "assistance")
BATCH = 1_000


class Row(NamedTuple):
    """One tally of a place."""

    audience: str
    region_code: str
    measure: str
    subject: str
    status: str
    number: int
    persons: int
    amount_fen: int


def base_rows(base: Mapping[str, int], persons: Iterable[UUID], on: date) -> Iterator[Row]:
    """Count people and households of the base; a household is counted where it is registered."""
    households: dict[str, int] = defaultdict(int)
    for region_code in _households(set(persons), on).values():
        households[region_code] += 1
    homes = rolled(households)
    for code, people in rolled(dict(base)).items():
        for audience in (ALL, PLAIN):
            yield Row(audience, code, BASE, "", "", homes.get(code, 0), people, 0)


def _households(persons: set[UUID], on: date) -> dict[UUID, str]:
    rows = Membership.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    ).values_list("person_id", "household_id", "household__region_code")
    return {home: code for person, home, code in rows.iterator(chunk_size=10_000) if person in persons}


def money_rows(on: date, hidden: set[UUID]) -> Iterator[Row]:
    """Add up the counted bills discharged this year so far; plain readers' sums lack the hidden ones."""
    settled = SettledBill.objects.filter(
        replay__latest=True, replay__year=on.year, held=False, bill__discharged_on__lte=on
    )
    whole = _money(settled)
    plain = _less(whole, _in_batches(settled, "bill__in", hidden, _money))
    for audience, by_region in ((ALL, whole), (PLAIN, plain)):
        for code, sums in _rolled_vectors(by_region).items():
            bills, *amounts = sums
            for kind, amount_fen in _money_kinds(amounts).items():
                yield Row(audience, code, MONEY, kind, "", bills, 0, amount_fen)


def _money(settled: QuerySet[SettledBill]) -> dict[str, tuple[int, ...]]:
    sums = [Sum("bill__total_fen"), Sum("in_scope_fen"), *(Sum(f"{layer}_fen") for layer in LAYERS)]
    names = ["total", "in_scope", *LAYERS]
    rows = settled.values_list("bill__region_code").annotate(
        bills=Count("pk"), **{f"sum_{name}": each for name, each in zip(names, sums, strict=True)}
    )
    return {code: tuple(values) for code, *values in rows.order_by()}


def _money_kinds(amounts: list[int]) -> dict[str, int]:
    total, in_scope, *paid = amounts
    return {
        "total": total,
        "in_scope": in_scope,
        **dict(zip(LAYERS, paid, strict=True)),
        "own_in_scope": in_scope - sum(paid),
        "own_out_of_scope": total - in_scope,
    }


def disease_rows(on: date, hidden: set[UUID]) -> Iterator[Row]:
    """Count living people by confirmed listed disease, their stays for it this year so far, and what those cost."""
    known = Condition.objects.filter(
        Q(person__died_on__isnull=True) | Q(person__died_on__gt=on),
        confirmed=True,
        confirmed_on__lte=on,
        person__merged_into__isnull=True,
    ).exclude(disease="")
    for audience, conditions in ((ALL, known), (PLAIN, known.filter(sensitive=False))):
        persons: dict[str, dict[str, int]] = defaultdict(dict)
        counted = conditions.values_list("disease", "region_code").annotate(
            persons=Count("person", distinct=True)
        )
        for disease, code, number in counted.order_by():
            persons[disease][code] = number
        stays = _stays_by_disease(on, conditions)
        if audience == PLAIN:
            stays = _stays_less(stays, _hidden_stays_by_disease(on, conditions, hidden))
        for disease in sorted(persons):
            yield from _marked(audience, disease, persons[disease], stays.get(disease, {}))


def _stays_of(on: date, conditions: QuerySet[Condition]) -> QuerySet[SettledBill]:
    # Only the stays of people counted: so a place with nobody has no stays, and nothing is told by one.
    same = conditions.filter(person=OuterRef("bill__person"), disease=OuterRef("bill__disease"))
    return SettledBill.objects.filter(
        Exists(same),
        replay__latest=True,
        replay__year=on.year,
        held=False,
        bill__setting=INPATIENT,
        bill__discharged_on__lte=on,
    ).exclude(bill__disease="")


Stays = dict[str, dict[str, tuple[int, ...]]]


def _stays_by_disease(on: date, conditions: QuerySet[Condition]) -> Stays:
    return _by_disease(_stays_of(on, conditions))


def _by_disease(stays: QuerySet[SettledBill]) -> Stays:
    found: Stays = defaultdict(dict)
    rows = stays.values_list("bill__disease", "bill__region_code").annotate(
        stays=Count("pk"), cost=Sum("bill__total_fen")
    )
    for disease, code, *values in rows.order_by():
        found[disease][code] = tuple(values)
    return found


def _hidden_stays_by_disease(on: date, conditions: QuerySet[Condition], hidden: set[UUID]) -> Stays:
    found: Stays = defaultdict(dict)
    keys = sorted(hidden)
    for start in range(0, len(keys), BATCH):
        part = _by_disease(_stays_of(on, conditions).filter(bill__in=keys[start : start + BATCH]))
        for disease, by_region in part.items():
            found[disease] = _joined(found[disease], by_region)
    return found


def _stays_less(stays: Stays, hidden: Stays) -> Stays:
    return {disease: _less(by_region, hidden.get(disease, {})) for disease, by_region in stays.items()}


def _marked(
    audience: str,
    disease: str,
    persons: Mapping[str, int],
    stays: Mapping[str, tuple[int, ...]],
) -> Iterator[Row]:
    vectors = {code: (number, *stays.get(code, (0, 0))) for code, number in persons.items()}
    counts = {code: Counts(*vector) for code, vector in _rolled_vectors(vectors).items()}
    parents = {code: places_of(code)[-2] for code in counts if len(places_of(code)) > 1}
    marks = suppress(counts, parents)
    for code, each in counts.items():
        yield Row(audience, code, DISEASE, disease, marks[code], each.stays, each.persons, each.cost_fen)


def quality_rows(hidden: set[UUID]) -> Iterator[Row]:
    """Count what is unlinked, disagreeing, held, incomplete or cancelled; plain readers' bills lack the hidden ones."""
    differing = Bill.objects.filter(level_differs=True)
    doubtful: dict[str, list[QuerySet[Any]]] = {
        "unlinked": [UnlinkedPair.objects.all()],
        "disagreements": [RegisterPerson.objects.filter(disagrees=True), differing],
        "held": [Bill.objects.filter(state__in=HELD)],
        "incomplete": [Replay.objects.filter(latest=True, incomplete=True)],
        "cancelled": [Bill.objects.filter(state=CANCELLED)],
    }
    for kind, parts in doubtful.items():
        whole: dict[str, tuple[int, ...]] = {}
        plain: dict[str, tuple[int, ...]] = {}
        for part in parts:
            counts = _counted(part)
            whole = _joined(whole, counts)
            if part.model is Bill:
                counts = _less(counts, _in_batches(part, "pk__in", hidden, _counted))
            plain = _joined(plain, counts)
        for audience, by_region in ((ALL, whole), (PLAIN, plain)):
            for code, (count,) in _rolled_vectors(by_region).items():
                yield Row(audience, code, QUALITY, kind, "", count, 0, 0)


def _counted(rows: QuerySet[Any]) -> dict[str, tuple[int, ...]]:
    return {
        code: (count,)
        for code, count in rows.values_list("region_code").annotate(count=Count("pk")).order_by()
    }


def register_states() -> dict[str, dict[str, Any]]:
    """Return what there is of each register: files that came, rows now good, refused and withdrawn, and when last."""
    # By kind, so that the index on what is current is walked and not every row ever landed.
    rows = LandedRow.objects.filter(kind__in=list(kinds())).order_by()
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    present = rows.filter(current=True).values_list("kind", "accepted").annotate(count=Count("pk"))
    for kind, accepted, count in present:
        counted[kinds()[kind].register].update({"rows": count, "refused": 0 if accepted else count})
    gone = rows.filter(current=False, ended_why="withdrawn").values_list("kind").annotate(count=Count("pk"))
    for kind, count in gone:
        counted[kinds()[kind].register]["withdrawn"] += count
    files = SourceFile.objects.exclude(register="").exclude(status="undone").values_list("register")
    landed = files.annotate(files=Count("pk"), at=Max("landed_at")).order_by("register")
    return {
        register: {
            "files": files,
            **{name: counted[register][name] for name in ("rows", "refused", "withdrawn")},
            "landed_at": at.isoformat(),
        }
        for register, files, at in landed
    }


def hidden_bill_keys(region_code: str) -> set[UUID]:
    """Return every bill that plain readers may not see, of all years."""
    ill = set(Bill.objects.filter(sensitive=True).values_list("person_id", flat=True))
    ill |= set(
        CategoryHeld.objects.filter(category__in=SENSITIVE_CATEGORIES).values_list("person_id", flat=True)
    )
    plain, people = Sight(Scope(region_code)), sorted(ill)
    hidden: set[UUID] = set()
    for start in range(0, len(people), BATCH):
        hidden |= plain.hidden_bills_of(people[start : start + BATCH])
    return hidden


Vectors = Mapping[str, tuple[int, ...]]


def _in_batches(
    rows: QuerySet[Any], lookup: str, keys: set[UUID], count: Callable[[Any], Vectors]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        found = _joined(found, count(rows.filter(**{lookup: ordered[start : start + BATCH]})))
    return found


def _joined(one: Vectors, other: Vectors) -> dict[str, tuple[int, ...]]:
    joined = dict(one)
    for code, vector in other.items():
        joined[code] = tuple(map(sum, zip(joined[code], vector, strict=True))) if code in joined else vector
    return joined


def _less(whole: Vectors, part: Vectors) -> dict[str, tuple[int, ...]]:
    negative = {code: tuple(-each for each in vector) for code, vector in part.items()}
    return _joined(whole, negative)


def _rolled_vectors(by_region: Vectors) -> dict[str, tuple[int, ...]]:
    sums: dict[str, tuple[int, ...]] = {}
    for code, vector in by_region.items():
        for place in places_of(code):
            sums[place] = tuple(map(sum, zip(sums[place], vector, strict=True))) if place in sums else vector
    return dict(sorted(sums.items()))
