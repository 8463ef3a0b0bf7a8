import pytest

from yingjin.basics.money import BadMoney, parse_yuan, part_of, plain_yuan, share, ten_thousand_yuan, yuan


@pytest.mark.parametrize(
    ("amount_fen", "rate_bp", "result_fen"),
    [
        (0, 6_000, 0),
        (1, 5_000, 1),
        (1, 4_999, 0),
        (3, 5_000, 2),
        (2_000_000, 7_875, 1_575_000),
        (7, 10_000, 7),
    ],
)
def test_a_share_is_rounded_half_up_to_the_fen(amount_fen, rate_bp, result_fen):
    assert share(amount_fen, rate_bp) == result_fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [("0", 0), ("1540", 154_000), ("1540.5", 154_050), ("0.07", 7), ("9999999999.99", 999_999_999_999)],
)
def test_written_yuan_are_read_into_fen(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1,540", "1.234", ".5", "1.", "12345678901", " 1", "１", "1e3", "¥1", "1\n"]
)
def test_anything_else_is_no_amount_and_says_so_with_the_value(text):
    with pytest.raises(BadMoney) as refusal:
        parse_yuan(text)
    assert refusal.value.data == {"value": text}
    assert text in refusal.value.reason_zh


def test_amounts_are_written_for_files_and_for_people():
    assert (plain_yuan(154_000), plain_yuan(-5), plain_yuan(0)) == ("1540.00", "-0.05", "0.00")
    assert (yuan(2_843_652), yuan(-122_600)) == ("28,436.52", "−1,226.00")


@pytest.mark.parametrize(
    ("fen", "text"),
    [(14_862_370_000, "14,862.37"), (4_999, "0.00"), (5_000, "0.01"), (-5_000, "−0.01"), (-4_999, "0.00")],
)
def test_summaries_are_in_ten_thousand_yuan(fen, text):
    assert ten_thousand_yuan(fen) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (5, 5, "100.00"),
        (0, 5, "0.00"),
        (0, 0, "–"),
        (99_999, 100_000, "99.99"),
    ],
)
def test_what_is_not_whole_is_never_written_as_a_hundred(part, whole, text):
    assert part_of(part, whole) == text


def test_a_percentage_may_have_no_decimals():
    assert part_of(1, 2, places=1) == "50.0"
