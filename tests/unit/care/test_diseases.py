"""Which disease of special treatment a code is, for whom and from when."""

from datetime import date

import pytest

from yingjin.care.domain.diseases import Disease, DiseaseList, Scope, parts

LEUKAEMIA = Disease("儿童白血病", "childhood leukaemia", date(2017, 1, 1), Scope.read("C91-C95"), child=True)
RENAL = Disease("终末期肾病", "end-stage renal disease", date(2017, 1, 1), Scope.read("N18.0,N18.5"))
AIDS = Disease("艾滋病机会感染", "AIDS", date(2019, 1, 1), Scope.read("B20-B24"), sensitive=True)


@pytest.fixture
def diseases():
    return DiseaseList(
        version="test",
        diseases=(LEUKAEMIA, RENAL, AIDS),
        sensitive_scopes=(Scope.read("F02.4,F20-F29"),),
        child_under_years=14,
        names={"C91.000": "急性淋巴细胞白血病", "I21.900": "急性心肌梗死", "C20.X00": "直肠恶性肿瘤"},
    )


@pytest.mark.parametrize(
    ("scope", "code", "inside"),
    [
        ("C91-C95", "C91.000", True),
        ("C91-C95", "C95.900X001", True),
        ("C91-C95", "C90.900", False),
        ("C91-C95", "C96.000", False),
        ("C91-C95", "C9", False),
        ("N18.0,N18.5", "N18.501", True),
        ("N18.0,N18.5", "N18.400", False),
        ("N18.0,N18.5", "N18", False),
        ("F06.0-F06.3", "F06.301", True),
        ("F06.0-F06.3", "F06.800", False),
        ("A15.500x014-A15.500x017", "A15.500X016", True),
        ("A15.500x014-A15.500x017", "A15.500X018", False),
        ("A15.500x014-A15.500x017", "A15.500", False),
        ("c91 - c95", "C93.100", True),
    ],
)
def test_a_scope_holds_its_codes_with_all_subdivisions(scope, code, inside):
    assert Scope.read(scope).holds(code) is inside


@pytest.mark.parametrize("text", ["C95-C91", "C91-D10", "", "C91,,C92", "-C91"])
def test_a_scope_that_is_no_range_is_refused(text):
    with pytest.raises(ValueError, match="no range"):
        Scope.read(text)


def test_a_code_belongs_to_its_disease_however_it_is_written(diseases):
    assert diseases.disease_of(" n18.501 ") == "终末期肾病"
    assert diseases.disease_of("N18.506+I32.8*") == "终末期肾病"
    assert diseases.disease_of("I32.8*+N18.506") == "终末期肾病"
    assert diseases.disease_of("N18.900") == diseases.disease_of("Z99") == diseases.disease_of("") == ""


def test_a_disease_counts_from_the_day_it_came_on_the_list(diseases):
    assert diseases.disease_of("B20.100", on=date(2018, 12, 31)) == ""
    assert diseases.disease_of("B20.100", on=date(2019, 1, 1)) == "艾滋病机会感染"
    assert [disease.name for disease in diseases.listed(date(2018, 6, 1))] == ["儿童白血病", "终末期肾病"]


def test_a_childrens_disease_counts_below_the_age_limit_alone(diseases):
    assert diseases.disease_of("C91.000", age_years=13) == "儿童白血病"
    assert diseases.disease_of("C91.000", age_years=14) == ""
    assert diseases.disease_of("C91.000") == "儿童白血病"
    assert diseases.disease_of("N18.501", age_years=70) == "终末期肾病"


def test_a_code_is_sensitive_by_the_list_by_the_wider_marks_and_by_its_second_half(diseases):
    assert diseases.sensitive("B23.100")
    assert diseases.sensitive("F20.900")
    assert diseases.sensitive("G31.000+F02.4*")
    assert not diseases.sensitive("C91.000")
    assert not diseases.sensitive("")


def test_a_disease_of_the_list_knows_whether_it_is_sensitive(diseases):
    assert diseases.sensitive_disease("艾滋病机会感染")
    assert not diseases.sensitive_disease("终末期肾病")
    assert not diseases.sensitive_disease("没有这个病")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("c91.000", "急性淋巴细胞白血病"),
        ("C91.000x099", "急性淋巴细胞白血病"),
        ("I21.9", "急性心肌梗死"),
        ("I21", "急性心肌梗死"),
        ("C20", "直肠恶性肿瘤"),
        ("I21.900+Z95.0*", "急性心肌梗死"),
        ("K00", ""),
        ("", ""),
    ],
)
def test_a_code_is_called_by_its_own_name_or_the_nearest_wider_one(diseases, code, name):
    assert diseases.name_of(code) == name


def test_a_double_code_has_two_parts_and_nothing_has_one_empty_part():
    assert parts("B22.001+F02.4*") == ("B22.001", "F02.4")
    assert parts(" ") == ("",)
