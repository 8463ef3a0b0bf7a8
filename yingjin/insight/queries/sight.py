"""What a reader may see: the one place where scope, own lists and hidden illness narrow every query of a page.

* Sight       the reader's people, bills, conditions … as querysets to start from
* sight_of    the sight of somebody signed in
* missing     the refusal for what is not there and for what the reader may not see: the same words
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Substr

from yingjin.basics.access import Scope, inside, scope_of, within
from yingjin.basics.errors import NotFound
from yingjin.basics.prepared import prepared
from yingjin.care.files import disease_list
from yingjin.care.models import Condition, Contract, Treatment
from yingjin.gaps.domain.rules import CONTRACTED, DUES, INSURED
from yingjin.gaps.models import Gap
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES, BillSeen, hidden_bills
from yingjin.registry.domain.desks import Desk
from yingjin.registry.files import desks
from yingjin.registry.models import CategoryHeld, Household, Membership, Person, Presented
from yingjin.settlement.domain.states import COUNTED, HELD
from yingjin.settlement.models import Bill, Replay

INPATIENT = "inpatient"
BATCH = 1_000
Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True)
class Sight:
    """What one reader may see. Every query of a page starts from one of these querysets."""

    scope: Scope

    def narrowed(self, region_code: str) -> "Sight":
        """Return the sight held to a smaller region. Errors: NotFound when it is not inside."""
        narrowed = self.scope.narrowed(region_code)
        if not narrowed.region_prefix:
            raise missing("地方", "place")
        return Sight(narrowed)

    @property
    def desk(self) -> Desk | None:
        """The department whose own lists alone are seen; None for a reader of everybody of the region."""
        return desks().desks[self.scope.desk] if self.scope.desk else None

    @property
    def dues(self) -> tuple[str, ...]:
        """Which of the four dues this reader may see of a person."""
        if self.scope.facility_code:
            return (INSURED,)  # a window asks whether somebody is insured, and no more
        return self.desk.dues if self.desk else DUES

    def persons(self) -> QuerySet[Person]:
        """Return the people this reader may see; those merged into another are that other."""
        return self._of_people(Person.objects.filter(merged_into__isnull=True), person="pk")

    def persons_of(self, keys: Collection[UUID]) -> QuerySet[Person]:
        """Return those of some people whom this reader may see."""
        rows = Person.objects.filter(pk__in=keys, merged_into__isnull=True)
        return self._of_people(rows, person="pk", narrow=_compared)

    def households(self) -> QuerySet[Household]:
        """Return the households of the scope; for own lists those in which somebody on them lives or lived."""
        if self.desk is None:
            return within(Household.objects.all(), self._region_alone)
        members = Membership.objects.filter(person__in=self.persons().values("pk"))
        return inside(Household.objects.filter(pk__in=members.values("household")), self.scope)

    def categories(self) -> QuerySet[CategoryHeld]:
        """Return the categories of people of the scope, without those that name an illness the reader may not know."""
        held = self._of_people(CategoryHeld.objects.all(), region="person__region_code")
        return held if self.scope.sees_sensitive else held.exclude(category__in=SENSITIVE_CATEGORIES)

    def categories_of(self, persons: Collection[UUID]) -> QuerySet[CategoryHeld]:
        """Return the same for some people, whom the caller has taken from this sight.

        Their region is not asked for again: of some hundred people SQLite would rather walk the whole county.
        """
        held = CategoryHeld.objects.filter(person__in=persons)
        return held if self.scope.sees_sensitive else held.exclude(category__in=SENSITIVE_CATEGORIES)

    def conditions(self) -> QuerySet[Condition]:
        """Return the conditions of people of the scope; none for who treats nobody."""
        return self._plain(within(Condition.objects.all(), self._region_alone))

    def treatments(self) -> QuerySet[Treatment]:
        """Return the treatments of people of the scope; none for who treats nobody."""
        return self._plain(within(Treatment.objects.all(), self._region_alone))

    def contracts(self) -> QuerySet[Contract]:
        """Return the family-doctor contracts of people of the scope; none at a facility's window."""
        rows = self._of_people(Contract.objects.all())
        return rows.none() if self.scope.facility_code or CONTRACTED not in self.dues else rows

    def replays(self) -> QuerySet[Replay]:
        """Return the years as last worked out, of people of the scope."""
        return self._of_people(Replay.objects.filter(latest=True))

    def gaps_of(self, persons: Collection[UUID]) -> list[Gap]:
        """Return the gaps of some people of the scope, those of hidden illness left out as it is known today."""
        gaps: list[Gap] = _gaps_of(self, persons)
        if self.scope.sees_sensitive:
            return gaps
        hidden = self.hidden_bills_of(persons)
        subjects = set(Bill.objects.filter(pk__in=hidden).values_list("bill_id", flat=True))
        subjects.update(each.name for each in disease_list().diseases if each.sensitive)
        return [gap for gap in gaps if gap.subject not in subjects]

    def dues_of_people(self, rows: Rows) -> Rows:
        """Return those of some dues, or gaps, that the reader may see."""
        return self._plain(self.tasks(self._of_people(rows)))

    def dues_walked(self, rows: Rows) -> Rows:
        """Return the same of rows that are walked in an order of their own, until there are enough.

        SQLite would rather seek the region and sort all of it, so that it is compared; PostgreSQL knows how many rows
        a region has, and walks where that is less.
        """
        narrow = inside if connection.vendor == "postgresql" else _compared
        return self._plain(self.tasks(self._of_people(rows, narrow=narrow)))

    def tasks(self, rows: Rows) -> Rows:
        """Keep those of some gaps or dues that are a department's own; at a facility's window nobody works on any."""
        if self.scope.facility_code:
            return rows.none()
        if self.desk is None:
            return rows
        rows = rows.filter(due__in=self.desk.dues)
        return rows.filter(owner_role__in=[*self.desk.owners, ""]) if self.desk.owners else rows

    def bills(self) -> QuerySet[Bill]:
        """Return the bills of the scope as they lie there; `seen_among` leaves out what the reader may not see."""
        if self.scope.facility_code:
            return within(Bill.objects.all(), self.scope)
        rows = self._of_people(Bill.objects.all())
        return rows if self.desk is None or self.desk.bills else rows.none()

    def bills_of(self, persons: Collection[UUID]) -> QuerySet[Bill]:
        """Return the bills of some people of the scope, without those that would tell of a hidden illness."""
        hidden = self.hidden_bills_of(persons)
        return self.bills().filter(person__in=persons).exclude(pk__in=hidden)

    def seen_among(self, bills: QuerySet[Bill]) -> QuerySet[Bill]:
        """Return some bills of the scope without those that would tell of a hidden illness."""
        if self.sees_every_bill:
            return bills
        ill = Bill.objects.filter(sensitive=True).values("person")
        marked = CategoryHeld.objects.filter(category__in=SENSITIVE_CATEGORIES).values("person")
        doubtful = dict(
            bills.filter(Q(person__in=ill) | Q(person__in=marked)).order_by().values_list("pk", "person_id")
        )
        hidden = self.hidden_bills_of(set(doubtful.values()))
        return bills.exclude(pk__in=hidden & doubtful.keys())

    def hidden_bills_of(self, persons: Collection[UUID]) -> set[UUID]:
        """Return the bills of some people that this reader may not see; none for those who see every illness."""
        if self.sees_every_bill:
            return set()
        keys, hidden = sorted(persons), set[UUID]()
        for start in range(0, len(keys), BATCH):
            hidden |= _hidden_bills(keys[start : start + BATCH])
        return hidden

    @property
    def sees_every_bill(self) -> bool:
        """Say whether no bill of the scope is hidden.

        A facility wrote its own bills with their diagnosis, and its window collects what each patient pays: hiding
        one there would hide nothing and leave a patient standing. What names an illness beside the bill is withheld
        by `wordless`.
        """
        return self.scope.sees_sensitive or bool(self.scope.facility_code)

    def wordless(self, person: UUID, on: date) -> bool:
        """Say whether the steps and facts of a day would name to a window an illness it may not know of (R96)."""
        if self.scope.sees_sensitive or not self.scope.facility_code:
            return False
        held = CategoryHeld.objects.filter(
            person=person, category__in=SENSITIVE_CATEGORIES, valid_from__lte=on
        )
        return held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).exists()

    @property
    def _region_alone(self) -> Scope:
        """The scope for what belongs to no facility: nothing at a facility's window."""
        return Scope() if self.scope.facility_code else self.scope

    def _of_people(
        self,
        rows: Rows,
        person: str = "person",
        region: str = "region_code",
        narrow: Callable[[Rows, Scope, str], Rows] = inside,
    ) -> Rows:
        """Narrow rows about people to those this reader may see."""
        scope = self.scope
        if scope.empty or not scope.sees_people:
            return rows.none()
        if scope.region_prefix:
            rows = narrow(rows, scope, region)
        if scope.facility_code:
            rows = rows.filter(_at_window(scope.facility_code, person))
        return rows.filter(_on_lists(self.desk, person)) if self.desk else rows

    def _plain(self, rows: Rows) -> Rows:
        return rows if self.scope.sees_sensitive else rows.filter(sensitive=False)


