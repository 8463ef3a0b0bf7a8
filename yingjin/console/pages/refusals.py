"""Pages for what cannot be shown: what is wrong, and what to do next. No page of these reads the database."""

import sys
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yingjin.basics.busy import RETRY_AFTER_SECONDS, is_busy
from yingjin.basics.errors import YingjinError
from yingjin.basics.language import chosen


@dataclass(frozen=True)
class Words:
    """What one refusal page says; `why` says what to do next as well."""

    char: str
    title: str | Promise
    why: str | Promise


WORDS = {
    HTTPStatus.BAD_REQUEST: Words(
        "异", _("网址读不懂"), _("网址里有一项不是本系统会写的样子。从上面的菜单重新打开这一页。")
    ),
    HTTPStatus.FORBIDDEN: Words(
        "限", _("这一页不归您看"), _("您的岗位不看这一页。要用到它，请找县里的管理员。")
    ),
    HTTPStatus.NOT_FOUND: Words(
        "无",
        _("这里没有这一页"),
        _("网址写错了，或者它说的人和账单不在您的辖区。用“查人”找一找，或回总览。"),
    ),
    HTTPStatus.CONFLICT: Words("变", _("情况已经变了"), _("这件事刚被别人改过。重新打开这一页再看。")),
    HTTPStatus.INTERNAL_SERVER_ERROR: Words(
        "停",
        _("这一页没有算出来"),
        _("程序在这一步停住了，数据没有改动。过一会儿再打开；还不行，请把时间和网址告诉管理员。"),
    ),
}
BUSY = Words(
    "待",
    _("数据库正忙"),
    _("正在收登记册，或别人正在写大批数据，等了一会儿还没有轮到，所以没有写入。过半分钟回到上一页再做一次。"),
)
STALE = Words(
    "旧",
    _("这一页放得太久了"),
    _("登录已经结束，或这张表单是在别处打开的，所以没有办理。重新打开这一页再提交。"),
)


def refused(request: HttpRequest, error: YingjinError, status: HTTPStatus) -> HttpResponse:
    """Show a refusal of ours in its own words, which say what to do."""
    words = WORDS[status]
    return shown(request, status, Words(words.char, words.title, chosen(error.reason_zh, error.reason_en)))


def shown(request: HttpRequest, status: HTTPStatus, words: Words) -> HttpResponse:
    """Show a page of the usual frame."""
    return render(request, "console/refused.html", {"words": words}, status=int(status))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return plain(HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return shown(request, HTTPStatus.FORBIDDEN, WORDS[HTTPStatus.FORBIDDEN])


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return shown(request, HTTPStatus.NOT_FOUND, WORDS[HTTPStatus.NOT_FOUND])


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500 without the frame, for whatever broke may be in it; 503 where the database was held by others."""
    if is_busy(sys.exc_info()[1]):
        return busy()
    return plain(HTTPStatus.INTERNAL_SERVER_ERROR)


def busy() -> HttpResponse:
    """Answer 503: what was asked could not be written in time, and when to try again."""
    answer = plain(HTTPStatus.SERVICE_UNAVAILABLE, BUSY)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret no longer fits: the session ended, or the page lay open too long."""
    return plain(HTTPStatus.FORBIDDEN, STALE)


def plain(status: HTTPStatus, words: Words | None = None) -> HttpResponse:
    """Show a page that needs neither user nor database."""
    page = render_to_string("console/refused_plain.html", {"words": words or WORDS[status]})
    return HttpResponse(page, status=int(status))
