"""
Pack the ICD-10 medical-insurance edition 2.0 (code and name) into yingjin/care/data.

Run by hand when the source changes; the product never runs it. The same source gives the same bytes.

    python docs/data/pack_icd10.py SOURCE/icd10_yb2.csv.gz
"""

import csv
import gzip
import io
import sys
from pathlib import Path

TARGET = Path(__file__).parents[2] / "yingjin" / "care" / "data" / "icd10_insurance_2.csv.gz"


def main(source: Path) -> None:
    """Write code and name of every row, in order of code."""
    with gzip.open(source, "rt", encoding="utf-8") as file:
        rows = sorted(
            (row["code"], " ".join(row["name"].strip('" ').split())) for row in csv.DictReader(file)
        )
    assert len({code for code, _ in rows}) == len(rows), "a code stands twice"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("code", "name"))
    writer.writerows(rows)
    TARGET.write_bytes(gzip.compress(text.getvalue().encode("utf-8"), compresslevel=9, mtime=0))
    print(len(rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
