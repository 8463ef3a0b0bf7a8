"""My account: my password, my second factor, and where I am signed in."""

from http import HTTPStatus
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yingjin.basics.errors import BadInput
from yingjin.basics.language import chosen
from yingjin.console import signing
from yingjin.registry.actions import second_factor as factor
from yingjin.registry.actions.sessions import (
    begin_session,
    end_own_other_sessions,
    end_own_session,
    forget_session,
)
from yingjin.registry.actions.users import change_own_password
from yingjin.registry.domain.second_factor import address, secret_text
from yingjin.registry.queries.users import (
    has_second_factor,
    needs_second_factor,
    recovery_codes_left,
    sessions_of,
)


def show(request: HttpRequest) -> HttpResponse:
    """Show one's own account."""
    return account(request)


def account(request: HttpRequest, refusal: BadInput | None = None) -> HttpResponse:
    """Show the account, with what was refused at its field."""
    user, now = request.user, timezone.now()
    words = chosen(refusal.reason_zh, refusal.reason_en) if refusal else ""
    context = {
        "sessions": sessions_of(user, at=now, present=signing.session_key(request)),
        "with_code": has_second_factor(user),
        "code_needed": needs_second_factor(user),
        "codes_left": recovery_codes_left(user),
        "password_fields": _password_fields(user),
        "field": refusal.data.get("field", "") if refusal else "",
        "refusal": words,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "console/account.html", context, status=status)


def _password_fields(user: Any) -> list[tuple[str, str, str]]:
    old = _("给您的密码") if user.password_given else _("现在的密码")
    return [
        ("old", old, "current-password"),
        ("new", _("新密码（至少 10 个字符）"), "new-password"),
        ("again", _("新密码再写一次"), "new-password"),
    ]


def _choose_password(request: HttpRequest, refusal: BadInput | None = None) -> HttpResponse:
    """Show the page that asks for a password of one's own, the only one open by a password that was given."""
    context = {
        "password_fields": _password_fields(request.user),
        "field": refusal.data.get("field", "") if refusal else "",
        "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "console/choose_password.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Change one's own password: the present session goes on, the others end."""
    user, now = request.user, timezone.now()
    given = user.password_given  # type: ignore[union-attr]
    if request.method == "GET":
        return _choose_password(request) if given else redirect("account")
    new = request.POST.get("new", "")
    try:
        if new != request.POST.get("again", ""):
            raise BadInput(
                "两次写的新密码不一样。再写一次。",
                "The two new passwords differ. Write them again.",
                field="again",
            )
        change_own_password(old=request.POST.get("old", ""), new=new, by=user, at=now)
    except BadInput as refusal:
        return _choose_password(request, refusal) if given else account(request, refusal)
    before = signing.session_key(request)
    end_own_other_sessions(keep=before, by=user, at=now)
    update_session_auth_hash(request, user)
    forget_session(session_key=before)
    begin_session(
        user=user, session_key=signing.session_key(request), user_agent=signing.user_agent(request), at=now
    )
    messages.success(request, _("密码改好了。别处的登录都已结束。"))
    return redirect("home" if given else "account")


@require_POST
def end_session(request: HttpRequest, sign_in: int) -> HttpResponse:
    """End one of one's own sessions."""
    end_own_session(sign_in=sign_in, by=request.user, at=timezone.now())
    messages.success(request, _("那一处的登录已结束。"))
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but the present one."""
    count = end_own_other_sessions(keep=signing.session_key(request), by=request.user, at=timezone.now())
    words = ngettext("结束了别处的 {count} 个登录。", "结束了别处的 {count} 个登录。", count)
    messages.success(request, words.format(count=count))
    return redirect("account")


def second_factor(request: HttpRequest, refusal: BadInput | None = None) -> HttpResponse:
    """Show the secret as a picture for the phone, or the button that makes one."""
    user = request.user
    secret = factor.own_secret(user)
    context = {
        "with_code": has_second_factor(user),
        "code_needed": needs_second_factor(user),
        "secret": secret_text(secret) if secret else "",
        "picture": picture(address(secret, user.username)) if secret else "",
        "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "console/second_factor.html", context, status=status)


def picture(text: str) -> str:
    """Return a text as a square code, dark on white whatever the page's colours are."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff", encode_minimal=False))


@require_POST
def begin_second_factor(request: HttpRequest) -> HttpResponse:
    """Make a secret for one's own phone."""
    factor.begin_second_factor(by=request.user, at=timezone.now())
    return redirect("second_factor")


@require_POST
def confirm_second_factor(request: HttpRequest) -> HttpResponse:
    """Take the secret into use by a code of it, and show the recovery codes this once."""
    try:
        codes = factor.confirm_second_factor(
            code=request.POST.get("code", ""), by=request.user, at=timezone.now()
        )
    except factor.WrongCode as refusal:
        return second_factor(request, refusal)
    signing.came_with_code_now(request)
    return render(request, "console/recovery_codes.html", {"codes": codes})


@require_POST
def give_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Turn one's own second factor off by a code of it."""
    try:
        factor.give_up_second_factor(code=request.POST.get("code", ""), by=request.user, at=timezone.now())
    except factor.WrongCode as refusal:
        refusal.data["field"] = "code"
        return account(request, refusal)
    request.session.pop(signing.CODE_AT, None)
    messages.success(request, _("第二步验证已关闭。"))
    return redirect("account")
