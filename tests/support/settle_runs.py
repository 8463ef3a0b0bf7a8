"""Run `yingjin settle` on texts or bytes and look at all it leaves behind."""

import csv
import json
from pathlib import Path

from yingjin.jobs import cli

PERSONS = "person_id,born_on\nP1,1970-01-01\nP2,1930-01-01\n"
CATEGORIES = "person_id,category,valid_from,valid_to\nP1,C02,2014-01-01,\nP1,C06,2014-01-01,\nP1,C11,2014-01-01,\nP2,C02,2014-01-01,\n"
BILL_COLUMNS = (
    "bill_id,person_id,setting,level,in_county,designated,public,admitted_on,discharged_on,total,out_of_scope"
)
BILLS = f"""{BILL_COLUMNS}
V04,P1,inpatient,L2,yes,yes,yes,2017-04-10,2017-04-10,20000.00,0
V06,P2,inpatient,L2,yes,yes,yes,2017-04-10,2017-04-10,39467,733.00
"""


class Settled:
    """One run: its exit code, what it said on stderr, and the files it left."""

    def __init__(self, folder: Path, code: int, said: str):
        self.folder, self.code, self.said = folder, code, said

    @property
    def text(self):
        return (self.folder / "settled.csv").read_bytes().decode()

    @property
    def rows(self):
        return list(csv.DictReader(self.text.splitlines()))

    @property
    def explained(self):
        return [json.loads(line) for line in (self.folder / "explain.jsonl").read_bytes().splitlines()]

    @property
    def reasons(self):
        text = (self.folder / "errors.csv").read_text(encoding="utf-8")
        return list(csv.DictReader(text.splitlines()))

    @property
    def errors(self):
        return [(it["file"], it["row"], it["column"], it["value"], it["code"]) for it in self.reasons]


def runner(folder: Path, capsys):
    """Return a function that runs the command in a folder; a file given as None is not given at all."""

    def run(bills=BILLS, persons=PERSONS, categories=CATEGORIES, *more, rulebook="hezhang"):
        arguments = ["settle", "--rulebook", str(rulebook)]
        for name, content in (("persons", persons), ("categories", categories), ("bills", bills)):
            if content is not None:
                path = folder / f"{name}.csv"
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
                arguments += [f"--{name}", str(path)]
        arguments += ["--out", str(folder / "settled.csv")]
        for name in ("explain.jsonl", "errors.csv"):
            arguments += [f"--{name.partition('.')[0]}", str(folder / name)]
        code = cli.main([*arguments, *more])
        return Settled(folder, code, capsys.readouterr().err)

    return run
