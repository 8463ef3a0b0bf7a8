"""Verdicts on identities, and every reason why one cannot be judged."""

from fractions import Fraction

import pytest

from yingjin.insight.domain.figures import Figure, Identity, audit, plain

FIGURES = {
    figure.id: figure
    for figure in (
        Figure("TOTAL", "2775.27"),
        Figure("PAID", "2497.86"),
        Figure("RATIO", "90.01"),
        Figure("DAY", "2016-08", unit="日期 date"),
        Figure("YEAR", "2030", unit="年 year"),
        Figure("YEARS", "3", unit="年 years"),
        Figure("WORDS", "约 5 成"),
        Figure("NOUGHT", "0"),
    )
}


def found(*expressions):
    return audit([Identity(f"I{number}", text) for number, text in enumerate(expressions)], FIGURES)


def test_a_broken_identity_opens_into_its_parts():
    (verdict,) = found("PAID/TOTAL*100 = RATIO").broken
    assert not verdict.holds
    assert verdict.figures == (FIGURES["PAID"], FIGURES["TOTAL"], FIGURES["RATIO"])
    assert verdict.with_values == "2497.86/2775.27*100 = 90.01"
    assert (verdict.stated, verdict.computed, verdict.rounded) == ("90.01", "90.004216", "90.00")
    assert verdict.difference == "-0.005784"


def test_a_figure_mentioned_twice_is_one_operand():
    (verdict,) = found("PAID-PAID+YEARS = YEARS").verdicts
    assert verdict.holds and [figure.id for figure in verdict.figures] == ["PAID", "YEARS"]


@pytest.mark.parametrize(
    ("expression", "stated", "computed", "rounded"),
    [
        ("0 <= RATIO <= 90", "90", "90.01", ""),  # the first broken sign decides
        ("RATIO <= 90 = 90", "90", "90.01", ""),
        ("0 <= RATIO <= 100", "100", "90.01", ""),  # the last one when all hold
        ("RATIO <= TOTAL-PAID", "90.01", "277.41", ""),
        ("TOTAL-PAID = 277+0.41", "277.41", "277.41", ""),
        ("1/3 = NOUGHT", "0", "0.333333", "0"),
    ],
)
def test_the_deciding_sign_is_shown(expression, stated, computed, rounded):
    (verdict,) = found(expression).verdicts
    assert (verdict.stated, verdict.computed, verdict.rounded) == (stated, computed, rounded)


def test_verdicts_keep_the_order_of_the_identities():
    audited = found("1 = 2", "1 = 1", "2 = 3")
    assert [verdict.identity.id for verdict in audited.verdicts] == ["I0", "I1", "I2"]
    assert [verdict.identity.id for verdict in audited.broken] == ["I0", "I2"]


@pytest.mark.parametrize("key", ["DAY", "YEAR", "WORDS"])
def test_a_date_or_text_is_shown_and_never_calculated_with(key):
    audited = found(f"1 <= {key}")
    assert not audited.verdicts
    (refused,) = audited.refused
    assert refused.error.code == "not_a_number" and refused.error.data == {"column": 6}
    assert FIGURES[key].value in refused.error.reason_zh and FIGURES[key].value in refused.error.reason_en


def test_an_identity_is_refused_with_all_its_reasons_and_stops_no_other():
    audited = found("NONE+DAY = NEITHER", "1/NOUGHT = 1", "1 +", "1 = 1")
    assert [
        (refused.identity.id, refused.error.code, refused.error.data["column"]) for refused in audited.refused
    ] == [
        ("I0", "unknown_figure", 1),
        ("I0", "not_a_number", 6),
        ("I0", "unknown_figure", 12),
        ("I1", "divides_by_zero", 2),
        ("I2", "bad_expression", 4),
    ]
    assert [verdict.identity.id for verdict in audited.verdicts] == ["I3"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", None, "0"),
        ("83735.0025", None, "83735.0025"),
        ("1/3", None, "0.333333"),
        ("-2/3", None, "-0.666667"),
        ("-1/10000000", None, "0"),
        ("3000", None, "3000"),
        ("90", 2, "90.00"),
        ("-5", 0, "-5"),
        ("0", 0, "0"),
        ("1/3", 9, "0.333333333"),
    ],
)
def test_numbers_are_written_for_people(value, decimals, text):
    assert plain(Fraction(value), decimals) == text
