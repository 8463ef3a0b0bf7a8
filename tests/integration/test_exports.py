"""A list taken away is the list of the page: its rows, its reader's scope, its masks; sealed, recorded, started over."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from python_calamine import CalamineWorkbook

from tests.support.brought_in import brought_in
from tests.support.known_county import BILLS, ILL, ON, PEOPLE, identity
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics import row_security, work
from yingjin.basics.access import scope_of
from yingjin.basics.audit import words_of
from yingjin.basics.errors import Conflict, NotAllowed, NotFound
from yingjin.basics.identity import masked
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import doing
from yingjin.fusion.models import Landing
from yingjin.gaps.files import due_rules
from yingjin.insight import exports, queries
from yingjin.insight.exports import kept, lists
from yingjin.insight.exports.lists import NoWhy, Wanted
from yingjin.insight.queries import stood
from yingjin.insight.queries.shapes import GapsWanted
from yingjin.insight.queries.sight import sight_of
from yingjin.insight.queries.stood import found_then
from yingjin.jobs import work as jobs
from yingjin.registry.models import Person, User
from yingjin.settlement.models import Enrolment

pytestmark = pytest.mark.django_db
AT = timezone.now()
WHY = "县医保局核对参保名单"
EVERY = [
    ("gaps", {}), ("gaps", {"status": "due"}), ("people", {}), ("bills", {"year": "2025"}), ("places", {}),
    *(("quality", {"kind": kind}) for kind in ("files", "refused", "unlinked", "disagreements", "held", "cancelled")),
]  # fmt: skip


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "STORE", tmp_path)
    return tmp_path


def person(reader):
    """Return a reader as a user the worker finds."""
    reader.save()
    return reader


@pytest.fixture
def officer(county):
    return person(county.reader())


def silent(done, total, label_zh="", label_en=""):
    pass


def written(wanted, by):
    """Ask for a list and let the worker write it; return its job, its file's name and what the file holds."""
    job = exports.ask_export(wanted, by=by, at=AT)
    jobs.do(job.key)
    name, pieces = exports.download(job.key, by=by, at=AT)
    return job, name, b"".join(pieces)


def sheet(content):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    return rows[0][0], rows[1], rows[2:]


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8").removeprefix("\ufeff"), newline="")))


def test_the_gaps_taken_away_are_those_of_the_page(officer):
    page = queries.gaps(officer, ON, GapsWanted(size=200))
    _, name, content = written(Wanted("gaps"), officer)
    mark, heads, rows = sheet(content)
    assert len(rows) == page.total == len(page.rows)
    assert [row[heads.index("姓名")] for row in rows] == [row.name for row in page.rows]
    assert [row[heads.index("期限")] for row in rows] == [row.due_by for row in page.rows]
    short = [(row.shortfall_fen or 0) / 100 or "" for row in page.rows]
    assert [row[heads.index("差额（元）")] for row in rows] == short
    assert officer.username in mark and "2025-12-31" in mark and "全部缺口" in mark
    assert name.endswith(".xlsx")


def test_a_filter_of_the_page_is_the_filter_of_the_file(officer):
    page = queries.gaps(officer, ON, GapsWanted(due="covered", region_code=VILLAGE, size=200))
    query = {"due": "covered", "region": VILLAGE, "on": ON.isoformat()}
    mark, _, rows = sheet(written(Wanted("gaps", query=query), officer)[2])
    assert 0 < len(rows) == page.total < queries.gaps(officer, ON, GapsWanted()).total
    assert "应兜尽兜" in mark or "兜" in mark


@pytest.mark.parametrize(("name", "query"), EVERY)
@pytest.mark.parametrize("kind", exports.FORMATS)
def test_numbers_are_masked_in_every_list(officer, name, query, kind):
    _, _, content = written(Wanted(name, kind, query), officer)
    text = str(sheet(content)) if kind == "xlsx" else content.decode()
    for each in PEOPLE:
        assert identity(each) not in text
    if name in lists.HAS_NUMBERS:
        assert masked(identity(ILL)) in text or query.get("status") is None


