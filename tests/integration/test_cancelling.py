"""What was asked for is cancelled by its asker: withdrawn while it waits, stopped at a safe point while it runs."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.brought_in import brought_in
from tests.support.importing import do_waiting, upload
from tests.support.places import CHECKOUT
from yingjin.basics import work
from yingjin.basics.access import COUNTY_OFFICER
from yingjin.basics.errors import Conflict, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import Job, course, doing, stopping
from yingjin.fusion.actions import imports
from yingjin.fusion.models import Import
from yingjin.insight import exports
from yingjin.insight.exports import kept
from yingjin.jobs import work as jobs
from yingjin.registry.models import User

pytestmark = pytest.mark.django_db
LATER = "参保_2025.csv"


@pytest.fixture(scope="module")
def files(new_place):
    """A county's registers, and a long later file of them: the landing of one register takes a while."""
    place = new_place()
    place.do("make-county", place.inputs / "county", "--people", 6_000, "--seed", 7)
    registers = place.inputs / "county" / "registers"
    enrolled = (registers / LATER).read_text(encoding="utf-8-sig").splitlines(keepends=True)
    later = place.inputs / LATER
    later.write_text("".join([enrolled[0], *enrolled[12:]]), encoding="utf-8")
    return registers, later


def here(place, *words, wait=True):
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.support.import_here", *map(str, words)],
        cwd=CHECKOUT, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    return said_by(running) if wait else running


def said_by(running):
    said, wrong = running.communicate(timeout=300)
    assert running.returncode == 0, wrong
    return said.strip()


def test_a_worker_stops_a_landing_before_its_commit_and_an_export_and_leaves_nothing(files, new_place):
    place, (registers, later) = new_place(), files
    place.do("run-county", registers)
    key = here(place, "upload", later)
    place.do("work", "--lane", "county", "--until-empty")
    before = json.loads(here(place, "state", key))
    assert before["import"] == "checked"
    here(place, "land", key)
    stopper = here(place, "stop", key, wait=False)
    place.do("work", "--lane", "county", "--until-empty")
    assert said_by(stopper) == "asked"
    after = json.loads(here(place, "state", key))
    assert (after["import"], after["job"], after["audit"]) == ("checked", "stopped", ["daoru"])
    assert after["reason"].startswith("daoru 于 20") and after["reason"].endswith("取消。")
    assert after["written"] == before["written"], "not a row of it is there"
    here(place, "land", key)
    place.do("work", "--lane", "county", "--until-empty")
    assert json.loads(here(place, "state", key))["import"] == "landed", "it can be landed all the same"

    export = here(place, "export")
    stopper = here(place, "stop_export", export, wait=False)
    place.do("work", "--lane", "desk", "--until-empty")
    assert said_by(stopper) == "asked"
    after = json.loads(here(place, "state", export))
    assert (after["job"], after["audit"], after["kept"]) == ("stopped", ["daoru"], False)
    assert list((place.store / kept.FOLDER).glob("*")) == []
    assert not list((place.store / course.FOLDER).glob("*")), "no wish and no course is left"


@pytest.fixture
def county(tmp_path, settings):
    settings.STORE = tmp_path
    with brought_in(tmp_path / "files") as county:
        yield county


def somebody(name):
    user = User.objects.create(username=name, role=COUNTY_OFFICER, region_code="520527")
    browser = Client()
    browser.force_login(user)
    return user, browser


def test_an_export_is_cancelled_from_its_row_after_a_question(county):
    officer, browser = somebody("chen")
    job = exports.ask_export(exports.Wanted("people"), by=officer, at=timezone.now())
    address = f"/exports/{job.key}/cancel/"
    assert address in browser.get("/exports/").content.decode()
    asked = browser.get(address).content.decode()
    assert "确定取消" in asked and Job.objects.get(pk=job.key).state == "waiting"
    _, other = somebody("zhou")
    assert other.get(address).status_code == other.post(address).status_code == 404
    assert browser.post(address).url == "/exports/"
    cancelled = Job.objects.get(pk=job.key)
    assert cancelled.state == "stopped" and cancelled.reason_zh.startswith("chen 于 ")
    assert AuditEvent.objects.get(what="job_cancelled", target=f"job:{job.key}").by == "chen"
    assert cancelled.reason_zh in browser.get("/exports/").content.decode()
    assert browser.post(address).status_code == 409
    jobs.do(job.key)
    assert not kept.is_kept(job.key)


