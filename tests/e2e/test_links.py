"""No link is dead: whoever follows the links from the overview always comes to a page."""

import re

import pytest

from tests.e2e.desk import AUDITOR, DOCTOR, OFFICER
from tests.e2e.pages import links

PAGES_AT_MOST = 150
OF_EACH_KIND = 3
KEYS = re.compile(r"[0-9a-f-]{36}|\d{6,12}|F\d+_\w+|gap=[^&]*")


def kind(path: str) -> str:
    """Return an address without the keys in it: links of one kind lead to pages of one kind."""
    return KEYS.sub("X", path)


def absolute(link: str, page: str) -> str:
    """Return where a link on a page leads."""
    return (link if link.startswith("/") else page.split("?")[0] + link).split("#")[0]


@pytest.mark.parametrize("username", [OFFICER, DOCTOR, AUDITOR])
def test_every_link_leads_to_a_page(desk, username):
    visitor = desk.visitor(username)
    answers: dict[str, int] = {}
    waiting, kinds = ["/", "/find/?q=li"], {}
    while waiting and len(answers) < PAGES_AT_MOST:
        path = waiting.pop(0)
        answers[path], text = visitor.ask(path)
        for link in links(text, r"^/(?!static)|^\?"):
            target = absolute(link, path)
            if (
                target not in kinds.setdefault(kind(target), set())
                and len(kinds[kind(target)]) < OF_EACH_KIND
            ):
                kinds[kind(target)].add(target)
                waiting.append(target)
    assert {path: status for path, status in answers.items() if status != 200} == {}
    assert len(answers) > 30
