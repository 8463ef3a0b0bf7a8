"""Make papers: a template and data become a PDF that looks the same in fifty years (PDF/A-2b).

Nothing comes from outside the product: the faces lie in `fonts`, no package is fetched, no face of the system is
taken. The data are read by the template as data and never become its code. The same data give the same bytes.
"""

import json
import logging
import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

from yingjin.basics.errors import YingjinError
from yingjin.basics.language import ENGLISH

FONTS = Path(__file__).parent / "fonts"
STANDARD = "a-2b"
# These choose or join the letters beside them and have no shape of their own.
SHAPELESS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)
FIELD = re.compile("[a-z_]+")
BREAKS = frozenset("\n\t")

logger = logging.getLogger(__name__)


class PaperNotMade(YingjinError):
    """A template of ours does not take the data it was given; the message names the template, never the data."""

    code = "paper_not_made"


def render(template: str, data: dict[str, Any], *, language: str) -> bytes:
    """Return the paper as PDF/A-2b.

    `template` names a .typ file of the folder of papers. `data` hold texts, numbers, lists and dicts; `made_on`
    (ISO) is the day in the document's properties, `title` its title, `large` the print for weak eyes. A
    character that no face has is printed as its code, 〔U+2B81C〕, logged, and listed in `no_face`, which every
    template tells at its foot.

    Errors: PaperNotMade when the template does not take the data.
    """
    texts, lacking = printable(data)
    if lacking:
        logger.warning("No face has %s: %s prints the codes.", ", ".join(lacking), template)
    inputs = {
        "data": json.dumps({**texts, "no_face": lacking}, ensure_ascii=False, sort_keys=True),
        "language": "en" if language == ENGLISH else "zh",
    }
    folder = Path(settings.PAPERS)
    try:
        made = typst.compile(
            folder / f"{template}.typ",
            root=folder,
            font_paths=faces(),
            ignore_system_fonts=True,
            package_path=folder,
            package_cache_path=folder,
            sys_inputs=inputs,
            format="pdf",
            pdf_standards=STANDARD,
        )
    except typst.TypstError as error:
        why = without_data(str(error))
        logger.error("Template %s: %s", template, why)
        raise PaperNotMade(
            f"文书“{template}”没有做成：版式和数据对不上。请把这句话告诉县里的管理员。",
            f"The paper “{template}” was not made: template and data do not fit. Tell the county's administrator.",
            template=template,
            why=why,
        ) from None
    assert isinstance(made, bytes)
    return made


def without_data(message: str) -> str:
    """Return the typesetter's message without what it quotes of the data; names of fields stay."""
    return re.sub(r'"([^"]*)"', lambda found: found[0] if FIELD.fullmatch(found[1]) else '"…"', message)


def printable(value: Any) -> tuple[Any, list[str]]:
    """Return data with every character that no face has replaced by its code, and those codes in order."""
    lacking: set[int] = set()
    return _printable(value, lacking), [f"U+{each:04X}" for each in sorted(lacking)]


def _printable(value: Any, lacking: set[int]) -> Any:
    if isinstance(value, str):
        return "".join(_shape(each, lacking) for each in value)
    if isinstance(value, dict):
        return {key: _printable(each, lacking) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each, lacking) for each in value]
    assert value is None or isinstance(value, bool | int), f"{type(value).__name__} cannot stand on a paper"
    return value


def _shape(character: str, lacking: set[int]) -> str:
    number = ord(character)
    if has(number) or character in BREAKS:
        return character
    if number in SHAPELESS:
        return ""
    lacking.add(number)
    return f"〔U+{number:04X}〕"


def has(character: int) -> bool:
    """Say whether the plain face has a character, which is whether any face has it."""
    firsts, lasts = characters()
    place = bisect_right(firsts, character) - 1
    return place >= 0 and character <= lasts[place]


@lru_cache(maxsize=1)
def characters() -> tuple[list[int], list[int]]:
    """Return the first and the last character of every range of the plain face."""
    lines: Iterable[str] = (FONTS / "characters.txt").read_text(encoding="ascii").splitlines()
    pairs = [[int(each, 16) for each in line.split()] for line in lines]
    return [first for first, _ in pairs], [last for _, last in pairs]


@lru_cache(maxsize=1)
def faces() -> typst.Fonts:
    """Return the faces of our own folder and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
