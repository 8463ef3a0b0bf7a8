"""Turn landed rows into what the parts hold: households, categories, enrolments, bills, conditions, contracts.

Put together here because it looks into landed rows and writes to parts above and below them; each part's own
action does the writing, in one transaction, and writes only what differs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from yingjin.basics.days import BadDate, age_on, parse_day
from yingjin.basics.money import parse_yuan
from yingjin.care.domain.diseases import DiseaseList
from yingjin.fusion import queries as fusion
from yingjin.fusion.formats import kinds, value_lists
from yingjin.registry.actions.persons import household_key
from yingjin.registry.queries import resolve
from yingjin.registry.queries.persons import FacilityFacts
from yingjin.settlement.actions import bill_key
from yingjin.settlement.domain.states import state_of

Draft = dict[str, Any]
INPATIENT, OUTPATIENT = "inpatient", "outpatient"
OUTSIDE_THE_CITY = "L4"
CITY_DIGITS, COUNTY_DIGITS = 4, 6


@dataclass(frozen=True)
class Known:
    """What every kind of row is looked up in: whom a register's number means, and where everybody lives."""

    persons: Mapping[str, Mapping[str, UUID]]  # register -> number -> person
    regions: Mapping[UUID, str]
    births: Mapping[UUID, date | None]

    def age(self, person: UUID, on: date) -> int | None:
        """Return somebody's age on a day, or None when the birthday is not known."""
        born_on = self.births.get(person)
        return None if born_on is None else age_on(born_on, on)


def households(known: Known) -> tuple[list[Draft], list[Draft]]:
    """Return the households of the poverty register and who belongs to them."""
    homes: dict[str, Draft] = {}
    members: list[Draft] = []
    for kind in ("lifted", "marginal"):
        for row_id, number, row in _rows(kind):
            person = known.persons["poverty"][number]
            key = household_key(row["household_no"])
            home = {"key": key, "number": row["household_no"], "region_code": known.regions[person]}
            if row["household_no"] not in homes or row["relation"] == "户主":
                homes[row["household_no"]] = home
            since = _day_or_none(row["person_identified_on"]) or _day_or_none(row["household_identified_on"])
            members.append(
                {
                    "person_id": person,
                    "household_id": key,
                    "relation": row["relation"][:32],
                    "valid_from": since,
                    "valid_to": None,
                    "row_id": row_id,
                }
            )
    return list(homes.values()), members


def facilities(city_code: str) -> Iterator[Draft]:
    """Yield the facility list; a place outside the rulebook's city is of level L4 whatever its grade (R10)."""
    for _, _, row in _rows("facility"):
        county = _county_now(row["county"])
        inside = county[:CITY_DIGITS] == city_code
        yield {
            "code": row["code"],
            "name": row["name"],
            "county_code": county,
            "level": row["level"] if inside else OUTSIDE_THE_CITY,
            "designated": row["designated"] == "yes",
            "public": row["public"] == "yes",
            "withdrawn": False,
        }


def categories(known: Known) -> Iterator[Draft]:
    """Yield the dated categories of the poverty register."""
    for row_id, number, row in _rows("category"):
        yield {
            "person_id": known.persons["poverty"][number],
            "category": row["category"],
            "valid_from": parse_day(row["valid_from"]),
            "valid_to": _day_or_none(row["valid_to"]),
            "basis": row["basis"][:200],
            "row_id": row_id,
        }


def changes(known: Known) -> Iterator[Draft]:
    """Yield what happened to people by the poverty register."""
    for row_id, number, row in _rows("change"):
        yield {
            "person_id": known.persons["poverty"][number],
            "what": _value("change", row["change"], "change"),
            "on": parse_day(row["changed_on"]),
            "due": _value("due", row["due"], "due") if row["due"] else "",
            "evidence": row["evidence"][:200],
            "row_id": row_id,
        }


def enrolments(known: Known) -> Iterator[Draft]:
    """Yield who is enrolled in which year."""
    for row_id, number, row in _rows("enrolment"):
        person = known.persons["insurance"][number]
        yield {
            "person_id": person,
            "year": int(row["year"]),
            "region_code": known.regions[person],
            "row_id": row_id,
        }


@dataclass(frozen=True)
class BillGround:
    """What a bill is judged by beside its own row."""

    facilities: Mapping[str, FacilityFacts]
    deaths: Mapping[UUID, date]
    enrolled: Mapping[UUID, set[int]]
    diseases: DiseaseList
    confirmed: Collection[tuple[UUID, str]]  # who has which listed disease by the health register
    county_code: str
    in_force_from: date
    borrows: bool = False  # the people's own counties are settled by this county's rulebook

    def in_county(self, facility: FacilityFacts, region_code: str) -> bool:
        """Say whether a facility lies in the county that insures somebody living in a region."""
        county = region_code[:COUNTY_DIGITS] if self.borrows else self.county_code
        return facility.county_code == county


def bills(known: Known, ground: BillGround) -> Iterator[Draft]:
    """Yield every settlement as a bill, with how it stands; cancelled and cancelling ones stay visible."""
    cancelled = {row["cancels"] for _, _, row in _rows("settlement") if row["cancels"]}
    for row_id, number, row in _rows("settlement"):
        person = known.persons["insurance"][number]
        facility = ground.facilities[row["facility"]]
        yield {
            **_bill_facts(row, facility, ground),
            "in_county": ground.in_county(facility, known.regions[person]),
            "person_id": person,
            "disease": _billed_disease(person, row, known, ground),
            "region_code": known.regions[person],
            "row_id": row_id,
            "state": state_of(
                cancels=row["cancels"],
                cancelled=row["bill_no"] in cancelled,
                discharged_on=parse_day(row["discharged_on"]),
                died_on=ground.deaths.get(person),
                enrolled_years=ground.enrolled.get(person, ()),
                in_force_from=ground.in_force_from,
            ),
        }


