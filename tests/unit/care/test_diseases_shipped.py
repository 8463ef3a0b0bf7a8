"""The list, the marks and the code names this package ships."""

from collections import Counter
from datetime import date

import pytest
import yaml

from yingjin.care.files import DATA, disease_list, icd_names


@pytest.fixture(scope="module")
def shipped():
    return disease_list()


def test_the_list_grew_as_the_yearly_notices_say(shipped):
    years = {year: len(shipped.listed(date(year, 12, 31))) for year in (2016, 2017, 2018, 2019, 2020, 2025)}
    assert years == {2016: 0, 2017: 7, 2018: 21, 2019: 25, 2020: 30, 2025: 30}


def test_no_code_belongs_to_two_diseases(shipped):
    belongs = {
        code: [disease.name for disease in shipped.diseases if disease.scope.holds(code)]
        for code in icd_names()
    }
    assert not {code: names for code, names in belongs.items() if len(names) > 1}


def test_every_disease_has_codes_of_the_edition(shipped):
    found = Counter(shipped.disease_of(code) for code in icd_names())
    assert {disease.name for disease in shipped.diseases} == set(found) - {""}


def test_names_of_diseases_fit_the_tables_that_hold_them(shipped):
    assert max(len(disease.name) for disease in shipped.diseases) <= 32
    assert max(len(name) for name in icd_names().values()) <= 200
    assert max(len(code) for code in icd_names()) <= 20


def test_every_code_of_the_edition_has_a_name():
    names = icd_names()
    assert len(names) == 33_304
    assert all(names.values())


def test_tuberculosis_is_due_special_treatment_only_where_the_code_says_it_resists(shipped):
    for code, name in icd_names().items():
        if code.startswith(("A15", "A16", "A17", "A18", "A19")):
            resists = "耐多药" in name or "广泛耐药" in name
            assert (shipped.disease_of(code) == "耐多药结核病") == resists, (code, name)


@pytest.mark.parametrize(
    "word", ["免疫缺陷病毒", "艾滋", "HIV", "耐多药", "广泛耐药", "精神分裂症", "双相情感障碍"]
)
def test_every_code_that_names_a_hidden_disease_is_sensitive(shipped, word):
    named = [code for code, name in icd_names().items() if word in name]
    assert named
    assert not [code for code in named if not shipped.sensitive(code)]


@pytest.mark.parametrize("name", ["耐多药结核病", "艾滋病机会感染", "重性精神疾病"])
def test_the_diseases_that_must_be_hidden_are(shipped, name):
    assert shipped.sensitive_disease(name)
    assert all(shipped.sensitive(code) for code in icd_names() if shipped.disease_of(code) == name)


def test_common_diseases_are_not_hidden(shipped):
    assert not any(
        shipped.sensitive(code) for code in ("I63.900", "J44.900", "N18.501", "C34.900", "I10.x00")
    )
    hidden = sum(shipped.sensitive(code) for code in icd_names())
    assert hidden < 0.03 * len(icd_names())


def test_the_ages_and_scopes_are_marked_as_assumed():
    shipped = yaml.safe_load((DATA / "special_treatment.yaml").read_text(encoding="utf-8"))
    assert shipped["assumed"] is True
    assert shipped["child"]["assumed"] is True
