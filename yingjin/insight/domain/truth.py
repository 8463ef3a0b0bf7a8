"""Compare what was found lacking with what truly is, where the truth is known: the demonstration county."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

Lacking = tuple[str, str, str]  # person, due, subject


@dataclass(frozen=True)
class Compared:
    """One due: how many gaps truly are, how many of them were found, missed, and found though nothing lacks.

    `to_confirm` of those found false ask who somebody is, which is the right question where registers disagree.
    """

    true: int
    found: int
    missed: int
    false: int
    to_confirm: int


def compare(
    true: Collection[Lacking], found: Mapping[Lacking, bool], dues: tuple[str, ...]
) -> dict[str, Compared]:
    """Compare the gaps that truly are with those found, due by due.

    `found` says of each whether it only asks for an identity to be confirmed.
    """
    truly = frozenset(true)
    compared = {}
    for due in dues:
        is_so = {each for each in truly if each[1] == due}
        was_found = {each for each in found if each[1] == due}
        beyond = was_found - is_so
        compared[due] = Compared(
            true=len(is_so),
            found=len(is_so & was_found),
            missed=len(is_so - was_found),
            false=len(beyond),
            to_confirm=sum(found[each] for each in beyond),
        )
    return compared
