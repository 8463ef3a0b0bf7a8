"""Where people are treated: the health centre of each township, and the hospitals of the data file."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from yingjin.jobs.county.assumptions import Home, assumed, fixed_facilities, township_centre
from yingjin.jobs.county.people import Facility, Village
from yingjin.jobs.county.streams import Draw

LEVELS = ("L1", "L2", "L3", "L4")


@dataclass(frozen=True, slots=True)
class Facilities:
    """All places, and by lot one of a level, public or not."""

    home: Home
    every: tuple[Facility, ...]
    centre_of: dict[str, Facility]
    by_level: dict[str, Draw[Facility]]
    private: dict[str, Draw[Facility]]

    def one(self, level: str, township_code: str, chance: Random) -> Facility:
        """Choose where a stay of a level takes place; level 1 is mostly the own township's centre."""
        if self.private[level] and chance.random() < assumed()["stays"]["in_private"]:
            return self.private[level].one(chance)
        if level == "L1" and chance.random() < assumed()["stays"]["own_centre"]:
            return self.centre_of[township_code]
        return self.by_level[level].one(chance)


def found_facilities(villages: Sequence[Village], home: Home) -> Facilities:
    """Found a health centre in each township that has villages here, and take the hospitals from the data."""
    townships = {village.township_code: village.township_name for village in villages}
    centres = {code: _centre(code, name) for code, name in sorted(townships.items())}
    fixed = [(entry, _facility(entry)) for entry in fixed_facilities(home)]
    stays: dict[bool, dict[str, list[tuple[Facility, float]]]] = {
        private: {level: [] for level in LEVELS} for private in (False, True)
    }
    for centre in centres.values():
        stays[False]["L1"].append((centre, 1))
    for entry, facility in fixed:
        stays[entry.get("private", False)][level_of(facility)].append((facility, entry["weight"]))
    return Facilities(
        home=home,
        every=(*centres.values(), *(facility for _, facility in fixed)),
        centre_of=centres,
        by_level={level: Draw(found) for level, found in stays[False].items()},
        private={level: Draw(found) for level, found in stays[True].items()},
    )


def level_of(facility: Facility) -> str:
    """Return the level a bill from here has: outside the county's city always L4."""
    return facility.level if facility.county_code[:4] == assumed()["county"][:4] else "L4"


def _centre(code: str, township: str) -> Facility:
    common = township_centre()
    kind = "社区卫生服务中心" if township.endswith("街道") else "卫生院"
    return Facility(
        code=f"H{code[:6]}{100 + int(code[6:]):05}",
        name=township + kind,
        county_code=code[:6],
        level=common["level"],
        designated=common["designated"] == "yes",
        public=common["public"] == "yes",
        hosp_lv=common["hosp_lv"],
        township_code=code,
    )


def _facility(entry: object) -> Facility:
    assert isinstance(entry, dict)
    return Facility(
        code=entry["code"],
        name=entry["name"],
        county_code=entry["county_code"],
        level=entry["level"],
        designated=entry["designated"] == "yes",
        public=entry["public"] == "yes",
        hosp_lv=entry["hosp_lv"],
    )
