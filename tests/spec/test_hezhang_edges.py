"""Where the Hezhang clauses begin and end: ages, thresholds, days, places."""


def test_eighty_is_reached_on_the_birthday(spec):
    spec("""
    id              | born       | categories | discharged | T     | B
    the day before  | 1937-04-11 | C02        | 2017-04-10 | 10200 | 7500
    the birthday    | 1937-04-10 | C02        | 2017-04-10 | 10200 | 10000
    without group   | 1937-04-10 |            | 2017-04-10 | 10200 | 7500
    destitute       | 1937-04-10 | C03        | 2017-04-10 | 10200 | 10000
    """)


def test_born_on_29_february_eighty_is_reached_on_1_march_where_the_year_has_none(spec):
    spec("""
    id                      | born       | categories | discharged | T     | B
    29 February, leap year  | 1940-02-29 | C02        | 2020-02-29 | 10200 | 10000
    28 February, leap year  | 1940-02-29 | C02        | 2020-02-28 | 10200 | 7500
    """)
    # 1936 + 80 = 2016 and 1944 + 80 = 2024 are leap years too: only 2100 would have no 29 February.
    spec("""
    id                      | born       | categories | discharged | T     | B
    28 February 2100        | 2020-02-29 | C02        | 2100-02-28 | 10200 | 7500
    1 March 2100            | 2020-02-29 | C02        | 2100-03-01 | 10200 | 10000
    """)


def test_the_reduced_threshold_begins_on_1_october_2016(spec):
    spec("""
    id            | categories | discharged | T     | B     | M
    30 September  | C04        | 2016-09-30 | 16200 | 12000 | 0
    1 October     | C04        | 2016-10-01 | 16200 | 12000 | 720
    not special   | C02        | 2016-10-01 | 16200 | 12000 | 0
    """)


def test_exactly_the_threshold_is_not_above_it(spec):
    spec("""
    id                   | categories | T        | B        | M    | MA
    A1 = 5000.00         |            | 19400    | 14400    | 0    | 0
    A1 = 5000.01         |            | 19400.04 | 14400.03 | 0.01 | 0
    A1 = 3000.00 special | C07        | 11400    | 8400     | 0    | 0
    A1 = 3000.01 special | C07        | 11400.04 | 8400.03  | 0.01 | 0
    A2 = 3000.00         | C11        | 11400    | 8400     | 0    | 0
    A2 = 3000.01         | C11        | 11400.04 | 8400.03  | 0    | 0.01
    """)


def test_nothing_above_the_deductible_is_nothing_paid(spec):
    spec("""
    id             | categories | T     | X      | in scope | D      | B    | MA     | O
    S below D      |            | 199   | 0      | 199      | 199    | 0    | 0      | 199
    S = D          |            | 200   | 0      | 200      | 200    | 0    | 0      | 200
    S just above D |            | 200.01| 0      | 200.01   | 200    | 0.01 | 0      | 200
    X = T          |            | 900   | 900    | 0        | 0      | 0    | 0      | 900
    T = 0          |            | 0     | 0      | 0        | 0      | 0    | 0      | 0
    S = D, Dibao   | C04        | 200   | 0      | 200      | 200    | 0    | 140    | 60
    """)


def test_ratios_follow_the_level(spec):
    spec("""
    id              | level | in county | T     | B
    township        | L1    | yes       | 10200 | 8500
    county          | L2    | yes       | 10200 | 7500
    county, another | L2    | no        | 10200 | 7500
    municipal       | L3    | no        | 10200 | 6500
    outside         | L4    | no        | 10200 | 5500
    """)


def test_a_place_that_does_not_count_is_paid_by_no_layer(spec):
    spec("""
    id                      | categories | setting    | level | in county | designated | public | T     | X   | in scope | D | B | M | MA | O
    outpatient              | C03        | outpatient | L2    | yes       | yes        | yes    | 10000 | 500 | 9500     | 0 | 0 | 0 | 0  | 10000
    not designated          | C03        | inpatient  | L2    | yes       | no         | yes    | 10000 | 0   | 10000    | 0 | 0 | 0 | 0  | 10000
    outside and not public  | C03        | inpatient  | L4    | no        | yes        | no     | 10000 | 0   | 10000    | 0 | 0 | 0 | 0  | 10000
    """)


def test_designated_and_public_matter_where_the_clause_says_so(spec):
    spec("""
    id                                  | born       | categories | level | in county | designated | public | T     | B
    outside, public, not designated     | 1970-01-01 | C06        | L4    | no        | no         | yes    | 10200 | 5500
    outside, public and designated      | 1970-01-01 | C06        | L4    | no        | yes        | yes    | 10200 | 6000
    80, county, private but designated  | 1930-01-01 | C02        | L2    | yes       | yes        | no     | 10200 | 10000
    80, outside the county, private     | 1930-01-01 | C02        | L3    | no        | yes        | no     | 10200 | 6500
    80, outside the county, public      | 1930-01-01 | C02        | L3    | no        | yes        | yes    | 10200 | 7500
    """)


def test_supplements_are_not_added_the_best_is_taken(spec):
    spec("""
    id                       | born       | categories | level | in county | T     | B
    ten points, not fifteen  | 1930-01-01 | C02 C08    | L3    | no        | 10200 | 7500
    five points              | 1970-01-01 | C06 C08    | L3    | no        | 10200 | 7000
    """)


def test_assistance_takes_the_best_of_the_categories(spec):
    spec("""
    id               | categories  | discharged | T     | B     | M   | MA
    full             | C03 C04 C11 | 2016-09-30 | 16200 | 12000 | 0   | 4200
    seventy percent  | C04 C11     | 2016-09-30 | 16200 | 12000 | 0   | 2940
    half above       | C11         | 2016-09-30 | 16200 | 12000 | 0   | 600
    allowance drawn  | C05         | 2016-09-30 | 16200 | 12000 | 0   | 4200
    nothing          | C02         | 2016-09-30 | 16200 | 12000 | 0   | 0
    """)


def test_a_category_counts_from_its_first_day_up_to_not_including_its_last(spec):
    spec("""
    id                 | categories                       | T     | MA
    from that day      | C03@2017-04-10                   | 10200 | 2700
    from the next day  | C03@2017-04-11                   | 10200 | 0
    ended that day     | C03@2014-01-01/2017-04-10        | 10200 | 0
    ended the day after| C03@2014-01-01/2017-04-11        | 10200 | 2700
    """)
