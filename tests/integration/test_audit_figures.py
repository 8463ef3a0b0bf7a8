"""`yingjin audit-figures` on tables of one's own: every fault is said at once, nothing is half audited."""

import pytest

from yingjin.jobs import cli


@pytest.fixture
def auditing(tmp_path, capsys):
    def run(figures, identities):
        (tmp_path / "f.csv").write_text(figures, "utf-8")
        (tmp_path / "i.csv").write_text(identities, "utf-8")
        code = cli.main(
            ["audit-figures", "--figures", f"{tmp_path}/f.csv", "--identities", f"{tmp_path}/i.csv"]
        )
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.replace(f"{tmp_path}/", "").splitlines()

    return run


def test_an_audit_that_ran_ends_with_0_whatever_it_found(auditing):
    code, out, err = auditing("id,value\nA,1.5\nB,2\n", "id,expression\nI1,A = B\nI2,B = A\nI3,A <= B\n")
    assert code == 0 and not err
    assert out == [
        "I2\t2 = 1.5\t写明 stated 1.5\t算得 computed 2\t相差 difference 0.5\t",
        "2 个公布数，3 条算式：1 条对不上，2 条对得上  2 figures, 3 identities: 1 broken, 2 hold",
    ]


def test_tables_without_rows_are_audited_and_found_whole(auditing):
    code, out, err = auditing("id,value\n", "id,expression\n")
    assert (code, err) == (0, []) and out == [
        "0 个公布数，0 条算式：0 条对不上，0 条对得上  0 figures, 0 identities: 0 broken, 0 hold"
    ]


def test_all_faults_are_said_with_their_places_and_no_finding_is_printed(auditing):
    code, out, err = auditing(
        "id,value,unit\nA,1,\nA,2,\nDAY,2016-08,日期 date\n",
        'id,expression\nI1,A = 2\nI2,A/(A-1) = 1\nI3,DAY <= C\nI4,A =\nI5,"A, = 1"\nI6,\n',
    )
    assert code == 2 and not out
    assert [line.split(" ")[:2] for line in err[:-1]] == [
        ["f.csv:3:id", "duplicate_id"],
        ["i.csv:7:expression", "blank_value"],
        ["i.csv:3:expression", "divides_by_zero"],
        ["i.csv:4:expression", "not_a_number"],
        ["i.csv:4:expression", "unknown_figure"],
        ["i.csv:5:expression", "bad_expression"],
        ["i.csv:6:expression", "bad_expression"],
    ]
    assert "[A/(A-1) = 1] 第 2 个字符处的除数等于 0" in err[2]
    assert err[-1] == "7 处读不了，没有核对  7 problems, nothing was audited"


def test_a_table_that_cannot_be_read_is_said_alone(auditing):
    code, out, err = auditing("id\nA\n", "id,expression\nI1,A = 1\n")
    assert code == 2 and not out
    assert [line.split(" ")[:2] for line in err[:-1]] == [["f.csv:1:value", "missing_column"]]


def test_files_that_are_not_there_are_all_named(tmp_path, capsys):
    assert cli.main(["audit-figures", "--figures", "none.csv", "--identities", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert not printed.out
    assert printed.err.startswith("none.csv unreadable_file 读不了这个文件")
    assert f"\n{tmp_path} unreadable_file" in printed.err
