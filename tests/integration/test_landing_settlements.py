"""Settlements only add: a number never changes and is never withdrawn, only cancelled."""

import pytest

from tests.support.registers import complaints, in_force, landed, row, write_csv, write_facilities
from yingjin.fusion.models import Row, SourceFile
from yingjin.fusion.queries import refused_person_years

pytestmark = pytest.mark.django_db

MONEY = (
    "total_fen",
    "in_scope_fen",
    "reported_basic_fen",
    "reported_critical_illness_fen",
    "reported_assistance_fen",
    "reported_own_payment_fen",
)


def bill(number, person="N1", **fields):
    return row("settlement", bill_no=number, register_no=person, **fields)


def refund(number, cancels, person="N1", **fields):
    opposite = {"total_fen": "-1000.00", "in_scope_fen": "-900.00", "reported_basic_fen": "-600.00"}
    opposite |= {"reported_own_payment_fen": "-400.00", "is_refund": "1", "cancels": cancels}
    return bill(number, person, **{**opposite, **fields})


@pytest.fixture
def folder(tmp_path):
    write_facilities(tmp_path, "F1")
    return tmp_path


def lands(folder, *rows, name="结算.csv", **how):
    write_csv(folder / name, "settlement", rows, **how)
    return landed(folder)


def bills():
    return {key for kind, key in in_force() if kind == "settlement"}


def refused():
    return [(key, codes) for kind, key, codes in complaints() if kind == "settlement"]


def test_a_settlement_lands_with_the_year_of_discharge(folder):
    lands(folder, bill("S1", admitted_on="2024-12-20", discharged_on="2025-01-03"))
    kept = Row.objects.get(key="S1")
    assert (kept.number, kept.year, kept.accepted) == ("N1", 2025, True)


def test_a_settlement_in_no_later_file_stays(folder):
    lands(folder, bill("S1"), bill("S2"))
    tally = lands(folder, bill("S3"))
    assert bills() == {"S1", "S2", "S3"}
    assert tally.counts["withdrawn"] == 0


def test_the_same_settlement_again_is_known_already(folder):
    lands(folder, bill("S1"))
    tally = lands(folder, bill("S1"), bill("S2"))
    part = next(part for part in tally.parts if part.part == "settlement")
    assert (part.total("known"), part.total("new")) == (1, 1)
    assert Row.objects.filter(key="S1").count() == 1


def test_the_same_number_with_other_contents_is_refused(folder):
    lands(folder, bill("S1"))
    lands(folder, bill("S1", total_fen="1001.00"))
    assert refused() == [("S1", ("changed_settlement",))]
    assert Row.objects.get(key="S1", accepted=True).payload["medfee_sumamt"] == "1000.00"
    lands(folder, bill("S1"))
    assert refused() == [], "the settlement as it is ends the complaint"


def test_two_contents_under_one_new_number_are_both_refused(folder):
    lands(folder, bill("S1"), bill("S1", total_fen="1001.00"), bill("S2"))
    assert bills() == {"S2"}
    assert refused() == [("S1", ("repeated_key",))] * 2


def test_of_two_contents_the_one_that_is_here_counts(folder):
    lands(folder, bill("S1"))
    lands(folder, bill("S1"), bill("S1", total_fen="1001.00"))
    assert refused() == [("S1", ("changed_settlement",))]


def test_the_same_row_twice_counts_once(folder):
    tally = lands(folder, bill("S1"), bill("S1"))
    assert bills() == {"S1"}
    assert tally.counts["repeated"] == 1


def test_a_bill_of_an_unknown_facility_waits_and_is_read_again_when_the_list_changes(folder):
    lands(folder, bill("S1", facility="F2"))
    assert refused() == [("S1", ("unknown_facility",))]
    write_facilities(folder, "F1", "F2")
    landed(folder)
    assert (bills(), refused()) == ({"S1"}, [])


def test_a_waiting_bill_is_read_again_even_when_its_file_is_gone(folder):
    path = folder / "结算.csv"
    lands(folder, bill("S1", facility="F2"))
    path.unlink()
    write_facilities(folder, "F1", "F2")
    landed(folder)
    kept = Row.objects.get(key="S1", accepted=True)
    assert (kept.number, kept.year, kept.file.name) == ("N1", 2025, "结算.csv")
    assert refused() == []


def test_a_bill_known_before_stays_when_its_facility_leaves_the_list(folder):
    lands(folder, bill("S1"))
    write_facilities(folder, "F2")
    landed(folder)
    assert (bills(), refused()) == ({"S1"}, [])


def test_a_refund_cancels_the_settlement_it_names(folder):
    lands(folder, refund("S2", "S1"), bill("S1"))
    assert (bills(), refused()) == ({"S1", "S2"}, [])


def test_a_refund_may_come_in_a_later_folder(folder):
    lands(folder, bill("S1"))
    lands(folder, refund("S2", "S1"))
    assert bills() == {"S1", "S2"}


