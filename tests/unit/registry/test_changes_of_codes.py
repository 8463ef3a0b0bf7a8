"""What became of a code, followed through the table of changes."""

from collections import Counter

import pytest

from yingjin.registry import files, queries


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("520527", ["522428"], []),
        ("522428", [], ["520527"]),
        ("520581", ["520522", "522423"], []),
        ("522423", [], ["520522", "520581"]),
    ],
)
def test_a_chain_is_told_to_both_ends(code, before, after):
    told = queries.history(code)
    assert sorted({change.old_code for change in told.before}) == before
    assert sorted({change.new_code for change in told.after}) == after
    assert [change.year for change in told.after] == sorted(change.year for change in told.after)


def test_a_division_leads_to_every_part_and_a_merger_from_every_part():
    assert queries.history("522201").today.codes == ("520602", "520603")
    assert {change.new_code for change in queries.history("522201").after} >= {"5206", "520603"}
    assert {"140402", "140411"} <= {change.old_code for change in queries.history("140403").before}


def test_a_padded_code_is_the_code_and_an_unknown_one_is_none():
    assert queries.history("522428000000").code == "522428"
    assert queries.history("999999") is None
    assert queries.history("赫章") is None


def test_every_retired_county_has_a_change_that_says_so():
    silent = [
        row.code
        for row in files.regions("county")
        if row.valid_to and not any(change.old_code == row.code for change in queries.history(row.code).after)
    ]
    assert not silent


def test_the_table_is_filtered_by_year_and_province_and_newest_first():
    every = queries.changes()
    years = Counter(change.year for change in every)
    assert len(every) == len(files.changes()) > 1_200
    assert [change.year for change in every] == sorted((change.year for change in every), reverse=True)
    assert set(years) == set(queries.change_years())
    assert len(queries.changes(year="2011")) == years["2011"]
    guizhou = queries.changes(province="52")
    assert guizhou and all((change.old_code or change.new_code).startswith("52") for change in guizhou)
    assert queries.changes(year="1999") == []


def test_every_change_says_its_source_and_a_mended_one_its_reason():
    for change in files.changes():
        assert change.source or change.paper
        assert bool(change.note) == (change.source == "本项目补正"), change
