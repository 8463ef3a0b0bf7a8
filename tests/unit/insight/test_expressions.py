"""Expressions between published figures: what is read, how it is judged, what is refused."""

from fractions import Fraction

import pytest

from yingjin.insight.domain.expressions import (
    BITS_MAX,
    CHARACTERS_MAX,
    NESTING_MAX,
    BadExpression,
    Calculation,
    DividesByZero,
    Mention,
    Negative,
    Quantity,
    Step,
    TooLarge,
    judge,
    put_in,
    quantity,
    read,
    round_half_up,
)


def values(**texts):
    return {key: quantity(text) for key, text in texts.items()}


def links(text, **texts):
    return judge(read(text), values(**texts))


def holds(text, **texts):
    return all(link.holds for link in links(text, **texts))


def number(text):
    return Quantity(Fraction(text), len(text.partition(".")[2]))


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("1+2*3", "7"),
        ("(1+2)*3", "9"),
        ("10-4-3", "3"),
        ("8/4/2", "1"),
        ("2*3/4*6", "9"),
        ("7-6/3+1", "6"),
        ("0.1+0.2", "0.3"),
        ("-2*-3", "6"),
        ("--2", "2"),
        ("-(1+2)", "-3"),
        ("2--3", "5"),
        ("\t( 1 )  ", "1"),
        ("1/3*3", "1"),
    ],
)
def test_signs_bind_as_they_do_on_paper_and_no_digit_is_lost(text, worth):
    (link,) = links(f"{text} <= 0")
    assert link.left == Fraction(worth)


def test_an_expression_is_read_into_its_sides_signs_and_mentions():
    relation = read("0 <= F1_2+-F3*2 <= 100")
    assert relation.signs == ("<=", "<=")
    product = Calculation(Negative(Mention("F3", 12)), (Step("*", 14, number("2")),))
    assert relation.sides == (
        number("0"),
        Calculation(Mention("F1_2", 6), (Step("+", 10, product),)),
        number("100"),
    )
    assert relation.mentions == (Mention("F1_2", 6), Mention("F3", 12))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.3/13.7*100 = 75", True),  # 75.18…
        ("2497.86/2775.27*100 = 90.01", False),  # 90.0042…
        ("2497.86/2775.27*100 = 90.00", True),
        ("1/8 = 0.13", True),  # a half goes up
        ("1/8 = 0.12", False),
        ("1/8 = 0.125", True),
        ("1/8 = 0.1250", True),
        ("0-1/8 = -0.13", True),  # and down on the other side of zero
        ("0-1/8 = -0.12", False),
        ("5/2 = 3", True),
        ("5/2 = 2", False),
        ("5/2 = (3)", True),  # a bracket round one number is still that number
        ("-(5/2) = -3", True),
        ("3.566 = 2", False),
    ],
)
def test_the_left_side_is_rounded_half_up_to_the_decimals_of_the_stated_value(text, expected):
    assert holds(text) is expected


def test_the_decimals_of_a_figure_are_those_it_was_published_with():
    assert holds("20573.001 = F", F="20573.00")
    assert not holds("20573.001 = F", F="20573.000")
    assert holds("-20573.001 = -F", F="20573.00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1+3 = 2+2", True), ("10/3 = 20/6", True), ("75 = 10.3/13.7*100", False), ("75 = -(0-75)", True)],
)
def test_a_right_side_that_is_worked_out_is_compared_exactly(text, expected):
    assert holds(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2.0001 <= 2", False), ("2 <= 2", True), ("1.9999 <= 2", True), ("73 <= 1228/1685*100", False)],
)
def test_at_most_compares_exactly_and_rounds_nothing(text, expected):
    assert holds(text) is expected


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("0 <= 90.01 <= 100", [True, True]),
        ("0 <= 105 <= 100", [True, False]),
        ("1 <= 0 <= 100", [False, True]),
        ("2+2 = 4 = 4.0 <= 5", [True, True, True]),
        ("7/2 = 4 = 3.5", [True, False]),
    ],
)
def test_a_chain_is_judged_sign_by_sign(text, verdicts):
    assert [link.holds for link in links(text)] == verdicts


@pytest.mark.parametrize(
    ("text", "stated", "computed"),
    [
        ("1+1 = F", 3, 2),
        ("F <= 1+1", 3, 2),
        ("F = 5", 5, 3),
        ("1+1 <= 2+2", 4, 2),
    ],
)
def test_the_stated_side_is_the_one_that_was_published(text, stated, computed):
    (link,) = links(text, F="3")
    assert (link.stated, link.computed) == (stated, computed)


