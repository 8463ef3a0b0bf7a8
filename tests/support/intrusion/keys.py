"""Which keys each address takes, and how far each lies from a reader: the wrong ones are asked most.

A blank that no rule here knows fails the test by name, so that a new page is given the keys of others too.
"""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from tests.support.intrusion.doors import Door
from tests.support.intrusion.readers import Reader
from yingjin.basics import access
from yingjin.basics.work import Job
from yingjin.fusion.models import Import, SourceFile
from yingjin.gaps.models import Due, EvidenceFile, Gap, GapAct, GapLetter
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.models import SavedFilter
from yingjin.registry.models import Client, Facility, Household, Person, SignIn, User
from yingjin.settlement.models import Bill, HeldDecision

NONSENSE = ("00000000-0000-0000-0000-000000000000", "0", "nothing", "52", "%00", "..%2f..", "\u534a")


@dataclass(frozen=True)
class Key:
    """A key, and whose it is: a person's, a region's, or somebody's own; an account is of its region as well."""

    text: str
    person: UUID | None = None
    region: str = ""
    owner: str = ""

    def beyond(self, reader: Reader, known: set[UUID]) -> bool:
        """Say whether it lies out of a reader's reach."""
        if self.person is not None:
            return self.person not in known
        if self.owner:
            return self.owner != getattr(reader.user, "username", "") and not self._looked_after(reader)
        if self.region:
            return not reader.region or not self.region.startswith(reader.region)
        return False

    def _looked_after(self, reader: Reader) -> bool:
        """Say whether it is an account whose administrator asks."""
        return (
            reader.role == access.ADMINISTRATOR
            and bool(self.region)
            and self.region.startswith(reader.region)
        )


# Which kind of key stands in a blank: by the address's name and the blank's, or by the blank's alone.
KINDS = {
    "person": "person", "number": "person", "who_looked": "person", "household": "household", "bill": "bill",
    "slip": "bill", "bill_json": "bill", "gap_undo": "act", "evidence": "evidence", "letter": "letter",
    "held_propose": "bill", "region": "region", "import": "import", "figure": "figure", "quote": "person",
    "quality": "list", "help": "page", "job": "job", "saved_filter": "filter", "filter": "filter", "notice": "notice",
    "end_session": "sign_in", "user": "user", "client": "client", "place": "region",
}  # fmt: skip
BLANKS = {
    "decision": "decision", "verb": "verb", "sha256": "file", "username": "user", "what": "user_act",
    "sign_in": "sign_in", "gap_id": "gap", "code": "region", "year": "year", "figure_id": "figure", "client_id": "client",
    "kind": "list", "page": "page",
}  # fmt: skip
OF_ROUTES = (
    ("persons/", "person"), ("households/", "household"), ("bills/", "bill"), ("imports/", "import"), ("jobs/", "job"),
    ("letters/", "letter"), ("regions/", "region"), ("filters/", "filter"), ("exports/", "job"), ("figures/", "figure"),
    ("webhooks/", "job"), ("subscriptions/", "job"), ("deliveries/", "job"), ("gaps/", "gap"), ("boundaries/", "job"),
    ("notices/", "notice"), ("users/", "user"), ("clients/", "client"), ("help/", "page"), ("window/", "person"),
)  # fmt: skip


def kind_of(door: Door, blank: str) -> str | None:
    """Return which kind of key an address takes in a blank; None when nobody has said."""
    if blank in BLANKS:
        return BLANKS[blank]
    if not door.api:
        for name in (door.name, door.name.partition("_")[0]):
            if name in KINDS:
                return KINDS[name]
    return next((kind for part, kind in OF_ROUTES if part in door.route), None)


class Keys:
    """Every key of the two counties, by kind."""

    def __init__(self) -> None:
        self.of: dict[str, list[Key]] = {
            "person": [Key(str(pk), pk) for pk in Person.objects.values_list("pk", flat=True)],
            "household": _households(),
            "bill": [Key(str(pk), owner) for pk, owner in Bill.objects.values_list("pk", "person")],
            "gap": [
                Key(gap_id(due.person_id, due.due, due.subject), due.person_id)
                for due in Due.objects.all()[:6000]
            ],
            "act": _of_region(GapAct),
            "letter": _of_region(GapLetter),
            "import": _of_region(Import),
            "evidence": _evidence(),
            "decision": [
                Key(str(pk), owner) for pk, owner in HeldDecision.objects.values_list("pk", "bill__person")
            ],
            "file": [Key(sha) for sha in SourceFile.objects.values_list("sha256", flat=True)],
            "job": [Key(str(job.pk), owner=job.by) for job in Job.objects.all()],
            "filter": [Key(str(each.pk), owner=each.owner) for each in SavedFilter.objects.all()],
            "user": [
                Key(each.username, region=_where(each), owner=each.username) for each in User.objects.all()
            ],
            "client": [Key(each.client_id, region=_where(each)) for each in Client.objects.all()],
            "sign_in": [Key(str(each.pk), owner=each.user.username) for each in SignIn.objects.all()],
            "region": _places(),
        }
        self.of |= {kind: [Key(text) for text in texts] for kind, texts in OPEN.items()}

    def pick(self, kind: str, reader: Reader, known: set[UUID], chance: Random) -> Key:
        """Choose a key of a kind: of others most of the time, now and then one's own or nonsense."""
        held, dice = self.of[kind], chance.random()
        if not held or dice < 0.05:
            return Key(chance.choice(NONSENSE))
        tries = [chance.choice(held) for _ in range(8)]
        wanted = dice < 0.8
        return next((key for key in tries if key.beyond(reader, known) is wanted), tries[0])

    def own(self, kind: str, reader: Reader, known: set[UUID], chance: Random) -> Key:
        """Choose a key that a reader may open."""
        held = [key for key in self.of[kind] if not key.beyond(reader, known)]
        return chance.choice(held) if held else Key(NONSENSE[0])


# Keys that are of nobody.
OPEN = {
    "list": ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled", "nothing"),
    "verb": ("confirm", "decline", "withdraw", "nothing"),
    "user_act": ("reset", "lock", "unlock", "end_sessions", "reset_second_factor", "password", "sessions"),
    "figure": ("F001", "F010", "F999"),
    "page": ("overview", "gaps", "find", "person", "users", "nothing"),
    "notice": ("job:1", "exception:1", "import:1"),
    "year": ("2024", "2025", "1999"),
}


def _households() -> list[Key]:
    """Return the households, each as of one who lives there alone: who may know of another member may open it too."""
    regions = dict(Household.objects.values_list("pk", "region_code"))
    return [Key(str(home), region=region) for home, region in regions.items()]


def _of_region(model: Any) -> list[Key]:
    return [Key(str(pk), region=region) for pk, region in model.objects.values_list("pk", "region_code")]


def _where(account: User | Client) -> str:
    """Return the region an account is of, or the county of its facility."""
    return account.region_code or Facility.objects.get(pk=account.facility_code).county_code


def _evidence() -> list[Key]:
    rows = EvidenceFile.objects.values_list("pk", "exceptions__gap__person")
    return [Key(str(pk), person) for pk, person in rows]


def _places() -> list[Key]:
    codes = set(Gap.objects.values_list("region_code", flat=True))
    codes |= {code[:length] for code in codes for length in (2, 4, 6, 9)}
    return [Key(code, region=code) for code in sorted(codes)]
