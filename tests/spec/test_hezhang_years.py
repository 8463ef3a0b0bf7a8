"""A year of bills: what accumulates, in which order, and what does not."""

FOUR = """
id | discharged | T     | B    | M    | MA
a  | 2017-01-10 | 11400 | 8400 | 0    | 0
b  | 2017-02-10 | 11400 | 8400 | {b}  | 0
"""


def test_two_stays_of_three_thousand_pass_five_thousand_together(spec):
    spec(FOUR.format(b=600), person={})


def test_read_per_stay_they_do_not(spec):
    spec(FOUR.format(b=0), person={}, readings={"P16": "per_stay"})


def test_the_year_is_replayed_by_discharge_admission_and_bill_id(spec):
    spec(
        """
        id | admitted   | discharged | T     | M
        b  | 2017-02-03 | 2017-02-10 | 11400 | 1800
        a  | 2017-02-03 | 2017-02-10 | 11400 | 600
        z  | 2017-02-01 | 2017-02-10 | 11400 | 0
        c  | 2017-01-01 | 2017-02-11 | 11400 | 1800
        """,
        person={},
    )


def test_accumulators_run_on_through_the_change_of_october_2016(spec):
    spec(
        """
        id | discharged | T     | B    | M
        a  | 2016-09-30 | 11400 | 8400 | 0
        b  | 2016-10-01 | 4200  | 3000 | 720
        """,
        person={"categories": "C04"},
    )


def test_a_bill_is_paid_on_its_own_part_above_its_own_threshold_and_nothing_is_caught_up(spec):
    spec(
        """
        id | discharged | T     | B     | M
        a  | 2017-01-10 | 16200 | 12000 | 0
        b  | 2017-05-10 | 4200  | 3000  | 720
        """,
        person={"categories": "C04@2017-05-02"},
    )


def test_a_bill_that_no_layer_pays_accumulates_nothing(spec):
    spec(
        """
        id | discharged | setting    | designated | T     | M
        a  | 2017-01-10 | outpatient | yes        | 99999 | 0
        b  | 2017-02-10 | inpatient  | no         | 99999 | 0
        c  | 2017-03-10 | inpatient  | yes        | 12200 | 0
        """,
        person={},
    )


def test_a_held_bill_reads_the_accumulators_and_moves_none(spec):
    spec(
        """
        id | discharged | moves | T     | B    | M   | O
        a  | 2017-01-10 | yes   | 12200 | 9000 | 0   | 3200
        b  | 2017-02-10 | no    | 12200 | 9000 | 840 | 2360
        c  | 2017-03-10 | yes   | 12200 | 9000 | 840 | 2360
        """,
        person={},
    )


def test_low_income_assistance_stacks_on_every_counted_bill_whatever_was_held_then(spec):
    spec(
        """
        id | discharged | T     | B    | M | MA
        a  | 2017-01-10 | 11400 | 8400 | 0 | 0
        b  | 2017-02-10 | 4200  | 3000 | 0 | 600
        """,
        person={"categories": "C11@2017-02-01"},
    )


def test_read_per_stay_low_income_assistance_looks_at_each_stay_alone(spec):
    spec(
        """
        id | discharged | T     | B    | M | MA
        a  | 2017-01-10 | 11400 | 8400 | 0 | 0
        b  | 2017-02-10 | 4200  | 3000 | 0 | 0
        """,
        person={"categories": "C11@2017-02-01"},
        readings={"P20": "per_stay"},
    )


def test_assistance_paid_is_not_subtracted_from_what_accumulates(spec):
    spec(
        """
        id | discharged | T     | B    | M | MA
        a  | 2017-01-10 | 11400 | 8400 | 0 | 3000
        b  | 2017-02-10 | 4200  | 3000 | 0 | 600
        """,
        person={"categories": "C03@2014-01-01/2017-02-01 C11@2017-02-01"},
    )
