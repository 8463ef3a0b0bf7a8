"""A small county put together fact by fact and held by the parts' own actions: no test meets an impossible state."""

from collections import defaultdict
from datetime import date
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from tests.support.rows import AT, bill_draft, landed_row
from yingjin.basics.access import Robot
from yingjin.care.actions import hold_conditions, hold_contracts, hold_treatments
from yingjin.care.files import disease_list
from yingjin.fusion.models import RegisterPerson, UnlinkedPair
from yingjin.insight.actions import FindTally, find_dues
from yingjin.policy.domain.facts import CategoryHeld, PersonFacts
from yingjin.policy.rulebooks import load
from yingjin.registry.actions.facts import hold_categories, hold_changes, hold_households
from yingjin.registry.actions.persons import PersonDraft, hold_persons, household_key
from yingjin.registry.domain.regions import LEVELS
from yingjin.registry.files import regions
from yingjin.registry.models import Region, User
from yingjin.settlement.actions import hold_bills, hold_enrolments, replay_years

COUNTY = "520527"
ON = date(2025, 12, 31)
# Two townships of Hezhang, two villages each.
VILLAGES = ("520527001001", "520527001212", "520527102001", "520527102002")
HYPERTENSION, STROKE, HIV = "I10.x00", "I63.900", "B20.x00"
PSYCHOSIS = "F20.900"


