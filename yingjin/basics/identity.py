"""Chinese identity numbers (GB 11643-1999): read as text, checked, shown masked."""

import re
import unicodedata
from datetime import date
from operator import mul

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
ZEROS = ord("0") * sum(WEIGHTS)  # what the digits' codes add up to beyond the digits themselves
EIGHTEEN = re.compile(r"^[1-9]\d{16}[0-9X]$", re.ASCII)
FIFTEEN = re.compile(r"^[1-9]\d{14}$", re.ASCII)
DOTS = "·" * 8


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
    number = clean(text)
    if len(number) == 15 and FIFTEEN.fullmatch(number):
        first17 = number[:6] + "19" + number[6:]
        number = first17 + check_digit(first17)
    if not EIGHTEEN.fullmatch(number) or born_on(number) is None or check_digit(number[:17]) != number[17]:
        return None
    return number


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
