"""Every page of the console by name: the list the look is tested on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

from tests.e2e.desk import Visitor

NAMES = (
    "overview", "overview_of_a_township", "overview_of_a_village", "gaps", "gap_chosen", "gap_of_money", "gap_act", "gap_except", "gap_letter",
    "gap_week", "letters", "held_bills", "gaps_done", "gaps_due",
    "gaps_none", "find", "found", "found_nobody", "person", "number", "who_looked", "household", "bill", "slip", "slip_large", "rules",
    "figures", "figures_broken", "figure", "files", "refused", "unlinked", "disagreements", "held", "incomplete",
    "cancelled", "region", "region_of_a_village", "region_changes", "region_found", "notices", "filters", "help",
    "day_not_found", "nothing_here",
)  # fmt: skip
QUALITY = ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled")


@dataclass(frozen=True)
class Pages:
    """The addresses, by name."""

    paths: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.paths[name]

    def items(self) -> Iterator[tuple[str, str]]:
        """Return names and addresses."""
        return iter(self.paths.items())


def links(text: str, pattern: str) -> list[str]:
    """Return the addresses on a page that fit a pattern, in their order."""
    return [
        unescape(link) for link in re.findall(r'href="([^"]*)"', text) if re.search(pattern, unescape(link))
    ]


def find_pages(visitor: Visitor) -> Pages:
    """Go through the console as a reader and keep an address of each kind of page."""
    township = links(visitor.page("/"), r"^/\?.*region=\d{9}$")[0]
    village = links(visitor.page(township), r"^/\?.*region=\d{12}$")[0]
    gaps = visitor.page("/gaps/")
    covered = visitor.page("/gaps/?due=covered&status=due")
    person = links(covered, r"^/persons/")[0]
    person_page = visitor.page(person)
    bill = links(person_page, r"^/bills/")[0]
    one = parse_qs(urlsplit(links(gaps, r"[?&]gap=")[0]).query)["gap"][0]

    def act(do: str) -> str:
        return f"/gaps/act/?do={do}&gap={one}&seen=0"

    paths = {
        "overview": "/",
        "overview_of_a_township": township,
        "overview_of_a_village": village,
        "gaps": "/gaps/",
        "gap_chosen": "/gaps/" + links(gaps, r"[?&]gap=")[0],
        "gap_of_money": "/gaps/" + links(visitor.page("/gaps/?due=covered"), r"[?&]gap=")[0],
        "gap_act": act("work"),
        "gap_except": act("except"),
        "gap_letter": act("letter"),
        "gap_week": "/gaps/week/?what=opened",
        "letters": "/letters/",
        "held_bills": "/held/",
        "gaps_done": "/gaps/?status=done",
        "gaps_due": "/gaps/?status=due&due=covered",
        "gaps_none": "/gaps/?age=0-29&status=excepted&due=covered",
        "find": "/find/",
        "found": "/find/?q=li",
        "found_nobody": "/find/?q=zzzz",
        "person": person,
        "number": person.split("?")[0] + "number/",
        "who_looked": person.split("?")[0] + "looked/",
        "household": links(person_page, r"^/households/")[0],
        "bill": bill,
        "slip": f"{bill}slip/",
        "slip_large": f"{bill}slip/?large=1",
        "rules": "/rules/",
        "figures": "/figures/",
        "figures_broken": "/figures/?show=broken",
        "figure": links(visitor.page("/figures/"), r"^/figures/F")[0],
        **{kind: f"/quality/{kind}/" for kind in QUALITY},
        "region": "/regions/",
        "region_of_a_village": f"/regions/{parse_qs(urlsplit(village).query)['region'][0]}/",
        "region_changes": "/regions/changes/?q=522428",
        "region_found": "/regions/changes/?q=bijie&year=2011",
        "notices": "/notices/",
        "filters": "/filters/?page=gaps&query=due%3Dinsured",
        "help": "/help/gaps/",
        "day_not_found": "/?on=2020-02-02",
        "nothing_here": "/nowhere/",
    }
    assert tuple(paths) == NAMES
    return Pages(paths)
