"""
Expressions that tie published figures together, such as `F000_18/F000_17*100 = F000_20`.

* read          text to a relation; refuses everything outside the grammar
* judge         a relation and the figures' values to its links, each held or broken
* put_in        the text with the values in place of the figures' ids

    relation    sum (("=" | "<=") sum)+
    sum         product (("+" | "-") product)*
    product     factor (("*" | "/") factor)*
    factor      number | figure id | "(" sum ")" | "-" factor

Nothing is ever evaluated as program text, and no value is ever a float: numbers are exact fractions.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from yingjin.basics.errors import BadInput

# Far beyond any real identity; they keep a hostile file from exhausting the machine.
CHARACTERS_MAX = 2_000
NESTING_MAX = 50
BITS_MAX = 2_000

TOKEN = re.compile(r"(?P<number>\d+(?:\.\d+)?)|(?P<figure>[A-Za-z]\w*)|(?P<sign><=|[-+*/()=])", re.ASCII)
VALUE = re.compile(r"-?\d{1,20}(?:\.\d{1,10})?", re.ASCII)
BLANKS = " \t"
RELATIONS = ("=", "<=")


class BadExpression(BadInput):
    """An expression outside the grammar; `column` is the character it was noticed at, counted from 1."""

    code = "bad_expression"


class UnknownFigure(BadInput):
    """An expression names a figure that is not among the figures."""

    code = "unknown_figure"


class NotANumber(BadInput):
    """An expression calculates with a value that is a date or text."""

    code = "not_a_number"


class DividesByZero(BadInput):
    """An expression divides by something that comes to zero."""

    code = "divides_by_zero"


class TooLarge(BadInput):
    """A part of an expression comes to a number beyond any published one."""

    code = "too_large"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was written: its exact value and how many decimals were written."""

    exact: Fraction
    decimals: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure's id inside an expression."""

    figure_id: str
    column: int


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before what it turns round."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Step:
    """One operator with what stands right of it."""

    sign: str
    column: int
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Calculation:
    """A sum or a product, worked out from left to right."""

    first: "Node"
    steps: tuple[Step, ...]


Node = Quantity | Mention | Negative | Calculation


@dataclass(frozen=True, slots=True)
class Relation:
    """Two or more sides; `signs[i]` stands between `sides[i]` and `sides[i + 1]`."""

    text: str
    sides: tuple[Node, ...]
    signs: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One sign of a relation with the values on both sides.

    `compared` is what was held against the right side: the left side, rounded when the rule asks for it.
    A side is stated when it is one figure or number, not worked out; `decimals` are those of a stated right side.
    """

    sign: str
    left: Fraction
    right: Fraction
    compared: Fraction
    left_stated: bool
    decimals: int | None

    @property
    def holds(self) -> bool:
        """Say whether the two sides stand as the sign says."""
        return self.compared == self.right if self.sign == "=" else self.compared <= self.right

    @property
    def stated(self) -> Fraction:
        """Return the side that was published; the right one when both or neither were."""
        return self.left if self.only_left_stated else self.right

    @property
    def computed(self) -> Fraction:
        """Return the side held against the published one, before any rounding."""
        return self.right if self.only_left_stated else self.left

    @property
    def only_left_stated(self) -> bool:
        """Say whether the left side was published and the right one is worked out."""
        return self.left_stated and self.decimals is None


def quantity(text: str) -> Quantity | None:
    """Read a value as published (`90.01`, `-3.2`); None when it is a date or text."""
    if not VALUE.fullmatch(text):
        return None
    return Quantity(Fraction(text), len(text.partition(".")[2]))


def read(text: str) -> Relation:
    """Read an expression.

    Errors: BadExpression with the column of the first character that does not fit.
    """
    return Reader(text).relation()


def judge(relation: Relation, values: Mapping[str, Quantity]) -> tuple[Link, ...]:
    """Work out every link of a relation. It holds when all its links hold.

    A link with `<=` compares the exact values. A link with `=` rounds its left side half up to the decimals of the
    stated value, the one figure or number on its right, and compares; a right side that is itself worked out
    states no decimals, so there both sides are compared exactly. In a chain each link stands between its neighbours.

    Units: those of the figures; an identity that mixes units carries the factor.
    Errors: DividesByZero, TooLarge. Every mentioned figure must be in `values`.
    Source: docs/algorithms/figure-audit.md.
    """
    exact = [value_of(side, values) for side in relation.sides]
    stated = [stated_decimals(side, values) for side in relation.sides]
    links = []
    for at, sign in enumerate(relation.signs):
        left, right, decimals = exact[at], exact[at + 1], stated[at + 1]
        compared = left if sign == "<=" or decimals is None else round_half_up(left, decimals)
        links.append(Link(sign, left, right, compared, stated[at] is not None, decimals))
    return tuple(links)


def put_in(relation: Relation, texts: Mapping[str, str]) -> str:
    """Return the expression with each figure's id replaced by its value as published."""
    shown, end = [], 0
    for mention in relation.mentions:
        start = mention.column - 1
        value = texts[mention.figure_id]
        shown += [relation.text[end:start], f"({value})" if value.startswith("-") else value]
        end = start + len(mention.figure_id)
    return "".join([*shown, relation.text[end:]]).strip(BLANKS)


