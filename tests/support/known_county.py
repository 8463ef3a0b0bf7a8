"""A dozen people of two villages, written as register files and brought in by the main job: every page shows something.

* write_county   the files
* KnownCounty    how its people, bills and readers are found again
"""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.support.people import named
from tests.support.registers import (
    OTHER_VILLAGE,
    VILLAGE,
    Cells,
    identity_no,
    row,
    write_csv,
    write_workbook,
)
from yingjin.registry.models import Household, Person, User
from yingjin.settlement.models import Bill

ON = date(2025, 12, 31)
STROKE, HIV, PSYCHOSIS, PNEUMONIA = "I63.900", "B20.x00", "F20.900", "J18.900"
HEAD, HUSBAND, SON, ILL, CALM, OTHER, DEAD, DOUBLE = (
    "禄小英", "陈光明", "陈大勇", "阿西·木呷", "杨静", "罗远", "张故", "李双",
)  # fmt: skip
# name: number, birthday, whether in the other village, household
PEOPLE: dict[str, tuple[int, str, bool, str]] = {
    HEAD: (1, "19630412", False, "520527010000136"),
    HUSBAND: (2, "19610203", False, "520527010000136"),
    SON: (3, "19900607", True, "520527010000136"),
    ILL: (4, "19800101", False, "520527010000137"),
    CALM: (5, "19850505", False, "520527010000138"),
    OTHER: (6, "19700909", True, "520527010000139"),
    DEAD: (7, "19500101", False, "520527010000140"),
}
RELATIONS = {HUSBAND: "丈夫", SON: "儿子"}
CATEGORIES = [
    (HEAD, "C02", "2014-06-01", "2020-11-23"),
    (HEAD, "C04", "2019-04-01", ""),
    (HUSBAND, "C02", "2014-06-01", ""),
    (SON, "C02", "2014-06-01", ""),
    (ILL, "C02", "2014-06-01", ""),
    (CALM, "C02", "2014-06-01", ""),
    (CALM, "C07", "2023-03-01", ""),
    (OTHER, "C03", "2016-01-01", ""),
    (DEAD, "C03", "2016-01-01", ""),
]
# bill: whose, discharged, diagnosis, total, basic paid, facts beside
BILLS: dict[str, tuple[str, str, str, str, str, dict[str, Any]]] = {
    "S-HEAD-1": (HEAD, "2025-03-22", PNEUMONIA, "9505.35", "6979.01", {}),
    "S-HEAD-2": (HEAD, "2025-11-11", STROKE, "28436.52", "21000.00", {"facility": "F2"}),
    "S-HEAD-0": (HEAD, "2024-05-06", PNEUMONIA, "1000.00", "680.00", {}),
    "S-HEAD-3": (HEAD, "2025-04-02", PNEUMONIA, "86.00", "0.00", {"setting": "11"}),
    "S-HUSBAND": (HUSBAND, "2025-06-01", PNEUMONIA, "2000.00", "1530.00", {}),
    "S-ILL-1": (ILL, "2025-02-01", PNEUMONIA, "3000.00", "2380.00", {}),
    "S-ILL-2": (ILL, "2025-04-01", HIV, "40000.00", "30000.00", {"facility": "F2"}),
    "S-ILL-3": (ILL, "2025-08-01", PNEUMONIA, "5000.00", "4080.00", {}),
    "S-CALM": (CALM, "2025-05-05", PNEUMONIA, "30000.00", "0.00", {"facility": "F2"}),
    "S-OTHER": (OTHER, "2025-07-07", PNEUMONIA, "7000.00", "0.00", {"reported_level": "02"}),
    "S-DEAD": (DEAD, "2025-06-20", PNEUMONIA, "4000.00", "3230.00", {}),
}
SHOWN_TO_EVERYBODY = [name for name in BILLS if name not in ("S-ILL-2", "S-ILL-3", "S-CALM")]


def identity(name: str) -> str:
    """Return somebody's made-up identity number."""
    number, born, _, _ = PEOPLE[name]
    return identity_no(number * 2, born)


def village(name: str) -> str:
    """Return the code of somebody's village."""
    return OTHER_VILLAGE if PEOPLE[name][2] else VILLAGE


def write_county(folder: Path) -> Path:
    """Write the registers, with the slips a county has: refused rows, a cancelled bill, names that differ."""
    write_workbook(
        folder / "脱贫.xlsx", {"lifted": _lifted(), "category": _categories(), "change": _changes()}
    )
    write_csv(folder / "参保2024.csv", "enrolment", _enrolments("2024", {HEAD: "禄晓英"}))
    write_csv(folder / "参保2025.csv", "enrolment", _enrolments("2025", {}))
    write_csv(folder / "机构.csv", "facility", _facilities())
    write_csv(folder / "结算2025.csv", "settlement", [*_settlements(), *_slips()])
    write_workbook(
        folder / "健康.xlsx",
        {
            "record": _records(),
            "condition": _conditions(),
            "treatment": _treatments(),
            "contract": _contracts(),
        },
    )
    return folder


def _lifted() -> list[Cells]:
    names = {VILLAGE: "铅丰社区", OTHER_VILLAGE: "锌河社区"}
    return [
        row(
            "lifted", register_no=f"P{number}", name=name, identity_no=identity(name), household_no=household,
            village_name=names[village(name)], relation=RELATIONS.get(name, "户主"),
            person_identified_on="2014-06-01", phone="13912345678",
        )
        for name, (number, _, _, household) in PEOPLE.items()
    ]  # fmt: skip


def _categories() -> list[Cells]:
    return [
        row("category", register_no=f"P{PEOPLE[name][0]}", category=code, valid_from=begins, valid_to=ends)
        for name, code, begins, ends in CATEGORIES
    ]


