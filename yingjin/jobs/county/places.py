"""Real villages of the county, and how people spread over them."""

from collections import defaultdict
from collections.abc import Sequence
from random import Random

from yingjin.jobs.county.assumptions import Home, assumed
from yingjin.jobs.county.people import Household, Village
from yingjin.jobs.county.streams import Draw, stream
from yingjin.registry.files import villages_of

ENDINGS = ("村民委员会", "居民委员会")


def choose_villages(seed: int, people: int, home: Home) -> list[Village]:
    """Choose as many villages as the people fill, first one of each township, then further ones, in order of code."""
    chance = stream(seed, "villages")
    rules = assumed()["villages"]
    by_township: dict[str, list[Village]] = defaultdict(list)
    for row in villages_of(home.code):
        by_township[row.township_code].append(
            Village(row.code, _short(row.name), row.township_code, row.township_name)
        )
    for villages in by_township.values():
        chance.shuffle(villages)
    townships = list(by_township)
    chance.shuffle(townships)
    longest = max(len(villages) for villages in by_township.values())
    in_turn = [
        by_township[township][turn]
        for turn in range(longest)
        for township in townships
        if turn < len(by_township[township])
    ]
    wanted = max(rules["at_least"], people // rules["people_each"])
    return sorted(in_turn[:wanted], key=lambda village: village.code)


def settle_households(seed: int, households: Sequence[Household], villages: Sequence[Village]) -> None:
    """Put each household into a village; villages differ in size as villages do."""
    chance = stream(seed, "households in villages")
    sigma = assumed()["villages"]["size_sigma"]
    draw = Draw([(place, chance.lognormvariate(0, sigma)) for place in range(len(villages))])
    for household in households:
        household.village = draw.one(chance)


def other_village(chance: Random, villages: Sequence[Village], place: int, near_share: float) -> int:
    """Choose another village: mostly of the same township, where it has one."""
    near = [
        other
        for other in range(max(0, place - 6), min(len(villages), place + 7))
        if other != place and villages[other].township_code == villages[place].township_code
    ]
    if near and chance.random() < near_share:
        return chance.choice(near)
    return chance.randrange(len(villages))


def _short(name: str) -> str:
    for ending in ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name
