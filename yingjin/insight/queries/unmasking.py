"""The numbers of a person that pages show masked, for whoever may ask for one and says why."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from yingjin.basics.access import allow
from yingjin.basics.identity import masked
from yingjin.basics.names import same_name_key
from yingjin.insight.queries.persons import person_for
from yingjin.insight.queries.places import Place, path_inside_county
from yingjin.insight.queries.provenance import masked_phone
from yingjin.insight.queries.sight import sight_of

IDENTITY, PHONE = "identity_number", "phone"
NUMBERS = (IDENTITY, PHONE)


@dataclass(frozen=True)
class MaskedNumbers:
    """A person's numbers as pages show them; one that is not known is empty."""

    person_key: UUID
    name: str
    path: list[Place]
    masked: dict[str, str]

    def named_in(self, text: str) -> bool:
        """Say whether a text names the person."""
        return same_name_key(self.name) in same_name_key(text)


def masked_numbers(reader: Any, person_key: UUID | str) -> MaskedNumbers:
    """Return a person's masked numbers for a reader who may see them unmasked. Errors: NotAllowed, NotFound, MergedInto."""
    allow(reader, "unmask")
    one = person_for(sight_of(reader), person_key)
    shown = {
        IDENTITY: masked(one.identity_number),
        PHONE: masked_phone(one.phone) if one.phone else "",
    }
    return MaskedNumbers(one.key, one.name, path_inside_county(one.region_code), shown)


def unmasked(reader: Any, person_key: UUID | str, which: str) -> str:
    """Return one number of a person in full; whoever shows it records why. Errors: NotAllowed, NotFound, MergedInto."""
    allow(reader, "unmask")
    assert which in NUMBERS, which
    return str(getattr(person_for(sight_of(reader), person_key), which))