def test_whole_numbers_need_a_reason_that_is_recorded(officer):
    wanted = Wanted("people", why=WHY)
    job, _, content = written(wanted, officer)
    _, heads, rows = sheet(content)
    numbers = {row[heads.index("证件号")] for row in rows}
    assert {identity(name) for name in PEOPLE} <= numbers
    assert all(isinstance(number, str) for number in numbers)
    asked = AuditEvent.objects.get(what="export_asked", target=f"export:{job.key}")
    assert words_of([asked])[asked.number] == {"filter": {}, "why": WHY}
    assert asked.facts["unmasked"] is True and WHY not in str(asked.facts)
    as_text = lines(written(Wanted("people", "csv", why=WHY), officer)[2])
    assert f"'{identity(ILL)}" in {row[1] for row in as_text[2:]}


def test_a_reason_must_say_something_and_some_may_not_unmask_at_all(county, officer):
    with pytest.raises(NoWhy):
        exports.ask_export(Wanted("people", why="看"), by=officer, at=AT)
    with pytest.raises(NotAllowed):
        exports.ask_export(Wanted("people", why=WHY), by=person(county.auditor()), at=AT)
    assert not exports.exports_of(officer)


def test_bills_are_those_of_the_year_with_real_days_and_amounts(officer):
    mark, heads, rows = sheet(written(Wanted("bills", query={"year": "2025"}), officer)[2])
    by_number = {row[0]: row for row in rows}
    of_year = [number for number, (_, day, *_) in BILLS.items() if day.startswith("2025")]
    assert set(of_year) >= set(by_number) - {row[0] for row in rows if row[-1]}
    head = by_number["S-HEAD-2"]
    assert head[heads.index("总费用（元）")] == 28436.52
    assert head[heads.index("出院")].isoformat() == "2025-11-11"
    assert head[heads.index("本人付（元）")] == 1123.85
    assert "2025 年出院" in mark and "S-HEAD-0" not in by_number


def test_another_region_gives_nothing(county):
    stranger = person(county.reader(region_code="520526"))
    for name in ("people", "bills"):
        assert sheet(written(Wanted(name, query={"year": "2025"}), stranger)[2])[2] == []
    for name in ("gaps", "places", "people", "bills"):
        with pytest.raises(NotFound):
            exports.ask_export(Wanted(name, query={"region": "520527", "year": "2025"}), by=stranger, at=AT)


def test_a_hidden_illness_is_in_no_file_of_who_may_not_know(county, officer):
    auditor = person(county.auditor())
    seen = {row[0] for row in sheet(written(Wanted("bills", query={"year": "2025"}), officer)[2])[2]}
    hidden = {row[0] for row in sheet(written(Wanted("bills", query={"year": "2025"}), auditor)[2])[2]}
    assert "S-ILL-2" in seen and "S-ILL-2" not in hidden
    assert hidden < seen


def test_roles_that_may_not_export_or_read_people_are_refused(county):
    for role in ("village_doctor", "administrator"):
        with pytest.raises(NotAllowed):
            exports.ask_export(Wanted("gaps"), by=county.reader(role, VILLAGE), at=AT)
    prefecture = county.reader("prefecture_reader", "5205")
    for name in ("gaps", "people", "bills"):
        with pytest.raises(NotAllowed):
            exports.ask_export(Wanted(name), by=prefecture, at=AT)


def test_the_file_lies_sealed_and_is_the_askers_alone(county, officer, store):
    job, _, content = written(Wanted("people", "csv"), officer)
    path = store / kept.FOLDER / f"{job.key}.sealed"
    raw = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "禄小英".encode() in content and "禄小英".encode() not in raw
    with pytest.raises(NotFound):
        exports.download(job.key, by=person(county.auditor()), at=AT)
    whats = AuditEvent.objects.filter(target=f"export:{job.key}").values_list("what", flat=True)
    assert sorted(whats) == ["export_asked", "export_downloaded", "export_made"]


