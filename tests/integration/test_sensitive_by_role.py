"""Village doctor and auditor meet a hidden illness nowhere: in no page, list, count, sum, key or file. The officer does."""

from datetime import date
from typing import Any

import pytest

from tests.support.small_county import COUNTY, HIV, ON, PSYCHOSIS, STROKE, VILLAGES, SmallCounty, reader
from yingjin.basics.errors import NotFound
from yingjin.insight import queries
from yingjin.insight.queries.shapes import GapsWanted
from yingjin.registry.actions.persons import household_key
from yingjin.settlement.actions import bill_key

pytestmark = pytest.mark.django_db
OFFICER, DOCTOR, AUDITOR = "county_officer", "village_doctor", "auditor"
HOME = VILLAGES[0]
QUALITY = ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled")
# Whatever names the illness, the code, or the bills that tell of it.
TELLING = ("艾滋", "精神", "B20", "F20", "C07", "HIDDEN")


@pytest.fixture
def hidden() -> dict[str, Any]:
    """Two people of one household: one with AIDS, one registered mentally ill; each with bills that tell of it."""
    county = SmallCounty()
    first, second = county.person("甲某", HOME), county.person("乙某", HOME)
    county.ill(first, HIV)
    county.treat(first, HIV, date(2025, 3, 3))
    county.ill(first, STROKE)
    county.ill(second, PSYCHOSIS)
    county.category(second, "C07", date(2025, 4, 1), date(2025, 9, 1))
    county.stay(first, "PLAIN1", date(2025, 2, 1), icd=STROKE)
    county.stay(first, "HIDDEN1", date(2025, 3, 1), icd=HIV)
    county.stay(first, "HIDDEN2", date(2025, 6, 1))  # rests on the one before
    county.stay(first, "HIDDEN3", date(2024, 6, 1), icd=HIV, state="cancelled")
    county.stay(first, "HIDDEN4", date(2024, 6, 2), icd=HIV, state="held_not_enrolled")
    county.stay(second, "HIDDEN5", date(2025, 5, 1))  # of a day on which mental illness is registered
    county.stay(second, "PLAIN2", date(2025, 2, 1))
    county.household("H1", first, second)
    county.hold()
    county.find()
    return {"first": first, "second": second}


def pages(who: Any, people: dict[str, Any]) -> dict[str, Any]:
    """Everything a reader can ask for about the household, by name."""
    found: dict[str, Any] = {
        "overview": queries.overview(who, ON),
        "overview of the village": queries.overview(who, ON, HOME),
        "household": queries.household(who, ON, str(household_key("H1"))),
        "find": queries.find(who, ON, "甲某"),
        "find the village": queries.find(who, ON, "", HOME),
    }
    for name, key in people.items():
        found[f"person {name}"] = queries.person(who, ON, key)
        found[f"person {name} before"] = queries.person(who, date(2025, 5, 15), key)
    for status in ("lacking", "due", "done", "excepted", "late"):
        found[f"gaps {status}"] = queries.gaps(who, ON, GapsWanted(status=status))
        found[f"file {status}"] = list(queries.gap_rows(who, ON, GapsWanted(status=status)))
    found.update({f"gap {row.gap_id}": queries.gap(who, ON, row.gap_id) for row in found["file due"]})
    found.update({f"quality {kind}": queries.quality(who, kind) for kind in QUALITY})
    found.update({f"bill {bill}": queries.bill(who, bill_key(bill)) for bill in ("PLAIN1", "PLAIN2")})
    return found


@pytest.mark.parametrize(("role", "region"), [(DOCTOR, HOME), (AUDITOR, COUNTY)])
def test_nothing_that_a_plain_reader_is_given_tells_of_it(hidden, role, region):
    for name, page in pages(reader(role, region), hidden).items():
        text = repr(page)
        telling = [word for word in TELLING if word in text]
        assert not telling, f"{name} tells {telling}"


def test_the_officer_is_given_all_of_it(hidden):
    everything = repr(pages(reader(OFFICER), hidden))
    assert [word for word in TELLING if word not in everything] == []


@pytest.mark.parametrize(("role", "region"), [(DOCTOR, HOME), (AUDITOR, COUNTY)])
@pytest.mark.parametrize("bill", ["HIDDEN1", "HIDDEN2", "HIDDEN3", "HIDDEN4", "HIDDEN5"])
def test_a_bill_that_tells_of_it_is_not_there_for_a_plain_reader(hidden, role, region, bill):
    with pytest.raises(NotFound):
        queries.bill(reader(role, region), bill_key(bill))
    assert queries.bill(reader(OFFICER), bill_key(bill)).bill_id == bill


@pytest.mark.parametrize(("role", "region"), [(DOCTOR, HOME), (AUDITOR, COUNTY)])
def test_sums_of_a_plain_reader_are_the_sums_of_what_that_reader_sees(hidden, role, region):
    who = reader(role, region)
    seen = [row for key in hidden.values() for row in queries.person(who, ON, key).bills]
    counted = [row for row in seen if row.state == "counted" and row.discharged_on.year == 2025]
    assert {row.bill_id for row in counted} == {"PLAIN1", "PLAIN2"}
    money = queries.overview(who, ON).money
    amounts = {line.kind: line.amount_fen for line in money.lines}
    assert money.bills == len(counted)
    assert amounts["total"] == sum(row.total_fen for row in counted)
    assert amounts["basic"] == sum(row.payments["basic"] for row in counted)
    assert money.held_bills == queries.quality(who, "held").total == 0
    assert queries.overview(who, ON).quality.cancelled == queries.quality(who, "cancelled").total == 0
    for each in queries.overview(who, ON).dues:
        listed = queries.gaps(who, ON, GapsWanted(due=each.due, status="due")).total
        assert each.done + each.open + each.unknown == listed


def test_the_officers_lists_and_counts_agree_as_well(hidden):
    who = reader(OFFICER)
    page = queries.overview(who, ON)
    assert page.quality.held_bills == queries.quality(who, "held").total == 1
    assert page.quality.cancelled == queries.quality(who, "cancelled").total == 1
    assert page.quality.unlinked == queries.quality(who, "unlinked").total
    assert page.quality.disagreements == queries.quality(who, "disagreements").total
    assert page.money.bills == 5


def test_what_turns_out_sensitive_later_is_hidden_in_the_days_found_before():
    earlier = date(2025, 6, 30)
    county = SmallCounty()
    person, other = county.person("甲某", HOME), county.person("乙某", HOME)
    county.stay(person, "PLAIN1", date(2025, 2, 1))
    county.stay(person, "LATER", date(2025, 5, 1))
    county.stay(other, "OTHER", date(2025, 5, 1))
    county.hold()
    county.find(earlier)
    auditor, officer = reader(AUDITOR), reader(OFFICER)
    before = queries.overview(officer, earlier)
    assert queries.gaps(auditor, earlier, GapsWanted(due="covered")).total == 3

    county.category(person, "C07", date(2025, 4, 1))
    county.hold()
    county.find()
    page = queries.gaps(auditor, earlier, GapsWanted(due="covered"))
    listed = [row.bill_key for row in page.rows]
    assert sorted(listed) == sorted(str(bill_key(bill)) for bill in ("PLAIN1", "OTHER"))
    assert (page.total, page.persons) == (2, 2)
    seen = queries.overview(auditor, earlier)
    assert seen.money.bills == 2
    assert [due.open for due in seen.dues if due.due == "covered"] == [2]
    assert seen.persons_in_base == 2
    assert queries.overview(officer, earlier) == before
    assert queries.gaps(officer, earlier, GapsWanted(due="covered")).total == 3