def value_of(node: Node, values: Mapping[str, Quantity]) -> Fraction:
    """Work out one side exactly.

    Errors: DividesByZero and TooLarge with the column of the sign.
    """
    if isinstance(node, Quantity):
        return node.exact
    if isinstance(node, Mention):
        return values[node.figure_id].exact
    if isinstance(node, Negative):
        return -value_of(node.of, values)
    total = value_of(node.first, values)
    for step in node.steps:
        total = OPERATIONS[step.sign](total, value_of(step.operand, values), step.column)
        if max(total.numerator.bit_length(), total.denominator.bit_length()) > BITS_MAX:
            raise TooLarge(
                f"算到第 {step.column} 个字符时，数字已大得不合情理。请核对算式和数值。",
                f"At character {step.column} the number grows beyond reason. Check the expression and the values.",
                column=step.column,
            )
    return total


def stated_decimals(node: Node, values: Mapping[str, Quantity]) -> int | None:
    """Return the decimals a side was written with; None when the side is worked out, not stated."""
    if isinstance(node, Quantity):
        return node.decimals
    if isinstance(node, Mention):
        return values[node.figure_id].decimals
    return stated_decimals(node.of, values) if isinstance(node, Negative) else None


def round_half_up(value: Fraction, decimals: int) -> Fraction:
    """Round to so many decimals, a half away from zero, as 四舍五入 does on either side of zero."""
    scaled = abs(value) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**decimals)


def divide(left: Fraction, right: Fraction, column: int) -> Fraction:
    """Divide; a divisor of zero is refused with the column of its sign."""
    if right == 0:
        raise DividesByZero(
            f"第 {column} 个字符处的除数等于 0。请改算式或数值。",
            f"The divisor at character {column} comes to 0. Correct the expression or the values.",
            column=column,
        )
    return left / right


