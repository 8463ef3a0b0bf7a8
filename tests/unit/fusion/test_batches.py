"""Many rows checked at once: the good ones column by column, each other by itself."""

import json

import pytest

from tests.generative.test_checking import KEY, LOOKUPS
from tests.support.registers import identity_no, row
from yingjin.basics.identity import plain
from yingjin.basics.sealed_fields import AS_JSON
from yingjin.fusion.domain import batches, rows
from yingjin.fusion.domain.batches import BatchChecker
from yingjin.fusion.domain.checking import RowChecker
from yingjin.fusion.domain.rows import READS, RULES, Facts
from yingjin.fusion.files import RawRow
from yingjin.fusion.formats import kinds, registers


def checker(kind, titles=None):
    rule = kinds()[kind]
    number = registers()[rule.register].person_number
    return BatchChecker(
        rule, list(titles or rule.titles), LOOKUPS, number, KEY, AS_JSON, ("certno", "又一个号码")
    )


def raw(kind, *, titles=None, numeric=(), **fields):
    cells = row(kind, **fields)
    return RawRow(1, [str(cells.get(title, "")) for title in titles or kinds()[kind].titles], numeric)


def enrolled(number, **more):
    return raw("enrolment", register_no=number, identity_no=identity_no(1), village="520527102001", **more)


def test_good_rows_come_back_as_columns():
    good, rest = checker("enrolment").sort_out([enrolled("N1"), enrolled("N2", year="2024")])
    assert rest == []
    assert list(good.places) == [0, 1]
    assert list(good.numbers) == ["N1", "N2"]
    assert list(good.keys) == ["N1|2025", "N2|2024"]
    assert list(good.years) == [2025, 2024]
    assert json.loads(good.payloads[0])["psn_name"] == "王小明"


def test_the_identity_number_is_that_of_the_first_title_that_has_one():
    titles = [*kinds()["enrolment"].titles, "又一个号码"]
    rows_given = [
        RawRow(1, [*enrolled("N1").cells, "A"]), RawRow(2, [*enrolled("N2").cells, ""]),
    ]  # fmt: skip
    good, _ = checker("enrolment", titles).sort_out(rows_given)
    assert list(good.identities) == [identity_no(1)] * 2
    assert list(checker("enrolment").sort_out([enrolled("N1")])[0].identities) == [identity_no(1)]
    assert list(checker("facility").sort_out([raw("facility", code="F1")])[0].identities) == [""]


def test_a_row_that_something_is_said_of_comes_back_by_itself():
    good, ((place, bad),) = checker("enrolment").sort_out([enrolled("N1"), enrolled("N2", born_on="x")])
    assert (place, [each.code for each in bad.reasons]) == (1, ["bad_date"])
    assert list(good.keys) == ["N1|2025"]


def test_no_row_at_all_is_no_good_row():
    assert checker("enrolment").sort_out([])[0].keys == ()
    assert checker("enrolment").check([]) == checker("enrolment").keys_of([]) == []


def test_what_json_or_a_pattern_would_take_for_its_own_is_kept_as_it_is():
    titles = [*kinds()["facility"].titles, "备注%s", "又"]
    checks = checker("facility", titles)
    rows_given = [
        RawRow(1, [*raw("facility", code=code).cells, remark, '"' if code == "F3" else ""])
        for code, remark in (("F1", "50%s\\"), ("F2", ""), ("F3", "\n"))
    ]
    alone = RowChecker(kinds()["facility"], titles, LOOKUPS, None, KEY)
    found = checks.check(rows_given)
    assert [each.payload for each in found] == [alone.check(each.cells).payload for each in rows_given]
    assert [json.loads(each.written) for each in found] == [each.payload for each in found]
    assert [each.digest for each in found] == [alone.check(each.cells).digest for each in rows_given]


def test_what_was_remembered_is_forgotten_when_it_is_too_much(monkeypatch):
    monkeypatch.setattr(batches, "REMEMBERED", 1)
    checks = checker("category")
    for day in ("2014-12-01", "2014-12-02", "2014-12-03", "2014-12-04"):
        given = [
            raw("category", register_no="P1", valid_from=day),
            raw("category", register_no="P2", valid_from="x"),
        ]
        assert [each.accepted for each in checks.check(given)] == [True, False]


def test_a_rule_that_finds_no_column_of_its_own_is_asked_once():
    titles = [
        column.name
        for column in kinds()["category"].columns
        if column.field not in ("valid_from", "valid_to")
    ]
    found = checker("category", titles).check([raw("category", register_no="P1", titles=titles)] * 2)
    assert [each.reasons for each in found] == [[], []]


def test_bills_without_a_day_of_discharge_have_the_year_of_what_comes_nearest():
    titles = [
        column.name
        for column in kinds()["settlement"].columns
        if column.field not in ("discharged_on", "year")
    ]
    bills = [
        raw(
            "settlement",
            titles=titles,
            bill_no="S1",
            register_no="N1",
            setting="11",
            admitted_on="2024-12-31",
        ),
        raw("settlement", titles=titles, bill_no="S2", register_no="N1", setting="11", admitted_on=""),
    ]
    good, rest = checker("settlement", titles).sort_out(bills)
    assert (list(good.years), rest) == ([2024, None], [])


def test_a_long_text_and_a_blank_cell_are_looked_at_alone():
    found = checker("lifted").check(
        [
            raw("lifted", register_no="P1", name="长" * 65),
            raw("lifted", register_no="P1", hamlet="长" * 150),
            raw("lifted", register_no="P2", name=""),
        ]
    )
    assert [[each.code for each in one.reasons if each.refuses] for one in found] == [
        ["too_long"], [], ["blank_value"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "number", ["", "1" * 18, "0" * 18, "52242819601301001X", "5224281960050100１1", "X" * 18]
)
def test_a_number_that_is_not_valid_is_not_plain(number):
    assert not plain(number)


@pytest.mark.parametrize("rule", [rule for rules in RULES.values() for rule in rules])
def test_a_rule_reads_the_fields_it_names_and_no_others(rule):
    asked = set()

    class Watched(Facts):
        def __getitem__(self, field):
            asked.add(field)
            return super().__getitem__(field)

        def blank(self, field):
            asked.add(field)
            return super().blank(field)

        def there(self, field):
            asked.add(field)
            return super().there(field)

    for kind in (name for name, found in RULES.items() if rule in found):
        titles = {column.field: column.name for column in kinds()[kind].columns}
        for change in (
            {},
            {"change": "拒绝"},
            {"is_refund": "1"},
            {"is_refund": "0"},
            {"identity_no": identity_no(1)},
        ):
            cells = {name: str(value) for name, value in row(kind, **change_of(kind, change)).items()}
            list(rule(Watched(cells, titles, (), cells), LOOKUPS))
    assert asked <= set(READS[rule].fields)


def change_of(kind, change):
    fields = {column.field for column in kinds()[kind].columns}
    return {name: value for name, value in change.items() if name in fields}


def test_every_rule_says_what_it_reads():
    assert {rule for found in RULES.values() for rule in found} == set(rows.READS)
