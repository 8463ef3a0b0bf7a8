"""Where each role works: how exact its place must be."""

from collections.abc import Mapping

from yingjin.basics import roles

_COUNTY = frozenset({6})
_ANY_AREA = frozenset({2, 4, 6, 9})
# Digits of the region's code (2 province, 4 prefecture, 6 county, 9 township, 12 village); none: a facility instead.
DIGITS_OF_PLACE: Mapping[str, frozenset[int]] = {
    roles.VILLAGE_DOCTOR: frozenset({12}),
    roles.TOWNSHIP_OFFICER: frozenset({9}),
    roles.COUNTY_OFFICER: _COUNTY,
    roles.PREFECTURE_READER: frozenset({4}),
    roles.PROVINCE_READER: frozenset({2}),
    roles.CASHIER: frozenset(),
    roles.INSURANCE_OFFICER: _COUNTY,
    roles.CIVIL_AFFAIRS_OFFICER: _COUNTY,
    roles.REVITALISATION_OFFICER: _COUNTY,
    roles.AUDITOR: _ANY_AREA,
    roles.ADMINISTRATOR: frozenset({2, 4, 6}),
}
_ZH = {2: "省 2 位", 4: "市 4 位", 6: "县 6 位", 9: "乡镇 9 位", 12: "村 12 位"}
_EN = {2: "province", 4: "prefecture", 6: "county", 9: "township", 12: "village"}
PLACE_ZH = {
    role: "一家机构" if not digits else "区划代码（" + "、".join(_ZH[each] for each in sorted(digits)) + "）"
    for role, digits in DIGITS_OF_PLACE.items()
}
PLACE_EN = {
    role: "a facility" if not digits else "the code of a " + " or ".join(_EN[each] for each in sorted(digits))
    for role, digits in DIGITS_OF_PLACE.items()
}