OPERATIONS: dict[str, Callable[[Fraction, Fraction, int], Fraction]] = {
    "+": lambda left, right, column: left + right,
    "-": lambda left, right, column: left - right,
    "*": lambda left, right, column: left * right,
    "/": divide,
}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression; the last one is the end, with blank text."""

    kind: str
    text: str
    column: int


def tokens(text: str) -> Iterator[Token]:
    """Cut an expression into its words. Errors: BadExpression at a character outside the grammar."""
    at = 0
    while at < len(text):
        if text[at] in BLANKS:
            at += 1
            continue
        found = TOKEN.match(text, at)
        if not found:
            raise unexpected(text[at], at + 1)
        yield Token(str(found.lastgroup), found.group(), at + 1)
        at = found.end()
    yield Token("end", "", len(text) + 1)


def unexpected(word: str, column: int) -> BadExpression:
    """Say which word does not fit and what an expression may hold."""
    word = word if word.isprintable() else f"U+{ord(word):04X}"
    met_zh, met_en = (
        (f"“{word}”不该在这里", f"“{word}” does not fit") if word else ("算式到此不完整", "it ends too soon")
    )
    return BadExpression(
        f"第 {column} 个字符：{met_zh}。算式只由数字、数字编号、+ - * / ( ) 组成，用 = 或 <= 相连。",
        f"Character {column}: {met_en}. An expression holds numbers, figure ids and + - * / ( ), joined by = or <=.",
        column=column,
    )


class Reader:
    """Reads one expression by recursive descent: a method for each line of the grammar."""

    def __init__(self, text: str) -> None:
        if len(text) > CHARACTERS_MAX:
            raise BadExpression(
                f"算式有 {len(text)} 个字符，最多 {CHARACTERS_MAX} 个。请拆成几条。",
                f"The expression has {len(text)} characters, at most {CHARACTERS_MAX} are read. Split it.",
                column=CHARACTERS_MAX + 1,
            )
        self.text = text
        self.words = list(tokens(text))
        self.at = 0
        self.mentions: list[Mention] = []

    @property
    def word(self) -> Token:
        """Return the word to be read next."""
        return self.words[self.at]

    def take(self, *signs: str) -> Token | None:
        """Read the next word when it is one of these signs."""
        word = self.word
        if word.kind != "sign" or word.text not in signs:
            return None
        self.at += 1
        return word

    def relation(self) -> Relation:
        """Read the whole expression; anything left over is refused."""
        sides, signs = [self.sum(0)], []
        while sign := self.take(*RELATIONS):
            signs.append(sign.text)
            sides.append(self.sum(0))
        if not signs or self.word.kind != "end":
            raise unexpected(self.word.text, self.word.column)
        return Relation(self.text, tuple(sides), tuple(signs), tuple(self.mentions))

    def sum(self, depth: int) -> Node:
        """Read products joined by + and -."""
        return self.calculation(self.product, ("+", "-"), depth)

    def product(self, depth: int) -> Node:
        """Read factors joined by * and /."""
        return self.calculation(self.factor, ("*", "/"), depth)

    def calculation(self, part: Callable[[int], Node], signs: tuple[str, str], depth: int) -> Node:
        """Read parts joined by these signs, to be worked out from left to right."""
        first, steps = part(depth), []
        while sign := self.take(*signs):
            steps.append(Step(sign.text, sign.column, part(depth)))
        return Calculation(first, tuple(steps)) if steps else first

    def factor(self, depth: int) -> Node:
        """Read a number, a figure, a bracket or a minus sign with what follows it."""
        word = self.word
        if depth > NESTING_MAX:
            raise BadExpression(
                f"第 {word.column} 个字符：括号或负号套了 {NESTING_MAX} 层以上。请拆成几条。",
                f"Character {word.column}: brackets or minus signs nest deeper than {NESTING_MAX}. Split it.",
                column=word.column,
            )
        if self.take("-"):
            return Negative(self.factor(depth + 1))
        if self.take("("):
            inner = self.sum(depth + 1)
            if not self.take(")"):
                raise unexpected(self.word.text, self.word.column)
            return inner
        return self.single()

    def single(self) -> Quantity | Mention:
        """Read one number or one figure's id."""
        word = self.word
        if word.kind not in ("number", "figure"):
            raise unexpected(word.text, word.column)
        self.at += 1
        if word.kind == "number":
            return Quantity(Fraction(word.text), len(word.text.partition(".")[2]))
        mention = Mention(word.text, word.column)
        self.mentions.append(mention)
        return mention
