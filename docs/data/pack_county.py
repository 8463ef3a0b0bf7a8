"""
Pack what the demonstration county takes from public sources into yingjin/jobs/data.

Run by hand when a source changes; the product never runs it. The same sources give the same bytes.

    python docs/data/pack_county.py SOURCE

SOURCE holds population/census_2020_county.csv.gz, names/surnames_weighted.csv, names/given_names.csv and
names/character_variants.csv; what they are and their licences: yingjin/jobs/data/README.md.
"""

import csv
import gzip
import shutil
import sys
from pathlib import Path

import yaml
from pypinyin import lazy_pinyin

TARGET = Path(__file__).parents[2] / "yingjin" / "jobs" / "data"
COUNTY = "520527"
ALIKE_KEPT = 8


def main(source: Path) -> None:
    """Write the county's census, the names, and for each character used in names what it is mistaken for."""
    pack_census(source / "population" / "census_2020_county.csv.gz")
    with (source / "names" / "surnames_weighted.csv").open(encoding="utf-8") as file:
        surnames = [(row["surname"], row["weight_pct"]) for row in csv.DictReader(file)]
    write("surnames.csv", ("surname", "weight"), surnames)
    shutil.copyfile(source / "names" / "given_names.csv", TARGET / "given_names.csv")
    pack_slips(source / "names" / "character_variants.csv", "".join(name for name, _ in surnames))


def pack_census(path: Path) -> None:
    """Write the people of the county by age group and sex."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["区划代码"] == COUNTY)
    groups = [("0岁", 0, "0"), ("1到4岁", 1, "4")]
    groups += [(f"{age}到{age + 4}岁", age, str(age + 4)) for age in range(5, 85, 5)]
    groups.append(("85岁以上", 85, ""))
    rows = [(age, until, row[f"男_{group}"], row[f"女_{group}"]) for group, age, until in groups]
    write("census_520527.csv", ("age_from", "age_to", "male", "female"), rows)


def pack_slips(variants: Path, surnames: str) -> None:
    """Write, for each character used in names, characters of the same sound and its traditional form."""
    used = set(surnames) | characters_of(yaml.safe_load((TARGET / "names.yaml").read_text(encoding="utf-8")))
    with (TARGET / "given_names.csv").open(encoding="utf-8") as file:
        used |= set("".join(row["name"] for row in csv.DictReader(file)))
    common = [bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    by_sound: dict[str, list[str]] = {}
    for code in common:
        character = code.decode("gb2312", errors="ignore")
        if character:
            by_sound.setdefault(lazy_pinyin(character)[0], []).append(character)
    traditional = traditional_forms(variants)
    rows = []
    for character in sorted(used):
        alike = [other for other in by_sound.get(lazy_pinyin(character)[0], []) if other != character]
        alike.sort(key=lambda other: (other not in used, other))
        rows.append((character, "".join(alike[:ALIKE_KEPT]), traditional.get(character, "")))
    write("name_slips.csv", ("char", "homophones", "traditional"), rows)


def characters_of(names: dict) -> set[str]:
    """Return every character of the made-up names."""
    parts = [names["male"], names["female"], names["generation"]]
    parts += [name for group in names["local_surnames"].values() for name in group]
    parts += [name for group in names["interpunct"].values() for part in group.values() for name in part]
    return set("".join(parts))


def traditional_forms(path: Path) -> dict[str, str]:
    """Return the traditional form of each character, of those in use where Big5 is."""
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            character = row["char"]
            if row["kind"] == "traditional" and character.encode("big5", errors="ignore"):
                found.setdefault(row["standard"], character)
    return found


def write(name: str, header: tuple[str, ...], rows: list) -> None:
    """Write a table."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)
    print(name, len(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
