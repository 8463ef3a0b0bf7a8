"""Who copies the database, its journal, the backup and the data folder without the keys finds nobody in them.

Every name of three characters and more, every identity number and phone of the county is looked for, as it is, in
UTF-16, in hexadecimal digits and in base64 at each of its three places. Shorter names are a handful of bytes that chance
writes too; they are looked for in UTF-8 alone.
"""

import base64
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import python_calamine

from drill.places import DATABASES, database, folder_for, place_in
from drill.table import Outcome, count
from tests.support.places import Place
from tests.support.postgres import Cluster
from tests.support.stolen import stolen, written_in_clear
from yingjin.jobs.county.truth import read_records
from yingjin.registry.domain.regions import LEVELS
from yingjin.registry.files import regions

PEOPLE = 20_000
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
LEAST = 6  # bytes; fewer stand anywhere by chance


def run(seed: int, share: float) -> list[Outcome]:
    """Steal from both databases."""
    outcomes = []
    for kind in DATABASES:
        with folder_for("stolen") as folder, database(kind) as cluster:
            outcomes.append(_on(folder, cluster, kind, seed, max(1_000, count(PEOPLE, share))))
    return outcomes


def _on(folder: Path, cluster: Cluster | None, kind: str, seed: int, people: int) -> Outcome:
    place = place_in(folder, "served", cluster)
    place.do("make-county", place.inputs / "county", "--people", people, "--seed", seed)
    registers = place.inputs / "county" / "registers"
    if cluster is None:
        place.do("migrate")
        with closing(sqlite3.connect(place.store / "yingjin.sqlite3")) as reader:
            reader.execute(
                "SELECT count(*) FROM sqlite_master"
            ).fetchone()  # who reads keeps the journal there
            place.do("run-county", registers)
            whole = _whole(place, folder)
            assert b"yingjin.sqlite3-wal\n" in whole, "the journal is not among what was stolen"
    else:
        place.do("run-county", registers)
        whole = _whole(place, folder)
    public = "\n".join(row.name for level in LEVELS.values() for row in regions(level))
    told = {*_of_truth(place.inputs / "county" / "truth"), *_phones(registers)}
    words = sorted(word for word in told if word not in public)  # a village may be called as somebody is
    sought = Sought(words)
    wrong = tuple(sorted({f"{word} stands there {how}" for word, how in sought.found_in(whole)}))
    missed = [
        how
        for how, written in ways(words[-1])
        if not list(sought.found_in(b"\0" * 99 + written + b"\0" * 99))
    ]
    longest = max(words, key=len)
    written_in_clear(place, longest)
    seen = bool(list(sought.found_in(_whole(place, folder))))
    control = f"{len(whole):,} bytes; written in clear: {'found' if seen and not missed else 'NOT FOUND'}"
    return Outcome("names, numbers, phones", len(words), wrong + tuple(missed), control, kind)


def _whole(place: Place, folder: Path) -> bytes:
    """Return everything there is but the keys: the place as it lies there, and a backup."""
    backups = folder / "backups"
    place.do("backup", backups)
    copied = b"\n".join(path.read_bytes() for path in sorted(backups.rglob("*")) if path.is_file())
    return stolen(place, folder / "copy") + copied


def _of_truth(truth: Path) -> Iterator[str]:
    for person in read_records(truth / "persons.jsonl"):
        yield person["name"]
        if person["identity_no"]:
            yield person["identity_no"]


def _phones(registers: Path) -> Iterator[str]:
    for path in registers.glob("*.csv"):
        yield from PHONE.findall(path.read_text(encoding="latin-1"))  # digits are the same in all
    for path in registers.glob("*.xlsx"):
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            for row in book.get_sheet_by_name(name).to_python():
                for cell in row:
                    yield from PHONE.findall(str(cell))


def ways(word: str) -> Iterator[tuple[str, bytes]]:
    """Yield every way a word may be written, with its bytes."""
    plain = word.encode()
    yield "in UTF-8", plain
    if len(word) < 3:
        return
    yield "in UTF-16 LE", word.encode("utf-16-le")
    yield "in UTF-16 BE", word.encode("utf-16-be")
    yield "in hexadecimal", plain.hex().encode()
    yield "in hexadecimal, large", plain.hex().upper().encode()
    for place in range(3):
        # What stands before and behind changes the first and last letters; those between are the word's own.
        coded = base64.b64encode(b"\0" * place + plain)
        skipped = (place * 8 + 5) // 6
        yield f"in base64 at {place}", coded[skipped : (place + len(plain)) * 8 // 6]


class Sought:
    """Finds any of many words in bytes in one pass: by their first bytes, then whole."""

    def __init__(self, words: list[str]) -> None:
        self.by_head: dict[bytes, list[tuple[bytes, str, str]]] = {}
        for word in words:
            for how, written in ways(word):
                if len(written) >= LEAST:
                    self.by_head.setdefault(written[:LEAST], []).append((written, word, how))

    def found_in(self, whole: bytes) -> Iterator[tuple[str, str]]:
        """Yield each word that stands there, and how."""
        heads = self.by_head
        for at in range(len(whole) - LEAST + 1):
            head = whole[at : at + LEAST]
            if head in heads:
                for written, word, how in heads[head]:
                    if whole.startswith(written, at):
                        yield word, how
