"""An illness marked sensitive is nowhere to be seen or counted for those who may not know of it."""

import re

import pytest

from tests.e2e.desk import AUDITOR, DOCTOR, OFFICER, known_to
from tests.e2e.pages import QUALITY, links
from tests.support.exported import asked_for, taken_away

HIDDEN = """
import json, django; django.setup()
from yingjin.care.models import Condition
from yingjin.settlement.models import Bill
rows = Condition.objects.filter(sensitive=True).select_related("person")
bills = Bill.objects.filter(sensitive=True)
print(json.dumps({
    "persons": sorted({str(row.person_id) for row in rows}),
    "words": sorted({row.name for row in rows} | {row.disease for row in rows if row.disease} | {row.icd_code for row in rows}
                    | {bill.diagnosis for bill in bills if bill.diagnosis}),
    "bills": sorted(str(bill.key) for bill in bills),
}))
"""
LISTS = (
    "/",
    "/gaps/",
    "/gaps/?due=treated",
    "/gaps/?due=treated&status=due",
    "/gaps/?due=treated&status=done",
)
FILES = ({}, {"due": "treated", "status": "due"}, {"status": "due"})


@pytest.fixture(scope="module")
def hidden(desk):
    found = known_to(desk.place, HIDDEN)
    assert found["persons"] and found["words"] and found["bills"], (
        "the county has nobody with a sensitive illness"
    )
    return found


def pages_of(officer, person):
    """Return every page about a person that the officer can reach from the person's own."""
    own = f"/persons/{person}/"
    text = officer.page(f"{own}?all=1")
    return [own, f"{own}?all=1", *links(text, r"^/households/")[:1], *links(text, r"^/bills/[^/]+/$")]


def named(text, words):
    return [word for word in words if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text)]


def test_the_county_officer_sees_them(desk, hidden):
    officer = desk.visitor(OFFICER)
    assert named(officer.page(f"/persons/{hidden['persons'][0]}/"), hidden["words"])
    assert officer.ask(f"/bills/{hidden['bills'][0]}/")[0] == 200


@pytest.mark.parametrize("username", [AUDITOR, DOCTOR])
def test_no_page_or_file_of_others_names_them(desk, hidden, username):
    officer, reader = desk.visitor(OFFICER), desk.visitor(username)
    paths = [*LISTS, *(f"/quality/{kind}/" for kind in QUALITY)]
    for person in hidden["persons"][:12]:
        paths += pages_of(officer, person)
    opened = 0
    for path in dict.fromkeys(paths):
        status, text = reader.ask(path)
        assert status in (200, 404), path
        opened += status == 200
        assert named(text, hidden["words"]) == [], path
        for bill in hidden["bills"]:
            assert bill not in text.replace(path, ""), path  # the switch of language repeats what was asked
    assert opened > len(LISTS)


def test_no_list_of_others_that_is_taken_away_names_them(desk, hidden):
    auditor = desk.visitor(AUDITOR)
    for query in FILES:
        text = taken_away(auditor, "gaps", **query)
        assert text.count("\r\n") > 2
        assert named(text, hidden["words"]) == [], query
        for bill in hidden["bills"]:
            assert bill not in text, query
    assert asked_for(desk.visitor(DOCTOR), "gaps")[0] == 403


@pytest.mark.parametrize("username", [AUDITOR, DOCTOR])
def test_their_bills_open_for_nobody_else_by_any_address(desk, hidden, username):
    reader = desk.visitor(username)
    for bill in hidden["bills"]:
        for path in (f"/bills/{bill}/", f"/bills/{bill}/slip/", f"/bills/{bill}/json/"):
            assert reader.ask(path)[0] == 404, path


def test_what_is_treated_counts_fewer_for_those_who_may_not_know(desk, hidden):
    def should(username):
        text = desk.visitor(username).page("/")
        return int(re.search(r"应治 ([\d,]+)", text)[1].replace(",", ""))

    assert should(AUDITOR) <= should(OFFICER)


def test_the_table_of_illness_tells_no_small_number(desk):
    for username in (OFFICER, AUDITOR, DOCTOR):
        tables = re.findall(
            r'aria-label="各病种表[^"]*">(.*?)</table>', desk.visitor(username).page("/"), re.S
        )
        assert tables or username == DOCTOR
        for persons in re.findall(r'<tr><th[^>]*>.*?</th><td class="n">(.*?)</td>', "".join(tables), re.S):
            assert persons == "&lt;10" or "略" in persons or int(persons.replace(",", "")) >= 10
