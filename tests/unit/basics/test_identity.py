from datetime import date

import pytest

from yingjin.basics import identity

# The example number of GB 11643-1999 itself.
EXAMPLE = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (EXAMPLE, EXAMPLE),
        ("11010519491231002x", EXAMPLE),
        (" 110105 19491231 002Ｘ ", EXAMPLE),
        ("110105491231002", EXAMPLE),
        ("110105194912310021", None),
        ("110105194913310025", None),
        ("110105190002290000", None),
        ("1101051949123100", None),
        ("", None),
    ],
)
def test_a_valid_number_is_read_into_eighteen_characters(text, number):
    assert identity.to18(text) == number
    assert identity.valid(text) is (number is not None)


def test_birthday_and_sex_are_in_the_number():
    assert identity.born_on(EXAMPLE) == date(1949, 12, 31)
    assert identity.sex(EXAMPLE) == "female"
    assert identity.sex("110105194912310038") == "male"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("52242819630412204X", "522428 ········ 204X"),
        ("522428630412204", "········ 2204"),
        ("12345678", "········"),
        ("", ""),
    ],
)
def test_a_number_is_shown_without_its_birthday(text, shown):
    assert identity.masked(text) == shown


def test_a_check_digit_belongs_to_digits_alone():
    with pytest.raises(ValueError, match="not all digits"):
        identity.check_digit("5224281961020300X")
