"""The published figures come out as they were judged by hand: the same identities broken, the same numbers."""

import csv
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from yingjin.insight.domain.expressions import round_half_up
from yingjin.insight.domain.figures import audit
from yingjin.insight.figures import audited, summary
from yingjin.insight.files import FIGURES, IDENTITIES, read_published
from yingjin.jobs import cli

VERDICTS = Path(__file__).with_name("published_figure_verdicts.csv")


@pytest.fixture(scope="module")
def judged_by_hand():
    with VERDICTS.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def found():
    published = read_published(FIGURES, IDENTITIES)
    return audit(published.identities, {figure.id: figure for figure in published.figures})


@pytest.fixture(scope="module")
def broken_by_hand(judged_by_hand):
    return [key for key, row in judged_by_hand.items() if row["verdict"] == "BROKEN"]


def test_the_same_identities_are_broken_as_by_hand(found, judged_by_hand, broken_by_hand):
    assert [verdict.identity.id for verdict in found.verdicts] == list(judged_by_hand)
    assert len(judged_by_hand) == 235 and len(broken_by_hand) == 24
    assert [verdict.identity.id for verdict in found.broken] == broken_by_hand


def test_every_identity_comes_to_the_number_worked_out_by_hand(found, judged_by_hand):
    for verdict in found.verdicts:
        sides = {round_half_up(side, 6) for link in verdict.links for side in (link.left, link.right)}
        assert Fraction(judged_by_hand[verdict.identity.id]["recomputed"]) in sides, verdict.identity.id


def test_the_command_prints_a_line_for_each_broken_identity_and_a_closing_count(capsys, broken_by_hand):
    assert cli.main(["audit-figures"]) == 0
    printed = capsys.readouterr()
    *lines, closing = printed.out.splitlines()
    assert [line.split("\t")[0] for line in lines] == broken_by_hand
    assert all(len(line.split("\t")) == 6 for line in lines)
    assert lines[0].split("\t")[1:5] == [
        "2497.86/2775.27*100 = 90.01",
        "写明 stated 90.01",
        "算得 computed 90.004216",
        "相差 difference -0.005784",
    ]
    assert "24 条对不上" in closing and "562 figures, 235 identities: 24 broken, 211 hold" in closing
    assert not printed.err


def test_the_command_reads_no_verdict(capsys, tmp_path):
    """The tables as given to us, their verdict column turned round, come to the same findings."""
    assert cli.main(["audit-figures"]) == 0
    expected = capsys.readouterr().out
    with IDENTITIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    turned = tmp_path / "identities.csv"
    with turned.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "verdict", "recomputed", "difference"])
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "verdict": "holds", "recomputed": row["stated"], "difference": "0"})
    assert cli.main(["audit-figures", "--identities", str(turned)]) == 0
    assert capsys.readouterr().out == expected


def test_a_changed_figure_breaks_what_it_is_part_of(capsys, tmp_path):
    text = FIGURES.read_text("utf-8")
    changed = tmp_path / "figures.csv"
    changed.write_text(text.replace(",paid by patients,277.41,", ",paid by patients,277.42,"), "utf-8")
    assert cli.main(["audit-figures", "--figures", str(changed)]) == 0
    broken = [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()[:-1]]
    assert broken[:5] == ["I001", "I002", "I003", "I004", "I059"]


def test_the_page_shows_every_figure_with_the_broken_first(broken_by_hand):
    figures = audited()
    assert len({one.figure.id for one in figures}) == len(figures) == 562
    marks = [one.broken for one in figures]
    assert marks == sorted(marks, reverse=True) and sum(marks) == 47
    assert {v.identity.id for one in figures for v in one.verdicts if not v.holds} == set(broken_by_hand)
    for one in figures:
        holds = [verdict.holds for verdict in one.verdicts]
        assert holds == sorted(holds)
        assert all(one.figure in verdict.figures for verdict in one.verdicts)
        assert one.document.title_zh and (one.document.article == "-") == (
            one.document.about_zh == "" or not one.document.published_on
        )


def test_the_page_counts_figures_and_identities():
    counts = summary()
    assert (counts.figures, counts.figures_broken, counts.figures_unchecked) == (562, 47, 262)
    assert (counts.identities, counts.identities_broken) == (235, 24)


def test_dates_are_shown_and_take_part_in_no_identity():
    dates = [one for one in audited() if one.is_date]
    assert len(dates) == 20 and not any(one.verdicts for one in dates)
    assert {"2015-12-01", "09-04", "2030"} <= {one.figure.value for one in dates}


def test_the_command_runs_without_django():
    program = (
        "import sys\n"
        "from yingjin.jobs import cli\n"
        "assert cli.main(['audit-figures']) == 0\n"
        "import yingjin.insight.figures\n"
        "heavy = {name.partition('.')[0] for name in sys.modules} & {'django', 'polars', 'numpy', 'numba'}\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
