"""The twelve test vectors of the Hezhang clauses, the published case among them."""


def test_the_vectors_come_out_as_published(spec):
    spec("""
    id  | born       | categories  | level | in county | T        | X   | D   | B        | M    | MA   | O
    V01 | 1970-01-01 |             | L2    | yes       | 20000    | 0   | 200 | 14850    | 90   | 0    | 5060
    V02 | 1970-01-01 |             | L2    | yes       | 19400    | 0   | 200 | 14400    | 0    | 0    | 5000
    V03 | 1970-01-01 |             | L2    | yes       | 19400.04 | 0   | 200 | 14400.03 | 0.01 | 0    | 5000
    V04 | 1970-01-01 | C02 C06 C11 | L2    | yes       | 20000    | 0   | 200 | 15840    | 696  | 232  | 3232
    V06 | 1930-01-01 | C02         | L2    | yes       | 39467    | 733 | 200 | 38534    | 0    | 0    | 933
    V07 | 1930-01-01 | C02         | L3    | no        | 20500    | 500 | 200 | 14850    | 90   | 0    | 5560
    V08 | 1930-01-01 | C02         | L4    | no        | 20500    | 500 | 200 | 12870    | 1278 | 0    | 6352
    V09 | 1970-01-01 | C04         | L2    | yes       | 16300    | 300 | 200 | 11850    | 690  | 2422 | 1338
    V10 | 1970-01-01 | C02 C11     | L3    | no        | 30000    | 0   | 200 | 19370    | 3378 | 2126 | 5126
    V11 | 1970-01-01 | C03         | L1    | yes       | 8100     | 100 | 200 | 6630     | 0    | 1370 | 100
    V12 | 1930-01-01 | C03         | L2    | yes       | 39467    | 733 | 200 | 38534    | 0    | 200  | 733
    """)


def test_the_supplement_read_as_relative_gives_the_fifth_vector(spec):
    spec(
        """
        id  | categories  | T     | D   | B        | M     | MA    | O
        V05 | C02 C06 C11 | 20000 | 200 | 15592.50 | 844.5 | 281.5 | 3281.5
        """,
        readings={"P09": "relative"},
    )
