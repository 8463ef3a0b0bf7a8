"""Rows that cannot be read or cannot be true: one of each sort, so that refusing is seen at work.

None of them is true of anybody; the rest of the county is whole without them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yingjin.fusion.formats import kinds
from yingjin.jobs.county.rows import Row

Change = dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One row made wrong: which kind, which column, and why it is refused."""

    kind: str
    column: str
    why: str
    cells: Change


FAULTS = (
    Fault("lifted", "人编号", "blank_value", {"人编号": ""}),
    Fault("marginal", "姓名", "blank_value", {"人编号": "520527999999999901", "姓名": ""}),
    Fault("category", "起", "bad_date", {"身份": "C05", "起": "2019-02-30"}),
    Fault("category", "身份", "unknown_category", {"身份": "C99"}),
    Fault("category", "身份", "derived_category", {"身份": "C12"}),
    Fault("category", "止", "bad_interval", {"身份": "C09", "起": "2020-01-01", "止": "2020-01-01"}),
    Fault("category", "人编号", "not_in_list", {"人编号": "520527999999999902"}),
    Fault("change", "应项", "needed_here", {"变动": "拒绝", "日期": "2025-05-06", "应项": ""}),
    Fault("change", "日期", "bad_date", {"变动": "外出", "日期": "2025年5月6日", "应项": ""}),
    Fault("enrolment", "psn_no", "blank_value", {"psn_no": ""}),
    Fault("enrolment", "brdy", "bad_date", {"psn_no": "52000052059999999991", "brdy": "1987/3/5"}),
    Fault("settlement", "enddate", "bad_date", {"enddate": "2025-06-31"}),
    Fault("settlement", "enddate", "discharge_before_admission", {"begndate": "2025-12-31"}),
    Fault("settlement", "fixmedins_code", "unknown_facility", {"fixmedins_code": "H99999999999"}),
    Fault("settlement", "medfee_sumamt", "bad_money", {"medfee_sumamt": "1,234.50"}),
    Fault("settlement", "inscp_scp_amt", "in_scope_exceeds_total", {"inscp_scp_amt": "9999999.00"}),
    Fault("facility", "designated", "bad_yes_no", {"code": "H52052799999", "designated": "是"}),
    Fault("record", "档案编号", "blank_value", {"档案编号": ""}),
    Fault("condition", "档案编号", "not_in_list", {"档案编号": "520527000000-99999"}),
    Fault("condition", "诊断编码", "bad_diagnosis", {"诊断编码": "脑梗死"}),
    Fault("treatment", "救治日期", "bad_date", {"救治日期": "2025.6.30"}),
    Fault("contract", "止", "bad_interval", {"起": "2019-05-01", "止": "2019-04-30"}),
)


def add_faults(kind: str, rows: Sequence[Row], number: Callable[[int], str] | None = None) -> list[Row]:
    """Return wrong rows made from the first good ones; `number` gives a settlement a number of its own."""
    titles = kinds()[kind].titles
    wrong = []
    for place, fault in enumerate(fault for fault in FAULTS if fault.kind == kind):
        if not rows:
            break
        cells = dict(zip(titles, rows[place % len(rows)], strict=True)) | fault.cells
        if number is not None:
            cells["setl_id"] = number(place)
        wrong.append([cells[title] for title in titles])
    return wrong