def test_an_export_that_was_killed_starts_over_and_leaves_no_half_file(officer, store, monkeypatch):
    job = exports.ask_export(Wanted("people"), by=officer, at=AT)
    half = store / kept.FOLDER / f".{job.key}.sealed.0000.new"

    class Killed(BaseException):
        pass

    def killed(*_):
        half.parent.mkdir(exist_ok=True)
        half.write_bytes(b"half")
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr("yingjin.insight.exports.writing.mark", killed)
        with pytest.raises(Killed):
            jobs.do(job.key)
    assert half.exists() and not kept.is_kept(job.key)
    with pytest.raises(NotFound):
        exports.download(job.key, by=officer, at=AT)
    assert doing.take_up_left("desk", at=timezone.now()) == 1
    jobs.do(job.key)
    name, pieces = exports.download(job.key, by=officer, at=AT)
    assert len(sheet(b"".join(pieces))[2]) == Person.objects.filter(merged_into=None).count()
    assert [path.name for path in (store / kept.FOLDER).iterdir()] == [f"{job.key}.sealed"]


def test_whoever_was_locked_meanwhile_gets_no_file(officer):
    job = exports.ask_export(Wanted("people"), by=officer, at=AT)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    jobs.do(job.key)
    [export] = exports.exports_of(officer)
    assert export.job.state == "refused" and not export.there and export.again


def test_files_are_deleted_after_their_days_and_can_be_asked_for_again(officer):
    job, _, _ = written(Wanted("places"), officer)
    with pytest.raises(Conflict):
        exports.ask_again(job.key, by=officer, at=AT)
    assert exports.delete_old(at=timezone.now() + timedelta(days=kept.KEPT_DAYS - 1)) == 0
    assert exports.delete_old(at=timezone.now() + timedelta(days=kept.KEPT_DAYS + 1)) == 1
    with pytest.raises(NotFound):
        exports.download(job.key, by=officer, at=AT)
    again = exports.ask_again(job.key, by=officer, at=AT + timedelta(minutes=1))
    jobs.do(again.key)
    assert exports.exports_of(officer)[0].there


def test_a_file_speaks_the_language_it_was_asked_in(officer):
    with translation.override("en"):
        job = exports.ask_export(Wanted("places"), by=officer, at=AT)
    jobs.do(job.key)
    _, pieces = exports.download(job.key, by=officer, at=AT)
    mark, heads, _ = sheet(b"".join(pieces))
    assert heads[1] == "Place" and mark.startswith(f"{officer.username} ")


def test_text_that_looks_like_a_formula_stays_text(county, officer):
    ill = county.person(ILL)
    ill.name = "=1+1"
    ill.save(update_fields=["name"])
    assert "=1+1" in {row[0] for row in sheet(written(Wanted("people"), officer)[2])[2]}
    assert "'=1+1" in {row[0] for row in lines(written(Wanted("people", "csv"), officer)[2])}


def everybody_found(reader, on):
    """Return everybody whom Find shows a reader, village by village, as the file has them; read as the web reads."""
    row_security.see(scope_of(reader))
    try:
        villages = sorted(set(sight_of(reader).persons().values_list("region_code", flat=True)))
        pages = [queries.find(reader, on, "", village_code=each, size=500) for each in villages]
    finally:
        row_security.stop_seeing()
    assert all(page.pages == 1 for page in pages)
    return [found_cells(row) for page in pages for row in page.rows]


def found_cells(row):
    dues = {due: rule.zh for due, rule in due_rules().dues.items()}
    states = {"done": "已", "open": "缺", "unknown": "待核", "excepted": "除外", "not_due": "不应享"}
    sex = {"male": "男", "female": "女"}.get(row.sex, "")
    return [
        row.name, row.masked_number, sex, row.age_years, row.township.name, row.village.name,
        "、".join(row.categories), states[row.insured], states[row.contracted], row.contract_until,
        "、".join(dues[due] for due in row.gaps), row.died_on,
    ]  # fmt: skip


