"""The papers of a county: each says what its page says, in both languages, and nothing more."""

import os
from pathlib import Path

import pytest
from django.utils import translation

from tests.support.brought_in import brought_in
from tests.support.known_county import HEAD, HUSBAND, ILL, ON, PEOPLE, SON, identity
from tests.support.papers import A5, fonts, sizes, text_of
from tests.support.registers import OTHER_VILLAGE, VILLAGE
from yingjin.basics.errors import NotFound
from yingjin.basics.money import yuan
from yingjin.basics.papers import render
from yingjin.insight import queries
from yingjin.insight.papers import households, regions, slips

pytestmark = pytest.mark.django_db
BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])
SIZES = pytest.mark.parametrize("large", [False, True])
A4 = (595, 842)
LINK = "https://yingjin.example/h/7KQ4M2"
OWED = "您该付1,123.85元"


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), brought_in(tmp_path_factory.mktemp("county") / "files") as county:
        yield county


def made(template, shape, language):
    """Return a paper; with YINGJIN_KEEP_PAPERS it is kept in that folder, to be looked at."""
    with translation.override(language):
        data = shape()
        pdf = render(template, data, language=language)
    if folder := os.environ.get("YINGJIN_KEEP_PAPERS"):
        large = "-large" if data["large"] else ""
        (Path(folder) / f"{template}-{language[:2]}{large}.pdf").write_bytes(pdf)
    assert all(fonts(pdf).values())
    return pdf


@BOTH
@SIZES
def test_the_slip_is_one_a5_page_that_says_what_the_bills_page_says(county, language, large):
    page = queries.bill(county.reader(), county.bill("S-HEAD-2").key)
    pdf = made("slip", lambda: slips.slip(page, large=large), language)
    assert sizes(pdf) == [A5]
    text = text_of(pdf)
    for line in page.lines:
        assert yuan(line.amount_fen) in text
    for each in (HEAD, yuan(page.total_fen), yuan(page.own_payment_fen), page.bill_id, "李国华"):
        assert each in text
    assert (OWED in text) == (language == "zh-hans")


def test_every_bill_that_was_worked_out_fits_one_page_in_large_print(county):
    reader, made_slips = county.reader(), 0
    for bill_id in ("S-HEAD-1", "S-HEAD-3", "S-HUSBAND", "S-ILL-1", "S-ILL-2"):
        page = queries.bill(reader, county.bill(bill_id).key)
        for language in ("zh-hans", "en"):
            pdf = made("slip", lambda page=page: slips.slip(page, large=True), language)
            assert sizes(pdf) == [A5], bill_id
            made_slips += 1
    assert made_slips == 10


def test_a_bill_that_was_never_worked_out_has_no_slip(county):
    reader = county.reader()
    bills = queries.household(reader, ON, county.household(HUSBAND)).bills
    cancelled = next(row for _, row in bills if row.state == "cancelled")
    with pytest.raises(slips.NoSlip):
        slips.slip(queries.bill(reader, cancelled.bill_key), large=False)


@BOTH
@SIZES
def test_the_sheet_of_a_household_names_its_members_their_dues_and_the_doctor(county, language, large):
    reader, home = county.reader(), county.household(HEAD)
    pdf = made(
        "household_sheet", lambda: households.sheet(reader, ON, home, link=LINK, large=large), language
    )
    assert set(sizes(pdf)) == {A4}
    text = text_of(pdf)
    page = queries.household(reader, ON, home)
    for each in (HEAD, HUSBAND, SON, "李国华", "7KQ4M2", "28,436.52", yuan(page.years[0].own_payment_fen)):
        assert each in text
    for name in (HEAD, HUSBAND, SON):
        assert identity(name) not in text
    assert PEOPLE[HEAD][3] not in text


def test_the_code_of_a_sheet_holds_its_link_and_nothing_else(county):
    import segno

    data = households.sheet(county.reader(), ON, county.household(ILL), link=LINK, large=False)
    drawn = segno.make(LINK, error=households.CORRECTION, micro=False)
    assert data["code"] == households.code_svg(LINK)
    assert f'width="{drawn.symbol_size(border=0)[0]}"' in data["code"]
    assert drawn.mode == "byte" and ILL not in data["code"]


def test_a_sheet_tells_a_doctor_nothing_of_a_hidden_illness(county):
    def sheet_for(reader):
        data = households.sheet(reader, ON, county.household(ILL), link=LINK, large=False)
        return text_of(render("household_sheet", data, language="zh-hans"))

    assert "40,000.00" in sheet_for(county.reader())
    assert "40,000.00" not in sheet_for(county.doctor())


def test_a_household_outside_the_scope_has_no_sheet(county):
    stranger = county.reader("village_doctor", OTHER_VILLAGE)
    with pytest.raises(NotFound):
        households.sheet(stranger, ON, county.household(ILL), link=LINK, large=False)


@BOTH
@SIZES
def test_the_summary_of_a_place_says_due_less_done_is_lacking(county, language, large):
    reader = county.reader()
    page = queries.overview(reader, ON)
    name = "赫章县" if language == "zh-hans" else "Hezhang County"
    data = regions.summary(page, place=name, large=large)
    text = text_of(made("region_summary", lambda: data, language))
    for each in data["dues"]:
        should, done, lacking = (int(each[key].replace(",", "")) for key in ("should", "done", "lacking"))
        assert should - done == lacking
        assert f"{should}−{done}＝{lacking}" in text
    money = data["money"]["lines"]
    assert money[0]["whole"] and all(line["amount"] in text for line in money)
    assert all(row["name"] in text for row in data["places"]) and len(data["places"]) == len(page.places)
    assert "2025-12-31" in text


def test_the_summary_of_a_village_lists_the_village_alone(county):
    page = queries.overview(county.doctor(), ON)
    data = regions.summary(page, place=page.place.name, large=False)
    assert [row["all"] for row in data["places"]] == [data["sums"]["all"]]
    assert page.place.code == VILLAGE
