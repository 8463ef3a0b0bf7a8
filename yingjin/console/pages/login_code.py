"""The second step of signing in: a code of the phone, or a recovery code. Wrong ones lock as wrong passwords do."""

from http import HTTPStatus
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from yingjin.console.pages.login import locked
from yingjin.console.signing import half_signed_in, signed_in
from yingjin.registry.actions.second_factor import take_code


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    """Ask for the code and sign in by it; without the first step, or too long after it, begin anew."""
    now = timezone.now()
    half = half_signed_in(request, now)
    if half is None:
        return redirect("login")
    user, address = half
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked(request, HttpResponse(), credentials)
    if request.method != "POST":
        return render(request, "console/login_code.html", {"who": user.display_name})
    if take_code(user=user, code=request.POST.get("code", ""), at=now):
        signed_in(request, user, by_code=True, at=now)
        return redirect(address)
    return _wrong(request, user, credentials)


def _wrong(request: HttpRequest, user: Any, credentials: dict[str, Any]) -> HttpResponse:
    """Count a wrong code with the wrong passwords, and say how many tries are left."""
    AxesProxyHandler.user_login_failed(__name__, credentials, request)
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked(request, HttpResponse(), credentials)
    left = max(0, settings.AXES_FAILURE_LIMIT - AxesProxyHandler.get_failures(request, credentials))
    said = ngettext("验证码不对或已用过，还可试 {left} 次", "验证码不对或已用过，还可试 {left} 次", left)
    return render(
        request, "console/login_code.html", {"who": user.display_name, "wrong": said.format(left=left)},
        status=HTTPStatus.UNPROCESSABLE_ENTITY,
    )  # fmt: skip
