"""What a workbook may be before it is parsed; each refusal is its own sentence in both languages."""

import random
import zipfile

import pytest

from tests.support.registers import row, write_csv, write_workbook
from yingjin.fusion.errors import SENTENCES
from yingjin.fusion.files import UPLOADED, Limits, recognise
from yingjin.fusion.files.packed import MEGABYTE

SEED = random.SystemRandom().randrange(10**6)
FUZZED = 150


@pytest.fixture
def workbook(tmp_path):
    return write_workbook(
        tmp_path / "a.xlsx", {"lifted": [row("lifted", register_no=f"P{place}") for place in range(20)]}
    )


def code(path, limits=UPLOADED) -> str:
    refusal = recognise(path, limits).refusal
    return refusal.code if refusal else ""


def with_part(path, name: str, text: bytes = b"<x/>"):
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr(name, text)
    return path


def with_sheet(path, cells: bytes):
    """Put a sheet of some cells into a workbook, beside its own."""
    return with_part(
        path, "xl/worksheets/sheet9.xml", b"<worksheet><sheetData>" + cells + b"</sheetData></worksheet>"
    )


def test_a_good_workbook_passes(workbook):
    assert code(workbook) == ""


def test_macros_and_links_outside_are_refused(tmp_path, workbook):
    whole = workbook.read_bytes()
    assert code(with_part(workbook, "xl/vbaProject.bin")) == "has_macros"
    for name in ("xl/externalLinks/externalLink1.xml", "xl/connections.xml"):
        workbook.write_bytes(whole)
        assert code(with_part(workbook, name)) == "has_links"


def test_a_workbook_wider_than_any_register_is_refused_before_parsing(workbook):
    whole = workbook.read_bytes()
    assert code(with_sheet(workbook, b'<row r="1"><c r="GR1"><v>1</v></c></row>')) == ""
    workbook.write_bytes(whole)
    assert code(with_sheet(workbook, b'<row r="1"><c r="GS1"><v>1</v></c></row>')) == "too_many_columns"


def test_two_cells_at_far_corners_are_no_way_to_fill_the_memory(workbook):
    corners = b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="GR1048576"/></row>'
    assert code(with_sheet(workbook, corners)) == "too_many_cells"


def test_a_csv_wider_than_any_register_is_refused(tmp_path):
    path = write_csv(tmp_path / "a.csv", "facility", [row("facility", code="F1")])
    header, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\n".join([header + "".join(f",x{place}" for place in range(201)), *rest]), encoding="utf-8"
    )
    from yingjin.fusion.files import open_file

    with pytest.raises(Exception, match="200"), open_file(recognise(path)):
        pass


def test_a_bomb_is_refused_by_what_it_unpacks_to_and_not_by_what_it_says(tmp_path, workbook):
    bomb = with_part(workbook, "xl/media/image1.bin", bytes(0))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image2.bin", bytes(40 * MEGABYTE))
    assert bomb.stat().st_size < MEGABYTE
    assert code(bomb, Limits(packed_megabytes=100, unpacked_gigabytes=0)) == "too_large"
    lying = bytearray(bomb.read_bytes())
    at = lying.rfind(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (10).to_bytes(4, "little")
    bomb.write_bytes(lying)
    assert code(bomb) == "broken_workbook", "ten bytes stated, forty million found"


def test_a_file_past_the_packed_limit_is_refused(workbook):
    assert code(workbook, Limits(packed_megabytes=0, unpacked_gigabytes=2)) == "too_large_packed"


def test_other_packed_files_and_locked_parts_say_what_they_are(tmp_path, workbook):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as packed:
        packed.writestr("note.txt", "x")
    assert code(tmp_path / "b.zip") == "no_xlsx"
    locked = bytearray(workbook.read_bytes())
    at = locked.rfind(b"PK\x01\x02")
    locked[at + 8] |= 1
    workbook.write_bytes(locked)
    assert code(workbook) == "locked_workbook"


def test_every_refusal_says_what_to_do_in_both_languages():
    for zh, en in SENTENCES.values():
        assert zh.endswith("。"), zh
        assert en.rstrip().endswith("."), en


@pytest.mark.parametrize("kind", ["workbook", "csv", "noise"])
def test_no_mutilated_file_crashes_recognising_or_reading(tmp_path, workbook, kind):
    from yingjin.fusion.errors import FileRefused
    from yingjin.fusion.files import open_file

    print(f"seed {SEED}")
    chance = random.Random(f"{SEED} {kind}")
    csv_file = write_csv(tmp_path / "b.csv", "enrolment", [row("enrolment", register_no="I1", year="2025")])
    whole = {"workbook": workbook.read_bytes(), "csv": csv_file.read_bytes(), "noise": b""}[kind]
    path = tmp_path / "fuzzed"
    for _ in range(FUZZED):
        path.write_bytes(mutilated(whole, chance) if whole else chance.randbytes(chance.randrange(400)))
        found = recognise(path, UPLOADED)
        if found.refusal is not None:
            continue
        try:
            with open_file(found) as opened:
                for table in opened.tables:
                    assert all(isinstance(cell, str) for each in table.rows() for cell in each.cells)
        except FileRefused:
            pass


def mutilated(whole: bytes, chance: random.Random) -> bytes:
    """Return a file cut, doubled in places, or with bytes changed."""
    data = bytearray(whole)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(data))
        change = chance.randrange(4)
        if change == 0:
            data[at] = chance.randrange(256)
        elif change == 1:
            del data[at : at + chance.randrange(1, 40)]
        elif change == 2:
            data[at:at] = data[at : at + chance.randrange(1, 40)]
        else:
            data[at:at] = chance.randbytes(chance.randrange(1, 20))
        if not data:
            data = bytearray(b"\0")
    return bytes(data)