@pytest.mark.parametrize(
    ("text", "column", "word"),
    [
        ("", 1, ""),
        ("   ", 4, ""),
        ("F1", 3, ""),
        ("F1 =", 5, ""),
        ("= F1", 1, "="),
        ("1 + = 2", 5, "="),
        ("1 2 = 3", 3, "2"),
        ("2F1 = 3", 2, "F1"),
        ("(1+2 = 3", 6, "="),
        ("1+2) = 3", 4, ")"),
        ("() = 3", 2, ")"),
        ("1 < 2", 3, "<"),
        ("1 >= 2", 3, ">"),
        ("1 == 2", 4, "="),
        ("1 <= = 2", 6, "="),
        ("2**3 = 8", 3, "*"),
        ("2^3 = 8", 2, "^"),
        ("1e5 = 100000", 2, "e5"),
        ("1. = 1", 2, "."),
        (".5 = 1", 1, "."),
        ("1,000 = 1000", 2, ","),
        ("+1 = 1", 1, "+"),
        ("１ = 1", 1, "１"),
        ("1 ＝ 1", 3, "＝"),
        ("1 = 1\n", 6, "U+000A"),
        ("1 = \x00", 5, "U+0000"),
        ("__import__('os') = 1", 1, "_"),
        ("F1.real = 1", 3, "."),
        ("len(F1) = 1", 4, "("),
    ],
)
def test_what_does_not_fit_the_grammar_is_refused_where_it_stands(text, column, word):
    with pytest.raises(BadExpression) as refused:
        read(text)
    assert refused.value.data["column"] == column
    assert (
        f"第 {column} 个字符" in refused.value.reason_zh
        and f"“{word}”" in refused.value.reason_zh
        or not word
    )
    assert refused.value.reason_en.startswith(f"Character {column}:")


def test_too_long_an_expression_is_refused():
    assert holds("1" + "+1" * 900 + " = 901")
    with pytest.raises(BadExpression, match=f"{CHARACTERS_MAX}"):
        read("1" * (CHARACTERS_MAX - 3) + " = 1")


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("-", "")])
def test_too_deep_an_expression_is_refused(opening, closing):
    deepest = opening * NESTING_MAX + "1" + closing * NESTING_MAX
    assert holds(f"{deepest} = 1")
    with pytest.raises(BadExpression) as refused:
        read(f"{opening}{deepest}{closing} = 1")
    assert refused.value.data["column"] == NESTING_MAX + 2


def test_dividing_by_zero_is_refused_at_its_sign():
    with pytest.raises(DividesByZero) as refused:
        links("1 + F/(2-2) = 1", F="3")
    assert refused.value.data["column"] == 6


def test_a_number_beyond_reason_is_refused_before_it_grows():
    with pytest.raises(TooLarge) as refused:
        links("*".join(["F"] * 900) + " = 1", F="9" * 20)
    assert refused.value.data["column"] % 2 == 0
    with pytest.raises(TooLarge):
        links("1" + "/F" * 900 + " = 1", F="9" * 20)
    assert 2**BITS_MAX > 10**500


@pytest.mark.parametrize(
    "text", ["2016-08", "2016-12-01", "09-04", "", "12 ", "1.", ".5", "1e5", "１", "约 5", "9" * 21]
)
def test_a_date_or_text_is_no_quantity(text):
    assert quantity(text) is None


@pytest.mark.parametrize(
    ("text", "exact", "decimals"), [("0", 0, 0), ("20573.00", 20573, 2), ("-3.2", Fraction(-16, 5), 1)]
)
def test_a_value_keeps_its_decimals_as_published(text, exact, decimals):
    assert quantity(text) == Quantity(Fraction(exact), decimals)


def test_values_are_put_in_as_published():
    relation = read(" F1-F10*F1 = F2 ")
    assert put_in(relation, {"F1": "20573.00", "F10": "-2", "F2": "0"}) == "20573.00-(-2)*20573.00 = 0"


@pytest.mark.parametrize(
    ("value", "decimals", "rounded"),
    [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("0.49", 0, "0"),
        ("2.345", 2, "2.35"),
        ("-2.345", 2, "-2.35"),
        ("7", 3, "7"),
    ],
)
def test_a_half_goes_away_from_zero(value, decimals, rounded):
    assert round_half_up(Fraction(value), decimals) == Fraction(rounded)
