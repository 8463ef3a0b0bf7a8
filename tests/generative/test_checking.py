"""Checking many rows at once says of each what checking it alone says, whatever they hold."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.registers import VILLAGE, identity_no
from tests.support.registers import row as usual
from yingjin.basics.identity import plain, to18
from yingjin.basics.sealed_fields import AS_JSON
from yingjin.fusion.domain.batches import BatchChecker
from yingjin.fusion.domain.cells import Lookups
from yingjin.fusion.domain.checking import RowChecker
from yingjin.fusion.domain.rows import birth_in
from yingjin.fusion.files import RawRow
from yingjin.fusion.formats import kinds, registers, value_lists

LOOKUPS = Lookups(
    values={name: listed.values for name, listed in value_lists().items()},
    region_known=lambda code: code.startswith("520527"),
    place_known=lambda county, township, village: (
        None if village != "没有的村" else ("没有这个村。", "No such village.")
    ),
)
KEY = b"a key"
DAYS = ["1960-05-01", "2025-02-21", "2025-03-01", "2026-01-01", "2025-13-01", "1890-02-29", "20250301"]
NUMBERS = [
    identity_no(1),
    identity_no(21, "20250221"),
    identity_no(3)[:17] + "Y",
    identity_no(1)[:6] + "60050100",
    "123",
]
ODD = [
    "", "x", "长" * 70, "A|B", "|", '引"号', "反\\斜", "换\n行", "50%s", "1", "0", "-1.00", "12.345", "2025", "yes", "no",
    "1e17", "男", VILLAGE, "110105001001", "没有的村", "拒绝", "签", "I63.900", "S0", "９１", "Ⅷ",
]  # fmt: skip
cell = st.one_of(st.sampled_from([*DAYS, *NUMBERS, *ODD]), st.text(max_size=5).map(str.strip))


@st.composite
def batches(draw, kind):
    """Rows near to good ones: some cells others, some rows longer, shorter, or with numbers in them."""
    rule = kinds()[kind]
    optional = [column.name for column in rule.columns if not column.required]
    left_out = draw(st.sets(st.sampled_from(optional), max_size=3)) if optional else set()
    titles = draw(st.permutations([*(title for title in rule.titles if title not in left_out), "备注%"]))
    good = {title: str(text) for title, text in usual(kind).items()}
    rows = []
    for number in range(draw(st.integers(1, 6))):
        changed = draw(st.dictionaries(st.sampled_from(titles), cell, max_size=3))
        cells = [{**good, rule.key[0]: f"K{number}", **changed}.get(title, "") for title in titles]
        cells += draw(st.lists(cell, max_size=1)) if draw(st.integers(0, 9)) == 0 else []
        numeric = draw(st.sets(st.integers(0, len(titles) - 1), max_size=1)) if draw(st.booleans()) else ()
        rows.append(RawRow(number, cells[: draw(st.sampled_from([99, 99, 99, 3]))], tuple(numeric)))
    return titles, rows


@pytest.mark.parametrize("kind", kinds())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_many_rows_at_once_are_judged_as_each_alone(kind, data):
    titles, rows = data.draw(batches(kind))
    rule = kinds()[kind]
    facts = (rule, titles, LOOKUPS, registers()[rule.register].person_number, KEY)
    alone, together = RowChecker(*facts), BatchChecker(*facts, AS_JSON)
    expected = [alone.check(row.cells, row.numeric) for row in rows]
    for _ in range(2):  # the second time it remembers
        found = together.check(rows)
        good, rest = together.sort_out(rows)
        assert sorted([*good.places, *(place for place, _ in rest)]) == list(range(len(rows)))
        for place, payload in zip(good.places, good.payloads, strict=True):
            assert expected[place].reasons == []
            assert json.loads(payload) == expected[place].payload
        for one, other in zip(found, expected, strict=True):
            one.written = ""
            assert one == other
        assert together.keys_of(rows) == [alone.key_of(row.cells) for row in rows]


digits = st.text("0123456789", min_size=18, max_size=18)
near = st.sampled_from(NUMBERS).flatmap(
    lambda number: st.tuples(st.integers(0, 18), st.sampled_from("0129Xx ９Ⅷ")).map(
        lambda change: number[: change[0]] + change[1] + number[change[0] + 1 :]
    )
)


@given(st.one_of(digits, near, st.text(max_size=20)), st.sampled_from(["", *DAYS]))
def test_a_plain_number_is_valid_as_it_stands_with_its_birthday(number, born_on):
    if plain(number, born_on):
        assert to18(number) == number
        assert born_on in ("", birth_in(number))


@given(st.integers(0, 999), st.dates().map(str))
def test_every_valid_number_of_eighteen_characters_is_plain(sequence, born_on):
    number = identity_no(sequence, born_on.replace("-", ""))
    assert plain(number) and plain(number, born_on)
