"""Sign in and out: a staff number and a password, five tries, thirty idle minutes."""

from http import HTTPStatus
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy, ngettext

from yingjin.basics import audit
from yingjin.console.signing import begin_half, session_key, signed_in
from yingjin.registry.actions.sessions import forget_session
from yingjin.registry.queries.users import has_second_factor


class LoginForm(AuthenticationForm):
    """Staff number and password; the words for a wrong pair say how many tries are left."""

    username = forms.CharField(
        label=gettext_lazy("工号"),
        max_length=64,
        error_messages={"required": gettext_lazy("工号没有填。填工作证上的工号")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        error_messages={"required": gettext_lazy("密码没有填")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Say that number and password do not belong together, and how many tries are left."""
        failures = AxesProxyHandler.get_failures(
            self.request, {"username": self.cleaned_data.get("username")}
        )
        left = max(0, settings.AXES_FAILURE_LIMIT - failures)
        said = ngettext("密码与工号不符，还可试 {left} 次", "密码与工号不符，还可试 {left} 次", left)
        return forms.ValidationError(said.format(left=left), code="invalid_login")


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    """Sign in; the audit table keeps who did."""

    form_class = LoginForm
    template_name = "console/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign the person in; who has a second factor is asked for its code first."""
        user, now = form.get_user(), timezone.now()
        if has_second_factor(user):
            begin_half(self.request, user, address=self.get_success_url(), at=now)
            return redirect("login_code")
        signed_in(self.request, user, by_code=False, at=now)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again; nothing typed but the password is lost."""
        answer = super().form_invalid(form)
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer


class Logout(LogoutView):
    """Sign out, by POST only."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sign out and record it."""
        user, key = request.user, session_key(request)
        with transaction.atomic():
            answer = super().post(request, *args, **kwargs)
            forget_session(session_key=key)
            audit.record("signed_out", target=f"user:{user.pk}", by=user, at=timezone.now())
        return answer


def locked(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None) -> HttpResponse:
    """Answer a login that is locked after five failures; the right password does not open it either."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(
        request, "console/locked.html", {"minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT},
        status=int(HTTPStatus.TOO_MANY_REQUESTS),
    )  # fmt: skip
