"""Places and freshness, for every page.

* as_of           how fresh the data is, for the footer and the day picker
* place_path      a region with all it lies in, for the breadcrumbs
* places_below    the regions one level below, inside the reader's scope
* places_named    some codes as places, for lists of people
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Exists

from yingjin.basics.language import chosen
from yingjin.fusion.models import Landing
from yingjin.gaps.models import Finding
from yingjin.insight.queries.books import book_of
from yingjin.insight.queries.shapes import AsOf, Place
from yingjin.insight.queries.sight import sight_of
from yingjin.registry.domain.places import without_committee
from yingjin.registry.domain.regions import UNSPOKEN, above_all
from yingjin.registry.models import User
from yingjin.registry.queries import in_force_below, name_of
from yingjin.settlement.queries import last_discharge_day

COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 6, 9, 12
NOWHERE = Place("", "")


def as_of(reader: Any) -> AsOf:
    """Return how fresh the data is: asked by every signed-in page, so two small queries."""
    words = ("summary__data_until", "summary__rulebook_title_zh", "summary__rulebook_version")
    found = list(Finding.objects.order_by("-on").values_list("on", "summary__built_at", *words))
    newest = max((row[1:] for row in found if row[1]), default=(None, None, "", ""))
    runs = Landing.objects.annotate(demo=Exists(User.objects.filter(is_demo=True)))
    last = runs.filter(finished_at__isnull=False).order_by("-finished_at").first()
    return AsOf(
        data_until=newest[1] or (last_discharge_day() if last else None),
        last_run_at=last.finished_at if last else None,
        found_days=[row[0] for row in found],
        rulebook_title_zh=_rulebook_title(newest[2], newest[3]),
        rulebook_version=newest[3],
        demo=bool(last and last.demo),
    )


def _rulebook_title(stored: str, version: str) -> str:
    """Return the title of a rulebook in the reader's language; the stored one when it is no longer shipped."""
    book = book_of(version) if version else None
    return chosen(*book.contents.title) if book else stored


def place_path(reader: Any, region_code: str) -> list[Place]:
    """Return a region with all it lies in, the province first. Names are public: the page links those of the scope."""
    codes = [*above_all(region_code), region_code]
    named = places_named(codes)
    return [named[code] for code in codes if code in named and named[code].name not in UNSPOKEN]


def places_below(reader: Any, region_code: str) -> list[Place]:
    """Return the regions in force one level below, inside the reader's scope, in order of code."""
    scope = sight_of(reader).scope
    return [place(code, name) for code, name in in_force_below(region_code) if scope.covers(code)]


def places_named(codes: Iterable[str]) -> dict[str, Place]:
    """Return some codes as places; a code that the table does not hold is shown by itself."""
    return {code: place(code, name_of(code) or code) for code in codes if code}


def place(code: str, name: str) -> Place:
    """Return a place as people call it: a village by its own name, not its committee's."""
    return Place(code, without_committee(name) if len(code) == VILLAGE_DIGITS else name)


def home(region_code: str, named: Mapping[str, Place]) -> tuple[Place, Place]:
    """Return the village and the township somebody lives in; a blank place for what is not known so exactly."""
    village, township = region_code[:VILLAGE_DIGITS], region_code[:TOWNSHIP_DIGITS]
    return (
        named.get(village, NOWHERE) if len(village) == VILLAGE_DIGITS else NOWHERE,
        named.get(township, NOWHERE) if len(township) == TOWNSHIP_DIGITS else NOWHERE,
    )


def codes_of_homes(region_codes: Iterable[str]) -> set[str]:
    """Return the codes of the villages and townships of some people."""
    return {code[:digits] for code in region_codes for digits in (TOWNSHIP_DIGITS, VILLAGE_DIGITS)}


def path_inside_county(region_code: str) -> list[Place]:
    """Return county, township and village of somebody, as far as they are known."""
    codes = [code for code in (*above_all(region_code), region_code) if len(code) >= COUNTY_DIGITS]
    named = places_named(codes)
    return [named[code] for code in codes]
