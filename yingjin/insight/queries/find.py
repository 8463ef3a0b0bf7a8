"""Find people by name, pinyin, the last four of the identity number, or village, on any day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from yingjin.basics import row_security
from yingjin.basics.access import allow
from yingjin.basics.database import planned_by_values
from yingjin.basics.identity import masked
from yingjin.basics.names import same_name_key
from yingjin.basics.prepared import prepared
from yingjin.fusion.models import RegisterPerson
from yingjin.insight.domain.searching import (
    LAST_FOUR,
    NAME,
    NOTHING,
    NUMBER,
    PINYIN,
    Search,
    from_prefix,
    read_search,
)
from yingjin.insight.queries.categories import held_by, names_of
from yingjin.insight.queries.members import age_of, homes_of
from yingjin.insight.queries.places import codes_of_homes, home, place, places_named
from yingjin.insight.queries.shapes import FindPage, FoundRow, Place
from yingjin.insight.queries.sight import Sight, sight_of
from yingjin.insight.queries.sounding import Matches, both, of_rows, sounding
from yingjin.insight.queries.stood import Stood, found_then, stood
from yingjin.registry.domain.pinyin import readings_of_beginning
from yingjin.registry.domain.places import without_committee
from yingjin.registry.files import surname_readings
from yingjin.registry.models import Person
from yingjin.registry.queries import towns_named

READ_AS = {
    NAME: gettext_lazy("按姓名"),
    PINYIN: gettext_lazy("按拼音"),
    LAST_FOUR: gettext_lazy("按证件号后四位"),
    NUMBER: gettext_lazy("证件号请只写后四位，按整个号码"),
    NOTHING: gettext_lazy("按村名"),
}
PLACES_OFFERED = 20
OPENED_AT_ONCE = 2_000


def find(reader: Any, on: date, text: str, village_code: str = "", page: int = 1, size: int = 25) -> FindPage:
    """Return one page of the people found. Errors: NotFound for a village outside the reader's scope."""
    allow(reader, "find")
    sight = sight_of(reader)
    search = read_search(text)
    narrowed = sight.narrowed(village_code) if village_code else sight
    meant = _places(sight, search)
    with planned_by_values():
        matches, read_as_zh = _matching(narrowed, search, meant, whole=bool(village_code))
        total = matches.total
        pages = max(1, -(-total // size))
        page = min(page, pages)
        keys = matches.keys((page - 1) * size, page * size)
    people = _listed(narrowed, keys)
    return FindPage(
        text=text,
        on=on,
        total=total,
        page=page,
        pages=pages,
        rows=found_rows(sight, people, on),
        villages=_offered(meant, village_code),
        read_as_zh=str(read_as_zh),
    )


def _matching(
    sight: Sight, search: Search, villages: Sequence[Place], *, whole: bool
) -> tuple[Matches, str | Promise]:
    """Return who fits, and how the text was read: a text that is nobody's name may be a place's.

    `whole` asks for everybody of the place when no text is given.
    """
    if search.kind == NOTHING and whole:
        return of_rows(sight.persons()), READ_AS[NOTHING]
    found = sounding(sight, search.key) if search.kind == PINYIN else of_rows(_people(sight, search))
    if search.kind in (NAME, PINYIN) and 0 < len(villages) < PLACES_OFFERED and not found.total:
        living = Q()
        for each in villages:
            living |= Q(region_code__gte=each.code, region_code__lt=each.code + "~")
        return of_rows(sight.persons().filter(living)), READ_AS[NOTHING]
    return found, READ_AS[search.kind]


def _listed(sight: Sight, keys: Sequence[UUID]) -> list[Person]:
    """Return people found, in the order of their keys; nothing sealed is opened but what a row shows."""
    people = {each.key: each for each in _people_of(sight, keys)}
    return [people[key] for key in keys if key in people]


@prepared
def _people_of(sight: Sight, keys: Collection[UUID]) -> QuerySet[Person]:
    return sight.persons_of(keys).defer("phone", "sources")


def _people(sight: Sight, search: Search) -> QuerySet[Person]:
    if search.kind == NAME and search.key:
        return both(sight, _named(sight, search.key))
    if search.kind == LAST_FOUR:
        return both(sight, Q(identity_last4=search.key))
    return Person.objects.none()


def _named(sight: Sight, begun: str) -> Q:
    """Return the condition of whom some register names by a name that begins like this (D9).

    Names lie sealed. The first character, and the whole name as any register writes it, have an index; a longer
    beginning is looked for among those whose pinyin begins as it may be read: their names are opened and compared.
    """
    entries = RegisterPerson.objects.filter(name_first=begun[:1])
    if sight.scope.facility_code:
        return _patients_named(sight, entries, begun)
    if len(begun) == 1:
        return Q(pk__in=entries.values("person"))
    readings = [each for each in readings_of_beginning(begun, surname_readings()) if each]
    if readings:
        sounding = Q()
        for low, high in map(from_prefix, readings):
            sounding |= Q(pinyin__gte=low, pinyin__lt=high)
        entries = entries.filter(person__in=sight.persons().filter(sounding).values("pk"))
    written = entries.values_list("person_id", "name").iterator(chunk_size=OPENED_AT_ONCE)
    found = {person for person, name in written if same_name_key(name).startswith(begun)}
    whole = RegisterPerson.objects.filter(name_key=begun).values("person")
    return Q(pk__in=found) | Q(pk__in=whole)


def _patients_named(sight: Sight, entries: QuerySet[RegisterPerson], begun: str) -> Q:
    """Return the condition of those of a facility's patients whose name begins like this.

    What the registers call people is the county's: the database shows a window none of it, so the sight alone narrows.
    """
    with row_security.widened():
        patients = entries.filter(person__in=sight.persons().values("pk"))
        written = list(patients.values_list("person_id", "name"))
    return Q(pk__in={person for person, name in written if same_name_key(name).startswith(begun)})


def _places(sight: Sight, search: Search) -> list[Place]:
    """Return the townships and villages of the scope that the text may mean."""
    prefix = sight.scope.region_prefix
    if search.kind not in (NAME, PINYIN) or not search.key or not prefix:
        return []
    latin = search.kind == PINYIN
    text = search.key if latin else without_committee(search.key)
    return [place(*each) for each in towns_named(prefix, text, latin=latin, limit=PLACES_OFFERED)]


def _offered(meant: Sequence[Place], village_code: str) -> list[Place]:
    """Return the places to choose from: what the text may mean, and the one chosen."""
    chosen = places_named([village_code] if village_code else [])
    return sorted({each.code: each for each in [*meant, *chosen.values()]}.values(), key=lambda it: it.code)


def found_rows(sight: Sight, people: Sequence[Person], on: date) -> list[FoundRow]:
    """Return some people as rows, in their order. The caller has taken them from the sight."""
    keys = [each.key for each in people]
    standing = stood(sight, keys, on, found_then(sight, on))
    homes = homes_of(sight, keys, on)
    held = held_by(sight, keys, on)
    named = places_named(codes_of_homes(each.region_code for each in people))
    return [
        _found_row(
            each,
            on,
            standing[each.key],
            homes.get(each.key),
            names_of(held[each.key]),
            home(each.region_code, named),
        )
        for each in people
    ]


def _found_row(
    person: Person,
    on: date,
    standing: Stood,
    household: UUID | None,
    categories: Iterable[str],
    lives_in: tuple[Place, Place],
) -> FoundRow:
    village, township = lives_in
    return FoundRow(
        person_key=person.key,
        household_key=str(household) if household else None,
        name=person.name,
        sex=person.sex,
        age_years=age_of(person, on),
        masked_number=masked(person.identity_number),
        village=village,
        township=township,
        categories=list(categories),
        insured=standing.insured,
        contracted=standing.contracted,
        contract_until=standing.contract_until,
        gaps=list(standing.lacking),
        died_on=person.died_on,
    )
