"""
Which disease of special treatment an ICD-10 code is, and whether only some readers may see it.

* DiseaseList     the list in force, with its scopes and the names of the codes
* Scope           a set of codes written as "C91-C95" or "N18.0,N18.5"
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple


class Span(NamedTuple):
    """Codes from one beginning to another, both with all their subdivisions."""

    low: str
    high: str

    def holds(self, code: str) -> bool:
        """Say whether a code lies inside: F30-F31 holds F31.900, N18.0 holds N18.000x003."""
        return (
            code[: len(self.low)] >= self.low
            and code[: len(self.high)] <= self.high
            and len(code) >= len(self.low)
        )


@dataclass(frozen=True)
class Scope:
    """A set of codes, as spans by the letter they begin with."""

    spans: tuple[Span, ...]

    @classmethod
    def read(cls, text: str) -> "Scope":
        """Read "C91-C95" or "N18.0,N18.5". Errors: ValueError for a range that runs backwards or over a letter."""
        spans = []
        for part in text.split(","):
            low, _, high = clean(part).partition("-")
            if not low or low[:1] != (high or low)[:1] or (high or low) < low:
                raise ValueError(f"{part!r} is no range of codes")
            spans.append(Span(low, high or low))
        return cls(tuple(spans))

    def holds(self, code: str) -> bool:
        """Say whether a clean single code lies inside."""
        return any(span.holds(code) for span in self.spans)


@dataclass(frozen=True)
class Disease:
    """One disease of the special-treatment list, due from a day; some are due to children alone."""

    name: str
    name_en: str
    added_on: date
    scope: Scope
    child: bool = False
    sensitive: bool = False


@dataclass(frozen=True)
class DiseaseList:
    """The special-treatment list, what is sensitive, and what the codes are called.

    `child_under_years` is the age below which somebody is a child; `names` holds a code's name.
    Source: yingjin/care/data/special_treatment.yaml; its scopes and marks are assumed.
    """

    version: str
    diseases: tuple[Disease, ...]
    sensitive_scopes: tuple[Scope, ...]
    child_under_years: int
    names: Mapping[str, str] = field(repr=False)

    def disease_of(self, icd: str, *, on: date | None = None, age_years: int | None = None) -> str:
        """Return the name of the listed disease a code belongs to, or nothing.

        With a day, only diseases on the list by then count. With an age, a children's disease counts below the
        limit alone; without one it counts, so whoever knows the age must give it.
        """
        for code in parts(icd):
            for disease in self._by_letter.get(code[:1], ()):
                if disease.scope.holds(code) and self.due(disease, on=on, age_years=age_years):
                    return disease.name
        return ""

    def due(self, disease: Disease, *, on: date | None, age_years: int | None) -> bool:
        """Say whether a disease is on the list on a day for somebody of an age; None is not asked."""
        listed = on is None or disease.added_on <= on
        of_age = age_years is None or not disease.child or age_years < self.child_under_years
        return listed and of_age

    def sensitive(self, icd: str) -> bool:
        """Say whether only readers who see sensitive diseases may see this code, in whichever of its halves."""
        return any(scope.holds(code) for code in parts(icd) for scope in self._hidden)

    def sensitive_disease(self, name: str) -> bool:
        """Say whether a disease of the list is sensitive. Errors: none; an unknown name is not."""
        return name in self.by_name and self.by_name[name].sensitive

    def name_of(self, icd: str) -> str:
        """Return what a code is called, or the nearest wider code that has a name, or nothing."""
        code = clean(icd)
        if found := self.names.get(code):
            return found
        first = parts(code)[0]
        nearest = (first, first[:7], f"{first[:5]}00", f"{first[:3]}.X00", f"{first[:3]}.900")
        return next((self.names[above] for above in nearest if above in self.names), "")

    def listed(self, on: date) -> tuple[Disease, ...]:
        """Return the diseases on the list on a day."""
        return tuple(disease for disease in self.diseases if disease.added_on <= on)

    @cached_property
    def by_name(self) -> dict[str, Disease]:
        """Return the diseases by name."""
        return {disease.name: disease for disease in self.diseases}

    @cached_property
    def _by_letter(self) -> dict[str, list[Disease]]:
        letters: dict[str, list[Disease]] = {}
        for disease in self.diseases:
            for letter in dict.fromkeys(span.low[:1] for span in disease.scope.spans):
                letters.setdefault(letter, []).append(disease)
        return letters

    @cached_property
    def _hidden(self) -> Sequence[Scope]:
        marked = tuple(disease.scope for disease in self.diseases if disease.sensitive)
        return self.sensitive_scopes + marked


def clean(icd: str) -> str:
    """Return a code in capitals without spaces; the asterisk and dagger of a double code go."""
    return "".join(icd.split()).upper().replace("*", "").replace("†", "")


def parts(icd: str) -> tuple[str, ...]:
    """Return the codes of a double code, the underlying disease first: B22.001+F02.4* is both."""
    return tuple(filter(None, clean(icd).split("+"))) or ("",)