@prepared
def _gaps_of(sight: Sight, persons: Collection[UUID]) -> QuerySet[Gap]:
    return sight.dues_of_people(Gap.objects.filter(person__in=persons))


def _compared(rows: Rows, scope: Scope, field: str) -> Rows:
    """Narrow rows that are named by their keys, or walked in order, to the region of a scope: as `inside`, row by row.

    Of some hundred keys, or for one page of a long list, a database would otherwise rather read the whole region.
    """
    low = scope.region_prefix
    begun: Rows = rows.alias(region_begins=Substr(field, 1, len(low))).filter(region_begins=low)
    return begun


def _at_window(facility_code: str, person: str) -> Q:
    """Return the condition of who has a bill at a facility, or was shown at its window by the identity number."""
    billed = Bill.objects.filter(facility_code=facility_code).values("person")
    presented = Presented.objects.filter(facility_code=facility_code).values("person")
    return Q(**{f"{person}__in": billed}) | Q(**{f"{person}__in": presented})


def _on_lists(desk: Desk, person: str) -> Q:
    """Return the condition of who is on a department's lists. An illness that few may know of puts nobody on one."""
    lists = []
    if desk.categories:
        lists.append(CategoryHeld.objects.filter(category__in=desk.categories - SENSITIVE_CATEGORIES))
    if desk.owners:
        tasks = Gap.objects.filter(due__in=desk.dues, owner_role__in=desk.owners)
        lists.append(tasks.filter(sensitive=False))
    if desk.held_bills:
        lists.append(Bill.objects.filter(state__in=HELD, sensitive=False))
    on_one = Q(pk__in=[])
    for rows in lists:
        on_one |= Q(**{f"{person}__in": rows.order_by().values("person")})
    return on_one


