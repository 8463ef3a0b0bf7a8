"""
What must hold between the cells of one row, by kind of row.

Each rule sees only cells that were good by themselves: one that was refused, is blank or is not in the file
reads as empty, and a rule says nothing of an empty cell but that it is needed.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yingjin.basics import identity
from yingjin.basics.money import parse_yuan
from yingjin.fusion.domain.cells import Lookups
from yingjin.fusion.domain.reasons import Reason, reason, shown

REFUSAL_OF_A_DUE = "拒绝"
REFUND = "1"
INPATIENT = "inpatient"


class Facts:
    """The good cells of one row by the code's own words for them."""

    __slots__ = ("_payload", "_present", "_titles", "_wrong")

    def __init__(
        self,
        payload: Mapping[str, str],
        titles: Mapping[str, str],
        wrong: Container[str] = (),
        present: Container[str] = (),
    ) -> None:
        """Take the cells by title, each field's title, the titles of refused cells, and those the file has."""
        self._payload = payload
        self._titles = titles
        self._wrong = wrong
        self._present = present

    def __getitem__(self, field: str) -> str:
        title = self._titles.get(field, "")
        return "" if title in self._wrong else self._payload.get(title, "")

    def title(self, field: str) -> str:
        """Return the title of a field's column."""
        return self._titles[field]

    def there(self, field: str) -> bool:
        """Say whether the file has the column."""
        return self._titles[field] in self._present

    def blank(self, field: str) -> bool:
        """Say whether nothing stands in the cell, or the file has no such column."""
        return not self._payload.get(self._titles[field])

    def reason(
        self, code: str, field: str, other: str = "", *, refuses: bool = True, **more: object
    ) -> Reason:
        """Write a reason about one cell, beside another."""
        beside = {"other": self.title(other), "other_value": shown(self[other])} if other else {}
        return reason(code, self.title(field), self[field], refuses=refuses, **beside, **more)


Rule = Callable[[Facts, Lookups], Iterator[Reason]]


def _lasts(facts: Facts, _: Lookups) -> Iterator[Reason]:
    """An interval ends after it starts."""
    if facts["valid_from"] and facts["valid_to"] and facts["valid_to"] <= facts["valid_from"]:
        yield facts.reason("bad_interval", "valid_to", "valid_from")


def _names_the_due_refused(facts: Facts, _: Lookups) -> Iterator[Reason]:
    """A refusal says what is refused; no other change does."""
    if facts["change"] == REFUSAL_OF_A_DUE and facts.blank("due"):
        yield facts.reason("needed_here", "due", "change")
    elif facts["change"] not in ("", REFUSAL_OF_A_DUE) and facts["due"]:
        yield facts.reason("value_not_wanted", "due", "change")


def _place_is_known(facts: Facts, lookups: Lookups) -> Iterator[Reason]:
    why = lookups.place_known(facts["county_name"], facts["township_name"], facts["village_name"])
    if why is not None:
        names = "".join(facts[field] for field in ("county_name", "township_name", "village_name"))
        yield reason(
            "unknown_place", facts.title("village_name"), names, refuses=False, why_zh=why[0], why_en=why[1]
        )


def _identity_number_fits(facts: Facts, _: Lookups) -> Iterator[Reason]:
    """A wrong number is no ground to refuse a person; it only cannot link (D6)."""
    number = facts["identity_no"]
    if not number:
        if facts.there("identity_no") and facts.blank("identity_no"):
            yield facts.reason("no_identity_number", "identity_no", refuses=False)
        return
    born = birth_in(number)
    if born is None:
        masked = identity.masked(number)
        yield reason("bad_identity_number", facts.title("identity_no"), masked, refuses=False)
    elif facts["born_on"] and facts["born_on"] != born:
        title = facts.title("born_on")
        yield reason("birth_differs", title, facts["born_on"], refuses=False, other=born)


def _born_by_the_year(facts: Facts, _: Lookups) -> Iterator[Reason]:
    if facts["year"] and facts["born_on"][:4] > facts["year"]:
        yield facts.reason("birth_after_year", "born_on", "year")


