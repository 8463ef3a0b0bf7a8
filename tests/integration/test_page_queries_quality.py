"""Each count of data quality opens into its list: yingjin/insight/queries/quality."""

import pytest

from tests.support.brought_in import brought_in
from tests.support.known_county import DEAD, HEAD, HUSBAND, ON, OTHER, identity
from tests.support.registers import OTHER_VILLAGE
from yingjin.basics.errors import NotFound
from yingjin.fusion.models import RegisterPerson
from yingjin.insight import queries
from yingjin.insight.domain.tallies import ALL
from yingjin.insight.models import Tally
from yingjin.registry.models import Person

pytestmark = pytest.mark.django_db
KINDS = ("files", "refused", "unlinked", "disagreements", "held", "incomplete", "cancelled")


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    """The known county, the same for every test here: they only read."""
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


@pytest.fixture
def officer(county):
    return county.reader()


def cells(page):
    return [row.cells for row in page.rows]


def test_every_list_has_as_many_cells_as_heads_and_as_many_rows_as_it_says(officer):
    for kind in KINDS:
        page = queries.quality(officer, kind)
        assert page.total == len(page.rows) > 0, kind
        assert len(page.head) == len(page.numeric)
        assert all(len(row.cells) == len(page.head) for row in page.rows), kind
        assert f"{page.total}" in page.answer_zh


def test_the_strip_of_the_overview_counts_what_the_lists_hold(officer):
    tallies = Tally.objects.filter(finding__on=ON, audience=ALL, measure="quality", region_code="520527")
    counted = dict(tallies.values_list("subject", "count"))
    assert set(counted) == {"unlinked", "disagreements", "held", "incomplete", "cancelled"}
    assert {kind: queries.quality(officer, kind).total for kind in counted} == counted


def test_every_file_is_listed_with_what_became_of_it(officer):
    page = queries.quality(officer, "files")
    files = {row[1]: row[2:6] for row in cells(page)}
    assert files["结算2025.csv"] == ["16", "13", "3", "已收下"]
    assert len(files) == 6


def test_a_refused_row_says_where_it_stands_and_why(county, officer):
    rows = {(row.cells[1], row.cells[2]): row for row in queries.quality(officer, "refused").rows}
    assert set(rows) == {
        ("健康.xlsx “患病情况”", "6"), ("结算2025.csv", "15"), ("结算2025.csv", "16"), ("结算2025.csv", "17"),
    }  # fmt: skip
    row = rows["结算2025.csv", "15"]
    assert "900.00" in row.cells[4] and "inscp_scp_amt" in row.cells[4]
    assert row.person_key == county.person(HUSBAND).key
    assert rows["结算2025.csv", "17"].person_key is None


def test_pairs_left_to_people_show_both_sides_masked(county, officer):
    page = queries.quality(officer, "unlinked")
    assert {row[0] for row in cells(page)} == {"证件号相同，姓名不同"}
    assert any(HEAD in row[1] + row[2] and "李双" in row[1] + row[2] for row in cells(page))
    assert identity(HEAD) not in repr(page)


def test_one_side_outside_the_scope_is_not_described(county):
    pages = [
        queries.quality(county.reader("village_doctor", code), "unlinked")
        for code in ("520527102001", OTHER_VILLAGE)
    ]
    text = repr(pages)
    assert sum(page.total for page in pages) == 3 and "住在辖区外" in text
    assert HEAD not in repr(pages[1]) and "李双" not in repr(pages[0])


def test_registers_that_disagree_and_grades_that_do_not_fit_are_one_list(county, officer):
    name, grade = cells(queries.quality(officer, "disagreements"))
    assert (name[0], name[2], name[3]) == ("参保与结算登记", "姓名", "禄小英 / 禄晓英")
    assert grade[1].startswith(OTHER) and "三级甲等" in grade[3] and "一级" in grade[3]


def test_of_somebody_who_lives_elsewhere_a_list_says_only_that_a_register_disagrees(county):
    [entry] = RegisterPerson.objects.filter(disagrees=True)
    doctor = county.reader("village_doctor", entry.region_code)
    assert HEAD in repr(queries.quality(doctor, "disagreements"))
    Person.objects.filter(pk=entry.person_id).update(region_code=OTHER_VILLAGE)
    [row] = queries.quality(doctor, "disagreements").rows
    assert row.cells == ["参保与结算登记", "住在辖区外，请县里核对", "姓名", "–"] and row.person_key is None
    assert HEAD not in repr(queries.quality(doctor, "unlinked"))


def test_held_and_cancelled_bills_open_into_the_bill(county, officer):
    held = queries.quality(officer, "held").rows
    assert [(row.cells[1], row.cells[4], row.bill_key) for row in held] == [
        (DEAD, "出院在登记的去世日之后", str(county.bill("S-DEAD").key))
    ]
    cancelled = queries.quality(officer, "cancelled").rows
    assert [(row.cells[1], row.cells[4]) for row in cancelled] == [(HUSBAND, "S-BACK")]


def test_incomplete_years_open_into_the_person(county, officer):
    rows = queries.quality(officer, "incomplete").rows
    assert [(row.cells[0], row.cells[1], row.person_key) for row in rows] == [
        (HUSBAND, "2025", county.person(HUSBAND).key)
    ]


def test_pages_of_a_list_run_on_from_one_part_into_the_next(officer):
    whole = cells(queries.quality(officer, "disagreements"))
    pages = [queries.quality(officer, "disagreements", page, size=1) for page in (1, 2, 3)]
    assert [cells(page) for page in pages] == [[whole[0]], [whole[1]], [whole[1]]]
    assert {page.pages for page in pages} == {2}


def test_a_list_nobody_made_is_not_found(officer):
    with pytest.raises(NotFound):
        queries.quality(officer, "nonsense")


def test_lists_cost_a_bounded_number_of_queries(officer, django_assert_max_num_queries):
    for kind in KINDS:
        with django_assert_max_num_queries(10):
            queries.quality(officer, kind)
