"""Offer nobody a link that does not open: what a role may not open stands on its pages as plain text.

The pages are shared by all roles; which of their links open is said here once, beside the rights themselves.
"""

import re
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.http.response import StreamingHttpResponse

from yingjin.basics.access import MAY

# What an address begins with, and the action that opens it; the first that fits counts. What stands in the menu alone
# is not here: the menu shows it to nobody else.
OPENED_BY = (
    (r"/(?:\?[^\"]*)?", "read_overview"),
    (r"/regions/changes[^\"]*", ""),
    (r"/regions/[^\"]*", "read_overview"),
    (r"/(?:gaps|letters|held)[/.?][^\"]*", "read_gaps"),
    (r"/find/[^\"]*", "find"),
    (r"/persons/[^\"/]*/looked/[^\"]*", "read_audit"),
    (r"/persons/[^\"/]*/number/[^\"]*", "unmask"),
    (r"/(?:persons|households)/[^\"]*", "read_persons"),
    (r"/bills/[^\"]*", "read_bills"),
    (r"/(?:quality|checks)/[^\"]*", "read_quality"),
    (r"/figures/[^\"]*", "read_overview"),
    (r"/window/[0-9a-f-]{36}/[^\"]*", "read_window"),
    (r"/exports/[^\"]*", "export"),
)
LINK = re.compile(r"<a\b([^>]*?)\shref=\"([^\"]*)\"([^>]*)>(.*?)</a>", re.DOTALL)
BUTTON = re.compile(r"\bclass=\"[^\"]*\bbtn\b")


@cache
def closed_to(role: str) -> re.Pattern[str] | None:
    """Return what the addresses look like that a role may not open; None where all of them open."""
    branches = [
        f"(?P<c{number}>{address})" if action and role not in MAY[action] else f"(?:{address})"
        for number, (address, action) in enumerate(OPENED_BY)
    ]
    closed = [each for each in branches if each.startswith("(?P<")]
    return re.compile("|".join(branches)) if closed else None


def closed(address: str, role: str) -> bool:
    """Say whether an address of ours does not open to a role."""
    pattern = closed_to(role)
    found = pattern.fullmatch(address) if pattern else None
    return bool(found and any(found.groupdict().values()))


def plain(html: str, role: str) -> str:
    """Return a page without the links that do not open; a button that does not open goes whole."""

    def without(link: re.Match[str]) -> str:
        before, address, after, inner = link.groups()
        if not closed(address, role):
            return link[0]
        return "" if BUTTON.search(before + after) else f"<span>{inner}</span>"

    return LINK.sub(without, html)


class OfferNothingClosed:
    """Take the links that do not open off every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer without them."""
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated or isinstance(response, StreamingHttpResponse):
            return response
        if closed_to(user.role) and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = plain(response.content.decode(), user.role).encode()
        return response
