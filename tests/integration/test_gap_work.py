"""Gaps are given to people, agreed upon, noted, excepted and written about; nothing done is lost or done unseen."""

from datetime import date, timedelta

import pytest
from django.db.models import Max

from tests.support.people import named
from tests.support.rows import AT
from tests.support.small_county import HIV, VILLAGES, SmallCounty, reader
from yingjin.basics.access import COUNTY_OFFICER, TOWNSHIP_OFFICER, VILLAGE_DOCTOR, Robot
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.basics.work.rows import Job
from yingjin.gaps.actions import (
    AgreedDay,
    Assignee,
    Paper,
    end_exceptions,
    except_gaps,
    expire_exceptions,
    record_reply,
    undo_act,
    work_on_gaps,
    write_letter,
)
from yingjin.gaps.actions.exceptions import paper_path, paper_place
from yingjin.gaps.domain.words import closed_by
from yingjin.gaps.errors import BadWork, CannotUndo, ExceptedAlready, GapChanged, GapNotFound
from yingjin.gaps.files import due_rules
from yingjin.gaps.models import Due, EvidenceFile, Gap, GapAct, GapException, GapWork, GapWorkEvent
from yingjin.insight.queries.gap_work import gap_desk

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TODAY = date(2026, 1, 2)


@pytest.fixture
def county() -> SmallCounty:
    """Two people of two townships who are not insured, and one who is ill of what few may know."""
    county = SmallCounty()
    county.person("甲", VILLAGES[0], enrolled=False)
    county.person("乙", VILLAGES[2], enrolled=False)
    ill = county.person("丙", VILLAGES[0])
    county.ill(ill, HIV)
    county.hold()
    county.find()
    return county


@pytest.fixture
def officer():
    return reader(COUNTY_OFFICER)


@pytest.fixture
def doctor():
    return reader(VILLAGE_DOCTOR, VILLAGES[0])


def gap_of(name: str) -> Gap:
    return Gap.objects.get(person__in=named(name))


def last_act() -> int:
    return GapAct.objects.aggregate(last=Max("number"))["last"] or 0


def excepted(gap: Gap, by, **facts) -> GapAct:
    words = {"reason": "insured_elsewhere", "words": "在贵阳参保", "until_on": TODAY + timedelta(days=90)}
    return except_gaps(
        **{"gaps": [gap.pk], "paper": Paper("参保证明.pdf", PDF), "by": by, "at": AT, **words, **facts}
    )


def test_a_gap_is_given_to_a_person_with_a_day_and_a_note_in_one_act(county, officer, doctor):
    gap = gap_of("甲")
    act = work_on_gaps(
        gaps=[gap.pk], assign=Assignee(username=doctor.username), due_on=AgreedDay(TODAY), note="本周上门",
        by=officer, at=AT,
    )  # fmt: skip
    work = GapWork.objects.get(gap=gap)
    assert (work.role, work.user, work.due_on) == (VILLAGE_DOCTOR, doctor, TODAY)
    assert [event.what for event in act.events.order_by("pk")] == ["assigned", "due_set", "noted"]
    assert act.events.get(what="noted").facts == {"note": "本周上门"}
    audited = AuditEvent.objects.latest("pk")
    assert (audited.what, audited.target, audited.facts) == (
        "gaps_changed",
        f"gap_act:{act.pk}",
        {"gaps": 1},
    )
    assert work_on_gaps(gaps=[gap.pk], assign=Assignee(username=doctor.username), by=officer, at=AT) is None


def test_a_gap_goes_only_to_who_works_there_and_may_see_it(county, officer, doctor):
    with pytest.raises(BadWork, match="不在"):
        work_on_gaps(gaps=[gap_of("乙").pk], assign=Assignee(username=doctor.username), by=officer, at=AT)
    with pytest.raises(BadWork, match="敏感"):
        work_on_gaps(gaps=[gap_of("丙").pk], assign=Assignee(role=VILLAGE_DOCTOR), by=officer, at=AT)
    with pytest.raises(BadWork, match="不办缺口"):
        work_on_gaps(
            gaps=[gap_of("甲").pk], assign=Assignee(username=reader("auditor").username), by=officer, at=AT
        )
    assert not GapWork.objects.exists()


