"""Clients of the API: which other systems may call it; made, given a new secret, revoked. A secret is shown once."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yingjin.basics.access import ADMINISTRATOR, AT_A_FACILITY, allow
from yingjin.basics.errors import BadInput, NotFound
from yingjin.basics.language import chosen
from yingjin.registry.actions import clients as actions
from yingjin.registry.queries import clients as queries
from yingjin.registry.queries.regions import full_names
from yingjin.registry.queries.users import roles
from yingjin.registry.queries.working_places import WorkPlace, work_places

PERMISSIONS = (
    ("read", gettext_lazy("看：查人、户、账单、缺口、公布数，试算")),
    ("work", gettext_lazy("办：派缺口、写说明、申请除外、请求重放")),
    ("import", gettext_lazy("导入：传登记册、收下、撤销")),
)

SHORT = {"read": gettext_lazy("可看"), "work": gettext_lazy("可办"), "import": gettext_lazy("可导入")}


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """List the clients, those in use first."""
    allow(request.user, "change_client")
    names = dict(roles())
    found = queries.clients_of(request.user)
    places = full_names({each.region_code for each in found if each.region_code})
    rows = [
        (
            each,
            names.get(each.role, each.role),
            places.get(each.region_code, each.facility_code),
            [SHORT[one] for one in each.permissions],
        )
        for each in found
    ]
    return render(request, "console/clients.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Add a client: its name, a role and a place as of a user, and what it may ask for."""
    allow(request.user, "change_client")
    if request.method == "GET":
        return _form(request, {"permissions": ["read"]})
    typed: dict[str, Any] = {
        name: request.POST.get(name, "").strip()[:64] for name in ("name", "role", "place")
    }
    typed["permissions"] = request.POST.getlist("permissions")
    try:
        place = _place(request, typed)
        at_facility = typed["role"] in AT_A_FACILITY
        client, secret = actions.add_client(
            name=typed["name"],
            role=typed["role"],
            permissions=typed["permissions"],
            region_code="" if at_facility else place.code,
            facility_code=place.code if at_facility else "",
            by=request.user,
            at=timezone.now(),
        )
    except BadInput as refusal:
        return _form(request, typed, refusal)
    return _secret_once(request, client, secret)


@require_POST
def act(request: HttpRequest, client_id: str, what: str) -> HttpResponse:
    """Give a client a new secret, or revoke it."""
    allow(request.user, "change_client")
    facts: dict[str, Any] = {"client_id": client_id, "by": request.user, "at": timezone.now()}
    if what == "secret":
        secret = actions.renew_secret(**facts)
        return _secret_once(request, queries.client_looked_after(request.user, client_id), secret)
    if what != "revoke":
        raise NotFound(f"没有“{what}”这个操作。", f"There is no act “{what}”.")
    actions.revoke_client(**facts)
    messages.success(request, _("已停用，它的令牌都已作废。"))
    return redirect("clients")


def _place(request: HttpRequest, typed: dict[str, Any]) -> WorkPlace:
    """Return the place meant, by its name or code. Errors: BadInput for none, or for several of a name."""
    found = work_places(request.user, typed["role"], typed["place"])
    exact = [each for each in found if each.code == typed["place"]]
    if len(exact or found) != 1:
        listed = "、".join(f"{each.name}（{each.code}）" for each in found[:5])
        raise BadInput(
            f"“{typed['place']}”不是一个确定的地方。写代码。{listed}",
            f"“{typed['place']}” is not one certain place. Write its code. {listed}",
            field="place",
        )
    return (exact or found)[0]


def _form(request: HttpRequest, typed: dict[str, Any], refusal: BadInput | None = None) -> HttpResponse:
    context = {
        "typed": typed,
        "roles": [each for each in roles() if each[0] != ADMINISTRATOR],
        "permissions": PERMISSIONS,
        "refusal": chosen(refusal.reason_zh, refusal.reason_en) if refusal else "",
        "field": (refusal.data.get("field") or "name") if refusal else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "console/client_add.html", context, status=status)


def _secret_once(request: HttpRequest, client: Any, secret: str) -> HttpResponse:
    """Show a secret, this once."""
    return render(request, "console/client_secret.html", {"client": client, "secret": secret})
