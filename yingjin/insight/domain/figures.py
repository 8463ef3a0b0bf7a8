"""
Published figures, the identities that tie them together, and the verdict on each.

* audit         every identity judged, or every reason why one cannot be
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from yingjin.basics.errors import BadInput
from yingjin.insight.domain.expressions import (
    Link,
    Mention,
    NotANumber,
    Quantity,
    Relation,
    UnknownFigure,
    judge,
    put_in,
    quantity,
    read,
    round_half_up,
)

# A calendar year looks like a number but is a date all the same.
DATE_UNITS = ("日期 date", "年 year")
SHOWN_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as a document published it. `value` is its text, exactly as published; `row` its line in the file."""

    id: str
    value: str
    seed_file: str = ""
    article: str = ""
    place: str = ""
    period: str = ""
    indicator_zh: str = ""
    indicator_en: str = ""
    unit: str = ""
    stated_formula_or_parts: str = ""
    place_zh: str = ""
    period_zh: str = ""
    unit_zh: str = ""
    parts_zh: str = ""
    row: int = 0

    @property
    def quantity(self) -> Quantity | None:
        """Return the number to calculate with; None for a date or text, which is only shown."""
        return None if self.unit in DATE_UNITS else quantity(self.value)


@dataclass(frozen=True, slots=True)
class Identity:
    """An expression that should hold between published figures; `row` is where its file has it."""

    id: str
    expression: str
    seed_file: str = ""
    article: str = ""
    description_zh: str = ""
    description_en: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """One identity judged: its links, its figures in the order they are mentioned, its values put in."""

    identity: Identity
    figures: tuple[Figure, ...]
    links: tuple[Link, ...]
    with_values: str

    @property
    def holds(self) -> bool:
        """Say whether every link holds."""
        return all(link.holds for link in self.links)

    @property
    def deciding(self) -> Link:
        """Return the link to show first: the first broken one, else the last."""
        return next((link for link in self.links if not link.holds), self.links[-1])

    @property
    def stated(self) -> str:
        """Return what was published, of the deciding link."""
        return plain(self.deciding.stated)

    @property
    def computed(self) -> str:
        """Return what the figures come to, of the deciding link, not rounded by the rule."""
        return plain(self.deciding.computed)

    @property
    def rounded(self) -> str:
        """Return what the figures come to in as many decimals as were stated; blank where nothing is rounded."""
        link = self.deciding
        return plain(link.compared, link.decimals) if link.sign == "=" and link.decimals is not None else ""

    @property
    def difference(self) -> str:
        """Return computed less stated, of the deciding link."""
        return plain(self.deciding.computed - self.deciding.stated)


@dataclass(frozen=True, slots=True)
class Refused:
    """An identity that cannot be judged, with one reason."""

    identity: Identity
    error: BadInput


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found. Verdicts and refusals keep the order of the identities."""

    verdicts: list[Verdict] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @property
    def broken(self) -> list[Verdict]:
        """List the verdicts that do not hold."""
        return [verdict for verdict in self.verdicts if not verdict.holds]


def audit(identities: Iterable[Identity], figures: Mapping[str, Figure]) -> Audit:
    """Judge every identity; one that cannot be judged is refused with all its reasons and stops no other.

    Errors: none; they are returned.
    Source: docs/algorithms/figure-audit.md.
    """
    found = Audit()
    for identity in identities:
        try:
            relation = read(identity.expression)
            errors = unusable(relation, figures)
            if not errors:
                found.verdicts.append(verdict_on(identity, relation, figures))
        except BadInput as error:
            errors = [error]
        found.refused.extend(Refused(identity, error) for error in errors)
    return found


def verdict_on(identity: Identity, relation: Relation, figures: Mapping[str, Figure]) -> Verdict:
    """Judge one identity whose figures are all usable. Errors: DividesByZero, TooLarge."""
    used = {mention.figure_id: figures[mention.figure_id] for mention in relation.mentions}
    values = {key: number for key, figure in used.items() if (number := figure.quantity)}
    texts = {key: figure.value for key, figure in used.items()}
    return Verdict(identity, tuple(used.values()), judge(relation, values), put_in(relation, texts))


def unusable(relation: Relation, figures: Mapping[str, Figure]) -> list[BadInput]:
    """List every mention of a figure that does not exist or is no number."""
    return [error for mention in relation.mentions if (error := mention_error(mention, figures))]


def mention_error(mention: Mention, figures: Mapping[str, Figure]) -> BadInput | None:
    """Say what keeps a mentioned figure from being calculated with."""
    key, column = mention.figure_id, mention.column
    figure = figures.get(key)
    if figure is None:
        return UnknownFigure(
            f"第 {column} 个字符：数字表中没有 {key}。请核对编号，或补上这个数字。",
            f"Character {column}: no figure is called {key}. Check the id, or add the figure.",
            column=column,
        )
    if figure.quantity is None:
        return NotANumber(
            f"第 {column} 个字符：{key} 的值是“{figure.value}”，是日期或文字，只展示，不参与计算。请改算式。",
            f"Character {column}: {key} is “{figure.value}”, a date or text; it is shown, never calculated with. "
            "Correct the expression.",
            column=column,
        )
    return None


def plain(value: Fraction, decimals: int | None = None) -> str:
    """Write an exact number for people: so many decimals, or all it has up to six; half up where it has more."""
    places = SHOWN_DECIMALS if decimals is None else decimals
    number = round_half_up(value, places)
    digits = str(int(abs(number) * 10**places)).zfill(places + 1)
    whole, parts = digits[: len(digits) - places], digits[len(digits) - places :]
    text = f"{whole}.{parts.rstrip('0') if decimals is None else parts}".rstrip(".")
    return f"-{text}" if number < 0 else text