def _hidden_bills(persons: Collection[UUID]) -> set[UUID]:
    """Return the bills of some people that only readers of every illness may see."""
    held: dict[UUID, list[Any]] = defaultdict(list)
    categories = CategoryHeld.objects.filter(person__in=persons, category__in=SENSITIVE_CATEGORIES)
    for person, *span in categories.values_list("person_id", "category", "valid_from", "valid_to"):
        held[person].append(tuple(span))
    seen: dict[UUID, list[BillSeen]] = defaultdict(list)
    fields = ("person_id", "state", "setting", "key", "bill_id", "discharged_on", "admitted_on")
    rows = Bill.objects.filter(person__in=persons).values_list(*fields, "sensitive", "cancels")
    for person, state, setting, *facts, sensitive, cancels in rows:
        moves = state == COUNTED and setting == INPATIENT
        seen[person].append(BillSeen(*facts, sensitive, moves, cancels))
    return {key for person, bills in seen.items() for key in hidden_bills(bills, held[person])}


def sight_of(reader: Any) -> Sight:
    """Return what a signed-in user may see; nobody signed in sees nothing."""
    return Sight(scope_of(reader))


def found(rows: QuerySet[Any], what_zh: str, what_en: str, **key: Any) -> Any:
    """Return the one row of a key. Errors: NotFound, whether it does not exist or lies outside the scope."""
    row: Model | None = rows.filter(**key).first()
    if row is None:
        raise missing(what_zh, what_en)
    return row


def missing(what_zh: str, what_en: str) -> NotFound:
    """Return the refusal that tells nobody whether the thing exists."""
    return NotFound(
        f"没有这个{what_zh}，或不在您的辖区。请核对网址，或从“查人”重新打开。",
        f"There is no such {what_en}, or it is not in your region. Check the address, or open it again from Find.",
    )


def as_key(text: object, what_zh: str, what_en: str) -> UUID:
    """Read an opaque key. Errors: NotFound when it is none."""
    try:
        return text if isinstance(text, UUID) else UUID(str(text))
    except ValueError:
        raise missing(what_zh, what_en) from None