def _changes() -> list[Cells]:
    return [
        row(
            "change",
            register_no=f"P{PEOPLE[DEAD][0]}",
            change="死亡",
            changed_on="2025-05-01",
            evidence="注销单",
        ),
        row("change", register_no=f"P{PEOPLE[SON][0]}", change="外出", changed_on="2025-03-01"),
    ]


def _enrolments(year: str, other_names: dict[str, str]) -> list[Cells]:
    return [
        row(
            "enrolment", register_no=f"I{number}", name=other_names.get(name, name), identity_no=identity(name),
            sex="2" if name == HEAD else "1", born_on=f"{born[:4]}-{born[4:6]}-{born[6:]}", year=year,
            village=village(name),
        )
        for name, (number, born, _, _) in PEOPLE.items()
        if name != SON
    ]  # fmt: skip


def _facilities() -> list[Cells]:
    hospital = row("facility", code="F2", name="赫章县人民医院", level="L2")
    return [row("facility", code="F1"), hospital]


def _settlements() -> list[Cells]:
    return [
        _settlement(bill, whose, discharged, icd, total, basic, **facts)
        for bill, (whose, discharged, icd, total, basic, facts) in BILLS.items()
    ]


def _settlement(
    bill: str, whose: str, discharged: str, icd: str, total: str, basic: str, **facts: Any
) -> Cells:
    usual = {"facility": "F1", "setting": "21", "is_refund": "0", "in_scope_fen": total}
    own = f"{float(total) - float(basic):.2f}"
    return row(
        "settlement", bill_no=bill, register_no=f"I{PEOPLE[whose][0]}", name=whose, identity_no=identity(whose),
        admitted_on=discharged, discharged_on=discharged, diagnosis=icd, total_fen=total,
        reported_basic_fen=basic, reported_own_payment_fen=own, **{**usual, **facts},
    )  # fmt: skip


def _slips() -> list[Cells]:
    """Return a bill with the refund that cancels it, and settlements that are refused."""
    wrong = _settlement("S-GONE", HUSBAND, "2025-01-05", PNEUMONIA, "500.00", "300.00")
    refund = _settlement(
        "S-BACK", HUSBAND, "2025-01-05", PNEUMONIA, "-500.00", "-300.00", is_refund="1", cancels="S-GONE"
    )
    refused = _settlement(
        "S-REFUSED", HUSBAND, "2025-09-09", PNEUMONIA, "100.00", "50.00", in_scope_fen="900.00"
    )
    hidden = _settlement("S-REFUSED-HIV", ILL, "2024-09-09", HIV, "100.00", "50.00", in_scope_fen="900.00")
    nobody = _settlement("S-NOBODY", OTHER, "2025-10-01", PNEUMONIA, "100.00", "50.00", in_scope_fen="900.00")
    return [wrong, refund, refused, hidden, {**nobody, "psn_no": "I999", "certno": "", "psn_name": "无名"}]


def _records() -> list[Cells]:
    records = [
        row(
            "record", register_no=f"J{number}", name=name, identity_no=identity(name), village=village(name),
            sex="女" if name == HEAD else "男", phone="13987654321",
        )
        for name, (number, _, _, _) in PEOPLE.items()
    ]  # fmt: skip
    # The same number under another name: somebody must say whether this is the head of the first household.
    double = row("record", register_no="J90", name=DOUBLE, identity_no=identity(HEAD), village=OTHER_VILLAGE)
    return [*records, double]


def _conditions() -> list[Cells]:
    ill = [(HEAD, STROKE), (ILL, HIV), (CALM, PSYCHOSIS), (OTHER, STROKE)]
    rows = [row("condition", register_no=f"J{PEOPLE[name][0]}", diagnosis=icd) for name, icd in ill]
    bad_day = row(
        "condition", register_no=f"J{PEOPLE[ILL][0]}", diagnosis="B24.x00", confirmed_on="2023-02-30"
    )
    return [*rows, bad_day]


def _treatments() -> list[Cells]:
    return [
        row("treatment", register_no="J1", diagnosis=STROKE, treated_on="2025-06-30", facility="F1"),
        row("treatment", register_no="J4", diagnosis=HIV, treated_on="2025-07-30", facility="F2"),
    ]


def _contracts() -> list[Cells]:
    now = [
        row(
            "contract",
            register_no=f"J{PEOPLE[name][0]}",
            doctor="李国华",
            team="妈姑第1团队",
            valid_to="2027-03-01",
        )
        for name in (HEAD, ILL, CALM, OTHER)
    ]
    return [
        *now,
        row("contract", register_no="J2", doctor="李国华", valid_from="2024-10-25", valid_to="2025-10-25"),
    ]


class KnownCounty:
    """The county as it lies in the database."""

    def person(self, name: str) -> Person:
        """Return somebody by name."""
        return Person.objects.get(pk__in=named(name))

    def bill(self, bill_id: str) -> Bill:
        """Return a bill by its settlement number."""
        return Bill.objects.get(bill_id=bill_id)

    def household(self, name: str) -> UUID:
        """Return the key of somebody's household."""
        return Household.objects.get(number=PEOPLE[name][3]).key

    def reader(self, role: str = "county_officer", region_code: str = "520527") -> User:
        """Return somebody who is signed in."""
        return User(username=f"{role}-{region_code}", role=role, region_code=region_code, is_active=True)

    def cashier(self, facility_code: str) -> User:
        """Return the cashier of a facility."""
        return User(
            username=f"cashier-{facility_code}", role="cashier", facility_code=facility_code, is_active=True
        )

    def doctor(self) -> User:
        """Return the doctor of the first village."""
        return self.reader("village_doctor", VILLAGE)

    def auditor(self) -> User:
        """Return the auditor of the whole county."""
        return self.reader("auditor")
