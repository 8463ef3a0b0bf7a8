"""Importing by the page: a dry run that writes nothing, a landing like the main job's, an undo that leaves no trace."""

import csv
from datetime import date

import pytest
from django.utils import timezone

from tests.support import dump
from tests.support.brought_in import brought_in
from tests.support.importing import land, undo, upload
from tests.support.people import named
from tests.support.registers import COUNTY, row, write_csv, write_workbook
from yingjin.basics.access import COUNTY_OFFICER, VILLAGE_DOCTOR
from yingjin.basics.errors import BadInput, Conflict, NotAllowed, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import Job
from yingjin.fusion.actions import imports, undoing
from yingjin.fusion.models import Import, Row
from yingjin.fusion.queries import imports as queries
from yingjin.gaps.models import Gap
from yingjin.registry.models import User
from yingjin.settlement.models import Bill, Replay

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def county(tmp_path_factory, django_db_setup, django_db_blocker):
    """The known county, brought in once; each test's changes are rolled back."""
    folder = tmp_path_factory.mktemp("imports") / "registers"
    with django_db_blocker.unblock(), brought_in(folder):
        yield folder


@pytest.fixture
def officer(county):
    return User.objects.create(username="daoru", role=COUNTY_OFFICER, region_code=COUNTY, display_name="县")


