"""Random expressions: read and worked out as on paper, whatever their shape; nothing else ever gets through."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from yingjin.insight.domain.expressions import (
    BadExpression,
    DividesByZero,
    TooLarge,
    judge,
    put_in,
    quantity,
    read,
    round_half_up,
)
from yingjin.insight.domain.figures import Figure, Identity, audit

AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2).map(str) | st.integers(0, 10**6).map(str)
VALUES = {"F1": "20573.00", "F2": "3", "F3": "0.26", "F4": "-7.5", "F5_10": "0"}
QUANTITIES = {key: quantity(text) for key, text in VALUES.items()}
SPACES = st.sampled_from(["", " ", "\t", "  "])


def joined(parts, signs):
    """Write parts with a sign between each two and work them out from left to right, as on paper."""
    text, worth = parts[0]
    for sign, (right_text, right) in zip(signs, parts[1:], strict=False):
        text = f"{text}{sign}{right_text}"
        worth = {"+": worth + right, "-": worth - right, "*": worth * right}[sign]
    return text, worth


@st.composite
def expressions(draw, depth=0):
    """Draw a side as text with what it is worth, worked out while it is drawn, by no code of ours."""

    def single():
        kind = draw(st.sampled_from("nnnff-(" if depth < 2 else "nf"))
        before, after = draw(SPACES), draw(SPACES)
        if kind == "n":
            text = draw(AMOUNTS)
            return f"{before}{text}{after}", Fraction(text)
        if kind == "f":
            key = draw(st.sampled_from(sorted(VALUES)))
            return f"{before}{key}{after}", Fraction(VALUES[key])
        text, worth = draw(expressions(depth=depth + 1))
        return (f"{before}({text})", worth) if kind == "(" else (f"{before}-({text})", -worth)

    def product():
        count = draw(st.integers(1, 3))
        text, worth = joined([single() for _ in range(count)], "**")
        divisor = draw(st.none() | AMOUNTS.filter(lambda amount: Fraction(amount) != 0))
        return (f"{text}/{divisor}", worth / Fraction(divisor)) if divisor else (text, worth)

    count = draw(st.integers(1, 3))
    return joined(
        [product() for _ in range(count)], draw(st.lists(st.sampled_from("+-"), min_size=2, max_size=2))
    )


@given(expressions(), expressions())
def test_every_expression_is_worth_what_it_is_on_paper(left, right):
    (link,) = judge(read(f"{left[0]}<={right[0]}"), QUANTITIES)
    assert (link.left, link.right) == (left[1], right[1])
    assert link.holds is (left[1] <= right[1])


@given(expressions(), AMOUNTS)
def test_an_equality_holds_as_decimal_arithmetic_rounds(left, stated):
    text, worth = left
    (link,) = judge(read(f"{text} = {stated}"), QUANTITIES)
    places = len(stated.partition(".")[2])
    # Cut far past the stated decimals; where digits are cut, a last one keeps it off a half it is not on.
    digits = worth * 10**30
    cut = int(digits)
    with localcontext() as context:
        context.prec = 1_000
        exact = Decimal(cut).scaleb(-30) if digits == cut else Decimal(f"{cut}5").scaleb(-31)
        assert link.holds is (exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == Decimal(stated))


@given(
    st.lists(expressions(), min_size=2, max_size=4),
    st.lists(st.sampled_from(["=", "<="]), min_size=3, max_size=3),
)
def test_a_chain_holds_when_each_pair_of_neighbours_does(sides, signs):
    texts = [text for text, _ in sides]
    chain = "".join(part for pair in zip(texts, [*signs[: len(texts) - 1], ""], strict=True) for part in pair)
    pairs = [
        judge(read(f"{left}{sign}{right}"), QUANTITIES)[0].holds
        for left, sign, right in zip(texts, signs, texts[1:], strict=False)
    ]
    assert [link.holds for link in judge(read(chain), QUANTITIES)] == pairs


@given(expressions(), expressions())
def test_putting_values_in_changes_no_verdict(left, right):
    relation = read(f"{left[0]} = {right[0]}")
    assert judge(read(put_in(relation, VALUES)), {}) == judge(relation, QUANTITIES)


@given(st.text(max_size=60) | st.text(alphabet="F12_.+-*/()=< \t", max_size=60))
def test_any_text_is_read_or_refused_at_a_place_inside_it(text):
    try:
        relation = read(text)
    except BadExpression as error:
        assert 1 <= error.data["column"] <= len(text) + 1
        return
    assert set(text) <= set("0123456789.+-*/()=<_ \tABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    values = {mention.figure_id: quantity("3") for mention in relation.mentions}
    try:
        assert len(judge(relation, values)) == len(relation.signs) >= 1
    except (DividesByZero, TooLarge) as error:
        assert text[error.data["column"] - 1] in "*/+-"


@given(st.fractions(), st.integers(0, 8))
def test_rounding_moves_by_no_more_than_half_and_the_same_on_both_sides_of_zero(value, decimals):
    rounded = round_half_up(value, decimals)
    assert (rounded * 10**decimals).denominator == 1
    assert abs(rounded - value) * 2 <= Fraction(1, 10**decimals)
    assert round_half_up(-value, decimals) == -rounded
    assert abs(round_half_up(value, decimals) - value) * 2 < Fraction(1, 10**decimals) or abs(rounded) > abs(
        value
    )


@given(st.permutations(range(6)))
def test_the_order_of_identities_changes_no_verdict(order):
    texts = ["F1 = 20573", "F2*2 = 7", "F9 = 1", "1/F5_10 = 1", "F2 <=", "F4 <= F3"]
    figures = {key: Figure(key, value) for key, value in VALUES.items()}
    identities = [Identity(f"I{at}", texts[at]) for at in order]
    found = audit(identities, figures)
    verdicts = {verdict.identity.id: verdict.holds for verdict in found.verdicts}
    assert verdicts == {"I0": True, "I1": False, "I5": True}
    assert {refused.identity.id for refused in found.refused} == {"I2", "I3", "I4"}
    assert [verdict.identity.id for verdict in found.verdicts] == [
        f"I{at}" for at in order if f"I{at}" in verdicts
    ]
