"""`yingjin make-county`: the same seed gives the same bytes, and the product's own reader takes what it writes."""

import json
import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256

import pytest

from tests.support.places import CHECKOUT
from yingjin.basics.errors import BadInput, Conflict, NotFound
from yingjin.fusion.domain.cells import Lookups
from yingjin.fusion.domain.checking import RowChecker
from yingjin.fusion.domain.control import ControlTotals
from yingjin.fusion.files import open_file, recognise, register_files
from yingjin.fusion.formats import kinds, registers, value_lists
from yingjin.jobs.cli import main
from yingjin.jobs.county.faults import FAULTS
from yingjin.jobs.county.files import register_names
from yingjin.jobs.county.truth import read_records, read_truth
from yingjin.jobs.make_county import make_county

PEOPLE, SEED = 1_000, 7
SEEN_BY_OTHER_CHECKS = {"not_in_list", "unknown_facility"}  # they ask what else was landed
MIB = 1024
MOST_MIB_AT_100_000 = 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "county"
    make_county(folder, people=PEOPLE, seed=SEED)
    return folder


@pytest.fixture(scope="module")
def read(folder):
    """Every row of the registers as the product's reader checks it: kind, checked row."""
    values = {name: found.values for name, found in value_lists().items()}
    lookups = Lookups(values, lambda code: code.isdigit(), lambda county, township, village: None)
    found, control = [], {}
    for path in register_files(folder / "registers"):
        recognised = recognise(path)
        assert recognised.refusal is None, path.name
        with open_file(recognised) as file:
            for table in file.tables:
                totals = totals_of(table)
                number = registers()[table.kind.register].person_number
                checker = RowChecker(table.kind, table.titles, lookups, number)
                for row in table.rows():
                    if totals is None or totals.add(row.number, row.cells):
                        found.append((table.kind.name, checker.check(row.cells, row.numeric)))
                if totals is not None:
                    control[path.name] = totals
    return found, control


def totals_of(table):
    declared = table.kind.control_row
    if declared is None:
        return None
    at = {title: place for place, title in enumerate(table.titles)}
    money = {title: at[title] for title in table.kind.money_titles}
    return ControlTotals(declared.id, at[table.kind.key[0]], at[declared.count_in], money)


def digests(folder):
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def in_a_process(folder, people, seed, **environment):
    """Make a county in a process of its own; give its processor seconds and its peak memory in MiB."""
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from yingjin.jobs.make_county import make_county\n"
        "make_county(Path(sys.argv[1]), people=int(sys.argv[2]), seed=int(sys.argv[3]))\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(people), str(seed)],
        cwd=CHECKOUT,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    seconds, peak_kib = done.stdout.split()
    return float(seconds), int(peak_kib) / MIB


def test_the_same_seed_gives_the_same_bytes_in_another_process(folder, tmp_path):
    in_a_process(tmp_path / "again", PEOPLE, SEED, PYTHONHASHSEED="4242", TZ="America/New_York", LC_ALL="C")
    assert digests(tmp_path / "again") == digests(folder)


def test_another_seed_gives_another_county(folder, tmp_path):
    make_county(tmp_path / "other", people=PEOPLE, seed=SEED + 1)
    mine, other = digests(folder), digests(tmp_path / "other")
    assert mine.keys() == other.keys()
    assert not [name for name in mine if mine[name] == other[name] and "refused" not in name]


def test_time_and_memory_grow_with_the_people_and_stay_within_a_gigabyte(tmp_path):
    few, many = 4_000, 16_000
    seconds, peak = in_a_process(tmp_path / "few", few, 1)
    more_seconds, more_peak = in_a_process(tmp_path / "many", many, 1)
    at_100_000 = more_peak + (more_peak - peak) / (many - few) * (100_000 - many)
    assert at_100_000 < MOST_MIB_AT_100_000
    assert more_seconds < seconds * (many / few) * 1.6


