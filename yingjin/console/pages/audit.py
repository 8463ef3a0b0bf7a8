"""Who looked at a person, for those who may read the audit; and a number in full, for those who say why."""

import re
import unicodedata
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yingjin.basics import audit
from yingjin.basics.access import may
from yingjin.console.frame import page_number
from yingjin.console.pages.places import Crumb, trail
from yingjin.insight import queries

Words = dict[str, str | Promise]
OTHER = "other"
REASONS: Words = {
    "window": gettext_lazy("窗口核对本人身份"),
    "contact": gettext_lazy("打电话联系本人"),
    "register": gettext_lazy("改正登记册"),
    "settle": gettext_lazy("办结算或救助"),
    "enquiry": gettext_lazy("答复来访、查询"),
    OTHER: gettext_lazy("别的事（写明）"),
}
NUMBERS: Words = {"identity_number": gettext_lazy("证件号"), "phone": gettext_lazy("电话")}
DONE: Words = {
    "person_opened": gettext_lazy("看了个人页"),
    "household_opened": gettext_lazy("看了这一家"),
    "bill_opened": gettext_lazy("看了账单"),
    "slip_opened": gettext_lazy("看了结算单"),
    "bill_json_taken": gettext_lazy("取了账单的 JSON"),
    "number_asked": gettext_lazy("打开了查看号码，还没有看"),
    "number_unmasked": gettext_lazy("看了号码"),
    "person_presented": gettext_lazy("在窗口凭证件找到"),
    "window_person_opened": gettext_lazy("在窗口看了这个人"),
    "quote_made": gettext_lazy("试算了一次结算"),
    "held_bill_proposed": gettext_lazy("提议怎样处理暂不计的账单"),
    "held_bill_confirmed": gettext_lazy("同意了对暂不计账单的处理"),
    "held_bill_declined": gettext_lazy("没有同意对暂不计账单的处理"),
    "held_bill_withdrawn": gettext_lazy("收回了对暂不计账单的提议"),
    "paper_printed": gettext_lazy("打印了文书"),
    "household_code_made": gettext_lazy("给这一户印了新码"),
    "household_code_revoked": gettext_lazy("作废了这一户的码"),
    "who_looked_opened": gettext_lazy("看了谁看过"),
}
DIGITS_OF_A_NUMBER = re.compile(r"(?:\d[\s-]*){6,}")
NOTE_LENGTH = 200


class WhyForm(forms.Form):
    """Which number, why, and in words where no reason fits. The words name nobody: the audit keeps them for good."""

    which = forms.ChoiceField(
        choices=list(NUMBERS.items()),
        error_messages={
            "required": gettext_lazy("没有选看哪个号码"),
            "invalid_choice": gettext_lazy("没有选看哪个号码"),
        },
    )
    reason = forms.ChoiceField(
        choices=list(REASONS.items()),
        error_messages={
            "required": gettext_lazy("没有选为什么看"),
            "invalid_choice": gettext_lazy("没有选为什么看"),
        },
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={"max_length": gettext_lazy("说明太长。写 200 个字以内")},
    )

    def __init__(self, numbers: queries.MaskedNumbers, *args: Any) -> None:
        super().__init__(*args)
        self.numbers = numbers

    def clean_note(self) -> str:
        """Refuse a name or a number in the words."""
        note = str(self.cleaned_data["note"])
        if DIGITS_OF_A_NUMBER.search(unicodedata.normalize("NFKC", note)):
            raise forms.ValidationError(_("说明里有号码。留痕不写号码，只写办什么事"))
        if self.numbers.named_in(note):
            raise forms.ValidationError(_("说明里有姓名。留痕不写姓名，只写办什么事"))
        return note

    def clean(self) -> dict[str, Any]:
        """Ask for words where the reason is another one."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("reason") == OTHER and not values.get("note") and "note" not in self.errors:
            self.add_error("note", _("选了“别的事”，要写明办什么事"))
        return values


@require_http_methods(["GET", "POST"])
def number(request: HttpRequest, key: UUID) -> HttpResponse:
    """Ask why a number is to be seen; once that is recorded, show it in this one answer."""
    try:
        numbers = queries.masked_numbers(request.user, key)
    except queries.MergedInto as merged:
        return redirect("number", key=merged.data["person_key"])
    form = WhyForm(numbers, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        answer = render(request, "console/number.html", _asked(request, numbers, form))
        audit.record(
            "number_asked", target=f"person:{numbers.person_key}", by=request.user, at=timezone.now()
        )
        return answer
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "console/number.html", _asked(request, numbers, form), status=status)
    said = form.cleaned_data
    with transaction.atomic():
        shown = queries.unmasked(request.user, key, said["which"])
        audit.record(
            "number_unmasked", target=f"person:{numbers.person_key}", by=request.user, at=timezone.now(),
            which=said["which"], reason=said["reason"], words={"note": said["note"]} if said["note"] else None,
        )  # fmt: skip
    context = _asked(request, numbers, form) | {
        "shown": shown, "which": NUMBERS[said["which"]], "why": why(said),
    }  # fmt: skip
    return render(request, "console/number.html", context)


def _asked(request: HttpRequest, numbers: queries.MaskedNumbers, form: WhyForm) -> dict[str, object]:
    """Return what the form shows, with all that was typed."""
    opens = may(request.user, "read_persons")
    person = Crumb(numbers.name, f"/persons/{numbers.person_key}/" if opens else "")
    way = trail(request.user, numbers.path[-1], person, Crumb(_("查看号码"))) if numbers.path else []
    known = [(name, label, numbers.masked[name]) for name, label in NUMBERS.items()]
    chosen = form.data.get("which") or next((name for name, _label, text in known if text), "")
    return {
        "numbers": numbers, "form": form, "trail": way, "known": known, "chosen": chosen,
        "opens": opens, "reasons": REASONS.items(), "reason": form.data.get("reason", ""), "note_length": NOTE_LENGTH,
    }  # fmt: skip


def who_looked(request: HttpRequest, key: UUID) -> HttpResponse:
    """Show who looked at a person, when, as what and why; looking at this is recorded too."""
    try:
        page = queries.looks(request.user, key, page_number(request))
    except queries.MergedInto as merged:
        return redirect("who_looked", key=merged.data["person_key"])
    person = Crumb(page.name, f"/persons/{page.person_key}/")
    way = trail(request.user, page.path[-1], person, Crumb(_("谁看过"))) if page.path else []
    rows = [
        (each, DONE.get(each.what, ""), NUMBERS.get(str(each.facts.get("which")), ""), why(each.facts))
        for each in page.rows
    ]  # fmt: skip
    answer = render(request, "console/who_looked.html", {"page": page, "rows": rows, "trail": way})
    audit.record(
        "who_looked_opened", target=f"person:{page.person_key}", by=request.user, at=timezone.now(), page=page.page
    )  # fmt: skip
    return answer


def why(facts: dict[str, Any]) -> str:
    """Return the reason somebody gave, with what was written beside it."""
    reason = facts.get("reason", "")
    said = str(REASONS.get(reason, reason))
    note = facts.get("note", "")
    return _("{reason}：{note}").format(reason=said, note=note) if said and note else said
