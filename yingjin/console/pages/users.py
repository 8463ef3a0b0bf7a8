"""Users: whom an administrator looks after; added, given a new password, locked, signed out, set back."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from yingjin.basics.access import AT_A_FACILITY, allow
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.basics.language import chosen
from yingjin.console.frame import page_number
from yingjin.registry.actions import users as actions
from yingjin.registry.actions.second_factor import reset_second_factor
from yingjin.registry.queries import users as queries
from yingjin.registry.queries.working_places import WorkPlace, work_places


def show(request: HttpRequest) -> HttpResponse:
    """List the users, by part of the number or name, or by role."""
    text, role = request.GET.get("q", "").strip()[:64], request.GET.get("role", "")
    page = queries.users_of(request.user, at=timezone.now(), text=text, role=role, page=page_number(request))
    context = {"page": page, "text": text, "role": role, "roles": queries.roles()}
    return render(request, "console/users.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a user: name, role, and the place by name or code; several places of a name are offered to choose from."""
    allow(request.user, "add_user")
    if request.method == "GET":
        return _form(request, {})
    typed = {
        name: request.POST.get(name, "").strip() for name in ("username", "display_name", "role", "place")
    }
    try:
        place = _place(request, typed)
        if place is None:
            return _form(request, typed, found=_found(request, typed))
        password = actions.add_user(
            username=typed["username"],
            display_name=typed["display_name"],
            role=typed["role"],
            region_code="" if typed["role"] in AT_A_FACILITY else place.code,
            facility_code=place.code if typed["role"] in AT_A_FACILITY else "",
            by=request.user,
            at=timezone.now(),
        )
    except (BadInput, Conflict) as refusal:
        return _form(request, typed, refusal=refusal)
    return _password_once(request, typed["username"], password)


def _place(request: HttpRequest, typed: dict[str, str]) -> WorkPlace | None:
    """Return the one place meant; None when several are. Errors: BadInput for none."""
    actions.check_name(typed["username"], typed["display_name"])
    found = _found(request, typed)
    picked = [each for each in found if each.code == request.POST.get("picked", typed["place"])]
    if not found:
        raise BadInput(
            f"在您管的地方没有找到“{typed['place']}”，或它不是这个岗位要的一级。写全名，或写代码。",
            f"“{typed['place']}” was not found in the place you look after, or is not of the level this role works in. "
            "Write the full name, or the code.",
            field="place",
        )
    return picked[0] if picked else found[0] if len(found) == 1 else None


def _found(request: HttpRequest, typed: dict[str, str]) -> list[WorkPlace]:
    return work_places(request.user, typed["role"], typed["place"])


def _form(
    request: HttpRequest,
    typed: dict[str, str],
    found: list[WorkPlace] | None = None,
    refusal: BadInput | Conflict | None = None,
) -> HttpResponse:
    context = {
        "typed": typed,
        "roles": queries.roles(),
        "found": found or [],
        "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else "",
        "field": (refusal.data.get("field") or "username") if refusal else "place" if found else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal or found else HTTPStatus.OK
    return render(request, "console/user_add.html", context, status=status)


def one(request: HttpRequest, username: str) -> HttpResponse:
    """Show one user with what may be done."""
    row = queries.user_row(request.user, username, at=timezone.now())
    if row is None:
        raise NotFound(
            f"没有工号“{username}”，或不归您管。请从用户名单里重新打开。",
            f"There is no user “{username}”, or not in your care. Open it again from the list of users.",
        )
    return render(
        request, "console/user.html", {"row": row, "oneself": row.username == request.user.get_username()}
    )


@require_POST
def act(request: HttpRequest, username: str, what: str) -> HttpResponse:
    """Do one act to one user and say what was done."""
    allow(request.user, "change_user")
    facts: dict[str, Any] = {"username": username, "by": request.user, "at": timezone.now()}
    if what == "password":
        return _password_once(request, username, actions.reset_password(**facts))
    if what == "lock":
        actions.lock_user(**facts)
        messages.success(request, _("已锁定，这个人的登录都已结束。"))
    elif what == "unlock":
        actions.unlock_user(**facts)
        messages.success(request, _("已解锁。"))
    elif what == "sessions":
        count = actions.end_sessions_of(**facts)
        words = ngettext("结束了 {count} 处登录。", "结束了 {count} 处登录。", count)
        messages.success(request, words.format(count=count))
    elif what == "second-factor":
        reset_second_factor(**facts)
        messages.success(request, _("第二步验证已重置；这个人下次登录只用密码，再重新设置。"))
    else:
        raise NotFound(f"没有“{what}”这个操作。", f"There is no act “{what}”.")
    return redirect("user", username=username)


def _password_once(request: HttpRequest, username: str, password: str) -> HttpResponse:
    """Show a new password, this once."""
    row = queries.user_row(request.user, username, at=timezone.now())
    return render(request, "console/user_password.html", {"row": row, "password": password})