def _bill_facts(row: Mapping[str, str], facility: FacilityFacts, ground: BillGround) -> Draft:
    total, in_scope = _money(row["total_fen"]), _money(row["in_scope_fen"])
    icd = row["diagnosis"]
    return {
        "key": bill_key(row["bill_no"]),
        "bill_id": row["bill_no"],
        "facility_code": facility.code,
        "facility_name": facility.name,
        "setting": _value("med_type", row["setting"], "setting"),
        "level": facility.level,
        "designated": facility.designated,
        "public": facility.public,
        "level_reported": row["reported_level"],
        "level_differs": _grade_differs(row["reported_level"], facility.level),
        "admitted_on": _day_or_none(row["admitted_on"]),
        "discharged_on": parse_day(row["discharged_on"]),
        "diagnosis": icd,
        "sensitive": ground.diseases.sensitive(icd),
        "total_fen": total,
        "out_of_scope_fen": total - in_scope,
        "reported_basic_fen": _money(row["reported_basic_fen"]),
        "reported_critical_illness_fen": _money(row["reported_critical_illness_fen"]),
        "reported_assistance_fen": _money(row["reported_assistance_fen"]),
        "reported_own_fen": _money(row["reported_own_payment_fen"]),
        "cancels": row["cancels"],
    }


def _billed_disease(person: UUID, row: Mapping[str, str], known: Known, ground: BillGround) -> str:
    """Return the listed disease of a bill; a children's disease confirmed in childhood stays one afterwards."""
    disease = ground.diseases.disease_of(row["diagnosis"])
    if not disease or (person, disease) in ground.confirmed:
        return disease
    return ground.diseases.disease_of(
        row["diagnosis"], age_years=known.age(person, parse_day(row["discharged_on"]))
    )


def conditions(known: Known, diseases: DiseaseList) -> Iterator[Draft]:
    """Yield the confirmed conditions of the health register; the age at confirmation decides children's diseases."""
    for row_id, number, row in _rows("condition"):
        person, icd = known.persons["health"][number], row["diagnosis"]
        confirmed_on = parse_day(row["confirmed_on"])
        yield {
            "person_id": person,
            "region_code": known.regions[person],
            "icd_code": icd,
            "name": (row["diagnosis_name"] or diseases.name_of(icd))[:200],
            "disease": diseases.disease_of(icd, age_years=known.age(person, confirmed_on)),
            "sensitive": diseases.sensitive(icd),
            "confirmed": True,
            "confirmed_on": confirmed_on,
            "row_id": row_id,
        }


def treatments(known: Known, diseases: DiseaseList, places: Mapping[str, FacilityFacts]) -> Iterator[Draft]:
    """Yield the treatments of the health register."""
    for row_id, number, row in _rows("treatment"):
        person, icd = known.persons["health"][number], row["diagnosis"]
        place = places.get(row["facility"])
        yield {
            "person_id": person,
            "region_code": known.regions[person],
            "icd_code": icd,
            "disease": diseases.disease_of(icd),
            "sensitive": diseases.sensitive(icd),
            "treated_on": parse_day(row["treated_on"]),
            "what": row["treatment_kind"][:100],
            "facility_name": place.name if place else row["facility"][:200],
            "row_id": row_id,
        }


def contracts(known: Known) -> Iterator[Draft]:
    """Yield the family-doctor contracts of the health register."""
    for row_id, number, row in _rows("contract"):
        person = known.persons["health"][number]
        yield {
            "person_id": person,
            "region_code": known.regions[person],
            "doctor": row["doctor"][:64],
            "team": row["team"][:100],
            "valid_from": parse_day(row["valid_from"]),
            "valid_to": _day_or_none(row["valid_to"]),
            "row_id": row_id,
        }


def noting_years(drafts: Iterable[Draft], years: dict[UUID, set[int]]) -> Iterator[Draft]:
    """Yield enrolments and note on the way in which years each person is enrolled."""
    for draft in drafts:
        years[draft["person_id"]].add(draft["year"])
        yield draft


def _rows(kind: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Yield the current rows of a kind by the code's own words for its columns; a missing column reads blank."""
    titles = [(column.field, column.name) for column in kinds()[kind].columns]
    for row_id, number, _, payload in fusion.current_rows(kind):
        yield row_id, number, {field: payload.get(title, "") for field, title in titles}


def _money(text: str) -> int:
    return -parse_yuan(text[1:]) if text.startswith("-") else parse_yuan(text)


def _day_or_none(text: str) -> date | None:
    """Read a day that the register may leave blank or write in its own way; the row itself was checked on landing."""
    try:
        return parse_day(text) if text else None
    except BadDate:
        return None


@cache
def _county_now(code: str) -> str:
    """Return the county a code stands for today: padding undone, a retired code by its one successor (D7)."""
    codes = resolve(code).codes
    return codes[0] if len(codes) == 1 else code


@cache
def _grade_differs(grade: str, level: str) -> bool:
    return bool(grade) and level not in value_lists()["hosp_lv"].values[grade]["agrees"]


@cache
def _value(listed: str, code: str, word: str) -> str:
    return str(value_lists()[listed].values[code][word])
