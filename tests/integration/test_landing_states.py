"""A register's files together are its state: rows are added, changed and withdrawn, never deleted."""

from datetime import timedelta

import pytest

from tests.support.registers import (
    complaints,
    in_force,
    landed,
    row,
    write_csv,
    write_facilities,
    write_workbook,
)
from tests.support.rows import AT
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.fusion.actions import land
from yingjin.fusion.models import RegisterState, Row, SourceFile

pytestmark = pytest.mark.django_db


def people(*numbers, **fields):
    return [row("lifted", register_no=number, **fields) for number in numbers]


def test_every_good_row_lands_with_number_key_and_payload(tmp_path):
    category = row("category", register_no="P1", category="C04", valid_from="2019-01-01")
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1"), "category": [category]})
    tally = landed(tmp_path)
    assert (tally.counts["rows"], tally.counts["new"], tally.files_refused) == (2, 2, 0)
    kept = Row.objects.get(kind="category")
    assert (kept.number, kept.key, kept.version) == ("P1", "P1|C04|2019-01-01", 1)
    assert kept.payload == {title: text for title, text in category.items() if text}
    assert (kept.sheet, kept.row_number) == ("身份", 2)
    assert Row.objects.get(kind="lifted").row_number == 4


def test_landing_twice_writes_nothing_more(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    write_facilities(tmp_path, "F1")
    landed(tmp_path)
    rows, events = list(Row.objects.values_list()), AuditEvent.objects.count()
    files = list(SourceFile.objects.values_list())
    again = landed(tmp_path, at=AT + timedelta(days=1))
    assert list(Row.objects.values_list()) == rows
    assert list(SourceFile.objects.values_list()) == files
    assert AuditEvent.objects.count() == events
    assert again.counts["known"] == 3 and again.counts["new"] == 0


def test_a_changed_row_becomes_the_next_version(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", name="王小明")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", name="王晓明")})
    landed(tmp_path)
    first, second = Row.objects.order_by("version")
    assert (first.current, first.ended_why, first.payload["姓名"]) == (False, "superseded", "王小明")
    assert (second.current, second.version, second.payload["姓名"]) == (True, 2, "王晓明")


def test_a_row_in_no_file_is_withdrawn_and_kept(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    tally = landed(tmp_path)
    assert tally.counts["withdrawn"] == 1
    gone = Row.objects.get(key="P2")
    assert (gone.current, gone.ended_why, gone.ended_at) == (False, "withdrawn", AT)


def test_going_back_to_the_first_folder_gives_its_state_with_the_history_kept(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
    write_workbook(
        first / "a.xlsx", {"lifted": people("P1", "P2"), "category": [row("category", register_no="P1")]}
    )
    write_workbook(second / "a.xlsx", {"lifted": people("P2", name="改了") + people("P3")})
    landed(first)
    state = in_force()
    landed(second)
    assert set(in_force()) == {("lifted", "P2"), ("lifted", "P3")}
    landed(first)
    assert in_force() == state
    assert list(Row.objects.filter(key="P2").order_by("version").values_list("version", "current")) == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_splitting_a_file_and_permuting_its_rows_changes_nothing(tmp_path):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    for folder in (whole, parts):
        folder.mkdir()
    rows = people(*[f"P{place}" for place in range(9)])
    held = [row("category", register_no=f"P{place}") for place in range(9)]
    write_workbook(whole / "all.xlsx", {"lifted": rows, "category": held})
    landed(whole)
    state = in_force()
    write_workbook(parts / "b.xlsx", {"category": held[::-1]})
    write_workbook(parts / "x.xlsx", {"lifted": rows[5:]})
    write_workbook(parts / "a.xlsx", {"lifted": rows[:6][::-1]})
    tally = landed(parts)
    assert in_force() == state
    assert (tally.counts["new"], tally.counts["changed"], tally.counts["withdrawn"]) == (0, 0, 0)
    assert tally.counts["repeated"] == 1  # row 5 stands in both parts


def test_the_order_of_columns_is_no_change(tmp_path):
    rows = [row("facility", code="F1"), row("facility", code="F2")]
    write_csv(tmp_path / "a.csv", "facility", rows)
    landed(tmp_path)
    write_csv(tmp_path / "a.csv", "facility", rows, titles=list(rows[0])[::-1])
    assert landed(tmp_path).counts["known"] == 2


def test_a_good_row_does_not_wait_for_a_bad_one(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1") + people("P2", name="")})
    tally = landed(tmp_path)
    assert set(in_force()) == {("lifted", "P1")}
    assert complaints() == [("lifted", "P2", ("blank_value",))]
    assert tally.counts["refused"] == 1


def test_a_refused_row_leaves_its_earlier_version_in_force(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1") + people("P2", name="")})
    landed(tmp_path)
    assert set(in_force()) == {("lifted", "P1"), ("lifted", "P2")}
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    landed(tmp_path)
    assert complaints() == []
    assert Row.objects.get(accepted=False).ended_why == "superseded"


def test_a_row_refused_twice_for_the_same_is_kept_once(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1") + people("P2", name="")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P3") + people("P2", name="")})
    landed(tmp_path)
    assert Row.objects.filter(accepted=False).count() == 1


def test_two_rows_of_one_key_that_differ_are_both_refused(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", name="甲") + people("P1", name="乙")})
    landed(tmp_path)
    assert complaints() == [("lifted", "P1", ("repeated_key",))] * 2
    assert Row.objects.get(kind="lifted", current=True, accepted=True).payload["姓名"] == "王小明"


def test_of_two_rows_of_one_key_the_only_good_one_counts(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1") + people("P1", name="")})
    landed(tmp_path)
    assert set(in_force()) == {("lifted", "P1")}
    assert complaints() == [("lifted", "P1", ("blank_value",))]


def test_what_speaks_of_somebody_on_no_list_is_refused_and_not_kept_from_before(tmp_path):
    held = [row("category", register_no="P1"), row("category", register_no="P2")]
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2"), "category": held})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1"), "category": held})
    landed(tmp_path)
    assert ("category", "P2|C02|2014-12-01") not in in_force()
    assert complaints() == [("category", "P2|C02|2014-12-01", ("not_in_list",))]


def test_a_list_row_that_is_refused_still_names_its_person_when_it_was_good_before(tmp_path):
    held = [row("category", register_no="P1")]
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1"), "category": held})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", name=""), "category": held})
    landed(tmp_path)
    assert ("category", "P1|C02|2014-12-01") in in_force()


