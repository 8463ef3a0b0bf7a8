"""Eight people of one village in two folders, as a county sends its registers twice: the second is the later state."""

from pathlib import Path
from typing import Any

from tests.support.registers import VILLAGE, Cells, identity_no, row, write_csv, write_workbook

FIRST_DAY, SECOND_DAY = "2025-11-30", "2025-12-20"  # the last discharge that counts in each folder
JOINS, LEAVES, ENDS, DIES, LATE, CANCELS, RENAMED, GONE = (
    "阿入", "阿退", "阿止", "阿故", "阿补", "阿冲", "阿名", "阿离",
)  # fmt: skip
EVERYBODY = (JOINS, LEAVES, ENDS, DIES, LATE, CANCELS, RENAMED, GONE)
NEW_NAME = "阿铭"
NUMBER = {name: number for number, name in enumerate(EVERYBODY, 1)}


def write_first(folder: Path) -> Path:
    """Write the first state: JOINS and GONE are not enrolled, CANCELS was paid too little."""
    folder.mkdir()
    _write(
        folder,
        names={},
        listed=EVERYBODY,
        changes=[],
        enrolled=[name for name in EVERYBODY if name not in (JOINS, GONE)],
        ends={},
        bills=[
            _bill("S-LATE-2", LATE, "2025-06-20"),
            _bill("S-DIES", DIES, "2025-08-15"),
            _bill("S-CANCELS", CANCELS, "2025-07-01", paid="100.00"),
            _bill("S-LAST-1", RENAMED, FIRST_DAY),
        ],
    )
    return folder


def write_second(folder: Path) -> Path:
    """Write the later state: each of the eight has changed as their names say."""
    folder.mkdir()
    listed = [name for name in EVERYBODY if name != GONE]
    died = row("change", register_no=f"P{NUMBER[DIES]}", change="死亡", changed_on="2025-08-01")
    _write(
        folder,
        names={RENAMED: NEW_NAME},
        listed=listed,
        changes=[died],
        enrolled=[name for name in EVERYBODY if name not in (LEAVES, GONE)],
        ends={ENDS: "2025-12-10"},
        bills=[
            _bill("S-LATE-1", LATE, "2025-03-01"),
            _bill("S-BACK", CANCELS, "2025-07-01", paid="-100.00", sign="-", cancels="S-CANCELS"),
            _bill("S-LAST-2", JOINS, SECOND_DAY),
            _bill("S-MISTYPED", LEAVES, "2052-12-24"),
        ],
    )
    return folder


def _write(
    folder: Path,
    *,
    names: dict[str, str],
    listed: Any,
    changes: list[Cells],
    enrolled: list[str],
    ends: dict[str, str],
    bills: list[Cells],
) -> None:
    said = {name: names.get(name, name) for name in EVERYBODY}
    lifted = [
        row("lifted", register_no=f"P{NUMBER[name]}", name=said[name], identity_no=_identity(name),
            household_no=f"H{NUMBER[name]}", relation="户主", village_name="铅丰社区")
        for name in listed
    ]  # fmt: skip
    sheets = {
        "lifted": lifted,
        "category": [row("category", register_no=f"P{NUMBER[name]}") for name in listed],
        "change": changes,
    }
    write_workbook(folder / "脱贫.xlsx", sheets)
    write_csv(folder / "参保.csv", "enrolment", [_enrolment(name, said[name]) for name in enrolled])
    write_csv(
        folder / "机构.csv", "facility", [row("facility", code="F1", name="赫章县人民医院", level="L2")]
    )
    write_csv(folder / "结算.csv", "settlement", bills)
    records = [
        row(
            "record",
            register_no=f"J{NUMBER[name]}",
            name=said[name],
            identity_no=_identity(name),
            village=VILLAGE,
        )
        for name in EVERYBODY
    ]
    contracts = [
        row("contract", register_no=f"J{NUMBER[name]}", valid_to=ends.get(name, "2026-12-31"))
        for name in EVERYBODY
    ]
    write_workbook(folder / "健康.xlsx", {"record": records, "contract": contracts})


def _identity(name: str) -> str:
    return identity_no(NUMBER[name] * 2)


def _enrolment(name: str, said: str) -> Cells:
    return row(
        "enrolment",
        register_no=f"I{NUMBER[name]}",
        name=said,
        identity_no=_identity(name),
        year="2025",
        village=VILLAGE,
    )


def _bill(
    bill: str, name: str, on: str, *, paid: str = "14850.00", sign: str = "", cancels: str = ""
) -> Cells:
    """Return a stay of 20,000.00 in the county hospital: 14,850.00 basic and 90.00 critical illness are due (V01)."""
    own = f"{20_000 - abs(float(paid)) - (0 if cancels or paid == '100.00' else 90):.2f}"
    more = "0.00" if cancels or paid == "100.00" else "90.00"
    return row(
        "settlement", bill_no=bill, register_no=f"I{NUMBER[name]}", name=name, identity_no=_identity(name),
        admitted_on=on, discharged_on=on, total_fen=f"{sign}20000.00", in_scope_fen=f"{sign}20000.00",
        reported_basic_fen=paid, reported_critical_illness_fen=more, reported_own_payment_fen=f"{sign}{own}",
        is_refund="1" if cancels else "0", cancels=cancels,
    )  # fmt: skip
