"""10^5 fuzzed rows landed, and as many mutilated files read: nothing crashes, nothing lands by half."""

import re
import tempfile
from pathlib import Path
from random import Random

from drill.places import DATABASES, tested
from drill.table import Outcome, count, ticks
from tests.support.fuzzed import write_fuzzed
from tests.unit.fusion.test_packed import mutilated
from yingjin.fusion.errors import FileRefused
from yingjin.fusion.files import UPLOADED, open_file, recognise

ROWS = FILES = 100_000
TEST = "tests/integration/test_fuzzed_landing.py"


def run(seed: int, share: float) -> list[Outcome]:
    """Land rows on both databases, half on each; read files."""
    outcomes = [_files(seed, count(FILES, share))]
    for kind in DATABASES:
        rows = count(ROWS // len(DATABASES), share)
        status, said = tested([TEST], kind, YINGJIN_FUZZ_ROWS=str(rows), YINGJIN_FUZZ_SEED=str(seed))
        told = re.search(r"fuzzed (\d+) rows, (.*)", said)
        wrong = (
            () if status == 0 else tuple(re.findall(r"^E +(.*)$", said, re.MULTILINE)[:20]) or (said[-500:],)
        )
        control = told[2] if told else "none"
        outcomes.append(Outcome("rows landed", int(told[1]) if told else 0, wrong, control, kind))
    return outcomes


def _files(seed: int, files: int) -> Outcome:
    chance, wrong, good = Random(seed), [], 0
    with tempfile.TemporaryDirectory() as folder:
        samples = [write_fuzzed(Path(folder), number, 20, chance)[0] for number in range(12)]
        whole = [(path.suffix, path.read_bytes()) for path in samples]
        for number in ticks("files", files)(range(files)):
            suffix, content = chance.choice(whole)
            path = Path(folder) / f"fuzzed{suffix}"
            path.write_bytes(
                mutilated(content, chance) if number % 20 else chance.randbytes(chance.randrange(400))
            )
            try:
                good += _read(path)
            except Exception as broken:
                wrong.append(f"{type(broken).__name__} {broken}: seed {seed}, file {number}")
    return Outcome("files read", files, tuple(wrong), f"{good} read to their end, {files - good} refused")


def _read(path: Path) -> bool:
    """Read a file as landing does; say whether it was read to its end."""
    found = recognise(path, UPLOADED)
    if found.refusal is not None:
        return False
    try:
        with open_file(found) as opened:
            for table in opened.tables:
                for row in table.rows():
                    assert all(isinstance(cell, str) for cell in row.cells)
    except FileRefused:
        return False
    return True