def test_a_folder_without_a_register_leaves_that_register_alone(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    write_facilities(tmp_path, "F1")
    landed(tmp_path)
    (tmp_path / "a.xlsx").unlink()
    tally = landed(tmp_path)
    assert ("lifted", "P1") in in_force()
    poverty = next(part for part in tally.parts if part.part == "poverty")
    assert poverty.outcome == "absent"
    assert "没有脱贫人口登记的文件" in poverty.notes[0][0]


def test_a_sheet_that_was_left_out_withdraws_its_rows_and_says_so(tmp_path):
    held = [row("category", register_no="P1")]
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1"), "category": held})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    tally = landed(tmp_path)
    poverty = next(part for part in tally.parts if part.part == "poverty")
    assert "没有“身份”表，原有的 1 行按撤回记" in poverty.notes[0][0]
    assert ("category", "P1|C02|2014-12-01") not in in_force()


def test_nothing_is_withdrawn_while_a_file_of_the_register_is_refused(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    write_workbook(tmp_path / "b.xlsx", {"lifted": people("P2")})
    landed(tmp_path)
    write_workbook(tmp_path / "b.xlsx", {"lifted": people("P2")}, header_row=1)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", name="新名")})
    tally = landed(tmp_path)
    assert set(in_force()) == {("lifted", "P1"), ("lifted", "P2")}
    assert tally.files_refused == 1
    poverty = next(part for part in tally.parts if part.part == "poverty")
    assert "不撤回" in poverty.notes[0][0]
    assert landed(tmp_path).files_refused == 1, "an unchanged folder is still refused"


def test_nothing_is_withdrawn_while_a_file_nobody_can_read_may_be_of_the_register(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    write_facilities(tmp_path, "F1", "F2")
    landed(tmp_path)
    whole = (tmp_path / "a.xlsx").read_bytes()
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    write_facilities(tmp_path, "F1")
    (tmp_path / "b.xlsx").write_bytes(whole[: len(whole) // 2])
    landed(tmp_path)
    assert ("lifted", "P2") in in_force()
    assert ("facility", "F2") not in in_force(), "a broken workbook is no facility list"
    (tmp_path / "b.xlsx").unlink()
    landed(tmp_path)
    assert ("lifted", "P2") not in in_force(), "without the broken file the row is withdrawn"


def test_enrolment_is_a_state_for_each_year(tmp_path):
    rows = [row("enrolment", register_no=number, year=year) for number in "AB" for year in ("2024", "2025")]
    write_csv(tmp_path / "a.csv", "enrolment", rows)
    landed(tmp_path)
    write_csv(tmp_path / "a.csv", "enrolment", [row("enrolment", register_no="A", year="2025")])
    tally = landed(tmp_path)
    assert {key for kind, key in in_force()} == {"A|2024", "B|2024", "A|2025"}
    assert tally.counts["withdrawn"] == 1
    assert Row.objects.get(key="B|2025").year == 2025


def test_enrolment_of_another_year_lands_again_what_came_before(tmp_path):
    both = tmp_path / "both"
    later = tmp_path / "later"
    both.mkdir()
    later.mkdir()
    rows = [row("enrolment", register_no="A", year=year) for year in ("2024", "2025")]
    write_csv(both / "a.csv", "enrolment", rows)
    write_csv(later / "a.csv", "enrolment", [row("enrolment", register_no="B", year="2025")])
    for folder in (both, later, both):
        landed(folder, at=AT + timedelta(hours=1))
    assert {key for _, key in in_force()} == {"A|2024", "A|2025"}


def test_a_row_keeps_the_file_it_came_in_first(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    landed(tmp_path)
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1", "P2")})
    landed(tmp_path)
    first, second = (Row.objects.get(key=key) for key in ("P1", "P2"))
    assert first.file_id != second.file_id
    assert SourceFile.objects.filter(status="landed").count() == 2


def test_only_who_may_land_lands(tmp_path):
    class Doctor:
        username, role = "doctor", "village_doctor"

    with pytest.raises(NotAllowed):
        land(folder=tmp_path, county_code="520527", by=Doctor(), at=AT)


def test_the_state_remembers_its_files_whatever_their_names(tmp_path):
    path = write_facilities(tmp_path, "F1")
    landed(tmp_path)
    digest = RegisterState.objects.get(register="facility").files_digest
    path.rename(tmp_path / "anything.bin")
    assert landed(tmp_path).parts[0].outcome == "unchanged"
    assert RegisterState.objects.get(register="facility").files_digest == digest


def test_audit_says_what_was_landed_without_names(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"lifted": people("P1")})
    landed(tmp_path)
    event = AuditEvent.objects.get(what="register_landed")
    assert (event.target, event.by, event.facts["new"]) == ("register:poverty", "robot", 1)
    assert "王小明" not in str(list(AuditEvent.objects.values()))
