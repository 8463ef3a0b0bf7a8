"""What was done at the desk about a gap, in the reader's language."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yingjin.basics.language import chosen
from yingjin.gaps.files import departments, due_rules
from yingjin.gaps.models import GapWorkEvent
from yingjin.insight.queries.shapes import Event
from yingjin.registry.queries.workers import names_of, role_name


def work_events(events: Iterable[GapWorkEvent]) -> Iterator[Event]:
    """Yield what was done as lines of a gap's history; what was taken back says so."""
    listed = list(events)
    names = names_of({each.by for each in listed} | {_assignee(each) for each in listed})
    for each in listed:
        title, text = told(each, names)
        if each.act.undone_at is not None:
            title = _("{what}（已撤销）").format(what=title)
        who = names.get(each.by, each.by)
        yield Event(timezone.localtime(each.at).date(), "", title, f"{text} · {who}" if text else who)


def told(event: GapWorkEvent, names: Mapping[str, str]) -> tuple[str, str]:
    """Say what one event did, and what was written with it."""
    return WORDS[event.what](event.facts, names)


def granted_reason(code: str) -> str:
    """Name the reason of an exception granted at the desk."""
    rule = due_rules().granted.get(code)
    return chosen(rule.zh, rule.en) if rule else code


def department_name(code: str) -> str:
    """Name a department letters go to."""
    one = departments().get(code)
    return chosen(one.zh, one.en) if one else code


def assignee_name(role: str, name: str) -> str:
    """Name whose task something is."""
    if not role:
        return _("还没派")
    return f"{role_name(role)} {name}".strip() if name else role_name(role)


def _assignee(event: GapWorkEvent) -> str:
    return str(event.facts.get("after", {}).get("username", ""))


def _assigned(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    after = facts["after"]
    if not after["role"]:
        return _("收回，还没派给谁"), ""
    who = assignee_name(after["role"], names.get(after["username"], after["username"]))
    return _("派给{who}").format(who=who), ""


def _due_set(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    on = facts["after"]["due_on"]
    return (_("约定 {day} 办好").format(day=on) if on else _("取消约定日期")), ""


def _noted(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    return _("说明"), facts["note"]


def _excepted(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    title = _("除外到 {day}：{reason}").format(
        day=date.fromisoformat(facts["until_on"]), reason=granted_reason(facts["reason"])
    )
    return title, facts["words"]


def _ended(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    return _("提前结束除外"), facts["words"]


def _expired(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    return _("除外到期"), ""


def _lettered(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    to = department_name(facts["department"])
    return _("发函 {number} 给{department}").format(number=facts["number"], department=to), ""


def _replied(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    to = department_name(facts["department"])
    return _("{department}答复了函 {number}").format(number=facts["number"], department=to), facts["reply"]


def _undone(facts: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str]:
    return _("撤销：{what}").format(what=what_name(facts["what"])), ""


WORDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, str]], tuple[str, str]]] = {
    "assigned": _assigned,
    "due_set": _due_set,
    "noted": _noted,
    "excepted": _excepted,
    "ended": _ended,
    "expired": _expired,
    "lettered": _lettered,
    "replied": _replied,
    "undone": _undone,
}


def what_name(what: str) -> str:
    """Name a kind of act."""
    return {
        "assigned": _("指派"),
        "due_set": _("约定日期"),
        "noted": _("说明"),
        "changed": _("指派、日期、说明"),
        "excepted": _("除外"),
        "ended": _("提前结束除外"),
        "expired": _("除外到期"),
        "lettered": _("发函"),
        "replied": _("复函"),
        "undone": _("撤销办理"),
        "opened": _("发现缺口"),
        "reopened": _("缺口重开"),
        "changed_gap": _("缺口有变"),
        "closed": _("缺口补上了"),
    }[what]
