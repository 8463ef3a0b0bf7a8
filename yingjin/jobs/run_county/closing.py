"""Say what a run of the main job did: its stages, files, the four dues, money, and what needs looking at."""

import json
import resource
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from yingjin.basics.access import Scope
from yingjin.basics.money import part_of, ten_thousand_yuan
from yingjin.fusion import queries as fusion
from yingjin.fusion.actions.tally import LandTally
from yingjin.insight.actions import FindTally
from yingjin.insight.domain.truth import compare
from yingjin.insight.figures import Summary
from yingjin.insight.queries.lacking import lacking_on
from yingjin.jobs.county.truth import read_truth
from yingjin.jobs.run_county import left_out
from yingjin.jobs.run_county.stages import Course
from yingjin.registry.queries import full_name
from yingjin.settlement.queries import money_of_year

KIB = 1024
DUES = {"insured": "应保尽保", "treated": "应治尽治", "contracted": "应签尽签", "covered": "应兜尽兜"}
MONEY = {
    "total": "总费用",
    "basic": "基本医保",
    "critical_illness": "大病保险",
    "assistance": "医疗救助",
    "own_in_scope": "本人付·目录内",
    "own_out_of_scope": "本人付·目录外",
}
OUTCOMES = {"landed": "收下", "unchanged": "没变", "absent": "没有文件"}


def show(
    course: Course, landed: LandTally, found: FindTally | None, figures: Summary, truth: Path | None
) -> None:
    """Print the closing tables, and after them in sentences what was left out and why."""
    console = Console(width=None if Console().is_terminal else 120, highlight=False)
    for table in _tables(course, landed, found, truth):
        console.print(table)
    for zh, en in _sentences(course, landed, found, figures):
        console.print(f"{zh}  {en}", markup=False, soft_wrap=True)


def _sentences(
    course: Course, landed: LandTally, found: FindTally | None, figures: Summary
) -> Iterator[tuple[str, str]]:
    files = left_out.files_of(course.folder)
    yield (
        f"公布数：{figures.figures} 个，{figures.identities} 条算式，{figures.identities_broken} 条对不上。",
        f"Published figures: {figures.figures}, {figures.identities} identities, {figures.identities_broken} broken.",
    )
    yield from left_out.remarks(files)
    yield from (note for part in landed.parts for note in part.notes)
    yield from left_out.large_withdrawals(landed.parts)
    yield from left_out.refused_files(files)
    if not course.has_law:
        home, law = full_name(course.home), full_name(course.county_code)
        yield (
            f"登记册里的人多住在{home}，规则书只管{law}：没有按它算账，也没有找应兜尽兜。要算账，用 --rulebook 写那个县的规则书。",
            f"Most people live in {course.home}, the rulebook is of {course.county_code}: no bill was settled by it and no "
            "covered due found. Name that county's rulebook with --rulebook.",
        )
    if found is None:
        yield (
            "还没有计入的账单，不知道数据到哪一天，所以没有找缺口。放入结算明细再运行，或用 --on 写一天。",
            "No bill counts yet, so the data have no day: no dues were found. Add settlements, or name a day with --on.",
        )


def _tables(
    course: Course, landed: LandTally, found: FindTally | None, truth: Path | None
) -> Iterator[Table]:
    yield register_table(landed)
    if found is not None:
        yield due_table(f"{found.on} 的四应（处）  the four dues", found.dues)
        yield money_table(found.on)
        if truth is not None:
            yield truth_table(truth, found.on)
    yield look_table(course)
    yield stage_table(course)
    if (marked := left_out.marked_table(left_out.files_of(course.folder))) is not None:
        yield marked


def register_table(landed: LandTally) -> Table:
    """Return a line a register: what became of its rows."""
    table = Table(title="登记册  registers", title_justify="left")
    table.add_column("登记册")
    table.add_column("")
    for heading in ("文件", "行", "新", "变", "拒收", "撤回", "整个没收的文件"):
        table.add_column(heading, justify="right")
    for part in landed.parts:
        numbers = [
            part.files,
            *(part.total(each) for each in ("rows", "new", "changed", "refused", "withdrawn")),
        ]
        cells = [f"{number:,}" for number in (*numbers, part.files_refused)]
        table.add_row(left_out.name_of(part), OUTCOMES.get(part.outcome, part.outcome), *cells)
    return table


def money_table(on: date) -> Table:
    """Return the money of the year's counted bills up to a day, by payer."""
    money = money_of_year(on)
    rows = [(name, ten_thousand_yuan(money[kind])) for kind, name in MONEY.items()]
    return plain_table(f"{on.year} 年医药费", ("谁付了（计入的账单）", "万元"), rows)


