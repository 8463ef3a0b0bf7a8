"""Filters kept under a name, and what happened that a reader should know of."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.small_county import COUNTY, VILLAGES, SmallCounty, reader
from yingjin.basics.errors import NotAllowed
from yingjin.basics.models import AuditEvent
from yingjin.basics.work import DONE, REFUSED, Job
from yingjin.gaps.actions.exceptions import Paper, except_gaps
from yingjin.gaps.actions.work import Assignee, work_on_gaps
from yingjin.gaps.models import Gap
from yingjin.insight import queries
from yingjin.insight.keeping import (
    BadFilter,
    FilterNameTaken,
    FilterNotFound,
    change_filter,
    delete_filter,
    kept_part,
    mark_read,
    save_filter,
)
from yingjin.insight.models import NoticeRead, SavedFilter
from yingjin.insight.queries.notices import notices, unread
from yingjin.settlement.actions import propose_decision
from yingjin.settlement.models import Bill

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OFFICER, TOWNSHIP, DOCTOR = "county_officer", "township_officer", "village_doctor"


def keep(by, name="缺保", query="due=insured&page=3", shared=False):
    return save_filter(page="gaps", query=query, name=name, shared=shared, by=by, at=AT)


def names(by, page="gaps"):
    return [each.name for each in queries.saved_filters(by, page)]


def test_the_choices_are_kept_and_neither_page_nor_day_nor_what_was_searched_for():
    assert (
        kept_part("due=insured&page=3&gap=x&on=2025-01-01&q=禄小英&region=520527")
        == "due=insured&region=520527"
    )
    assert keep(reader(OFFICER)).query == "due=insured"
    with pytest.raises(BadFilter):
        kept_part("a=" + "b" * 500)


def test_a_filter_is_its_owners_to_rename_and_delete():
    owner, other = reader(OFFICER), reader("auditor")
    kept = keep(owner, name="  缺  保 ")
    assert (names(owner), names(other)) == (["缺 保"], [])
    for act in (
        lambda: change_filter(key=kept.key, name="别的", shared=True, by=other, at=AT),
        lambda: delete_filter(key=kept.key, by=other, at=AT),
    ):
        with pytest.raises(FilterNotFound):
            act()
    change_filter(key=kept.key, name="没参保", shared=True, by=owner, at=AT)
    assert (names(owner), names(other)) == (["没参保"], ["没参保"])
    delete_filter(key=kept.key, by=owner, at=AT)
    assert names(owner) == names(other) == []
    events = AuditEvent.objects.filter(what__startswith="filter_").order_by("number")
    assert [event.what for event in events] == ["filter_saved", "filter_changed", "filter_deleted"]
    assert all("没参保" not in str(event.facts) for event in events)


@pytest.mark.parametrize("name", ["", " ", "长" * 41, "找 522428196304120014", "13912345678 的"])
def test_a_name_is_short_and_holds_no_number_of_anybody(name):
    with pytest.raises(BadFilter):
        keep(reader(OFFICER), name=name)


def test_a_name_stands_once_and_there_is_an_end_to_filters():
    owner = reader(OFFICER)
    kept = keep(owner)
    with pytest.raises(FilterNameTaken):
        keep(owner)
    change_filter(key=kept.key, name="缺保", shared=True, by=owner, at=AT)
    for number in range(49):
        keep(owner, name=f"第 {number} 个")
    with pytest.raises(BadFilter):
        keep(owner, name="再来一个")
    with pytest.raises(BadFilter):
        save_filter(page="person", query="", name="人", shared=False, by=owner, at=AT)


def test_a_shared_filter_is_seen_in_the_region_and_below_and_nowhere_else():
    keep(reader(OFFICER), name="全县", shared=True)
    keep(reader(TOWNSHIP, VILLAGES[0][:9]), name="本乡", shared=True, query=f"region={VILLAGES[0][:9]}")
    keep(reader(OFFICER), name="别的村", shared=True, query=f"region={VILLAGES[2]}")
    assert names(reader(DOCTOR, VILLAGES[0])) == ["全县"]  # what opens another place opens nothing
    assert names(reader(DOCTOR, VILLAGES[2])) == ["全县", "别的村"]
    assert names(reader(OFFICER)) == ["全县", "别的村"]
    assert names(reader(OFFICER, "520526")) == []
    with CaptureQueriesContext(connection) as asked:
        names(reader(DOCTOR, VILLAGES[0]))
    assert sum("savedfilter" in query["sql"] for query in asked) == 1


def test_filters_of_find_and_of_exported_lists_are_kept_the_same_way_and_open_their_list():
    officer = reader(OFFICER)
    browser = Client()
    browser.force_login(officer)
    place = VILLAGES[0]
    for page, query, kept_query, words in (
        ("find", f"village={place}&q=禄小英&on=2025-01-01", f"village={place}", "查人"),
        (
            "export_new",
            "list=bills&region=520527&year=2025&why=某人",
            "list=bills&region=520527&year=2025",
            "账单",
        ),
        ("export_new", f"list=people&village={place}", f"list=people&village={place}", "人员名单"),
    ):
        asked = browser.get(f"/filters/?{urlencode({'page': page, 'query': query})}").content.decode()
        assert words in asked and "禄小英" not in asked and "某人" not in asked
        name = f"存{words}"
        answer = browser.post("/filters/save/", {"page": page, "query": query, "name": name, "shared": "1"})
        assert answer.url.endswith(f"?{kept_query}"), answer.content.decode()
        assert [each.query for each in queries.saved_filters(officer, page) if each.name == name] == [
            kept_query
        ]
        assert name in browser.get("/filters/").content.decode()
    assert names(reader(DOCTOR, place), "find") == ["存查人"]
    assert names(reader(DOCTOR, place), "export_new") == [], "who may not export is offered no export"
    assert names(reader(DOCTOR, VILLAGES[2]), "find") == [], "a village outside opens nothing"
    with pytest.raises(NotAllowed):
        save_filter(
            page="export_new", query="list=bills", name="账", shared=False, by=reader(DOCTOR, place), at=AT
        )


def test_the_lists_themselves_offer_what_is_kept_of_them(county):
    county.hold()
    county.find()
    officer = reader(OFFICER)
    browser = Client()
    browser.force_login(officer)
    save_filter(page="find", query=f"village={VILLAGES[0]}", name="一村的人", shared=False, by=officer, at=AT)
    save_filter(page="export_new", query="list=people", name="全县名单", shared=False, by=officer, at=AT)
    found = browser.get(f"/find/?village={VILLAGES[0]}&on=2025-12-31").content.decode()
    assert "一村的人" in found and "存下筛选" in found and "全县名单" not in found
    export = browser.get("/exports/new/?list=people&on=2025-12-31").content.decode()
    assert "全县名单" in export and "存下筛选" in export


@pytest.fixture
def county() -> SmallCounty:
    """A county with three gaps and a held bill."""
    county = SmallCounty()
    for number in range(3):
        county.person(f"缺{number}", VILLAGES[0], contracted=False)
    paid = county.person("住院", VILLAGES[0])
    county.stay(paid, "S2", date(2025, 6, 20), state="held_not_enrolled")
    county.hold()
    county.find()
    return county


def kinds(user, at=AT):
    return [each.what for each in notices(user, at)]


def test_work_that_ended_is_told_to_who_asked_for_it():
    officer = reader(OFFICER)
    facts = {"kind": "land_import", "lane": "county", "by": officer.username, "asked_at": AT}
    Job.objects.create(**facts, state=DONE, ended_at=AT - timedelta(hours=1))
    Job.objects.create(**facts, state=REFUSED, ended_at=AT, reason_zh="坏了", reason_en="broken")
    Job.objects.create(**facts, state=DONE, ended_at=AT - timedelta(days=15))
    Job.objects.create(**facts)
    Job.objects.create(**{**facts, "by": "somebody"}, state=DONE, ended_at=AT)
    told = notices(officer, AT)
    assert [each.facts["state"] for each in told] == [REFUSED, DONE]
    assert unread(officer, AT) == 2 and kinds(reader("auditor")) == []


def test_a_task_is_told_to_who_got_it_and_not_to_who_gave_it(county):
    officer, doctor = reader(OFFICER), reader(DOCTOR, VILLAGES[0])
    gaps = list(Gap.objects.values_list("pk", flat=True))
    work_on_gaps(gaps=gaps, assign=Assignee(DOCTOR, doctor.username), by=officer, at=AT)
    (told,) = notices(doctor, AT)
    assert (told.what, told.facts) == ("gaps", {"gaps": len(gaps), "by": officer.username})
    assert kinds(officer) == []
    assert kinds(reader(DOCTOR, VILLAGES[2])) == []


def test_an_exception_about_to_end_is_told_to_who_may_grant_one_in_its_region(county):
    officer = reader(OFFICER)
    (gap, *_rest) = Gap.objects.values_list("pk", flat=True)
    until = AT.date() + timedelta(days=10)
    except_gaps(
        gaps=[gap],
        reason="contracted_elsewhere",
        words="在外地签约，有证明。",
        until_on=until,
        paper=Paper("证明.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"),
        by=officer,
        at=AT,
    )
    assert kinds(officer) == ["expiring"]
    assert kinds(officer, AT + timedelta(days=11)) == []
    assert kinds(reader(TOWNSHIP, VILLAGES[0][:9])) == ["expiring"]
    assert kinds(reader(TOWNSHIP, VILLAGES[2][:9])) == []
    assert kinds(reader(DOCTOR, VILLAGES[0])) == []


def test_a_held_bill_is_told_to_a_second_person(county):
    first, second = reader(OFFICER), reader("insurance_officer")
    bill = Bill.objects.get()
    propose_decision(bill=bill.pk, verdict="release", reason="医院补了登记，核过原件。", by=first, at=AT)
    assert kinds(first) == []
    other = type(first)(username="another", role=OFFICER, region_code=COUNTY, is_active=True)
    assert kinds(other) == ["held"]
    assert kinds(reader("auditor")) == [] and kinds(second) in ([], ["held"])


def test_the_bills_of_a_county_are_not_looked_at_while_none_waits(county):
    """Every page asks once a minute: it must not take longer for a county of more bills."""
    with CaptureQueriesContext(connection) as asked:
        notices(reader(OFFICER), AT)
    assert not [each["sql"] for each in asked.captured_queries if '"settlement_bill"' in each["sql"]]


def test_what_was_read_is_read_for_its_reader_alone_and_forgotten_in_time():
    officer = reader(OFFICER)
    Job.objects.create(kind="export", lane="desk", by=officer.username, asked_at=AT, state=DONE, ended_at=AT)
    (told,) = notices(officer, AT)
    assert mark_read(notices=[told.key], by=officer, at=AT) == 1
    assert mark_read(notices=[told.key], by=officer, at=AT) == 0
    assert unread(officer, AT) == 0 and notices(officer, AT)[0].read
    mark_read(notices=["job:other"], by=officer, at=AT + timedelta(days=61))
    assert list(NoticeRead.objects.values_list("notice", flat=True)) == ["job:other"]
    assert SavedFilter.objects.count() == 0