def test_a_village_doctor_notes_but_does_not_assign_except_or_see_elsewhere(county, doctor):
    work_on_gaps(gaps=[gap_of("甲").pk], note="去过，本人在外", by=doctor, at=AT)
    with pytest.raises(NotAllowed):
        work_on_gaps(gaps=[gap_of("甲").pk], assign=Assignee(role=VILLAGE_DOCTOR), by=doctor, at=AT)
    with pytest.raises(NotAllowed):
        excepted(gap_of("甲"), doctor)
    for name in ("乙", "丙"):
        with pytest.raises(GapNotFound):
            work_on_gaps(gaps=[gap_of(name).pk], note="看不到", by=doctor, at=AT)
    assert GapWorkEvent.objects.count() == 1


def test_who_saves_second_is_told_who_changed_what_and_changes_nothing(county, officer, doctor):
    gap, seen = gap_of("甲"), last_act()
    work_on_gaps(gaps=[gap.pk], due_on=AgreedDay(TODAY), seen=seen, by=doctor, at=AT)
    with pytest.raises(GapChanged) as told:
        work_on_gaps(gaps=[gap.pk], assign=Assignee(role=VILLAGE_DOCTOR), seen=seen, by=officer, at=LATER)
    assert told.value.data["changes"][0]["by"] == doctor.username
    assert told.value.data["changes"][0]["what"] == "due_set"
    assert GapWork.objects.get(gap=gap).role == ""
    work_on_gaps(gaps=[gap.pk], assign=Assignee(role=VILLAGE_DOCTOR), seen=last_act(), by=officer, at=LATER)
    work = GapWork.objects.get(gap=gap)
    assert (work.role, work.due_on) == (VILLAGE_DOCTOR, TODAY)


def test_one_act_over_many_gaps_is_undone_as_a_whole(county, officer, doctor):
    gaps = [gap_of("甲").pk, gap_of("乙").pk]
    work_on_gaps(gaps=gaps[:1], assign=Assignee(username=doctor.username), by=officer, at=AT)
    act = work_on_gaps(gaps=gaps, assign=Assignee(role="township_officer"), by=officer, at=AT)
    assert act.count == 2
    undo_act(act=act.pk, by=officer, at=LATER)
    assert GapWork.objects.get(gap=gaps[0]).user == doctor
    assert GapWork.objects.get(gap=gaps[1]).role == ""
    with pytest.raises(CannotUndo, match="已经撤销"):
        undo_act(act=act.pk, by=officer, at=LATER)


def test_an_act_is_not_undone_over_what_somebody_did_since_nor_after_a_day(county, officer, doctor):
    gaps = [gap_of("甲").pk, gap_of("乙").pk]
    act = work_on_gaps(gaps=gaps, assign=Assignee(role="township_officer"), by=officer, at=AT)
    work_on_gaps(gaps=gaps[:1], note="只是说一句", by=doctor, at=LATER)
    work_on_gaps(gaps=gaps[:1], due_on=AgreedDay(TODAY), by=doctor, at=LATER)
    with pytest.raises(CannotUndo, match=doctor.username):
        undo_act(act=act.pk, by=officer, at=LATER)
    other = work_on_gaps(gaps=gaps[1:], due_on=AgreedDay(TODAY), by=officer, at=AT)
    with pytest.raises(CannotUndo, match="24 小时"):
        undo_act(act=other.pk, by=officer, at=AT + timedelta(hours=24, seconds=1))
    assert GapWork.objects.get(gap=gaps[1]).role == "township_officer"


def test_an_exception_keeps_its_paper_sealed_and_asks_for_a_new_finding_once(
    county, officer, settings, tmp_path
):
    settings.STORE = tmp_path
    act = excepted(gap_of("甲"), officer)
    excepted(gap_of("乙"), officer)
    paper = GapException.objects.get(act=act).evidence
    sealed = paper_path(paper.key).read_bytes()
    assert PDF not in sealed and b"%PDF" not in sealed
    from yingjin.basics.sealing import read_sealed

    assert read_sealed(paper_path(paper.key), aad=paper_place(paper.key)) == PDF
    assert Job.objects.filter(kind="find_dues").count() == 1
    with pytest.raises(ExceptedAlready):
        excepted(gap_of("甲"), officer)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": "no_such"}, "reason"),
        ({"reason": "contracted_elsewhere"}, "reason"),
        ({"words": "  "}, "words"),
        ({"until_on": TODAY}, "until_on"),
        ({"until_on": TODAY + timedelta(days=500)}, "until_on"),
        ({"paper": None}, "paper"),
        ({"paper": Paper("a.pdf", b"MZ" + PDF)}, "paper"),
        ({"paper": Paper("a.pdf", PDF + b"\x00" * (10 * 1024 * 1024))}, "paper"),
    ],
)
def test_an_exception_that_cannot_be_so_says_what_to_mend(county, officer, facts, field):
    with pytest.raises(BadWork) as refused:
        excepted(gap_of("甲"), officer, **facts)
    assert refused.value.data["field"] == field
    assert not GapException.objects.exists() and not EvidenceFile.objects.exists()


