"""What stands around every page: menu, who is signed in, how fresh the data is; and the day a page speaks of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from yingjin import __version__
from yingjin.basics.access import may
from yingjin.basics.days import parse_day
from yingjin.basics.errors import BadInput
from yingjin.console.help_texts import help_of
from yingjin.console.unread import unread
from yingjin.insight import queries

# Each entry is shown to whose work it is: the action of access.MAY that opens it.
MENU = (
    ("till", _("窗口"), "read_window"),
    ("users", _("用户"), "change_user"),
    ("boundaries", _("轮廓"), "change_regions"),
    ("overview", _("总览"), "read_overview"),
    ("regions", _("地方"), "read_overview"),
    ("gaps", _("缺口"), "read_gaps"),
    ("find", _("查人"), "find"),
    ("checks", _("核对"), "read_quality"),
    ("rules", _("规则"), "look"),
    ("figures", _("公布数"), "read_overview"),
    ("imports", _("导入"), "import"),
)
PART_OF = {
    "person": "find",
    "number": "find",
    "who_looked": "find",
    "household": "find",
    "bill": "find",
    "slip": "find",
    "quality": "checks",
    "quote": "till",
    "user": "users",
    "clients": "users",
    "client_add": "users",
    "client_act": "users",
    "user_add": "users",
    "user_act": "users",
    "region": "regions",
    "region_changes": "regions",
    "figure": "figures",
    "gap_act": "gaps",
    "gap_week": "gaps",
    "letters": "gaps",
    "letter": "gaps",
    "held": "gaps",
    "import": "imports",
    "export_new": "exports",
    "export_cancel": "exports",
    "import_cancel": "imports",
}


@dataclass(frozen=True)
class MenuEntry:
    """One entry of the menu; `here` is "page" on the page itself, "true" on a page that belongs to it."""

    url: str
    label: str | Promise
    here: str


class BadPage(BadInput):
    code = "bad_page"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give every template the menu and, for a signed-in reader, what the footer says."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"menu": []}
    return {
        "menu": menu(request),
        "finds": may(user, "find"),
        "exports": may(user, "export"),
        "unread": SimpleLazyObject(lambda: unread(request)),
        "help_page": help_page(request),
        "as_of": SimpleLazyObject(lambda: as_of(request)),
        "version": __version__,
    }


def help_page(request: HttpRequest) -> str:
    """Return by what name the present page's help is found; blank for a page without."""
    name = (request.resolver_match.url_name if request.resolver_match else None) or ""
    return name if help_of(name, "zh") else ""


def menu(request: HttpRequest) -> list[MenuEntry]:
    """Return the menu with the present page marked."""
    name = request.resolver_match.url_name if request.resolver_match else None
    here = PART_OF.get(name or "", name)
    return [
        MenuEntry(reverse(url), label, "" if url != here else "page" if url == name else "true")
        for url, label, action in MENU
        if may(request.user, action)
    ]


def as_of(request: HttpRequest) -> queries.AsOf:
    """Return how fresh the data is, asked once a request."""
    if not hasattr(request, "yingjin_as_of"):
        request.yingjin_as_of = queries.as_of(request.user)  # type: ignore[attr-defined]
    return request.yingjin_as_of  # type: ignore[attr-defined]


def asked_day(request: HttpRequest) -> date | None:
    """Return the day in `?on=`, None when there is none. Errors: BadDate."""
    text = request.GET.get("on", "")
    return parse_day(text) if text else None


def day_of_people(request: HttpRequest) -> date | None:
    """Return the day a person is shown on: the one asked for, else the last the data speaks of."""
    return asked_day(request) or as_of(request).data_until


def found_day(request: HttpRequest, on: date) -> date | None:
    """Return a day when its dues have been found, else None: then a page of a region shows the last one found."""
    return on if on in as_of(request).found_days else None


def page_number(request: HttpRequest) -> int:
    """Return `?page=`, 1 when there is none. Errors: BadPage."""
    text = request.GET.get("page", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise BadPage(
            f"“{text}”不是页码。写 1 或更大的整数。",
            f"“{text}” is no page number. Write 1 or more.",
            value=text,
        )
    return int(text)
