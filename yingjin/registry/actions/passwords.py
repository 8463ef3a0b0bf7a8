"""What a password somebody chooses must be: each rule with its own words, so that the next try fits."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from yingjin.basics.errors import BadInput

LONGEST = 128  # characters; a whole sentence fits
TELLING_NUMBER = 4  # characters: a shorter staff number stands in many a good sentence

SHORT = ("新密码太短：至少 10 个字符。", "The new password is too short: at least 10 characters.")
LONG = (
    f"新密码太长：最多 {LONGEST} 个字符。",
    f"The new password is too long: at most {LONGEST} characters.",
)
DIGITS = (
    "新密码只有数字，太容易猜。加上字母或汉字。",
    "The new password is digits alone, which is easily guessed. Add letters.",
)
COMMON = (
    "新密码是很多人都用的，太容易猜。换一个。",
    "The new password is one that many people use. Choose another.",
)
NUMBER = (
    "新密码里有您的工号，太容易猜。换一个。",
    "The new password holds your username. Choose another.",
)
SAME = (
    "新密码和现在的一样。换一个。",
    "The new password is the present one. Choose another.",
)
BY_CODE = {"password_too_short": SHORT, "password_entirely_numeric": DIGITS, "password_too_common": COMMON}


class PasswordTooWeak(BadInput):
    """The new password could be guessed, or is the one that was to go."""

    code = "password_too_weak"

    def __init__(self, words: tuple[str, str]) -> None:
        super().__init__(*words, field="new")


def check_password(new: str, *, username: str, old: str = "") -> None:
    """See that a password is hard to guess and not the old one. Errors: PasswordTooWeak, for the first rule broken."""
    if len(new) > LONGEST:
        raise PasswordTooWeak(LONG)
    try:
        validate_password(new)
    except ValidationError as refused:
        raise PasswordTooWeak(BY_CODE[refused.error_list[0].code or ""]) from None
    if len(username) >= TELLING_NUMBER and username.lower() in new.lower():
        raise PasswordTooWeak(NUMBER)
    if new == old:
        raise PasswordTooWeak(SAME)