def test_what_runs_says_that_it_is_stopping_and_stops_at_its_next_word(county, monkeypatch):
    officer, browser = somebody("chen")
    job = exports.ask_export(exports.Wanted("people"), by=officer, at=timezone.now())
    seen = []

    def pressed(running, report):
        report(1, 1000, "写文件", "Writing the file")
        assert browser.post(f"/exports/{job.key}/cancel/").status_code == 302
        seen.append(browser.get("/exports/").content.decode())
        report(1000, 1000, "写文件", "Writing the file")
        pytest.fail("it went on")

    monkeypatch.setattr(jobs, "function_of", lambda kind: pressed)
    jobs.do(job.key)
    assert "正在停" in seen[0]
    stopped = Job.objects.get(pk=job.key)
    assert stopped.state == "stopped" and "chen" in stopped.reason_en
    event = AuditEvent.objects.get(what="job_cancelled")
    assert (event.by, event.role, event.facts) == ("chen", COUNTY_OFFICER, {"running": True})
    assert stopping.wish_of(job.key) is None


def test_from_its_commit_on_a_job_goes_to_its_end(county, monkeypatch):
    officer, _ = somebody("chen")
    job = work.ask("land_import", by=officer, at=timezone.now())

    def lands(running, report):
        report(1, 2)
        report.no_way_back()
        with pytest.raises(Conflict):
            work.stop_job(job.key, by=officer, at=timezone.now())
        report(2, 2)
        return {}

    monkeypatch.setattr(jobs, "function_of", lambda kind: lands)
    jobs.do(job.key)
    assert Job.objects.get(pk=job.key).state == "done"
    with pytest.raises(Conflict):
        work.stop_job(job.key, by=officer, at=timezone.now())
    with pytest.raises(NotFound):
        work.stop_job(job.key, by=User(username="zhou"), at=timezone.now())


def test_a_wish_outlives_a_killed_worker(county, monkeypatch):
    officer, _ = somebody("chen")
    job = exports.ask_export(exports.Wanted("people"), by=officer, at=timezone.now())
    running = doing.begin(job.key, at=timezone.now())
    jobs.Reporter(running)
    work.stop_job(job.key, by=officer, at=timezone.now())
    doing.take_up_left("desk", at=timezone.now())
    jobs.do(job.key)
    assert Job.objects.get(pk=job.key).state == "stopped" and not kept.is_kept(job.key)


def test_a_dry_run_and_a_waiting_landing_are_cancelled_from_the_imports_page(county, tmp_path):
    officer, browser = somebody("chen")
    made = upload([tmp_path / "files" / "参保2025.csv"], by=officer, dry_run=False)
    page = browser.get(f"/imports/{made.pk}/").content.decode()
    assert f"/imports/{made.pk}/cancel/" in page
    assert browser.post(f"/imports/{made.pk}/cancel/").status_code == 302
    assert Import.objects.get(pk=made.pk).state == "dropped"
    lines = (tmp_path / "files" / "参保2025.csv").read_text(encoding="utf-8").splitlines()
    again = tmp_path / "again.csv"
    again.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    made = upload([again], by=officer)
    imports.ask_landing(made.pk, by=officer, at=timezone.now() + timedelta(seconds=1))
    assert "确定取消" in browser.get(f"/imports/{made.pk}/cancel/").content.decode()
    browser.post(f"/imports/{made.pk}/cancel/")
    assert Import.objects.get(pk=made.pk).state == "checked"
    assert "chen 于 " in browser.get(f"/imports/{made.pk}/").content.decode()
    imports.ask_landing(made.pk, by=officer, at=timezone.now() + timedelta(seconds=2))
    do_waiting(made)
    assert browser.get(f"/imports/{made.pk}/cancel/").url == f"/imports/{made.pk}/"
    with pytest.raises(Conflict):
        imports.stop(made.pk, by=officer, at=timezone.now())