def test_an_exception_holds_at_the_next_finding_and_its_end_opens_the_gap_again(county, officer):
    gap = gap_of("甲")
    excepted(gap, officer)
    county.find()
    due = Due.objects.get(person=gap.person_id, due="insured")
    assert (due.status, due.facts["exception"]["change"]) == ("excepted", "insured_elsewhere")
    gap.refresh_from_db()
    assert not gap.open and "已在外地参保" in closed_by(gap.closed_by_evidence, gap.due, due_rules())
    assert expire_exceptions(by=Robot(), at=AT + timedelta(days=89)) == 0
    assert expire_exceptions(by=Robot(), at=AT + timedelta(days=90)) == 1
    assert expire_exceptions(by=Robot(), at=AT + timedelta(days=90)) == 0
    county.find()
    gap.refresh_from_db()
    assert gap.open and Due.objects.get(person=gap.person_id, due="insured").status == "open"
    assert [event.what for event in gap.events.order_by("pk")] == ["opened", "closed", "reopened"]
    assert gap.work_events.latest("pk").what == "expired"
    # As if never excepted, when the day of the data did not move on.
    assert gap.deadline == date(2025, 3, 2)


def test_an_undone_exception_never_held_and_one_ended_early_says_why(county, officer):
    first, second = gap_of("甲"), gap_of("乙")
    undo_act(act=excepted(first, officer).pk, by=officer, at=LATER)
    excepted(second, officer)
    end_exceptions(gaps=[second.pk], words="已回村", by=officer, at=LATER)
    county.find()
    assert {due.status for due in Due.objects.filter(due="insured", lacking=True)} == {"open"}
    assert second.work_events.latest("pk").facts == {"words": "已回村"}
    with pytest.raises(BadWork, match="没有经办人批准"):
        end_exceptions(gaps=[second.pk], words="再来一次", by=officer, at=LATER)


def test_letters_are_numbered_and_their_answer_is_kept_once(county, officer):
    gaps = [gap_of("甲").pk, gap_of("乙").pk]
    written = [
        write_letter(
            lines={gap: {"name": "甲", "what": "没有参保"}}, department="insurance_bureau", reason="请核实参保",
            reply_by=TODAY + timedelta(days=10), by=officer, at=AT,
        )
        for gap in gaps
    ]  # fmt: skip
    assert [(letter.year, letter.number) for letter in written] == [(2026, 1), (2026, 2)]
    letter = record_reply(letter=written[0].pk, replied_on=TODAY, reply="已补登", by=officer, at=LATER)
    assert (letter.replied_on, letter.reply) == (TODAY, "已补登")
    with pytest.raises(BadWork):
        record_reply(letter=written[0].pk, replied_on=TODAY, reply="又一次", by=officer, at=LATER)
    assert [each.what for each in Gap.objects.get(pk=gaps[0]).work_events.order_by("pk")] == [
        "lettered",
        "replied",
    ]
    assert Gap.objects.get(pk=gaps[0]).open, "a letter closes nothing"
    with pytest.raises(CannotUndo):
        undo_act(act=GapAct.objects.filter(what="lettered").first().pk, by=officer, at=LATER)


def test_who_may_not_open_a_letter_is_told_its_number_and_no_key(county, officer):
    letter = write_letter(
        lines={gap_of("甲").pk: {"name": "甲", "what": "没有参保"}}, department="insurance_bureau",
        reason="请核实参保", reply_by=TODAY + timedelta(days=10), by=officer, at=AT,
    )  # fmt: skip
    due = Due.objects.get(person__in=named("甲"), due="insured")
    township = reader(TOWNSHIP_OFFICER, VILLAGES[0][:9])
    assert gap_desk(officer, due).letters == [(letter.pk, "2026-0001")]
    assert gap_desk(township, due).letters == [(None, "2026-0001")]
