"""A rulebook that cannot be relied on is refused when it is loaded, naming file, clause, field and reason."""

import pytest

from tests.support.tree import ROOT
from yingjin.policy.errors import NoRulebook, RulebookRefused, UnknownReading, UnreadableRulebook
from yingjin.policy.rulebooks import load, names

TEXT = (ROOT / "rulebooks/hezhang/hezhang.yaml").read_text(encoding="utf-8")


@pytest.fixture
def altered(tmp_path):
    """Load the Hezhang rulebook with one piece of its text replaced."""

    def run(old, new, readings=None, count=1):
        assert TEXT.count(old) >= 1, f"not in the file: {old}"
        path = tmp_path / "hezhang.yaml"
        path.write_text(TEXT.replace(old, new, count), encoding="utf-8")
        return load(path, readings)

    return run


def clause(number):
    """Return the text of a clause, from its id to the blank line."""
    start = TEXT.index(f"  - id: {number}\n")
    return TEXT[start : TEXT.index("\n\n", start) + 1]


def within(number, old, new):
    """Return a clause's text before and after a replacement inside it."""
    whole = clause(number)
    assert old in whole, f"not in {number}: {old}"
    return whole, whole.replace(old, new, 1)


R10_AGAIN = clause("R10").replace("valid_from: 2016-01-01", "valid_from: 2017-01-01", 1)