def test_every_register_comes_in_its_files_and_the_truth_stands_aside(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["registers", "truth"]
    assert sorted(path.name for path in (folder / "registers").iterdir()) == sorted(register_names())
    found = {recognise(path).register for path in register_files(folder / "registers")}
    assert found == set(registers())


def test_the_reader_takes_every_row_but_the_ones_made_wrong(read):
    rows, _ = read
    refused = Counter(
        (kind, one.column, one.code) for kind, row in rows for one in row.reasons if one.refuses
    )
    wanted = Counter(
        (fault.kind, fault.column, fault.why) for fault in FAULTS if fault.why not in SEEN_BY_OTHER_CHECKS
    )
    assert refused == wanted
    assert {kind for kind, row in rows if row.accepted} == set(kinds())


def test_settlement_files_end_in_a_control_row_that_agrees(read):
    _, control = read
    assert sorted(control) == ["结算_2024.csv", "结算_2025.csv"]
    for totals in control.values():
        assert totals.disagreement() is None
        assert totals.rows > 100


def test_no_cell_of_a_workbook_is_a_number(read):
    rows, _ = read
    assert not [row for _, row in rows if any(one.code == "number_cell" for one in row.reasons)]


def test_every_row_stands_where_it_may_by_its_register(read):
    rows, _ = read
    accepted = [(kind, row) for kind, row in rows if row.accepted]
    listed = {row.number for kind, row in accepted if kind in ("lifted", "marginal")}
    recorded = {row.number for kind, row in accepted if kind == "record"}
    places = {row.payload["code"] for kind, row in accepted if kind == "facility"}
    outside = Counter(
        kind
        for kind, row in accepted
        if (kind in ("category", "change") and row.number not in listed)
        or (kind in ("condition", "treatment", "contract") and row.number not in recorded)
        or (kind == "settlement" and row.payload["fixmedins_code"] not in places)
    )
    assert outside == {"category": 1, "condition": 1, "settlement": 1}  # the ones made wrong
    keys = Counter((kind, row.key) for kind, row in accepted)
    assert not [key for key, count in keys.items() if count > 1]


def test_the_truth_knows_every_number_of_every_register(read, folder):
    rows, _ = read
    truth = read_truth(folder / "truth")
    for kind, row in rows:
        register = kinds()[kind].register
        if (
            row.accepted
            and row.number
            and kind in ("lifted", "marginal", "enrolment", "settlement", "record")
        ):
            assert (register, row.number) in truth.person_of, (kind, row.number)
    assert truth.people == PEOPLE
    assert len(truth.numbers_of) <= PEOPLE
    assert {person for person, _, _ in truth.dues} <= set(truth.numbers_of)


def test_the_true_categories_are_those_of_the_register(read, folder):
    rows, _ = read
    truth = read_truth(folder / "truth")
    held = {
        (
            truth.person_of["poverty", row.number],
            row.payload["身份"],
            row.payload["起"],
            row.payload.get("止", ""),
        )
        for kind, row in rows
        if kind == "category" and row.accepted and ("poverty", row.number) in truth.person_of
    }
    assert held == truth.categories


def test_the_true_bills_are_the_settlements_with_their_money(read, folder):
    rows, _ = read
    bills = {bill["bill"]: bill for bill in read_records(folder / "truth" / "bills.jsonl")}
    landed = {row.key: row.payload for kind, row in rows if kind == "settlement" and row.accepted}
    assert landed.keys() - bills.keys() == {
        key for key, payload in landed.items() if payload["fixmedins_code"] == "H99999999999"
    }
    for number, bill in bills.items():
        sign = -1 if bill["state"] == "cancelling" else 1
        assert landed[number]["hifp_pay"] == f"{sign * bill['reported']['basic'] / 100:.2f}".replace(
            "-0.00", "0.00"
        )
        assert landed[number]["enddate"] == bill["discharged_on"]


def test_making_it_again_changes_nothing_and_mends_what_is_missing(folder):
    before = digests(folder)
    assert make_county(folder, people=PEOPLE, seed=SEED) == []
    (folder / "registers" / "机构.csv").unlink()
    (folder / ".making").mkdir()
    assert make_county(folder, people=PEOPLE, seed=SEED) == ["机构.csv"]
    assert digests(folder) == before


def test_a_county_left_half_written_is_written_whole(folder, tmp_path):
    half = tmp_path / "half"
    (half / "registers").mkdir(parents=True)
    (half / ".making" / "truth").mkdir(parents=True)
    (half / "registers" / "机构.csv").write_text("of another seed")
    assert len(make_county(half, people=PEOPLE, seed=SEED)) == len(register_names())
    assert digests(half) == digests(folder)


@pytest.mark.parametrize("inside", ["notes.txt", "registers/mine.csv"])
def test_a_folder_that_holds_other_things_is_left_alone(tmp_path, inside):
    (tmp_path / inside).parent.mkdir(exist_ok=True)
    (tmp_path / inside).write_text("mine")
    with pytest.raises(Conflict, match="已有别的东西"):
        make_county(tmp_path, people=PEOPLE, seed=SEED)
    assert (tmp_path / inside).read_text() == "mine"
    assert not (tmp_path / "truth").exists()


def test_another_county_is_never_written_over(folder):
    before = digests(folder)
    for people, seed in ((PEOPLE, SEED + 1), (PEOPLE + 1, SEED)):
        with pytest.raises(Conflict, match="另一个演示县"):
            make_county(folder, people=people, seed=seed)
    assert digests(folder) == before


def test_a_path_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(Conflict, match="不是文件夹"):
        make_county(tmp_path / "file", people=PEOPLE, seed=SEED)


@pytest.mark.parametrize(("people", "seed"), [(999, 1), (1_000_001, 1), (1_000, -1)])
def test_numbers_out_of_range_are_refused_before_anything_is_written(tmp_path, people, seed):
    with pytest.raises(BadInput) as refused:
        make_county(tmp_path / "new", people=people, seed=seed)
    assert str(people if seed > 0 else seed) in refused.value.reason_en
    assert not (tmp_path / "new").exists()


def test_the_command_says_where_everything_is(tmp_path, capsys):
    assert main(["make-county", str(tmp_path / "town"), "--people", "1000", "--seed", "3"]) == 0
    said = capsys.readouterr().out
    for name in register_names():
        assert str(tmp_path / "town" / "registers" / name) in said
    assert "run-county" in said
    assert main(["make-county", str(tmp_path / "town"), "--people", "1000", "--seed", "3"]) == 0
    assert "没有改动" in capsys.readouterr().out
    assert main(["make-county", str(tmp_path / "town"), "--people", "5"]) == 2
    assert "--people" in capsys.readouterr().err


def test_no_truth_is_found_where_there_is_none(tmp_path):
    with pytest.raises(NotFound, match="没有真值"):
        read_truth(tmp_path)


def test_the_truth_counts_the_people_it_was_made_for(folder):
    about = json.loads((folder / "truth" / "county.json").read_text(encoding="utf-8"))
    assert (about["people"], about["seed"], about["last_day"]) == (PEOPLE, SEED, "2025-12-31")
    persons = list(read_records(folder / "truth" / "persons.jsonl"))
    assert len(persons) == PEOPLE
    only_poverty = [person for person in persons if list(person["numbers"]) == ["poverty"]]
    assert only_poverty


def test_more_people_than_a_county_holds_fill_further_counties_that_share_nobody(tmp_path):
    folder = tmp_path / "several"
    written = make_county(folder, people=2_001, seed=SEED, counties=2)
    assert written == register_names(2_001, 2) and len(written) == 2 * len(register_names())
    truth = read_truth(folder / "truth")
    people = list(read_records(folder / "truth" / "persons.jsonl"))
    assert truth.people == len(people) == len({person["person"] for person in people}) == 2_001
    assert Counter(person["village"][:6] for person in people) == {"520527": 1_001, "520526": 1_000}
    assert len({person["identity_no"] for person in people}) == 2_001
    bills = [bill["bill"] for bill in read_records(folder / "truth" / "bills.jsonl")]
    assert len(bills) == len(set(bills))
    assert make_county(folder, people=2_001, seed=SEED, counties=2) == []
    with pytest.raises(Conflict, match="另一个演示县"):
        make_county(folder, people=2_001, seed=SEED, counties=3)


def test_the_first_county_is_the_same_whether_others_stand_beside_it(folder, tmp_path):
    both = tmp_path / "both"
    make_county(both, people=2 * PEOPLE, seed=SEED, counties=2)
    alone = {name: digest for name, digest in digests(folder).items() if name.startswith("registers")}
    assert alone.items() <= digests(both).items()
