"""Chinese identity numbers (GB 11643-1999): read as text, checked, shown masked."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
ZEROS = ord("0") * sum(WEIGHTS)  # what the digits' codes add up to beyond the digits themselves
EIGHTEEN = re.compile(r"^[1-9]\d{16}[0-9X]$", re.ASCII)
FIFTEEN = re.compile(r"^[1-9]\d{14}$", re.ASCII)
DOTS = "·" * 8
WHOLE = 18


def clean(text: str) -> str:
    """Return the number as written, full-width forms and spaces undone, x as X; nothing else is mended."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.replace(" ", "").strip().upper()


def check_digit(first17: str) -> str:
    """Return the eighteenth character that belongs to the first seventeen digits."""
    digits = first17.encode("ascii")
    if not digits.isdigit():
        raise ValueError(f"{len(first17)} characters that are not all digits")
    return CHECK[(sum(map(mul, digits, WEIGHTS)) - ZEROS) % 11]


def to18(text: str) -> str | None:
    """Return the valid 18-character form of an 18- or 15-digit number, or None when it is not valid."""
    if plain(text):
        return text
    number = clean(text)
    if len(number) == 15 and FIFTEEN.fullmatch(number):
        first17 = number[:6] + "19" + number[6:]
        number = first17 + check_digit(first17)
    if not EIGHTEEN.fullmatch(number) or born_on(number) is None or check_digit(number[:17]) != number[17]:
        return None
    return number


def plain(number: str, born_on: str = "") -> bool:
    """Say that a number of eighteen characters is valid as it stands and a birthday beside it is its own.

    The parts of a number recur, so each is weighed once. False says nothing: `to18` decides.
    """
    if len(number) != WHOLE:
        return False
    place, sequence = _place_in(number[:6]), _sequence_in(number[14:17])
    day, weight = _day_in(number[6:14])
    if place < 0 or sequence < 0 or not day or (born_on and born_on != day):
        return False
    return CHECK[(place + weight + sequence) % 11] == number[17]


@lru_cache(maxsize=131_072)
def _day_in(digits: str) -> tuple[str, int]:
    """Return the day of eight digits as ISO text and what they add to the check sum; no day when there is none."""
    if digits.isascii() and digits.isdigit():
        try:
            day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        except ValueError:
            return "", 0
        return day.isoformat(), _weighed(digits, 6)
    return "", 0


@lru_cache(maxsize=65_536)
def _place_in(digits: str) -> int:
    """Return what the first six digits add to the check sum; below 0 when they are none."""
    return _weighed(digits, 0) if digits.isascii() and digits.isdigit() and digits[0] != "0" else -1


@lru_cache(maxsize=1_024)
def _sequence_in(digits: str) -> int:
    """Return what the last three digits add to the check sum; below 0 when they are none."""
    return _weighed(digits, 14) if digits.isascii() and digits.isdigit() else -1


def _weighed(digits: str, place: int) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS[place:], strict=False))


def valid(text: str) -> bool:
    """Say whether the number is well formed, holds a real birthday and its check digit agrees."""
    return to18(text) is not None


def born_on(number18: str) -> date | None:
    """Return the birthday inside an 18-character number, or None when no calendar has it."""
    try:
        return date(int(number18[6:10]), int(number18[10:12]), int(number18[12:14]))
    except ValueError:
        return None


def sex(number18: str) -> str:
    """Return "male" or "female" by the seventeenth digit."""
    return "male" if int(number18[16]) % 2 else "female"


def masked(text: str) -> str:
    """Show a number without its birthday: 522428 ········ 204X; a number of another length keeps its last four."""
    number = clean(text)
    if not number:
        return ""
    if len(number) == 18:
        return f"{number[:6]} {DOTS} {number[14:]}"
    return f"{DOTS} {number[-4:]}" if len(number) > 8 else DOTS
