"""What the Rules page shows."""

from datetime import date

from yingjin.policy import rulebooks
from yingjin.policy.queries import clauses_for_page, parameters_for_page, rulebook

BOOK = rulebook("hezhang")
CLAUSES = ["R10", "R11", "R12", "R13", "R14", "R15", "R20", "R21", "R22", "R31", "R32", "R33", "R34", "R35"]


def test_every_clause_stands_in_chinese_with_citation_interval_and_readings():
    pages = clauses_for_page(BOOK)
    assert [page.id for page in pages] == CLAUSES
    for page in pages:
        assert page.text_zh and page.plain.zh and page.plain.en and page.title.zh and page.citation.zh
        assert page.valid_to is None
        assert all(text.zh and not text.zh.isascii() for text in page.assumed)
    first_days = {page.id: page.valid_from for page in pages}
    assert first_days.pop("R21") == date(2016, 10, 1)
    assert set(first_days.values()) == {date(2016, 1, 1)}


def test_what_is_not_of_hezhang_is_not_in_its_rulebook():
    assert not {"R16", "R17", "R23"} & {page.id for page in clauses_for_page(BOOK)}


def test_a_clause_of_a_layer_names_it_and_the_order_belongs_to_none():
    layers = {page.id: page.layer and page.layer.zh for page in clauses_for_page(BOOK)}
    assert (layers["R10"], layers["R21"], layers["R33"], layers["R35"]) == (
        "基本医保",
        "大病保险",
        "医疗救助",
        None,
    )


def test_every_open_parameter_stands_with_the_reading_taken_and_those_not_taken():
    pages = {page.id: page for page in parameters_for_page(BOOK)}
    assert list(pages) == [f"P{number:02}" for number in range(1, 23)]
    for page in pages.values():
        assert page.assumed and page.not_taken and page.clauses or page.id == "P05"
        assert page.taken.supported and page.taken.text.zh and all(each.text.zh for each in page.not_taken)
    assert {page.id: page.taken.id for page in pages.values()} == {
        "P01": "half_up_each_layer",
        "P02": "discharge",
        "P03": "best_for_patient",
        "P04": "as_registered",
        "P05": "designated_or_public",
        "P06": "two_hundred_each_stay",
        "P07": "no_cap",
        "P08": "a",
        "P09": "points",
        "P10": "first_only",
        "P11": "not_used",
        "P12": "sixty_percent",
        "P13": "four_named",
        "P14": "excess",
        "P15": "no_cap",
        "P16": "stack",
        "P17": "not_again",
        "P18": "inpatient_only",
        "P19": "no_cap",
        "P20": "every_counted_bill",
        "P21": "no_others",
        "P22": "in_scope_only",
    }
    assert {page.id for page in pages.values() if any(each.supported for each in page.not_taken)} == {
        "P02",
        "P05",
        "P08",
        "P09",
        "P10",
        "P14",
        "P16",
        "P20",
    }
    assert pages["P09"].clauses == ("R13",)


def test_a_switched_reading_is_the_one_shown_as_taken():
    pages = {page.id: page for page in parameters_for_page(rulebooks.load("hezhang", {"P09": "relative"}))}
    assert pages["P09"].taken.id == "relative"
    assert [each.id for each in pages["P09"].not_taken] == ["points"]


def test_a_rulebook_is_read_from_its_file_once():
    assert rulebook("hezhang") is BOOK