def _days_of_a_settlement(facts: Facts, lookups: Lookups) -> Iterator[Reason]:
    admitted, discharged = facts["admitted_on"], facts["discharged_on"]
    setting = lookups.values["med_type"].get(facts["setting"], {}).get("setting")
    if setting == INPATIENT and facts.blank("admitted_on"):
        yield facts.reason("needed_here", "admitted_on", "setting")
    if admitted and discharged and discharged < admitted:
        yield facts.reason("discharge_before_admission", "discharged_on", "admitted_on")
    first = "admitted_on" if admitted else "discharged_on"
    if facts["born_on"] and facts[first] and facts[first] < facts["born_on"]:
        yield facts.reason("admission_before_birth", first, "born_on")


def _money_of_a_settlement(facts: Facts, _: Lookups) -> Iterator[Reason]:
    total, in_scope = fen(facts["total_fen"]), fen(facts["in_scope_fen"])
    if total is not None and in_scope is not None and abs(in_scope) > abs(total):
        yield facts.reason("in_scope_exceeds_total", "in_scope_fen", "total_fen")
    if facts["is_refund"]:
        refund = facts["is_refund"] == REFUND
        for field in SIGNED:
            text = facts[field]
            if text.startswith("-") != refund and text.strip("-0."):
                yield facts.reason("wrong_sign", field, "is_refund")


def _refund_names_what_it_cancels(facts: Facts, _: Lookups) -> Iterator[Reason]:
    if facts["is_refund"] == REFUND and facts.blank("cancels"):
        yield facts.reason("needed_here", "cancels", "is_refund")
    elif facts["is_refund"] not in ("", REFUND) and facts["cancels"]:
        yield facts.reason("value_not_wanted", "cancels", "is_refund")


@lru_cache(maxsize=262_144)
def birth_in(number: str) -> str | None:
    """Return the birthday inside an identity number as ISO text, or None when the number is not valid."""
    whole = identity.to18(number)
    born = identity.born_on(whole) if whole else None
    return born.isoformat() if isinstance(born, date) else None


def fen(text: str) -> int | None:
    """Return a checked amount in fen, or None for a blank one."""
    if not text:
        return None
    return -parse_yuan(text[1:]) if text[0] == "-" else parse_yuan(text)


# The balance of an account is what it is; every other amount carries the sign of its row.
SIGNED = (
    "total_fen",
    "full_own_pay_fen",
    "over_limit_fen",
    "prior_own_pay_fen",
    "in_scope_fen",
    "reported_deductible_fen",
    "reported_basic_fen",
    "civil_servant_fen",
    "enterprise_fen",
    "reported_critical_illness_fen",
    "employee_large_fen",
    "reported_assistance_fen",
    "other_fen",
    "funds_fen",
    "reported_own_payment_fen",
    "account_fen",
    "cash_fen",
    "shared_account_fen",
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The fields that a rule reads and nothing else; `plain` says of their cells, where it can, that they are good."""

    fields: tuple[str, ...]
    plain: Callable[..., bool] | None = None


RULES: Mapping[str, tuple[Rule, ...]] = {
    "lifted": (_place_is_known, _identity_number_fits),
    "marginal": (_place_is_known, _identity_number_fits),
    "category": (_lasts,),
    "change": (_names_the_due_refused,),
    "enrolment": (_identity_number_fits, _born_by_the_year),
    "settlement": (_days_of_a_settlement, _money_of_a_settlement, _refund_names_what_it_cancels),
    "record": (_identity_number_fits,),
    "contract": (_lasts,),
}

# By it many rows are checked at once: what a rule said of some cells it says of the same cells again.
READS: Mapping[Rule, Reading] = {
    _lasts: Reading(("valid_from", "valid_to")),
    _names_the_due_refused: Reading(("change", "due")),
    _place_is_known: Reading(("county_name", "township_name", "village_name")),
    _identity_number_fits: Reading(("identity_no", "born_on"), identity.plain),
    _born_by_the_year: Reading(("year", "born_on")),
    _days_of_a_settlement: Reading(("admitted_on", "discharged_on", "setting", "born_on")),
    _money_of_a_settlement: Reading(("is_refund", *SIGNED)),
    _refund_names_what_it_cancels: Reading(("is_refund", "cancels")),
}
