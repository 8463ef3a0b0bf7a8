"""Money is a whole number of fen, everywhere. Rates are ten-thousandths (`_bp`)."""

import re

from yingjin.basics.errors import BadInput

MONEY = re.compile(r"^\d{1,10}(\.\d{1,2})?$", re.ASCII)
WHOLE_BP = 10_000


class BadMoney(BadInput):
    code = "bad_money"


def share(amount_fen: int, rate_bp: int) -> int:
    """Return the given share of an amount, rounded half up to the fen.

    Units: fen, ten-thousandths; the amount may not be below 0.
    Source: P01.
    """
    return (amount_fen * rate_bp + WHOLE_BP // 2) // WHOLE_BP


def parse_yuan(text: str) -> int:
    """Read a written amount of yuan into fen: "1540.5" becomes 154050.

    Units: fen. Errors: BadMoney for a sign, a thousands mark, more than two decimals or ten digits.
    """
    if not MONEY.fullmatch(text):
        raise BadMoney(
            f"“{text}”不是金额。写成 1234.50：不带符号、逗号，小数最多两位。",
            f"“{text}” is not an amount. Write 1234.50: no sign, no comma, at most two decimals.",
            value=text,
        )
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def plain_yuan(amount_fen: int) -> str:
    """Write an amount for files: 154000 becomes 1540.00."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02}"


def yuan(amount_fen: int) -> str:
    """Write an amount for people: 154000 becomes 1,540.00; below zero with the minus sign −."""
    sign = "−" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02}"


def ten_thousand_yuan(amount_fen: int) -> str:
    """Write an amount in 万元 with two decimals, rounded half up, for summaries."""
    hundredths = (abs(amount_fen) + 5_000) // 10_000
    sign = "−" if amount_fen < 0 and hundredths else ""
    return f"{sign}{hundredths // 100:,}.{hundredths % 100:02}"


def part_of(part: int, whole: int, places: int = 2) -> str:
    """Write part ÷ whole as a percentage, rounded half up; a dash when the whole is 0.

    99.996 % is not 100: what is not whole never rounds up to 100.00 (R73).
    """
    if whole == 0:
        return "–"
    scale = 10**places
    units = (part * 100 * scale * 2 + whole) // (whole * 2)
    if part < whole and units >= 100 * scale:
        units = 100 * scale - 1
    return f"{units // scale}.{units % scale:0{places}d}"
