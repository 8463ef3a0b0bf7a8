"""Folders as they come: empty, of other things, half copied, doubled, of another county, stopped half way."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.dump import contents, differences
from tests.support.growing_county import JOINS, write_first
from tests.support.made_county import made, undone
from tests.support.people import named
from tests.support.places import dump_of
from tests.support.registers import row, write_csv
from yingjin.basics.errors import BadInput
from yingjin.fusion.actions.marking import read_marked
from yingjin.fusion.models import Row, SourceFile
from yingjin.gaps.models import Due, Finding
from yingjin.jobs.run_county import run_over
from yingjin.settlement.models import Bill, Replay

pytestmark = pytest.mark.django_db


@pytest.fixture
def registers(tmp_path):
    return write_first(tmp_path / "registers")


def said_of(capsys, folder: Path, code: int) -> str:
    assert run_over(folder) == code
    return "".join(capsys.readouterr())


def test_a_folder_that_is_none_or_holds_no_file_is_refused_and_nothing_begins(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name, word in (("gone", "没有文件夹"), ("file", "没有文件夹"), ("empty", "里没有文件")):
        with pytest.raises(BadInput) as refused:
            run_over(tmp_path / name)
        assert word in refused.value.reason_zh and name in refused.value.reason_en
    assert not SourceFile.objects.exists()


def test_files_of_other_things_are_each_named_with_the_reason(tmp_path, capsys):
    (tmp_path / "买菜.txt").write_text("白菜，萝卜\n")
    (tmp_path / "照片.jpg").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "空.csv").write_bytes(b"")
    (tmp_path / "旧.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600)
    said = said_of(capsys, tmp_path, 2)
    for name, why in (
        ("买菜.txt", "认不出"),
        ("照片.jpg", ""),
        ("空.csv", "一个字节也没有"),
        ("旧.xls", "xlsx"),
    ):
        assert f"没有收“{name}”" in said and why in said
    assert not Row.objects.exists() and not Finding.objects.exists()


def test_a_file_that_cannot_be_read_stops_nothing_else(registers, capsys):
    """Root may read everything, so the file is one whose reading the system itself refuses."""
    (registers / "参保.csv").unlink()
    (registers / "参保.csv").symlink_to("/proc/self/mem")
    said = said_of(capsys, registers, 2)
    assert "没有收“参保.csv”：文件打不开" in said
    assert not Row.objects.filter(kind="enrolment").exists()
    assert Row.objects.filter(kind="lifted", current=True).count() == 8
    assert set(Bill.objects.values_list("state", flat=True)) == {"held_not_enrolled"}


@pytest.mark.parametrize("name", ["脱贫.xlsx", "健康.xlsx", "参保.csv", "结算.csv", "机构.csv"])
def test_a_file_cut_in_half_loses_nothing_that_was_there(registers, capsys, tmp_path, name):
    with undone():
        assert run_over(registers) == 0
        before = contents(of_files=False)
        shutil.copytree(registers, tmp_path / "cut")
        whole = (tmp_path / "cut" / name).read_bytes()
        (tmp_path / "cut" / name).write_bytes(whole[: len(whole) // 2])
        capsys.readouterr()
        status = run_over(tmp_path / "cut")
        said = "".join(capsys.readouterr())
        if name in ("参保.csv", "机构.csv"):
            # A list has no closing row: what is cut off is taken for withdrawn, and the summary warns of it.
            assert status in (0, 2) and (name == "机构.csv" or "先看文件是不是拷全了" in said)
            return
        assert status == 2 and f"没有收“{name}”" in said
        after = contents(of_files=False)
        assert not differences(
            {label: rows for label, rows in before.items() if label != "insight.Summary"},
            {label: rows for label, rows in after.items() if label != "insight.Summary"},
        )
        # Mended, the same folder is taken as if nothing had been.
        (tmp_path / "cut" / name).write_bytes(whole)
        assert run_over(tmp_path / "cut") == 0
        after = contents(of_files=False)
        before.pop("insight.Summary"), after.pop("insight.Summary")
        assert not differences(before, after)


def test_refused_rows_are_said_with_where_their_copy_lies(registers, capsys, settings):
    bad = [row("enrolment", register_no="I90", name="阿错", year="二〇二五")]
    write_csv(registers / "参保补.csv", "enrolment", bad)
    said = said_of(capsys, registers, 0)
    assert "参保补.csv" in said and "1" in said
    source = next(each for each in SourceFile.objects.all() if each.name == "参保补.csv")
    assert source.marked_name in said.replace("\n", "")
    assert read_marked(source.marked_name).startswith(b"PK")


def test_a_county_with_no_rulebook_is_held_and_searched_but_not_settled(tmp_path, capsys, monkeypatch):
    """Sichuan's Gulin: the law of Hezhang is not theirs, so no money is worked out by it."""
    from tests.support import growing_county
    from tests.support import registers as files

    monkeypatch.setattr(growing_county, "VILLAGE", "510525100201")
    monkeypatch.setitem(files.USUAL["facility"], "county", "510525")
    monkeypatch.setitem(files.USUAL["lifted"], "county_name", "古蔺县")
    monkeypatch.setitem(files.USUAL["lifted"], "township_name", "古蔺镇")
    said = said_of(capsys, write_first(tmp_path / "gulin"), 0)
    assert "古蔺县" in said and "赫章县" in said and "没有按它算账" in said
    assert Bill.objects.count() == 4 and not Replay.objects.exists()
    finding = Finding.objects.get()
    assert (finding.region_code, finding.base_persons) == ("510525", 8)
    assert {due.due for due in Due.objects.all()} == {"insured", "contracted"}
    assert Due.objects.get(person__in=named(JOINS), due="insured").status == "open"


def test_a_bill_of_somebody_of_whom_no_birthday_is_known_is_held_and_worked_out(registers):
    """Not enrolled, no number, no birthday: the age is unknown, and that gives no right and no crash."""
    stay = row(
        "settlement", bill_no="S-NOBODY", register_no="I99", name="无名", discharged_on="2025-09-01",
        admitted_on="2025-08-20",
    )  # fmt: skip
    write_csv(registers / "结算补.csv", "settlement", [stay])
    assert run_over(registers) == 0
    bill = Bill.objects.get(bill_id="S-NOBODY")
    assert bill.state == "held_not_enrolled" and bill.person.born_on is None
    assert bill.settlements.get().basic_fen > 0


def test_stopping_half_way_says_so_and_the_next_run_ends_as_if_nothing_had_been(new_place, tmp_path):
    registers = made(tmp_path / "county") / "registers"
    undisturbed, place = new_place(), new_place()
    undisturbed.do("run-county", registers)
    log = place.folder / "log"
    running = place.start("run-county", registers, output=log)
    wait_until_rows_land(place, running)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=30) == 130
    said = log.read_text(encoding="utf-8")
    assert "已停。再运行一次会接着做。" in said and "Traceback" not in said
    place.do("run-county", registers)
    assert dump_of(place) == dump_of(undisturbed)


def wait_until_rows_land(place, running: subprocess.Popen) -> None:
    """Wait until the lock says that the main job has begun."""
    until = time.monotonic() + 60
    while not (place.store / "run-county.lock").exists():
        assert running.poll() is None and time.monotonic() < until
        time.sleep(0.02)
    time.sleep(0.3)