def rewritten(path, target, change):
    """Copy a CSV with its lines changed."""
    with open(path, encoding="utf-8", newline="") as text:
        lines = list(csv.reader(text))
    with open(target, "w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(change(lines))
    return target


def without(county, tmp_path, words):
    """Write the enrolments of 2025 without the rows that hold a word."""
    return rewritten(
        county / "参保2025.csv",
        tmp_path / "参保2025.csv",
        lambda lines: [line for line in lines if not any(word in cell for cell in line for word in words)],
    )


def counted(made: Import, kind: str) -> dict[str, int]:
    return next(each for each in made.preview["kinds"] if each["kind"] == kind)


def present() -> dump.Rows:
    """Return what stands now, apart from history: rows, versions and events that are no longer in force."""
    return dump.present()


def test_a_dry_run_counts_what_landing_would_do_and_writes_nothing(county, officer, tmp_path):
    before = dump.contents()
    made = upload([without(county, tmp_path, ["I2"])], by=officer)
    assert made.state == "checked"
    enrolled = counted(made, "enrolment")
    assert (enrolled["withdrawn"], enrolled["new"], enrolled["same"]) == (1, 0, 5)
    assert dump.differences(before, dump.contents()) == []
    landed = land(made, by=officer)
    assert landed.state == "landed"
    assert [(each["kind"], each["withdrawn"]) for each in landed.counts["kinds"]] == [("enrolment", 1)]
    assert not Row.objects.get(kind="enrolment", number="I2", year=2025).current
    assert Gap.objects.filter(person__in=named("陈光明"), due="insured", open=True).exists()


def test_an_undone_import_leaves_everything_as_it_was_apart_from_history(county, officer, tmp_path):
    before = present()
    replays = Replay.objects.count()
    files = [without(county, tmp_path, ["I2"]), with_one_more_bill(county, tmp_path)]
    landed = land(upload(files, by=officer), by=officer)
    assert dump.differences(before, present()) != [], "the import changes much: people, bills, gaps"
    assert Bill.objects.get(bill_id="S-MORE").state == "counted"
    undone = undo(landed, by=officer)
    assert (undone.state, undone.undone_by, undone.undone_why) == ("undone", "daoru", "传错了文件")
    assert dump.differences(before, present()) == []
    assert Replay.objects.count() > replays, "what was worked out with it stays as history"
    assert Row.objects.filter(ended_why="undone").exists()


def with_one_more_bill(county, tmp_path):
    def more(lines):
        head, *rows, closing = lines
        at = {title: place for place, title in enumerate(head)}
        added = next(list(line) for line in rows if line[at["setl_id"]] == "S-HEAD-1")
        added[at["setl_id"]] = "S-MORE"
        closing[at["psn_no"]] = str(len(rows) + 1)
        for title in ("medfee_sumamt", "inscp_scp_amt", "hifp_pay", "psn_pay"):
            if title in at and closing[at[title]]:
                closing[at[title]] = f"{float(closing[at[title]]) + float(added[at[title]] or 0):.2f}"
        return [head, *rows, added, closing]

    return rewritten(county / "结算2025.csv", tmp_path / "结算2025.csv", more)


def test_the_same_files_twice_say_so_and_do_nothing(county, officer):
    made = upload([county / "参保2024.csv", county / "参保2025.csv"], by=officer)
    assert made.state == "same"
    with pytest.raises(Conflict):
        imports.ask_landing(made.pk, by=officer, at=timezone.now())


def test_an_import_that_another_was_built_upon_is_undone_after_it(county, officer, tmp_path):
    first = land(upload([without(county, tmp_path, ["I2"])], by=officer), by=officer)
    second = land(upload([without(county, tmp_path, ["I2", "I4"])], by=officer), by=officer)
    with pytest.raises(Conflict, match="先按这个次序撤销"):
        undoing.ask_undo(first.pk, why="传错了", by=officer, at=timezone.now())
    assert undo(second, by=officer).state == "undone"
    assert undo(first, by=officer).state == "undone"
    assert Row.objects.get(kind="enrolment", number="I2", year=2025, current=True)


def test_another_register_does_not_stand_in_the_way(county, officer, tmp_path):
    first = land(upload([without(county, tmp_path, ["I2"])], by=officer), by=officer)
    facility = write_csv(
        tmp_path / "机构.csv", "facility", [row("facility", code=code) for code in ("F1", "F2", "F3")]
    )
    land(upload([facility], by=officer), by=officer)
    assert undo(first, by=officer).state == "undone"


def test_undoing_wants_a_reason_and_the_right(county, officer, tmp_path):
    landed = land(upload([without(county, tmp_path, ["I2"])], by=officer), by=officer)
    doctor = User(username="cun", role=VILLAGE_DOCTOR, region_code=COUNTY)
    with pytest.raises(BadInput):
        undoing.ask_undo(landed.pk, why="  ", by=officer, at=timezone.now())
    with pytest.raises(NotAllowed):
        undoing.ask_undo(landed.pk, why="传错了", by=doctor, at=timezone.now())
    elsewhere = User(username="bie", role=COUNTY_OFFICER, region_code="520526")
    with pytest.raises(NotFound):
        undoing.ask_undo(landed.pk, why="传错了", by=elsewhere, at=timezone.now())
    assert AuditEvent.objects.filter(what="import_landed", target=imports.about(landed.pk)).count() == 1


def test_uploads_lie_sealed_and_are_deleted_after_their_time(county, officer, tmp_path, settings):
    made = upload([county / "参保2025.csv"], by=officer)
    lying = list((settings.STORE / "uploads" / str(made.pk)).iterdir())
    assert lying
    assert not any("陈光明".encode() in path.read_bytes() for path in lying)
    assert "陈光明".encode() in (county / "参保2025.csv").read_bytes(), "the file itself holds the name"
    assert imports.delete_uploads(before=timezone.now(), by="robot", at=timezone.now()) >= 1
    assert not (settings.STORE / "uploads" / str(made.pk)).exists()
    with pytest.raises(NotFound), imports.opened(Import.objects.get(pk=made.pk)):
        pass


def test_the_first_problems_are_told_with_their_place_before_anything_is_written(county, officer, tmp_path):
    bad = write_workbook(
        tmp_path / "健康.xlsx", {"record": [row("record", register_no="J1"), row("record", register_no="")]}
    )
    made = upload([bad], by=officer)
    [problem] = made.preview["problems"]
    assert (problem["row"], "空的" in problem["zh"], bool(problem["en"])) == (3, True, True)
    assert counted(made, "record")["refused"] == 1


def test_a_file_nobody_knows_is_told_and_nothing_can_be_landed(county, officer, tmp_path):
    (tmp_path / "note.txt").write_text("你好", encoding="utf-8")
    made = upload([tmp_path / "note.txt"], by=officer)
    assert made.state == "refused"
    assert "认不出" in made.preview["files"][0]["reason_zh"]


def test_a_waiting_landing_can_be_taken_back(county, officer, tmp_path):
    made = upload([without(county, tmp_path, ["I2"])], by=officer)
    job = imports.ask_landing(made.pk, by=officer, at=timezone.now())
    with pytest.raises(Conflict):
        imports.ask_landing(made.pk, by=officer, at=timezone.now())
    imports.take_back(made.pk, by=officer, at=timezone.now())
    assert Job.objects.get(pk=job.pk).state == "stopped"
    assert Import.objects.get(pk=made.pk).state == "checked"


def test_a_dropped_import_leaves_no_file(
    county, officer, tmp_path, settings, django_capture_on_commit_callbacks
):
    made = upload([county / "参保2025.csv"], by=officer)
    with django_capture_on_commit_callbacks(execute=True):
        imports.drop(made.pk, by=officer, at=timezone.now())
    assert not (settings.STORE / "uploads" / str(made.pk)).exists()
    assert queries.import_of(scope(officer), made.pk).state == "dropped"


def scope(user):
    from yingjin.basics.access import scope_of

    return scope_of(user)


def test_what_an_import_did_can_be_looked_up(county, officer, tmp_path):
    landed = land(upload([without(county, tmp_path, ["I2"])], by=officer), by=officer)
    seen = queries.import_of(scope(officer), landed.pk)
    assert (seen.landed_by, seen.total("withdrawn")) == ("daoru", 1)
    assert seen.summary["on"] >= date(2025, 1, 1).isoformat()
    assert [each.key for each in queries.imports_of(scope(officer))] == [landed.pk]
