"""Every reading that can be chosen gives another amount somewhere: it is no mere label."""


def test_p02_read_as_admission_asks_for_category_age_and_clauses_of_that_day(spec):
    table = """
    id                | born       | categories     | admitted   | discharged | T     | B     | M
    category gained   | 1970-01-01 | C06@2017-04-05 | 2017-04-01 | 2017-04-10 | 10200 | {b1}  | 0
    birthday between  | 1937-04-05 | C02            | 2017-04-01 | 2017-04-10 | 10200 | {b2}  | 0
    clause changed    | 1970-01-01 | C04            | 2016-09-30 | 2016-10-01 | 16200 | 12000 | {m}
    """
    spec(table.format(b1=8000, b2=10000, m=720))
    spec(table.format(b1=7500, b2=7500, m=0), readings={"P02": "admission"})


def test_p05_read_strictly_wants_designation_everywhere(spec):
    table = """
    id      | level | in county | designated | public | T     | B
    outside | L4    | no        | no         | yes    | 10200 | {b}
    """
    spec(table.format(b=5500))
    spec(table.format(b=0), readings={"P05": "designated_everywhere"})


def test_p08_read_as_b_takes_every_destitute_person(spec):
    table = """
    id               | born       | categories | level | in county | T     | B
    destitute, young | 1970-01-01 | C03        | L2    | yes       | 10200 | {young}
    destitute, away  | 1970-01-01 | C03        | L3    | no        | 10200 | {away}
    registered, old  | 1930-01-01 | C02        | L2    | yes       | 10200 | 10000
    registered young | 1970-01-01 | C02        | L2    | yes       | 10200 | 7500
    """
    spec(table.format(young=7500, away=6500))
    spec(table.format(young=10000, away=7500), readings={"P08": "b"})


def test_p09_read_as_relative_raises_by_a_twentieth_of_the_ratio(spec):
    spec(
        """
        id        | categories | level | in county | T     | B
        township  | C06        | L1    | yes       | 10200 | 8925
        county    | C09        | L2    | yes       | 10200 | 7875
        municipal | C10        | L3    | no        | 10200 | 6825
        outside   | C08        | L4    | no        | 10200 | 5775
        """,
        readings={"P09": "relative"},
    )


def test_p10_read_for_all_wants_registration_of_every_group_but_the_seriously_ill(spec):
    table = """
    id                 | categories | T     | B
    disabled           | C06        | 10200 | {alone}
    disabled, on list  | C02 C06    | 10200 | 8000
    seriously ill      | C08        | 10200 | 8000
    """
    spec(table.format(alone=8000))
    spec(table.format(alone=7500), readings={"P10": "all_registered"})


def test_p14_read_as_whole_takes_in_all_own_cost_once_the_threshold_is_passed(spec):
    table = """
    id           | T        | B        | M
    at it        | 19400    | 14400    | 0
    above it     | 20200    | 15000    | {m}
    """
    spec(table.format(m=120))
    spec(table.format(m=3120), readings={"P14": "whole"})
