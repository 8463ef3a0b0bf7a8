"""One row checked: its cells, what holds between them, its number, key, year and digest."""

import pytest

from tests.support.registers import row
from yingjin.basics.identity import check_digit
from yingjin.fusion.domain.cells import Lookups
from yingjin.fusion.domain.checking import RowChecker, digest_of_payload
from yingjin.fusion.formats import kinds, registers, value_lists

LOOKUPS = Lookups(
    values={name: listed.values for name, listed in value_lists().items()},
    region_known=lambda code: code.startswith("520527"),
    place_known=lambda county, township, village: (
        None if village != "没有的村" else ("没有这个村。", "No such village.")
    ),
)
MONEY = ("total_fen", "in_scope_fen", "reported_basic_fen", "reported_own_payment_fen")
VALID = "52242819600501001" + check_digit("52242819600501001")


def checked(kind, *, numeric=(), titles=None, extra=(), **fields):
    rule = kinds()[kind]
    cells = row(kind, **fields)
    titles = titles or list(rule.titles)
    checker = RowChecker(rule, titles, LOOKUPS, registers()[rule.register].person_number)
    places = [titles.index(title) for title in numeric]
    return checker.check([str(cells.get(title, "")) for title in titles] + list(extra), places)


def codes(kind, **fields):
    return [each.code for each in checked(kind, **fields).reasons]


GOOD = {
    "lifted": {"register_no": "P1", "identity_no": VALID},
    "marginal": {"register_no": "P1", "identity_no": VALID},
    "category": {"register_no": "P1"},
    "change": {"register_no": "P1"},
    "enrolment": {"register_no": "N1", "identity_no": VALID},
    "settlement": {"register_no": "N1", "bill_no": "S1"},
    "facility": {"code": "F1"},
    "record": {"register_no": "R1", "identity_no": VALID},
    "condition": {"register_no": "R1"},
    "treatment": {"register_no": "R1"},
    "contract": {"register_no": "R1"},
}


@pytest.mark.parametrize("kind", kinds())
def test_a_good_row_of_every_kind_has_nothing_against_it(kind):
    assert codes(kind, **GOOD[kind]) == []


@pytest.mark.parametrize("kind", kinds())
def test_every_column_that_is_needed_refuses_the_row_when_blank(kind):
    for column in kinds()[kind].columns:
        if column.required:
            found = checked(kind, **GOOD[kind] | {column.field: ""})
            assert [each.column for each in found.reasons if each.code == "blank_value"] == [column.name]
            assert not found.accepted


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("category", {"valid_from": "2019-2-1"}, "bad_date"),
        ("category", {"valid_from": "2019-02-29"}, "bad_date"),
        ("category", {"category": "C12"}, "derived_category"),
        ("category", {"category": "C01"}, "unknown_category"),
        ("category", {"valid_to": "2014-12-01"}, "bad_interval"),
        ("contract", {"valid_to": "2024-12-31"}, "bad_interval"),
        ("change", {"change": "搬家"}, "unknown_value"),
        ("change", {"change": "拒绝"}, "needed_here"),
        ("change", {"due": "签"}, "value_not_wanted"),
        ("enrolment", {"year": "25"}, "bad_year"),
        ("enrolment", {"born_on": "2026-01-01", "identity_no": "1"}, "birth_after_year"),
        ("enrolment", {"sex": "男"}, "unknown_value"),
        ("facility", {"designated": "是"}, "bad_yes_no"),
        ("facility", {"county": "110105"}, "unknown_region"),
        ("facility", {"level": "L5"}, "unknown_value"),
        ("condition", {"diagnosis": "i63.9"}, "bad_diagnosis"),
        ("settlement", {"total_fen": "1 000.00"}, "bad_money"),
        ("settlement", {"total_fen": "900.001"}, "bad_money"),
        ("settlement", {"other_fen": "-1.00"}, "wrong_sign"),
        ("settlement", {"admitted_on": ""}, "needed_here"),
        ("settlement", {"admitted_on": "2025-03-02"}, "discharge_before_admission"),
        ("settlement", {"born_on": "2025-02-22"}, "admission_before_birth"),
        ("settlement", {"in_scope_fen": "1000.01"}, "in_scope_exceeds_total"),
        ("settlement", {"is_refund": "1"} | dict.fromkeys(MONEY, "0.00"), "needed_here"),
        ("settlement", {"cancels": "S9"}, "value_not_wanted"),
        ("settlement", {"is_refund": "7"}, "unknown_value"),
        ("lifted", {"name": "长" * 65}, "too_long"),
        ("lifted", {"hamlet": "长" * 201}, "too_long"),
    ],
)
def test_a_cell_that_cannot_be_read_or_be_true_refuses_the_row(kind, fields, code):
    found = checked(kind, **GOOD[kind] | fields)
    assert [each.code for each in found.reasons if each.refuses] == [code]
    assert not found.accepted


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("lifted", {"identity_no": "522428196005010011"[:17] + "A"}, "bad_identity_number"),
        ("enrolment", {"identity_no": ""}, "no_identity_number"),
        ("record", {"born_on": "1960-05-02"}, "birth_differs"),
        ("lifted", {"village_name": "没有的村"}, "unknown_place"),
        ("enrolment", {"village": "110105001001"}, "unknown_region"),
    ],
)
def test_a_remark_does_not_refuse_the_row(kind, fields, code):
    found = checked(kind, **GOOD[kind] | fields)
    assert [each.code for each in found.reasons] == [code]
    assert found.accepted


