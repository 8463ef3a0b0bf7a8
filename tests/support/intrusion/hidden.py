"""What tells of whom, and who may be told: read from the tables, never by the product's own queries.

* Telling   every word, number and key that tells, and whose it is
* told      what of it stands in an answer though the reader may not know of it
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from tests.support.intrusion.county import COUNTIES
from tests.support.intrusion.readers import Reader
from tests.support.seen import Names
from yingjin.basics import access
from yingjin.care.files import disease_list
from yingjin.fusion.models import Import, RegisterPerson, Row
from yingjin.gaps.models import Due, Gap, GapAct, GapLetter
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.registry.files import desks
from yingjin.registry.models import CategoryHeld, Facility, Membership, Person, Presented, Region
from yingjin.settlement.models import Bill

# Words, numbers and keys as they stand in an answer. A gap's key begins with its person's, in hexadecimal digits.
TOKEN = re.compile(r"[0-9A-Za-z]{8,}(?:-[0-9A-Za-z]+)*")
HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf·]{3,}")
MARK = re.compile(r"zq(\d{4,12})[a-z]+qz", re.IGNORECASE)
NAME_LENGTHS = range(3, 7)
EVERYBODY_OF_A_PLACE = (
    access.VILLAGE_DOCTOR, access.TOWNSHIP_OFFICER, access.COUNTY_OFFICER, access.AUDITOR,
)  # fmt: skip
NOT_TOLD_BY_PLACE = {access.PREFECTURE_READER, access.PROVINCE_READER}
# A refused value is answered with every code it might have been: such a list tells of nobody.
CHOICES = re.compile(r"(?:[A-Z]\d\d(?:、|, )){5,}[A-Z]\d\d")
TELLING = ("艾滋", "B20", "B24", "HIV", "精神", "F20", "C07")


@dataclass
class Telling:
    """Words, numbers and keys by whom they are of; what is of an illness few may know is kept apart."""

    of: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    names: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    places: dict[str, str] = field(default_factory=dict)  # keys of what a region's desk did
    ill: dict[str, str] = field(default_factory=dict)  # what tells of it, with the facility that wrote it

    def __post_init__(self) -> None:
        self._persons()
        self._bills()
        self._gaps()
        self._names_of_others()
        for model in (GapLetter, GapAct, Import):
            self.places |= {str(pk): where for pk, where in model.objects.values_list("pk", "region_code")}

    @cached_property
    def illnesses(self) -> tuple[str, ...]:
        """Return the words that name an illness few may know of."""
        return (*TELLING, *(each.name for each in disease_list().diseases if each.sensitive))

    def may_know(self, reader: Reader) -> set[UUID]:
        """Return of whom a reader may be told, by role and place."""
        people = Person.objects.filter(region_code__startswith=reader.region)
        if reader.role in EVERYBODY_OF_A_PLACE:
            return set(people.values_list("pk", flat=True))
        if reader.facility:
            billed = Bill.objects.filter(facility_code=reader.facility).values_list("person", flat=True)
            shown = Presented.objects.filter(facility_code=reader.facility).values_list("person", flat=True)
            return {*billed, *shown}
        desk = desks().desks.get(reader.role)
        if desk is None:
            return set()
        listed = set(
            CategoryHeld.objects.filter(category__in=desk.categories).values_list("person", flat=True)
        )
        tasks = Gap.objects.filter(owner_role__in=desk.owners, due__in=desk.dues, sensitive=False)
        listed |= set(tasks.values_list("person", flat=True))
        if desk.held_bills:
            listed |= set(Bill.objects.filter(state__startswith="held").values_list("person", flat=True))
        return listed & set(people.values_list("pk", flat=True))

    def told(self, text: str, reader: Reader, known: set[UUID], sent: str) -> Iterator[str]:
        """Yield what an answer tells and must not; what the reader sent is sent back and tells nothing."""
        for token in tokens(text):
            if token in sent:
                continue
            if self.of.get(token) and not self.of[token] & known:
                yield token
            place = self.places.get(token)
            if place and not (reader.region and place.startswith(reader.region)):
                yield token
            if token in self.ill and not reader.sees_illness and self.ill[token] != (reader.facility or "-"):
                yield token
        for run in HAN.findall(text):
            for name in pieces(run):
                if self.names.get(name) and not self.names[name] & known and name not in sent:
                    yield name
        for written in MARK.finditer(text):
            place = reader.region or COUNTIES[0]  # a window is of the county it stands in
            near = written[1].startswith(place) or (place.startswith(written[1]) and written[1] in COUNTIES)
            if not near and written[0] not in sent and not own_name(written[0], reader):
                yield written[0]

    def names_an_illness(self, text: str, reader: Reader, sent: str) -> list[str]:
        """Return the words of an answer that name an illness the reader may not know of."""
        if reader.sees_illness or reader.facility:  # a facility wrote its own diagnoses
            return []
        text = CHOICES.sub("", text)
        return [
            word for word in self.illnesses if word in text and word not in sent and stands_in(word, text)
        ]

    def _keep(self, owner: UUID, *words: str) -> None:
        for word in words:
            if len(word) >= 8:
                self.of[word.lower()].add(owner)

    def _persons(self) -> None:
        for person in Person.objects.all():
            self._keep(person.pk, str(person.pk), person.pk.hex, person.identity_number, person.phone)
            self.names[person.name].add(person.pk)
        for each in RegisterPerson.objects.exclude(person=None):
            self._keep(each.person_id, each.identity_number, each.phone, each.number)
            self.names[each.name].add(each.person_id)
        for person_id, home, number in Membership.objects.values_list(
            "person", "household", "household__number"
        ):
            self._keep(person_id, str(home), home.hex, number)
        owners = dict(
            RegisterPerson.objects.exclude(person=None).values_list("number", "person_id").distinct()
        )
        for row in Row.objects.filter(current=True, accepted=False).exclude(number=""):
            if row.number in owners:
                self._keep(owners[row.number], row.key)

    def _bills(self) -> None:
        for bill in Bill.objects.all():
            words = (str(bill.pk), bill.pk.hex, bill.bill_id.lower())
            self._keep(bill.person_id, *words)
            if bill.sensitive:
                self.ill |= dict.fromkeys(words, bill.facility_code)

    def _gaps(self) -> None:
        for due in Due.objects.filter(sensitive=True).exclude(due="covered"):
            self.ill[gap_id(due.person_id, due.due, due.subject)] = ""

    def _names_of_others(self) -> None:
        """Leave out names that say nothing: short ones, and those that stand in another name or a public one."""
        public = [
            *Region.objects.values_list("name", flat=True),
            *Facility.objects.values_list("name", flat=True),
        ]
        everything = "\n".join([*public, *Names()._known - self.names.keys()])
        for name in list(self.names):
            inside = any(name in other and name != other for other in self.names if len(other) > len(name))
            if len(name) not in NAME_LENGTHS or name in everything or inside:
                del self.names[name]


def own_name(word: str, reader: Reader) -> bool:
    """Say whether a word is what the reader is called."""
    return word.lower() == getattr(reader.user, "username", "").lower()


def stands_in(word: str, text: str) -> bool:
    """Say whether a word stands by itself: a secret of a form may hold the letters of any code."""
    return not word.isascii() or bool(re.search(rf"(?<![0-9A-Za-z_-]){word}(?![0-9A-Za-z_-])", text))


def tokens(text: str) -> Iterable[str]:
    """Return the words in which numbers and keys are written, whole and in their parts."""
    found = set()
    for word in TOKEN.findall(text.lower()):
        found.add(word)
        found.update(part for part in word.split("-") if len(part) >= 8)
    return found


def pieces(run: str) -> Iterator[str]:
    """Yield every piece of a run of Chinese that may be a name."""
    for length in NAME_LENGTHS:
        yield from (run[at : at + length] for at in range(len(run) - length + 1))