FAULTS = {
    "a float for money": (
        *within("R20", "threshold_fen: 500000", "threshold_fen: 5000.00"),
        "R20",
        "threshold_fen",
        "小数点",
    ),
    "a float for a rate": (*within("R32", "rate_bp: 7000", "rate_bp: 0.7"), "R32", "rate_bp", "小数点"),
    "a float in a table": (*within("R10", "L2: 7500", "L2: 75.0"), "R10", "rate_bp.L2", "小数点"),
    "a float under the reading not taken": (
        "raises_by_bp: 500",
        "raises_by_bp: 0.05",
        "R13",
        "supplement.raises_by_bp",
        "小数点",
    ),
    "text for a number": (*within("R32", "rate_bp: 7000", "rate_bp: 70%"), "R32", "rate_bp", "整数"),
    "yes for a number": (*within("R32", "rate_bp: 7000", "rate_bp: yes"), "R32", "rate_bp", "整数"),
    "a rate above the whole": (*within("R32", "7000", "10001"), "R32", "rate_bp", "10001"),
    "an amount below nothing": (*within("R20", "500000", "-1"), "R20", "threshold_fen", "-1"),
    "an amount too large to reckon with": (
        *within("R20", "500000", "1000000000001"),
        "R20",
        "threshold_fen",
        "1000000000001",
    ),
    "an unknown field": (
        *within("R20", "threshold_fen", "treshold_fen: 1\n    threshold_fen"),
        "R20",
        "treshold_fen",
        "不认识",
    ),
    "an unknown field at the top": ("unit: person", "unit: person\nowner: me", "", "owner", "不认识"),
    "a field left out": (*within("R32", "    rate_bp: 7000\n", ""), "R32", "rate_bp", "没有写"),
    "a clause that is no mapping": (clause("R14"), "  - R14\n", "", "clauses[5]", "字段"),
    "clauses that are no list": ("clauses:\n", "clauses: none\nrest:\n", "", "clauses", "列表"),
    "a text left blank": (*within("R32", "zh: 第三张网·低保", 'zh: " "'), "R32", "title.zh", "文字"),
    "a text in one language": (
        "citation: {zh: 篇7 第三张“网”“70%”句, en",
        "citation: {zh: 篇7, fr",
        "R32",
        "citation.en",
        "没有写",
    ),
    "a clause number that is none": ("- id: R14", "- id: Article14", "Article14", "id", "条款编号"),
    "an unknown kind": (*within("R22", "kind: open", "kind: python"), "R22", "kind", "python"),
    "an unknown layer": (*within("R32", "layer: assistance", "layer: fourth"), "R32", "layer", "fourth"),
    "an unknown category": (*within("R32", "[C04]", "[C99]"), "R32", "when.holds", "C99"),
    "an unknown level": ("{level: [L4], public: no}", "{level: [L9], public: no}", "", "no_layer_pays.not_public.when.level", "L9"),
    "a level without a rate": (*within("R10", ", L4: 5500", ""), "R10", "rate_bp.L4", "L4"),
    "a rate for a level that is none": (*within("R10", "L4: 5500", "L4: 5500, L5: 1"), "R10", "rate_bp.L5", "L4"),
    "an accumulator of another layer": (
        *within("R21", "stack: own_after_basic", "stack: own_after_critical_illness"),
        "R21",
        "stacks_on",
        "own_after_basic",
    ),
    "an empty condition": (*within("R32", "when: {holds: [C04]}", "when: {}"), "R32", "when", "空的"),
    "a word twice in a list": (*within("R31", "[C03, C05]", "[C03, C03]"), "R31", "when.holds", "不重复"),
    "a word where a list belongs": (*within("R31", "[C03, C05]", "C03"), "R31", "when.holds", "列表"),
    "a flag that is neither": (*within("R11", "designated: yes", "designated: maybe"), "R11", "when.designated", "yes 或 no"),
    "a derived category that asks for a derived one": (
        "derived: {holds: [C04, C05, C06, C07]}",
        "derived: {holds: [C12]}",
        "",
        "categories.C13.derived.holds",
        "C12",
    ),
    "no day to begin": (*within("R21", "valid_from: 2016-10-01", "valid_from:"), "R21", "valid_from", "日期"),
    "a day with an hour": (
        *within("R21", "valid_from: 2016-10-01", "valid_from: 2016-10-01 08:00:00"),
        "R21",
        "valid_from",
        "日期",
    ),
    "a text for a day": (*within("R21", "valid_to:\n", "valid_to: later\n"), "R21", "valid_to", "日期"),
    "an end before the start": (*within("R21", "valid_to:\n", "valid_to: 2016-10-01\n"), "R21", "valid_to", "不晚于"),
    "a clause before the rulebook": (*within("R32", "2016-01-01", "2015-12-31"), "R32", "valid_from", "超出"),
    "a gap between two stretches": (
        clause("R10"),
        clause("R10").replace("valid_to:\n", "valid_to: 2016-12-31\n", 1) + "\n" + R10_AGAIN,
        "R10",
        "valid_to",
        "首尾相接",
    ),
    "an overlap of two stretches": (
        clause("R10"),
        clause("R10").replace("valid_to:\n", "valid_to: 2017-01-02\n", 1) + "\n" + R10_AGAIN,
        "R10",
        "valid_to",
        "首尾相接",
    ),
    "an open stretch with another after it": (clause("R10"), clause("R10") + "\n" + R10_AGAIN, "R10", "valid_to", "首尾相接"),
    "days on which a layer has no clause": (
        *within("R20", "valid_from: 2016-01-01", "valid_from: 2016-03-01"),
        "layers",
        "critical_illness",
        "空档",
    ),
    "days on which nothing says the order": (
        *within("R35", "valid_from: 2016-01-01", "valid_from: 2016-03-01"),
        "clauses",
        "order",
        "正好一条",
    ),
    "two clauses that say how to choose": (clause("R15"), clause("R15") + "\n" + clause("R15").replace("R15", "R16"), "clauses", "choice", "正好一条"),
    "two tables in one layer": (clause("R10"), clause("R10") + "\n" + clause("R10").replace("R10", "R9"), "R10", "kind", "两条"),
    "two bounds in one layer": (clause("R14"), clause("R14") + "\n" + clause("R14").replace("R14", "R16"), "R16", "kind", "两条"),
    "a supplement on no table": (*within("R12", "raises: R10", "raises: R11"), "R12", "raises", "R11"),
    "a raise that gives no whole rate": ("raises_by_bp: 500", "raises_by_bp: 501", "R13", "raises_by_bp", "整数万分之一"),
    "an order without a layer": (*within("R35", ", assistance]", "]"), "R35", "order", "写全"),
    "a parameter that is not listed": (*within("R14", "parameters: []", "parameters: [P77]"), "R14", "parameters", "P77"),
    "a parameter number that is none": ("  P01:\n", "  Q01:\n", "", "parameters.Q01", "参数编号"),
    "a dependence on no parameter": (*within("R21", "by: P14", "by: P78"), "R21", "pays", "P78"),
    "a dependence the clause does not name": (*within("R13", "P09, P10]", "P09]"), "R13", "parameters", "P10"),
    "a dependence behind a derived category": (*within("R11", "P06, P08]", "P06]"), "R11", "parameters", "P08"),
    "a dependence a gate does not name": ("parameters: [P05]\n    zh: 不是定点", "parameters: []\n    zh: 不是定点", "", "no_layer_pays.not_designated.parameters", "P05"),
    "no value for a supported reading": (*within("R21", ", whole: whole}", "}"), "R21", "pays", "whole"),
    "a value for a reading that is not supported": (
        *within("R21", "per_stay: }", "per_stay: , catch_up: }"),
        "R21",
        "stacks_on",
        "catch_up",
    ),
    "a reading of its own that is not supported": ("reading: stack", "reading: catch_up", "", "parameters.P16.reading", "catch_up"),
    "a reading of its own that is not listed": ("reading: points", "reading: percent", "", "parameters.P09.reading", "percent"),
    "a choice that changes nothing": (
        "half_up_at_the_end: {zh: 三张网都算完再舍入一次, en: once after all layers, supported: no}",
        "half_up_at_the_end: {zh: 三张网都算完再舍入一次, en: once after all layers}",
        "parameters",
        "P01",
        "没有字段随它变",
    ),
    "a parameter that no clause names": (
        "parameters:\n  P01:",
        "parameters:\n  P00:\n    zh: 问\n    en: asks\n    reading: a\n    readings:\n      a: {zh: 甲, en: a}\n  P01:",
        "parameters",
        "P00",
        "没有一条条款用到",
    ),
    "a mark of assumption on no field": (*within("R14", "assumed: [valid_from, ", "assumed: [valid_until, "), "R14", "assumed", "valid_until"),
    "another name than the file's": ("name: hezhang", "name: bijie", "", "name", "hezhang"),
    "another rounding than the reading's": ("mode: half_up", "mode: half_even", "", "rounding.mode", "half_even"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "number", "field", "word"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_refused_by_name(altered, old, new, number, field, word):
    with pytest.raises(RulebookRefused) as refused:
        altered(old, new)
    said = refused.value
    assert said.data == {"file": "hezhang.yaml", "clause": number, "field": field}
    assert word in said.reason_zh
    for part in ("hezhang.yaml", number, field):
        assert part in said.reason_zh and part in said.reason_en
    assert said.reason_zh.endswith("。") and said.reason_en.endswith(".")


UNREADABLE = {
    "a field twice": ("name: hezhang", "name: hezhang\nname: hezhang", "name"),
    "an alias": ("name: hezhang", "name: &it hezhang\nother: *it", "it"),
    "a tag": ("name: hezhang", "name: !!python/object/apply:os.system [ls]", "line"),
    "no YAML": ("name: hezhang", "name: [hezhang", "line"),
    "a day no calendar has": ("valid_from: 2016-10-01", "valid_from: 2016-13-01", "line"),
    "a control character": ("name: hezhang", "name: hez\x07hang", "cannot be read"),
}


@pytest.mark.parametrize(("old", "new", "word"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_is_no_plain_yaml_is_refused(altered, old, new, word):
    with pytest.raises(UnreadableRulebook) as refused:
        altered(old, new)
    assert refused.value.reason_zh.startswith("hezhang.yaml：")
    assert word in refused.value.reason_en


def test_files_that_cannot_be_read_are_named(tmp_path):
    for name, content in {"gb.yaml": "名".encode("gb18030"), "big.yaml": b"#" * 2_000_001}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableRulebook, match=name):
            load(tmp_path / name)
    with pytest.raises(UnreadableRulebook, match="nowhere.yaml"):
        load(tmp_path / "nowhere.yaml")
    (tmp_path / "list.yaml").write_text("- a\n")
    with pytest.raises(RulebookRefused, match="list.yaml"):
        load(tmp_path / "list.yaml")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(NoRulebook, match="bijie.*hezhang"):
        load("bijie")
    assert "hezhang" in names()


@pytest.mark.parametrize(("key", "reading"), [("P09", "twice"), ("P16", "catch_up"), ("P77", "a")])
def test_a_reading_that_cannot_be_worked_out_is_refused(key, reading):
    with pytest.raises(UnknownReading) as refused:
        load("hezhang", {key: reading})
    assert refused.value.data["parameter"] == key
    assert reading in refused.value.reason_zh


def test_a_rulebook_may_end_and_its_clauses_may_change(altered):
    first = clause("R10").replace("valid_to:\n", "valid_to: 2017-01-01\n", 1)
    book = altered(clause("R10"), first + "\n" + R10_AGAIN.replace("L2: 7500", "L2: 7600"))
    assert [version.valid.valid_from.isoformat() for version in book.versions] == [
        "2016-01-01",
        "2016-10-01",
        "2017-01-01",
    ]