@pytest.mark.parametrize("on", [ON, date(2025, 6, 30), date(2024, 12, 31)])
@pytest.mark.parametrize(
    ("role", "region"),
    [
        ("county_officer", "520527"), ("auditor", "520527"), ("township_officer", VILLAGE[:9]),
        ("insurance_officer", "520527"), ("civil_affairs_officer", "520527"), ("revitalisation_officer", "520527"),
    ],
)  # fmt: skip
def test_the_people_taken_away_are_those_find_shows_on_that_day(county, role, region, on):
    reader = person(county.reader(role, region))
    mark, _, rows = sheet(written(Wanted("people", query={"on": on.isoformat()}), reader)[2])
    found = [["" if cell is None else cell for cell in row] for row in everybody_found(reader, on)]
    assert rows and rows == found
    assert ("找出的结果" in mark) == (on == ON) and ("逐人判断" in mark) == (on != ON)


def test_what_was_found_is_read_and_what_is_not_found_yet_is_judged(county, officer, monkeypatch):
    sight = sight_of(officer)
    assert found_then(sight, ON).on == ON
    assert found_then(sight, date(2025, 6, 30)) is None, "another day than the gaps stand by"
    assert found_then(sight_of(county.reader("prefecture_reader", "5205")), ON) is None, (
        "wider than was looked at"
    )
    keys = list(sight.persons().values_list("key", flat=True))
    judged = stood.stood(sight, keys, ON, None)
    monkeypatch.setattr(stood, "standings", None)
    assert stood.stood(sight, keys, ON, found_then(sight, ON)) == judged
    assert {state for each in judged.values() for state in (each.insured, each.contracted)} > {"done", "open"}
    waiting = work.ask("find_dues", by=officer, at=AT, lane=work.COUNTY)
    assert found_then(sight, ON) is None, "something is to be found again"
    work.cancel(waiting.key, by=officer, at=AT)
    assert found_then(sight, ON) is not None
    Landing.objects.update(finished_at=None)
    assert found_then(sight, ON) is None, "the main job is half way"


def test_a_change_that_waits_to_be_found_is_in_the_file_as_on_the_page(county, officer):
    someone = Enrolment.objects.filter(year=ON.year, person__merged_into=None).first().person
    Enrolment.objects.filter(person=someone, year=ON.year).delete()
    work.ask("find_dues", by=officer, at=AT, lane=work.COUNTY)
    rows = sheet(written(Wanted("people"), officer)[2])[2]
    assert rows == [["" if cell is None else cell for cell in row] for row in everybody_found(officer, ON)]
    assert next(row for row in rows if row[0] == someone.name)[7] in ("缺", "不应享", "待核")


@pytest.mark.parametrize("role", ["county_officer", "auditor", "township_officer", "insurance_officer"])
@pytest.mark.parametrize("query", [{}, {"status": "due"}, {"status": "excepted"}, {"sort": "-name"}])
def test_every_cell_of_a_gap_is_the_pages(county, role, query):
    reader = person(county.reader(role, VILLAGE[:9] if role == "township_officer" else "520527"))
    page = queries.gaps(reader, ON, GapsWanted(size=200, **query))
    _, heads, rows = sheet(written(Wanted("gaps", query=query), reader)[2])
    dues = {due: rule.zh for due, rule in due_rules().dues.items()}
    cells = [
        (
            dues[row.due], row.name, row.age_years or "", row.township.name, row.village.name, row.what_zh,
            row.reason_zh, row.owner_zh, row.since_on or "", row.due_by or "", row.closes_with_zh,
        )
        for row in page.rows
    ]  # fmt: skip
    kept = ("项", "姓名", "年龄", "乡镇", "村", "缺什么", "原因", "责任", "从哪天起", "期限", "关闭凭据")
    assert [tuple(row[heads.index(head)] for head in kept) for row in rows] == cells
    assert len(rows) == page.total


def test_a_village_officer_takes_the_village_alone(county):
    officer = person(county.reader("township_officer", OTHER_VILLAGE[:9]))
    everybody = sheet(written(Wanted("people", query={"village": OTHER_VILLAGE}), officer)[2])[2]
    assert 0 < len(everybody) < len(PEOPLE)