def test_a_refund_that_comes_first_waits_for_its_settlement(folder):
    lands(folder, refund("S2", "S1"))
    assert refused() == [("S2", ("unknown_settlement",))]
    lands(folder, bill("S1"))
    assert (bills(), refused()) == ({"S1", "S2"}, [])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"total_fen": "-999.00", "in_scope_fen": "-899.00"}, "cancelling_differs"),
        ({"person": "N2"}, "cancelling_differs"),
        ({"cancels": "S9"}, "unknown_settlement"),
    ],
)
def test_a_refund_that_does_not_undo_its_settlement_is_refused(folder, wrong, code):
    lands(folder, bill("S1"), refund("S2", **{"cancels": "S1", **wrong}))
    assert refused() == [("S2", (code,))]


def test_a_settlement_is_cancelled_once(folder):
    lands(folder, bill("S1"), refund("S2", "S1"))
    lands(folder, refund("S3", "S1"))
    assert refused() == [("S3", ("already_cancelled",))]


def test_of_two_refunds_of_one_settlement_neither_counts(folder):
    lands(folder, refund("S2", "S1"), bill("S1"), refund("S3", "S1"))
    assert refused() == [("S2", ("already_cancelled",)), ("S3", ("already_cancelled",))]


def test_a_refund_is_not_cancelled(folder):
    lands(folder, bill("S1"), refund("S2", "S1"))
    lands(folder, refund("S3", "S2"))
    assert refused() == [("S3", ("cancels_a_refund",))]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"admitted_on": ""}, "needed_here"),
        ({"admitted_on": "2025-03-02"}, "discharge_before_admission"),
        ({"born_on": "2025-02-22"}, "admission_before_birth"),
        ({"setting": "11", "admitted_on": "", "born_on": "2025-03-02"}, "admission_before_birth"),
        ({"in_scope_fen": "1000.01"}, "in_scope_exceeds_total"),
        ({"total_fen": "-1000.00", "in_scope_fen": "-900.00"}, "wrong_sign"),
        ({"is_refund": "1"}, "needed_here"),
        ({"cancels": "S9"}, "value_not_wanted"),
        ({"setting": "99"}, "unknown_value"),
        ({"discharged_on": "2025-02-29"}, "bad_date"),
    ],
)
def test_a_row_that_cannot_be_true_is_refused(folder, wrong, code):
    lands(folder, bill("S1"), bill("S2", **wrong))
    assert bills() == {"S1"}
    key, codes = refused()[0]
    assert key == "S2" and code in codes


def test_an_outpatient_bill_needs_no_admission(folder):
    lands(folder, bill("S1", setting="11", admitted_on=""))
    assert bills() == {"S1"}


def test_the_closing_row_is_no_settlement(folder):
    tally = lands(folder, bill("S1"), bill("S2"))
    assert bills() == {"S1", "S2"}
    assert SourceFile.objects.get(register="insurance").rows == 2
    assert tally.counts["refused"] == 0


def test_a_refused_amount_counts_as_nothing_in_the_closing_row(folder):
    lands(folder, bill("S1"), bill("S2", total_fen="1,000.00"))
    assert bills() == {"S1"}
    assert refused() == [("S2", ("bad_money",))]


def test_a_refused_bill_marks_its_person_year(folder):
    lands(folder, bill("S1"), bill("S2", facility="F9", admitted_on="2024-02-01", discharged_on="2024-03-01"))
    assert refused_person_years() == {("N1", 2024)}, (
        "nobody is linked yet, so the number stands for the person"
    )


def test_a_refused_bill_without_a_readable_day_marks_every_year_of_its_person(folder):
    rows = [bill("S1"), bill("S2", admitted_on="2024-02-01", discharged_on="2024-03-01")]
    lands(folder, *rows, bill("S3", admitted_on="", discharged_on="昨天"))
    assert refused_person_years() == {("N1", 2024), ("N1", 2025)}


def test_landing_parts_one_after_the_other_equals_landing_the_whole(folder):
    rows = [refund("S3", "S1"), bill("S1"), bill("S2", facility="F2"), bill("S4")]
    write_facilities(folder, "F1", "F2")
    for place, each in enumerate(rows):
        lands(folder, each, name=f"{place}.csv")
        (folder / f"{place}.csv").unlink()
    parts = in_force()
    Row.objects.all().delete()
    from yingjin.fusion.models import RegisterState

    RegisterState.objects.all().delete()
    lands(folder, *rows)
    assert in_force() == parts


def test_settlements_land_before_any_facility_list_only_to_wait(tmp_path):
    lands(tmp_path, bill("S1"))
    assert refused() == [("S1", ("unknown_facility",))]
    write_facilities(tmp_path, "F1")
    landed(tmp_path)
    assert bills() == {"S1"}


def test_a_bill_sent_without_its_number_is_complained_of_until_it_comes_with_one(folder):
    lands(folder, bill("", total_fen="777.00", in_scope_fen="700.00"), bill("S1"))
    assert refused() == [("", ("blank_value",))]
    lands(folder, bill("S1"), bill("S2"))
    assert refused() == [("", ("blank_value",))], "another bill of the person does not answer for it"
    lands(folder, bill("S3", total_fen="777.00", in_scope_fen="700.00"))
    assert refused() == []
