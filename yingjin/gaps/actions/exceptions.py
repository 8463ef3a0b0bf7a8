"""Except gaps with a reason, a paper and a last day; end an exception, by a person or by the timer."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from yingjin.basics.access import allow
from yingjin.basics.audit import record
from yingjin.basics.sealing import write_sealed
from yingjin.gaps.actions.acting import (
    Did,
    act_on,
    ask_finding,
    day_of,
    keep_events,
    latest_finding,
    locked_gaps,
    refuse_changed,
)
from yingjin.gaps.actions.work import checked_note
from yingjin.gaps.domain.evidence import SIZE_MOST, kind_of
from yingjin.gaps.domain.rules import GrantedRule
from yingjin.gaps.errors import BadWork, ExceptedAlready
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import EvidenceFile, Gap, GapAct, GapException

EXCEPTED, ENDED, EXPIRED = "excepted", "ended", "expired"
UNDONE = "undone"
FOLDER = "evidence"
NAME_MOST = 120
MEBIBYTE = 1024 * 1024


class Paper(NamedTuple):
    """A file somebody hands in as evidence: what it is called, and its bytes."""

    name: str
    content: bytes


@transaction.atomic
def except_gaps(
    *,
    gaps: Collection[int],
    reason: str,
    words: str,
    until_on: date | None,
    paper: Paper | None,
    seen: int | None = None,
    by: Any,
    at: datetime,
) -> GapAct:
    """Except gaps until a day: at once on the page, and in every finding of the days of the data from now on.

    The day itself is the first on which it holds no more. Errors: NotAllowed, GapNotFound, GapChanged, BadWork,
    ExceptedAlready.
    """
    allow(by, "except_gap")
    rule, words = _rule(reason), checked_note(words)
    until = _checked_end(until_on, at)
    if not words:
        raise BadWork("words", "写一句为什么除外。", "Say in a sentence why they are excepted.")
    if rule.evidence and paper is None:
        raise BadWork(
            "paper",
            f"“{rule.zh}”要有凭据文件。上传 PDF、JPG 或 PNG。",
            f"“{rule.en}” needs a paper. Add a PDF, JPG or PNG.",
        )
    kind = _checked_kind(paper) if paper else ""
    found = locked_gaps(gaps, by)
    refuse_changed(found, seen)
    _check_gaps(found, rule)
    latest = latest_finding()
    assert latest is not None, "a gap comes from a finding"
    act = act_on(found, EXCEPTED, by=by, at=at)
    evidence = _keep_paper(paper, kind, act) if paper else None
    GapException.objects.bulk_create(
        GapException(
            gap=gap, act=act, reason=reason, words=words, evidence=evidence, on=latest.on, until_on=until, at=at,
            by=act.by,
        )
        for gap in found
    )  # fmt: skip
    facts = {
        "reason": reason,
        "words": words,
        "until_on": until.isoformat(),
        "paper": str(evidence.key) if evidence else "",
    }
    keep_events(act, (Did(gap, EXCEPTED, facts) for gap in found))
    ask_finding(by=by, at=at)
    record("gaps_excepted", target=f"gap_act:{act.pk}", by=by, at=at, gaps=act.count, reason=reason)
    return act


@transaction.atomic
def end_exceptions(
    *, gaps: Collection[int], words: str, seen: int | None = None, by: Any, at: datetime
) -> GapAct:
    """End the exceptions of gaps before their day, with a reason; the gaps open again when the dues are found.

    Errors: NotAllowed, GapNotFound, GapChanged, BadWork.
    """
    allow(by, "except_gap")
    words = checked_note(words)
    if not words:
        raise BadWork("words", "写一句为什么提前结束。", "Say in a sentence why it ends early.")
    found = locked_gaps(gaps, by)
    refuse_changed(found, seen)
    held = in_force(found)
    if len(held) < len(found):
        raise BadWork(
            "gaps",
            f"其中 {len(found) - len(held)} 处没有经办人批准的除外，不能在这里结束。只勾选有的。",
            f"{len(found) - len(held)} of them have no exception approved at the desk. Tick only those that have.",
        )
    act = act_on(found, ENDED, by=by, at=at)
    end(held, why=ENDED, by=act.by, at=at)
    keep_events(act, (Did(gap, ENDED, {"words": words}) for gap in found))
    ask_finding(by=by, at=at)
    record("exceptions_ended", target=f"gap_act:{act.pk}", by=by, at=at, gaps=act.count)
    return act


@transaction.atomic
def expire_exceptions(*, by: Any, at: datetime) -> int:
    """End the exceptions whose day has come, so that what is still lacking opens again; return how many.

    Run again on the same day it finds nothing to do.
    """
    allow(by, "expire_exceptions")
    today = day_of(at)
    over = GapException.objects.filter(ended_at__isnull=True, until_on__lte=today).select_related("gap")
    held = list(over.order_by("pk").select_for_update(of=("self",)))
    if not held:
        return 0
    act = act_on([each.gap for each in held], EXPIRED, by=by, at=at)
    end(held, why=EXPIRED, by=act.by, at=at)
    keep_events(act, (Did(each.gap, EXPIRED, {"until_on": each.until_on.isoformat()}) for each in held))
    ask_finding(by=by, at=at)
    record("exceptions_expired", target=f"gap_act:{act.pk}", by=by, at=at, gaps=len(held))
    return len(held)


def in_force(gaps: Sequence[Gap]) -> list[GapException]:
    """Return the exceptions of some gaps that nobody has ended."""
    return [
        one
        for start in range(0, len(gaps), 500)
        for one in GapException.objects.filter(
            gap__in=gaps[start : start + 500], ended_at__isnull=True
        ).select_for_update(of=("self",))
    ]


def end(held: Iterable[GapException], *, why: str, by: str, at: datetime) -> None:
    """End exceptions. What was undone never held; else it held up to the day found last."""
    latest = latest_finding()
    for one in held:
        one.ended_at, one.ended_by, one.ended_why = at, by, why
        one.held_to = one.on if why == UNDONE or latest is None else max(one.on, latest.on)
        one.save(update_fields=["ended_at", "ended_by", "ended_why", "held_to"])


def paper_path(key: UUID) -> Path:
    """Return where the sealed file of a paper lies."""
    return Path(settings.STORE) / FOLDER / f"{key}.sealed"


def paper_place(key: UUID) -> str:
    """Return what the sealed file of a paper is bound to."""
    return f"gaps_evidencefile.content:{key}"


def _rule(reason: str) -> GrantedRule:
    rule = due_rules().granted.get(reason)
    if rule is None:
        raise BadWork("reason", "选一个除外的原因。", "Choose the reason of the exception.")
    return rule


def _checked_end(until_on: date | None, at: datetime) -> date:
    today, most = day_of(at), due_rules().granted_days_most
    if until_on is None or not today < until_on <= today + timedelta(days=most):
        raise BadWork(
            "until_on",
            f"除外到哪一天，要在明天到 {most} 天之内。写一个日期；到期会自动重开。",
            f"The exception must end between tomorrow and {most} days from now. Name a day; it ends by itself.",
        )
    return until_on


def _checked_kind(paper: Paper) -> str:
    if len(paper.content) > SIZE_MOST:
        raise BadWork(
            "paper",
            f"文件有 {len(paper.content) // MEBIBYTE} MB，最多 {SIZE_MOST // MEBIBYTE} MB。压缩或重扫后再传。",
            f"The file has {len(paper.content) // MEBIBYTE} MB, at most {SIZE_MOST // MEBIBYTE} MB. Scan it smaller.",
        )
    kind = kind_of(paper.content)
    if not kind:
        raise BadWork(
            "paper",
            "这个文件的内容不是完整的 PDF、JPG 或 PNG（看内容，不看后缀）。换一个文件。",
            "By its content this is no whole PDF, JPG or PNG, whatever its name says. Choose another file.",
        )
    return kind


def _check_gaps(gaps: Sequence[Gap], rule: GrantedRule) -> None:
    rules = due_rules()
    if wrong := sorted({gap.due for gap in gaps} - rule.dues):
        names = "、".join(rules.dues[due].zh for due in wrong)
        raise BadWork(
            "reason",
            f"“{rule.zh}”不能用于{names}。换一个原因，或把它们分开办。",
            f"“{rule.en}” is no reason for {', '.join(wrong)}. Choose another, or except them apart.",
        )
    if closed := sum(not gap.open for gap in gaps):
        raise BadWork(
            "gaps", f"其中 {closed} 处已经关闭，不用除外。", f"{closed} of them are closed already."
        )
    if held := in_force(gaps):
        raise ExceptedAlready(
            f"其中 {len(held)} 处已经除外。先结束原来的，再重新除外。",
            f"{len(held)} of them are excepted already. End that exception first.",
            gaps=len(held),
        )


def _keep_paper(paper: Paper, kind: str, act: GapAct) -> EvidenceFile:
    """Keep a paper: first its sealed file, then the row that names it, so that no row lacks its file."""
    key = uuid4()
    path = paper_path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_sealed(path, paper.content, aad=paper_place(key))
    name = Path(paper.name).name[-NAME_MOST:]
    return EvidenceFile.objects.create(
        key=key, name=name, kind=kind, size_bytes=len(paper.content), at=act.at, by=act.by
    )
