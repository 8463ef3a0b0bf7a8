from yingjin.insight.domain.truth import Compared, compare


def test_gaps_are_counted_found_missed_and_false_due_by_due():
    true = {("P1", "insured", ""), ("P2", "insured", ""), ("P1", "treated", "肺癌")}
    found = {
        ("P1", "insured", ""): False,
        ("P3", "insured", ""): True,
        ("P4", "insured", ""): False,
        ("P1", "treated", "胃癌"): False,
    }
    assert compare(true, found, ("insured", "treated", "covered")) == {
        "insured": Compared(true=2, found=1, missed=1, false=2, to_confirm=1),
        "treated": Compared(true=1, found=0, missed=1, false=1, to_confirm=0),
        "covered": Compared(true=0, found=0, missed=0, false=0, to_confirm=0),
    }
