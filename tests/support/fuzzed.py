"""Register files as nobody means to send them: cells of anything, and files cut, doubled and overwritten."""

from pathlib import Path
from random import Random
from typing import Any

from tests.support.registers import USUAL, row, write_csv, write_workbook
from tests.unit.fusion.test_packed import mutilated

ON_SHEETS = {  # which kinds stand in a workbook of their register, and under which column who it is
    "lifted": "register_no", "category": "register_no", "change": "register_no", "record": "register_no",
    "condition": "register_no", "treatment": "register_no", "contract": "register_no",
}  # fmt: skip
IN_CSV = {"enrolment": "register_no", "settlement": "register_no", "facility": "code"}
ODD = (
    "", " ", "=1+1", "-", "+86", "@x", "\t", "NULL", "None", "0", "-1", "1e9", "99999999999999999999", "1.005", "1,000.00",
    "2023-02-30", "0000-00-00", "9999-12-31", "20250101", "52052719600501001X", "52052719600501001x", "\u3000", "\ufeff", "\u202e",
    "𠮷䶮㐂", "王" * 300, "a" * 5000, "'; DROP TABLE x; --", "<script>", "{{ x }}", "%s%n", "\\", '"', "'", "\u200b", "é́", "🀄",
    "合计", "C99", "520527", "99", "true", "１２３", "壹仟元",
)  # fmt: skip


def fuzzed_row(kind: str, who: str, number: int, chance: Random) -> dict[str, Any]:
    """Return a row of a kind with some of its cells gone wrong."""
    cells = row(kind, **{who: f"F{number}"})
    if kind == "settlement":
        cells |= row(kind, register_no=f"F{number}", bill_no=f"B{number}")
    for title in list(cells):
        if chance.random() < 0.25:
            cells[title] = chance.choice(ODD) if chance.random() < 0.7 else _noise(chance)
    return cells


def write_fuzzed(folder: Path, number: int, rows: int, chance: Random) -> tuple[Path, str]:
    """Write one file of so many rows; return it and what was done to it as a whole."""
    if chance.random() < 0.5:
        kind = chance.choice([*IN_CSV])
        held = [fuzzed_row(kind, IN_CSV[kind], each, chance) for each in range(rows)]
        path = write_csv(folder / f"{number}.csv", kind, held, encoding=chance.choice(("utf-8", "utf-8-sig")))
    else:
        kind = chance.choice([*ON_SHEETS])
        held = [fuzzed_row(kind, ON_SHEETS[kind], each, chance) for each in range(rows)]
        path = write_workbook(folder / f"{number}.xlsx", {kind: [_cells(cells) for cells in held]})
    if chance.random() < 0.3:
        path.write_bytes(mutilated(path.read_bytes(), chance))
        return path, "mutilated"
    return path, "whole"


def _cells(cells: dict[str, Any]) -> dict[str, Any]:
    return {title: str(value)[:32_000] for title, value in cells.items()}


def _noise(chance: Random) -> str:
    length = chance.choice((1, 3, 8, 18, 40))
    return "".join(
        chr(chance.choice((chance.randrange(32, 127), chance.randrange(0x4E00, 0x9FFF))))
        for _ in range(length)
    )


assert set(IN_CSV) | set(ON_SHEETS) == set(USUAL), "a kind of row that is fuzzed nowhere"