class SmallCounty:
    """Collects facts of people; `hold` gives them to the parts, `find` finds the dues of a day."""

    def __init__(self) -> None:
        self.drafts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.people: dict[UUID, PersonDraft] = {}
        self.numbers = count(1)

    def person(
        self, name: str, village: str = VILLAGES[0], *, category: str | None = "C02", enrolled: bool = True,
        contracted: bool = True, since: date = date(2015, 1, 1), born_on: date = date(1970, 5, 6),
    ) -> UUID:  # fmt: skip
        """Add somebody of the base with nothing lacking, unless told otherwise."""
        key = uuid5(NAMESPACE_URL, f"person-{name}-{next(self.numbers)}")
        sources = {"name": "poverty"}
        self.people[key] = PersonDraft(key, name, "female", born_on, "", "", village, sources)
        if category:
            self.category(key, category, since)
        if enrolled:
            self.enrol(key, 2025)
        if contracted:
            self.contract(key, date(2025, 1, 1), date(2026, 1, 1))
        return key

    def category(self, person: UUID, category: str, since: date, until: date | None = None) -> None:
        """Add a dated category."""
        self._add("category", person, category=category, valid_from=since, valid_to=until, basis="")

    def change(self, person: UUID, what: str, on: date, due: str = "") -> None:
        """Add something that happened to a person."""
        self._add("change", person, what=what, on=on, due=due, evidence=f"{what}凭据")

    def enrol(self, person: UUID, year: int) -> None:
        """Add an enrolment."""
        self._add("enrolment", person, year=year, region_code=self._home(person))

    def contract(self, person: UUID, since: date, until: date | None) -> None:
        """Add a family-doctor contract."""
        self._add(
            "contract", person, region_code=self._home(person), doctor="李某", team="第1团队",
            valid_from=since, valid_to=until,
        )  # fmt: skip

    def ill(self, person: UUID, icd: str = STROKE, on: date = date(2023, 4, 12)) -> str:
        """Add a confirmed condition and return the name of its listed disease."""
        diseases = disease_list()
        disease = diseases.disease_of(icd)
        self._add(
            "condition", person, region_code=self._home(person), icd_code=icd, name=diseases.name_of(icd) or icd,
            disease=disease, sensitive=diseases.sensitive(icd), confirmed=True, confirmed_on=on,
        )  # fmt: skip
        return disease

    def treat(self, person: UUID, icd: str, on: date) -> None:
        """Add a treatment."""
        diseases = disease_list()
        self._add(
            "treatment", person, region_code=self._home(person), icd_code=icd, disease=diseases.disease_of(icd),
            sensitive=diseases.sensitive(icd), treated_on=on, what="门诊", facility_name="妈姑镇卫生院",
        )  # fmt: skip

    def stay(self, person: UUID, bill_id: str, on: date, *, icd: str = "J18.900", **facts: Any) -> None:
        """Add a stay in the county hospital, by default of 20,000.00 with nothing reported paid."""
        diseases = disease_list()
        draft = bill_draft(bill_id, person, on, diagnosis=icd, disease=diseases.disease_of(icd),
                           sensitive=diseases.sensitive(icd), region_code=self._home(person))  # fmt: skip
        self.drafts["bill"].append({**draft, **facts})

    def household(self, number: str, *members: UUID) -> None:
        """Put people into a household; the first is its head and gives its place."""
        key = household_key(number)
        home = {"key": key, "number": number, "region_code": self._home(members[0])}
        self.drafts["household"].append(home)
        for member in members:
            self._add("member", member, household_id=key, relation="户主", valid_from=None, valid_to=None)

    def unlinked(self, one: UUID, other: UUID, why: str = UnlinkedPair.SAME_NUMBER) -> None:
        """List two people as perhaps the same; they must be held already."""
        pair = [self._register_person(each) for each in (one, other)]
        UnlinkedPair.objects.create(one=pair[0], other=pair[1], why=why, region_code=self._home(one))

    def _register_person(self, person: UUID) -> RegisterPerson:
        draft = self.people[person]
        return RegisterPerson.objects.create(
            register="insurance", number=str(next(self.numbers)), name=draft.name, name_key=draft.name,
            identity_valid=False, region_code=draft.region_code, person_id=person,
        )  # fmt: skip

    def hold(self) -> None:
        """Give everything to the parts and work out every year; again after more was added."""
        by, at = Robot(), AT
        _regions()
        hold_persons(self.people.values(), by=by, at=at)
        hold_households(self.drafts["household"], self.drafts["member"], by=by, at=at)
        hold_categories(self.drafts["category"], by=by, at=at)
        hold_changes(self.drafts["change"], by=by, at=at)
        hold_conditions(self.drafts["condition"], by=by, at=at)
        hold_treatments(self.drafts["treatment"], by=by, at=at)
        hold_contracts(self.drafts["contract"], by=by, at=at)
        hold_enrolments(self.drafts["enrolment"], by=by, at=at)
        hold_bills(self.drafts["bill"], by=by, at=at)
        for _ in replay_years(
            persons=self._facts, book=load("hezhang"), incomplete=frozenset(), by=by, at=at
        ):
            pass

    def find(self, on: date = ON) -> FindTally:
        """Find the dues of a day."""
        return find_dues(on=on, region_code=COUNTY, rulebook=load("hezhang"), by=Robot(), at=AT)

    def _facts(self, keys: Any) -> dict[UUID, PersonFacts]:
        held: dict[UUID, list[CategoryHeld]] = defaultdict(list)
        for draft in self.drafts["category"]:
            held[draft["person_id"]].append(
                CategoryHeld(draft["category"], draft["valid_from"], draft["valid_to"])
            )
        return {key: PersonFacts(str(key), self.people[key].born_on, tuple(held[key])) for key in keys}

    def _home(self, person: UUID) -> str:
        return self.people[person].region_code

    def _add(self, kind: str, person: UUID, **facts: Any) -> None:
        self.drafts[kind].append({"person_id": person, "row_id": landed_row(kind).pk, **facts})


def _regions() -> None:
    """Hold the regions of the county and of those it lies in; the whole country would take a second each time."""
    rows = [
        Region(code=row.code, name=row.name, level=level, pinyin=row.pinyin, initials=row.initials)
        for level in LEVELS.values()
        for row in regions(level)
        if row.code.startswith(COUNTY) or COUNTY.startswith(row.code)
    ]
    Region.objects.bulk_create(rows, ignore_conflicts=True)


def reader(role: str, region_code: str = COUNTY) -> User:
    """Make somebody who signs in, once."""
    facts = {"display_name": role, "role": role, "region_code": region_code, "password": "!"}
    return User.objects.get_or_create(username=f"{role}-{region_code}", defaults=facts)[0]
