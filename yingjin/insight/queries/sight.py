"""What a reader may see: the one place where scope and hidden illness narrow every query of a page.

* Sight       the reader's people, bills, conditions … as querysets to start from
* sight_of    the sight of somebody signed in
* missing     the refusal for what is not there and for what the reader may not see: the same words
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from yingjin.basics.access import Scope, scope_of, within
from yingjin.basics.errors import NotFound
from yingjin.care.files import disease_list
from yingjin.care.models import Condition, Contract, Treatment
from yingjin.gaps.models import Gap
from yingjin.insight.domain.sensitive import SENSITIVE_CATEGORIES, BillSeen, hidden_bills
from yingjin.registry.models import CategoryHeld, Household, Person
from yingjin.settlement.domain.states import COUNTED
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
        if narrowed.empty:
            raise missing("地方", "place")
        return Sight(narrowed)

    def persons(self) -> QuerySet[Person]:
        """Return the people of the scope; those merged into another are that other."""
        return within(Person.objects.filter(merged_into__isnull=True), self.scope)

    def households(self) -> QuerySet[Household]:
        """Return the households of the scope."""
        return within(Household.objects.all(), self.scope)

    def categories(self) -> QuerySet[CategoryHeld]:
        """Return the categories of people of the scope, without those that name an illness the reader may not know."""
        held = within(CategoryHeld.objects.all(), self.scope, "person__region_code")
        return held if self.scope.sees_sensitive else held.exclude(category__in=SENSITIVE_CATEGORIES)

    def conditions(self) -> QuerySet[Condition]:
        """Return the conditions of people of the scope."""
        return self._plain(within(Condition.objects.all(), self.scope))

    def treatments(self) -> QuerySet[Treatment]:
        """Return the treatments of people of the scope."""
        return self._plain(within(Treatment.objects.all(), self.scope))

    def contracts(self) -> QuerySet[Contract]:
        """Return the family-doctor contracts of people of the scope."""
        return within(Contract.objects.all(), self.scope)

    def replays(self) -> QuerySet[Replay]:
        """Return the years as last worked out, of people of the scope."""
        return within(Replay.objects.filter(latest=True), self.scope)

    def gaps_of(self, persons: Collection[UUID]) -> list[Gap]:
        """Return the gaps of some people of the scope, those of hidden illness left out as it is known today."""
        gaps = self._plain(within(Gap.objects.filter(person__in=persons), self.scope))
        if self.scope.sees_sensitive:
            return list(gaps)
        hidden = self.hidden_bills_of(persons)
        subjects = set(Bill.objects.filter(pk__in=hidden).values_list("bill_id", flat=True))
        subjects.update(each.name for each in disease_list().diseases if each.sensitive)
        return [gap for gap in gaps if gap.subject not in subjects]

    def bills(self) -> QuerySet[Bill]:
        """Return the bills of the scope as they lie there; `seen_among` leaves out what the reader may not see."""
        return within(Bill.objects.all(), self.scope)

    def bills_of(self, persons: Collection[UUID]) -> QuerySet[Bill]:
        """Return the bills of some people of the scope, without those that would tell of a hidden illness."""
        hidden = self.hidden_bills_of(persons)
        return self.bills().filter(person__in=persons).exclude(pk__in=hidden)

    def seen_among(self, bills: QuerySet[Bill]) -> QuerySet[Bill]:
        """Return some bills of the scope without those that would tell of a hidden illness."""
        if self.scope.sees_sensitive:
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
        if self.scope.sees_sensitive:
            return set()
        keys, hidden = sorted(persons), set[UUID]()
        for start in range(0, len(keys), BATCH):
            hidden |= _hidden_bills(keys[start : start + BATCH])
        return hidden

    def _plain(self, rows: Rows) -> Rows:
        return rows if self.scope.sees_sensitive else rows.filter(sensitive=False)


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
