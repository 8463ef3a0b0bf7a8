"""
`yingjin audit-figures`: check the published figures against each other.

One line per broken identity on stdout, its fields parted by tabs: id, expression with the values put in, what was
stated, what it comes to, the difference (computed less stated), what should hold. Then one closing line.

The exit code is 0 when the audit ran: a broken identity is a finding about the documents, no failure of the command.
It is 2 when a file or an identity cannot be read; then every reason is on stderr and nothing on stdout.
"""

import argparse
import sys
from pathlib import Path

from yingjin.insight.domain.figures import Audit, Verdict, audit
from yingjin.insight.files import FIGURES, FILE, HEADER, IDENTITIES, Problem, problem, read_published


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "--figures", type=Path, default=FIGURES, help="公布数表（默认用自带的）  table of figures, CSV"
    )
    parser.add_argument(
        "--identities", type=Path, default=IDENTITIES, help="算式表（默认用自带的）  table of identities, CSV"
    )


def run(args: argparse.Namespace) -> int:
    """Audit the figures and print what does not add up."""
    published = read_published(args.figures, args.identities)
    figures = {figure.id: figure for figure in published.figures}
    # Without its table every identity would name unknown figures: only what is wrong with the table is said then.
    whole = not any(one.row in (FILE, HEADER) for one in published.problems)
    found = audit(published.identities, figures) if whole else Audit()
    refused = [
        problem(one.error, args.identities, one.identity.row, "expression", one.identity.expression)
        for one in found.refused
    ]
    if problems := [*published.problems, *refused]:
        for one in problems:
            print(line_of(one), file=sys.stderr)
        print(
            f"{len(problems)} 处读不了，没有核对  {len(problems)} problems, nothing was audited",
            file=sys.stderr,
        )
        return 2
    for verdict in found.broken:
        print(finding(verdict))
    held = len(found.verdicts) - len(found.broken)
    print(
        f"{len(figures)} 个公布数，{len(found.verdicts)} 条算式：{len(found.broken)} 条对不上，{held} 条对得上  "
        f"{len(figures)} figures, {len(found.verdicts)} identities: {len(found.broken)} broken, {held} hold"
    )
    return 0


def finding(verdict: Verdict) -> str:
    """Write one broken identity as one line."""
    identity = verdict.identity
    return "\t".join(
        [
            identity.id,
            verdict.with_values,
            f"写明 stated {verdict.stated}",
            f"算得 computed {verdict.computed}",
            f"相差 difference {verdict.difference}",
            f"{identity.description_zh} {identity.description_en}".strip(),
        ]
    )


def line_of(one: Problem) -> str:
    """Write one problem as one line: where, the value, why, what to do."""
    place = f"{one.file}:{one.row}:{one.column}" if one.row else one.file
    value = f" [{one.value}]" if one.value else ""
    return f"{place} {one.code}{value} {one.reason_zh} {one.reason_en}"
