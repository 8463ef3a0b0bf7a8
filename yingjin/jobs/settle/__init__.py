"""
`yingjin settle`: settle a file of bills by a rulebook. No database; other people's scripts rely on it.

Every input error is reported, none stops the search for the next. With any of them the exit code is 2 and no output
file but the list of errors is touched; without, the exit code is 0 and every file appears whole, by rename.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from yingjin.jobs.settle.inputs import Inputs, read_inputs
from yingjin.jobs.settle.outputs import Outputs, refuse_unwritable
from yingjin.jobs.settle.problems import Problems
from yingjin.jobs.settle.settling import settle_all
from yingjin.jobs.settle.text import EPILOG

OUTPUTS = ("out", "explain", "errors")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    needed: dict[str, Any] = {"required": True, "type": Path, "metavar": "FILE"}
    parser.add_argument(
        "--rulebook",
        required=True,
        metavar="NAME|FILE",
        help="规则书的名字（如 hezhang）或文件  a rulebook's name or file",
    )
    parser.add_argument("--persons", **needed, help="人：persons.csv")
    parser.add_argument(
        "--categories", type=Path, metavar="FILE", help="身份（可以没有）：categories.csv, optional"
    )
    parser.add_argument("--bills", **needed, help="账单：bills.csv")
    parser.add_argument("--out", **needed, help="结果写到这里  where the settled bills go")
    parser.add_argument(
        "--explain",
        type=Path,
        metavar="FILE",
        help="每张账单的计算步骤，一行一个 JSON  the steps, one JSON a line",
    )
    parser.add_argument(
        "--errors", type=Path, metavar="FILE", help="输入里的错误，CSV  what is wrong with the input, CSV"
    )
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="P09=relative",
        help="换一个参数的读法，可写多次  switch a parameter's reading; may be repeated",
    )


def run(args: argparse.Namespace) -> int:
    """Settle the bills; return 0, or 2 when any input was refused."""
    problems = Problems()
    targets = {name: getattr(args, name) for name in OUTPUTS if getattr(args, name) is not None}
    refuse_unwritable(targets, [args.persons, args.bills, args.categories], problems)
    inputs = read_inputs(args, problems)
    if problems.found or inputs is None:
        return _refuse(problems, targets.get("errors"))
    _settle(inputs, targets)
    print(
        f"结算了 {len(inputs.bills):,} 张账单，{len(inputs.people):,} 人。"
        f"  Settled {len(inputs.bills):,} bills of {len(inputs.people):,} persons.",
        file=sys.stderr,
    )
    return 0


def _settle(inputs: Inputs, targets: dict[str, Path]) -> None:
    with Outputs(targets) as outputs:
        if "errors" in targets:
            Problems().write(outputs.file("errors"))
        settle_all(inputs, outputs.file("out"), outputs.file("explain") if "explain" in targets else None)


def _refuse(problems: Problems, errors: Path | None) -> int:
    """Say everything that is wrong; the list of errors is the only file written, where it can be."""
    for line in problems.lines():
        print(line, file=sys.stderr)
    count = len(problems.found)
    print(
        f"{count:,} 处要改正，没有结算。  {count:,} things to correct, nothing was settled.", file=sys.stderr
    )
    if errors is not None and not any(each.column == "--errors" for each in problems.found):
        with Outputs({"errors": errors}) as outputs:
            problems.write(outputs.file("errors"))
    return 2
