"""Regions as the database holds them. They are public: no reader is asked for."""

from collections.abc import Iterable

from yingjin.basics.errors import NotFound
from yingjin.registry.domain.regions import (
    above_all,
    canonical,
    level_below,
    level_of,
    prefix_range,
    spoken,
)
from yingjin.registry.models import Region, RegionSuccession
from yingjin.registry.queries.places import name_of


class RegionNotFound(NotFound):
    code = "region_not_found"


def region(code: str) -> Region:
    """Return the region of a code, padded or not, in force or retired. Errors: RegionNotFound."""
    wanted = canonical(code) or ""
    found = Region.objects.filter(code=wanted).first() or _shipped(wanted)
    if found is None:
        raise RegionNotFound(
            f"区划表里没有代码 {code}。请核对代码，或按地名查找。",
            f"Code {code} is not in the table of regions. Check it, or find the place by name.",
            region_code=code,
        )
    return found


def _shipped(code: str) -> Region | None:
    """Return a region that the package ships and the database does not hold: a town of another province."""
    name = name_of(code)
    return Region(code=code, name=name, level=level_of(code)) if name else None


def children(code: str = "") -> list[Region]:
    """List the regions in force one level below a code, in order of code; below nothing lie the provinces."""
    above = canonical(code) or ""
    low, high = prefix_range(above)
    below = Region.objects.filter(
        code__gte=low, code__lt=high, level=level_below(above), valid_to__isnull=True
    )
    return list(below.order_by("code"))


def ancestors(code: str) -> list[Region]:
    """List the regions a code lies in, the province first, without itself."""
    return list(Region.objects.filter(code__in=above_all(code)).order_by("code"))


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of some codes at once; a code the table does not hold is left out."""
    wanted = set(codes)
    held = dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
    shipped = {code: name for code in wanted - held.keys() if (name := name_of(code))}
    return held | shipped


def full_name(code: str) -> str:
    """Return a region's name from the province down, as people say it: 贵州省毕节市赫章县. Errors: RegionNotFound."""
    return spoken([*(above.name for above in ancestors(code)), region(code).name])


def full_names(codes: Iterable[str]) -> dict[str, str]:
    """Return the full names of some codes with one reading of the table."""
    wanted = set(codes)
    names = names_of({above for code in wanted for above in above_all(code)} | wanted)
    return {
        code: spoken(names[part] for part in (*above_all(code), code) if part in names)
        for code in wanted
        if code in names
    }


def successions_of(code: str) -> list[RegionSuccession]:
    """List what became of a retired code; empty while it is in force."""
    return list(RegionSuccession.objects.filter(old_code=code).order_by("on", "new_code"))


def successors_to(code: str) -> list[RegionSuccession]:
    """List the codes that a code took over from."""
    return list(RegionSuccession.objects.filter(new_code=code).order_by("on", "old_code"))


def parent(code: str) -> Region | None:
    """Return the region one level up, or None above a province. Errors: RegionNotFound."""
    above = next((each for each in reversed(above_all(code)) if name_of(each)), "")
    return region(above) if above else None
