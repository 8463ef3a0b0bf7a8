"""What a reader sees or hears of a page, and which Chinese in it is a name and not a word of ours.

* seen           every text and every spoken attribute of a page
* Names          the Chinese that stays Chinese in English: names, places, and what the registers hold
"""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from tests.support.chinese import HAN, STAMPS
from yingjin.basics.names import INTERPUNCTS
from yingjin.care.files import icd_names
from yingjin.care.models import Contract, Treatment
from yingjin.fusion.formats import kinds
from yingjin.fusion.models import RegisterPerson, Row, SourceFile
from yingjin.insight import figures
from yingjin.registry.domain.places import KINDS, stem, without_committee
from yingjin.registry.domain.regions import COUNTY, PROVINCE
from yingjin.registry.files import regions
from yingjin.registry.models import Facility, Person, Region, User
from yingjin.settlement.models import Bill

MARKS = re.compile("[、，。；：！？（）《》]")  # the marks of Chinese sentences
SPOKEN = frozenset(
    {"title", "aria-label", "aria-description", "placeholder", "alt", "data-label", "data-tip"}
)
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
UNSEEN = frozenset({"script", "style"})
# The brand, the switch to Chinese, and the examples of how a name may be written.
OURS = frozenset({"应尽", "中文", "禄小英", "瓦厂村", "核算"})
EXAMPLES_IN_FIGURES = frozenset({"武鸣", "邕宁", "武鸣、邕宁"})


class _Page(HTMLParser):
    """Collects texts outside of scripts and of what says itself to be Chinese."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.language = ""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element says by its attributes, and whether what is inside it counts."""
        named = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = named.get("lang", "")
        unseen = tag in UNSEEN or (tag != "html" and named.get("lang", "").startswith("zh"))
        if not unseen and self._seen:
            self.texts += [value for name, value in named.items() if name in SPOKEN]
            if tag == "input" and named.get("type") in ("submit", "button"):
                self.texts.append(named.get("value", ""))
        if tag not in VOID:
            self._open.append((tag, unseen))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep a text that counts."""
        if self._seen and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def _seen(self) -> bool:
        return not any(unseen for _, unseen in self._open)


def seen(page: str) -> tuple[str, list[str]]:
    """Return the language a page says it is in, and its texts."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    return parser.language, parser.texts


class Names:
    """The Chinese that stays Chinese: gathered once from what the county holds."""

    def __init__(self) -> None:
        held = set(_held())
        self._known = {run for text in held for run in HAN.findall(_joined(text))} | OURS
        self._with_marks = {text for text in held if MARKS.search(text)}

    def words_left(self, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Yield each run of Chinese that is no name, with the text it stands in."""
        for text in texts:
            for run in HAN.findall(_joined(text)):
                if not self._is_of_names(run):
                    yield run, text
            for mark in MARKS.findall(text):
                if not any(mark in name for name in self._with_marks if name in text):
                    yield mark, text

    def _is_of_names(self, run: str) -> bool:
        """Say whether a run is a name, or several written together, as an address is."""
        if run in self._known or run in STAMPS:
            return True
        reached = {0}
        for end in range(1, len(run) + 1):
            # A part of an address has two characters at least: single ones would make a sentence of anything.
            if any(start in reached and run[start:end] in self._known for start in range(end - 1)):
                reached.add(end)
        return len(run) in reached


def _joined(text: str) -> str:
    """Leave out the dots inside names, which are no Chinese character."""
    return "".join(char for char in text if char not in INTERPUNCTS)


def _held() -> Iterator[str]:
    yield from Person.objects.values_list("name", flat=True)
    yield from RegisterPerson.objects.values_list("name", flat=True)
    yield from User.objects.values_list("display_name", flat=True)
    yield from Facility.objects.values_list("name", flat=True)
    yield from Bill.objects.values_list("facility_name", flat=True)
    yield from SourceFile.objects.values_list("name", flat=True)
    for doctor in Contract.objects.values_list("doctor", "team"):
        yield from doctor
    yield from Treatment.objects.values_list("facility_name", flat=True)
    for payload in Row.objects.values_list("payload", flat=True):
        yield from _cells(payload)
    yield from icd_names().values()
    for kind in kinds().values():
        yield kind.sheet or ""
        yield from (column.name for column in kind.columns)
    for name in Region.objects.values_list("name", flat=True):
        yield from _place(name)
    for level in (PROVINCE, "city", COUNTY):
        for row in regions(level):
            yield from _place(row.name)
    for each in figures.audited():
        yield each.figure.place
        yield f"《{each.document.title_zh}》"
    yield from EXAMPLES_IN_FIGURES


def _place(name: str) -> Iterator[str]:
    from yingjin.console.templatetags.yingjin import PEOPLES

    yield from (name, without_committee(name), PEOPLES.sub("", name))
    yield from (stem(name, level) for level in KINDS)


def _cells(payload: Any) -> Iterator[str]:
    if isinstance(payload, dict):
        for value in payload.values():
            yield from _cells(value)
    elif isinstance(payload, str):
        yield payload