def test_a_file_without_the_column_is_not_reproached_for_a_blank_one():
    titles = list(kinds()["enrolment"].required_titles)
    assert codes("enrolment", titles=titles, register_no="N1") == []


def test_whether_rows_name_a_year_is_asked_of_the_same_pattern():
    assert RowChecker.is_year("2025")
    assert not RowChecker.is_year("25")


def test_a_settlement_file_without_admission_days_has_no_stays():
    titles = list(kinds()["settlement"].required_titles)
    good = GOOD["settlement"]
    assert codes("settlement", titles=titles, **good) == ["needed_here"]
    assert codes("settlement", titles=titles, **good | {"setting": "11"}) == []


@pytest.mark.parametrize(
    "diagnosis", ["I63.900", "A00.000x001", "M80.x00", "I10.x00x002", "A18.000x001+M49.0*", "A00"]
)
def test_the_ways_of_writing_a_diagnosis_are_known(diagnosis):
    assert codes("condition", register_no="R1", diagnosis=diagnosis) == []


def test_a_refund_is_negative_throughout():
    money = {"total_fen": "-1000.00", "in_scope_fen": "-900.00", "reported_basic_fen": "-600.00"}
    good = {
        **GOOD["settlement"],
        **money,
        "reported_own_payment_fen": "-400.00",
        "is_refund": "1",
        "cancels": "S0",
    }
    assert codes("settlement", **good) == []
    assert codes("settlement", **good | {"total_fen": "1000.00"}) == ["wrong_sign"]


def test_a_rule_says_nothing_of_a_cell_that_is_refused_already():
    assert codes("category", register_no="P1", valid_from="x", valid_to="2014-01-01") == ["bad_date"]


@pytest.mark.parametrize(
    ("kind", "fields", "key"),
    [
        ("category", {"valid_from": "2019-01-01"}, "P1|C02|2019-01-01"),
        ("change", {}, "P1|外出|2025-02-20|"),
        ("category", {"valid_from": "2019-13-01"}, ""),
        ("category", {"category": ""}, ""),
        ("category", {"register_no": "P|1"}, "P||1|C02|2014-12-01"),
    ],
)
def test_the_key_is_the_registers_own_and_empty_when_not_readable(kind, fields, key):
    assert checked(kind, **GOOD[kind] | fields).key == key


