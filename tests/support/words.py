"""The English catalogue: every `translate` of a template and every `gettext` of a module has its English.

`make words` writes it: yingjin/locale/en/<area>.po are written by hand, LC_MESSAGES/django.mo is what Django reads.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.support.tree import ROOT, sources, texts

ENGLISH = ROOT / "yingjin" / "locale" / "en"
COMPILED = ENGLISH / "LC_MESSAGES" / "django.mo"
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes whenever it is written
KEYWORDS = {"gettext": None, "gettext_lazy": None, "_": None, "ngettext": (1, 2)}


def asked_both_ways() -> set[str]:
    """Return the texts asked for alone in one place and by number in another: a catalogue holds one form only."""
    alone, by_number = set(), set()
    for _, python in _all_code():
        for _, message, _, _ in extract("python", BytesIO(python.encode()), keywords=KEYWORDS):
            alone |= {message} if isinstance(message, str) else set()
            by_number |= set() if isinstance(message, str) else {message[0]}
    return alone & by_number


def asked() -> dict[str, str]:
    """Return every text that is marked for translation, with the first place where it stands."""
    found: dict[str, str] = {}
    for path, python in _all_code():
        for line, message, _, _ in extract("python", BytesIO(python.encode()), keywords=KEYWORDS):
            text = message if isinstance(message, str) else message[0]
            if text:
                found.setdefault(text, f"{path}:{line}")
    return found


def _all_code() -> Iterator[tuple[Path, str]]:
    from django.utils.translation.template import templatize

    for path in sources("yingjin"):
        yield path, (ROOT / path).read_text(encoding="utf-8")
    for path, text in texts(".html"):
        if path.parts[0] == "yingjin":
            yield path, _as_python(templatize(text, origin=str(path)))


CALLS = re.compile(r"(?:\bn?gettext|(?<!\w)_)\((?:u?'(?:\\.|[^'\\])*'|u?\"(?:\\.|[^\"\\])*\"|[\w\s,.|])*\)")


def _as_python(templatized: str) -> str:
    """Return what templatize made as lines Python can read: each call alone, all else away."""
    return "\n".join(CALLS.findall(templatized))


def messages() -> Iterator[Message]:
    """Yield every text of the files people edit, with its English."""
    for path in sorted(ENGLISH.glob("*.po")):
        with path.open("rb") as file:
            yield from (message for message in read_po(file, locale="en") if message.id)


def written() -> dict[str, tuple[str, ...]]:
    """Return the English of every text, one form or two; two files that differ about one are refused."""
    found: dict[str, tuple[str, ...]] = {}
    for message in messages():
        key = message.id if isinstance(message.id, str) else message.id[0]
        english = (message.string,) if isinstance(message.string, str) else tuple(message.string)
        if found.setdefault(key, english) != english:
            raise ValueError(f"“{key}” is {found[key]} in one file and {english} in another")
    return found


def compiled() -> bytes:
    """Return the catalogue as Django reads it."""
    catalog = Catalog(locale="en", charset="utf-8", creation_date=SOME_DAY, revision_date=SOME_DAY)
    for message in sorted(messages(), key=lambda message: str(message.id)):
        catalog.add(message.id, message.string)
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def missing() -> dict[str, str]:
    """Return the texts without English, with where they stand."""
    known = written()
    return {text: place for text, place in asked().items() if not all(known.get(text, ("",)))}


if __name__ == "__main__":
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    COMPILED.write_bytes(compiled())
    lacking = missing()
    for text, place in lacking.items():
        print(f"{place}: {text}")
    sys.exit(bool(lacking))
