from types import SimpleNamespace

import pytest
from django.core.exceptions import EmptyResultSet

from yingjin.basics.access import Robot, Scope, allow, scope_of, within
from yingjin.basics.errors import NotAllowed
from yingjin.settlement.models import Bill


def user(role, region="520527"):
    return SimpleNamespace(is_authenticated=True, role=role, region_code=region, facility_code="")


def test_nobody_signed_in_sees_nothing():
    assert scope_of(SimpleNamespace(is_authenticated=False)).empty
    assert scope_of(None).empty


def test_a_county_officer_sees_the_county_and_sensitive_diseases():
    scope = scope_of(user("county_officer"))
    assert scope.covers("520527102201") and scope.sees_sensitive
    assert not scope.covers("520526102201") and not scope.empty


@pytest.mark.parametrize("role", ["village_doctor", "auditor"])
def test_village_doctors_and_auditors_do_not_see_sensitive_diseases(role):
    assert not scope_of(user(role)).sees_sensitive


def test_a_scope_is_narrowed_to_a_smaller_region_only():
    scope = scope_of(user("county_officer"))
    assert scope.narrowed("520527102").region_prefix == "520527102"
    assert scope.narrowed("5205").empty
    assert scope.narrowed("520526").empty
    assert Scope().narrowed("").empty


def test_a_role_without_the_right_is_refused():
    allow(Robot(), "land")
    with pytest.raises(NotAllowed) as refusal:
        allow(user("auditor"), "land")
    assert refusal.value.data == {"action": "land", "role": "auditor"}
    with pytest.raises(NotAllowed):
        allow(object(), "look")


def asked(scope):
    """Return the condition a scope puts on bills, as SQL."""
    return (
        str(within(Bill.objects.order_by(), scope).query)
        .partition(" WHERE ")[2]
        .replace('"settlement_bill".', "")
    )


def test_a_scope_asks_for_a_range_of_regions_for_a_facility_or_for_both():
    region = '"region_code" >= 520527 AND "region_code" < 520527~'
    facility = '"facility_code" = H52052701'
    assert asked(Scope("520527")) == f"({region})"
    assert asked(Scope(facility_code="H52052701")) == facility
    assert asked(Scope("520527", "H52052701")) == f"({region} AND {facility})"


def test_an_empty_scope_asks_for_nothing():
    with pytest.raises(EmptyResultSet):
        asked(Scope())
