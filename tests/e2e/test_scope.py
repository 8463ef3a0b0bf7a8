"""No address leads a reader out of the scope, and every page a village doctor opens speaks of one village only."""

import re

import pytest

from tests.e2e.desk import DOCTOR, OFFICER, known_to
from tests.e2e.pages import links

# A person, household and bill of the other village, and how many the village of the doctor holds.
ELSEWHERE = """
import json, django; django.setup()
from yingjin.settlement.models import Bill
from yingjin.registry.models import Membership
bill = Bill.objects.filter(person__region_code={village!r}).select_related("person").first()
member = Membership.objects.filter(household__region_code={village!r}).first()
names = sorted(set(Membership.objects.filter(household__region_code={village!r}).values_list("person__name", flat=True)))
print(json.dumps([str(member.person_id), str(member.household.pk), str(bill.pk), str(bill.person_id), names]))
"""


@pytest.fixture(scope="module")
def elsewhere(desk):
    return known_to(desk.place, ELSEWHERE.format(village=desk.other_village))


def test_a_village_doctor_reaches_nobody_of_another_village_by_any_address(desk, elsewhere):
    officer, doctor = desk.visitor(OFFICER), desk.visitor(DOCTOR)
    person, _, _, patient, _ = elsewhere
    officer_page = officer.page(f"/persons/{person}/")
    household = links(officer_page, r"^/households/")[0]
    bill = links(officer.page(f"/persons/{patient}/"), r"^/bills/")[0]
    for path in (
        f"/persons/{person}/",
        f"/persons/{person}/?on=2024-06-30",
        household,
        bill,
        f"{bill}slip/",
        f"{bill}json/",
    ):
        assert officer.ask(path)[0] == 200, path
        assert doctor.ask(path)[0] == 404, path


def test_lists_and_files_of_a_village_doctor_name_nobody_of_another_village(desk, elsewhere):
    doctor, names = desk.visitor(DOCTOR), elsewhere[4]
    own = known_to(desk.place, ELSEWHERE.format(village=desk.village))[4]
    strangers = [name for name in names if name not in own and len(name) > 2]
    assert strangers
    for path in (
        "/",
        "/gaps/",
        "/gaps/?status=due",
        "/quality/unlinked/",
        "/quality/held/",
        "/quality/disagreements/",
        "/quality/refused/",
    ):
        status, text = doctor.ask(path)
        assert status in (200, 404), path
        assert not [name for name in strangers if name in text], path


@pytest.mark.parametrize(
    "path",
    [
        "/?region={other}",
        "/?region=520527",
        "/gaps/?region={other}",
        "/summary.pdf?region={other}",
        "/find/?village={other}&q=li",
    ],
)
def test_asking_for_another_region_gives_nothing_of_it(desk, elsewhere, path):
    status, text = desk.visitor(DOCTOR).ask(path.format(other=desk.other_village))
    own = known_to(desk.place, ELSEWHERE.format(village=desk.village))[4]
    strangers = [name for name in elsewhere[4] if name not in own and len(name) > 2]
    assert status in (200, 404)
    assert not [name for name in strangers if name in text]


def test_a_village_doctor_finds_only_people_of_the_village(desk):
    doctor, officer = desk.visitor(DOCTOR), desk.visitor(OFFICER)
    own = set(links(doctor.page("/find/?q=li"), r"^/persons/"))
    all_found = set(links(officer.page("/find/?q=li"), r"^/persons/"))
    assert len(own) < len(all_found)
    for link in own:
        key = re.search(r"/persons/([^/]+)/", link)[1]
        assert doctor.ask(f"/persons/{key}/")[0] == 200
