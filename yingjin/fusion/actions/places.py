"""Where a register says somebody lives, as a region code; and what of it the table of regions does not know."""

from functools import lru_cache

from yingjin.registry.queries.places import by_names, county_by_names, resolve

VILLAGE_DIGITS = 12
LEVELS = (12, 9, 6, 4, 2)
Why = tuple[str, str]


def code_known(code: str) -> bool:
    """Say whether the table of regions knows a code, in force or with a heir."""
    return bool(resolve(code).codes)


def region_of_code(code: str, county_code: str) -> str:
    """Return the region a register's code stands for today; what holds it when it is not known; else the county.

    A region that was divided gives what its parts have in common: which part somebody lives in is not known.
    """
    found = resolve(code) if code else None
    codes = (found.codes or found.within) if found else ()
    return _common(codes) if codes else county_code


@lru_cache(maxsize=65_536)
def region_of_names(county: str, township: str, village: str, county_code: str) -> str:
    """Return the region of the names a register writes: the village, or as far down as the names are known."""
    at = _county(county, county_code)
    found = by_names(at, township, village)
    return found.code or found.township_code or at


@lru_cache(maxsize=65_536)
def why_not_found(county: str, township: str, village: str, county_code: str) -> Why | None:
    """Return why the names do not lead to one village, in Chinese and English, or None when they do."""
    in_county = county_by_names("", "", county)
    if not in_county.codes:
        return in_county.reason_zh, in_county.reason_en
    found = by_names(_county(county, county_code), township, village)
    return None if len(found.code) == VILLAGE_DIGITS else (found.reason_zh, found.reason_en)


def _county(name: str, county_code: str) -> str:
    """Return the county of a name; of several, or of none, the one the registers are of."""
    codes = county_by_names("", "", name).codes
    return codes[0] if len(codes) == 1 else county_code


def _common(codes: tuple[str, ...]) -> str:
    """Return the smallest region that holds all codes."""
    for digits in LEVELS:
        starts = {code[:digits] for code in codes}
        if len(starts) == 1 and all(len(code) >= digits for code in codes):
            return starts.pop()
    return codes[0][:2]