def test_a_refused_row_still_has_number_key_and_year_where_they_are_readable():
    found = checked("settlement", **GOOD["settlement"] | {"total_fen": "x"})
    assert (found.number, found.key, found.year, found.accepted) == ("N1", "S1", 2025, False)


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ({"discharged_on": "x", "year": "2024"}, 2024),
        ({"discharged_on": "x", "admitted_on": "2023-12-31"}, 2023),
        ({"discharged_on": "x", "admitted_on": ""}, None),
    ],
)
def test_the_year_of_a_bill_is_that_of_discharge_or_what_comes_nearest(fields, year):
    assert checked("settlement", **GOOD["settlement"] | fields).year == year


def test_a_number_stored_as_a_number_is_not_read():
    found = checked(
        "lifted", numeric=["人编号", "证件号码"], register_no="52052701000012301", identity_no="1e17"
    )
    assert {each.code for each in found.reasons} == {"number_cell"}
    assert (found.number, found.key) == ("", "")


def test_a_plain_number_stored_as_a_number_is_its_text():
    assert checked("lifted", numeric=["人数"], household_size="4", **GOOD["lifted"]).accepted


def test_a_number_in_a_column_nobody_declared_is_its_text():
    titles = [*kinds()["facility"].titles, "备注"]
    assert checked("facility", titles=titles, numeric=["备注"], code="F1").accepted


def test_a_ragged_row_is_refused_and_named_as_far_as_it_goes():
    short = list(kinds()["facility"].titles)[:5]
    rule = kinds()["facility"]
    checker = RowChecker(rule, rule.titles, LOOKUPS, None)
    found = checker.check([row("facility", code="F1")[title] for title in short])
    assert [each.code for each in found.reasons] == ["ragged_row", "blank_value"]
    assert found.key == "F1"
    long = checked("facility", code="F1", extra=["多", "了"])
    assert [each.code for each in long.reasons] == ["ragged_row"]
    assert checker.key_of([]) == ""


def test_the_digest_depends_on_the_cells_alone():
    titles = list(kinds()["facility"].titles)
    plain = checked("facility", code="F1")
    assert checked("facility", code="F1", titles=titles[::-1]).digest == plain.digest
    assert checked("facility", code="F1", titles=[*titles, "备注"]).digest == plain.digest
    assert checked("facility", code="F2").digest != plain.digest
    assert checked("facility", code="F1", extra=["x"]).digest != plain.digest


def test_a_number_that_tells_who_somebody_is_is_masked_in_a_reason():
    found = checked("enrolment", register_no="N1", identity_no=VALID[:17] + "Y", born_on=VALID)
    said = " ".join(each.zh + each.en + each.value for each in found.reasons)
    assert VALID[:17] not in said and "522428 ········" in said


def test_a_long_text_is_cut_in_a_reason():
    reason = checked("category", register_no="P1", valid_from="很" * 300).reasons[0]
    assert reason.value == "很" * 40 + "…"


def test_a_reason_is_kept_with_all_its_parts():
    kept = checked("category", register_no="P1", valid_from="").reasons[0].as_dict()
    assert set(kept) == {"code", "column", "value", "zh", "en", "refuses"}


def test_a_whole_number_has_no_decimals():
    from dataclasses import dataclass

    from yingjin.fusion.domain.cells import check_of

    @dataclass
    class Column:
        name: str = "人数"
        field: str = "size"
        type: str = "whole"
        required: bool = True
        values: str | None = None
        signed: bool = False

    check = check_of(Column(), LOOKUPS)
    assert check("12") is None
    assert check("1.5").code == check("-1").code == "bad_whole"


def test_the_digest_can_be_worked_out_again_from_what_was_kept_and_needs_the_key():
    rule = kinds()["facility"]
    cells = [str(row("facility", code="F1").get(title, "")) for title in rule.titles]
    one, other = (
        RowChecker(rule, list(rule.titles), LOOKUPS, None, key).check(cells) for key in (b"1", b"2")
    )
    assert one.digest == digest_of_payload(one.payload, b"1") != other.digest