def truth_table(folder: Path, on: date) -> Table:
    """Return, due by due, how many true gaps were found and missed, and how many found are none."""
    truth = read_truth(folder)
    person_of = {
        person: truth.person_of[register, number]
        for register in ("health", "insurance", "poverty")
        for number, person in fusion.persons_of(register).items()
        if (register, number) in truth.person_of
    }
    true = {(due.person, due.due, due.subject) for due in truth.dues.values() if due.status == "open"}
    found = {
        (person_of.get(person, str(person)), due, subject): unknown
        for (person, due, subject), unknown in lacking_on(on).items()
    }
    rows = [
        (DUES[due], each.true, each.found, each.missed, each.false, each.to_confirm)
        for due, each in compare(true, found, tuple(DUES)).items()
    ]
    headings = ("与真值相比", "真有", "找到", "漏掉", "多出", "其中待核是不是本人")
    return plain_table("缺口找得准不准  found against the truth", headings, rows)


def look_table(course: Course) -> Table:
    """Return what needs looking at before the numbers are relied on."""
    counts = fusion.quality(Scope(course.county_code, "", sees_sensitive=True))
    settled = next((stage.counts for stage in course.stages if stage.name_en == "settle"), {})
    rows = [
        ("拒收的行", counts["refused"]),
        ("没对上的人（对）", counts["unlinked"]),
        ("同一登记册里不一致的人", counts["disagreements"]),
        ("暂缓的账单", settled.get("held", 0)),
        ("不全的人年（有账单被拒收）", settled.get("incomplete", 0)),
    ]
    return plain_table("要看一看的  to look at", ("", "数"), rows)


def stage_table(course: Course) -> Table:
    """Return a line a stage: what it counted, wall and processor seconds."""
    table = Table(title="主流程  main job", title_justify="left")
    for heading, side in (
        ("阶段 stage", "left"),
        ("秒 s", "right"),
        ("CPU 秒 s", "right"),
        ("数 counts", "left"),
    ):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]
    for stage in course.stages:
        counts = "  ".join(
            f"{COUNTS.get(name, name)} {count:,}" for name, count in stage.counts.items() if count
        )
        table.add_row(stage.name_zh, f"{stage.seconds:.1f}", f"{stage.cpu_seconds:.1f}", counts)
    seconds = sum(stage.seconds for stage in course.stages)
    cpu = sum(stage.cpu_seconds for stage in course.stages)
    table.add_section()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    table.add_row("合计", f"{seconds:.1f}", f"{cpu:.1f}", f"内存最多 {peak_mib:,.0f} MB")
    return table


COUNTS = {
    "files": "文件",
    "files_refused": "没收的文件",
    "rows": "行",
    "accepted": "收下",
    "refused": "拒收",
    "new": "新",
    "changed": "有变",
    "known": "早有",
    "repeated": "重复",
    "withdrawn": "撤回",
    "register_persons": "登记册里的人",
    "persons": "人",
    "linked": "对上",
    "moved": "改归",
    "merged": "并入",
    "unlinked": "没对上",
    "facilities": "机构",
    "households": "户和成员",
    "categories": "身份",
    "changes": "变动",
    "conditions": "病情",
    "bills": "账单",
    "treatments": "救治",
    "contracts": "签约",
    "person_years": "人年",
    "held": "暂缓",
    "incomplete": "不全的人年",
    "base": "在册的人",
    "dues": "应项",
    "lacking": "缺口",
    "opened": "新开",
    "described": "改写",
    "closed": "关闭",
    "reopened": "重开",
    "identities": "算式",
    "broken": "对不上",
}


def due_table(title: str, counts: Mapping[str, Mapping[str, int]]) -> Table:
    """Return the four dues: 应 = done + open + unknown, 已, 缺, of it 待核, 免, and the share done ÷ due."""
    table = Table(title=title, title_justify="left")
    table.add_column("四应")
    for heading in ("应", "已", "缺", "其中待核", "免", "已 ÷ 应 %"):
        table.add_column(heading, justify="right")
    for due, name in DUES.items():
        by = counts[due]
        lacking = by["open"] + by["unknown"]
        whole = by["done"] + lacking
        numbers = (whole, by["done"], lacking, by["unknown"], by["excepted"])
        table.add_row(name, *(f"{number:,}" for number in numbers), part_of(by["done"], whole))
    return table


def plain_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a small table whose first column is words and the rest numbers."""
    table = Table(title=title, title_justify="left")
    for at, heading in enumerate(headings):
        table.add_column(heading, justify="right" if at else "left")
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table


def write_report(course: Course, path: Path) -> None:
    """Write the stages for programs to read: name, seconds, processor seconds, counts; appears by rename."""
    stages = [
        {
            "name": stage.name_en,
            "seconds": round(stage.seconds, 3),
            "cpu_seconds": round(stage.cpu_seconds, 3),
            "counts": stage.counts,
        }
        for stage in course.stages
    ]
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps({"stages": stages, "peak_mib": round(peak_mib)}, ensure_ascii=False, indent=1))
    part.replace(path)
