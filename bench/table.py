"""What a measurement hands back.

A measurement is a module of this folder, named in bench/__main__.py, with

    def run() -> list[Table]: ...

It prints its progress through `yingjin.basics.progress.track`, uses throwaway data folders and databases
(tests/support/places.py, tests/support/postgres.py), and returns tables. Wall time is shown because people wait
for it; only ratios of processor time are judged, because another program on the machine slows a wall clock, not
a ratio. Measuring itself is in bench/measure.py.

    Table(
        title="settle: one bill from rulebook data",
        about="20,000 bills of 5,000 persons, median of 5 interleaved rounds.",
        columns=("way", "CPU µs a bill", "times plain Python", "wall s"),
        rows=(("plain Python", 11.2, 1.0, 0.23), ("rulebook", 98.7, 8.8, 2.01)),
        limits=(Limit("rulebook, times plain Python", measured=8.8, at_most=12),),
    )
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A ratio that must not be exceeded."""

    what: str
    measured: float
    at_most: float

    @property
    def kept(self) -> bool:
        return self.measured <= self.at_most


@dataclass(frozen=True)
class Table:
    """One measured table: a title, how it was measured in a sentence or two, rows, and the limits judged."""

    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    limits: tuple[Limit, ...] = ()

    def __post_init__(self) -> None:
        assert all(len(row) == len(self.columns) for row in self.rows), (
            f"{self.title}: a row is too short or long"
        )


def cell(value: object) -> str:
    """Write a number with about three digits that count, anything else as it is."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def markdown(table: Table) -> str:
    """Write a table as a section of docs/benchmarks.md."""
    number = [all(isinstance(row[at], int | float) for row in table.rows) for at in range(len(table.columns))]
    lines = [
        f"### {table.title}",
        "",
        table.about,
        "",
        f"| {' | '.join(table.columns)} |",
        f"|{'|'.join('---:' if is_number else '---' for is_number in number)}|",
        *(f"| {' | '.join(map(cell, row))} |" for row in table.rows),
    ]
    if table.limits:
        lines += ["", "| limit | measured | at most | |", "|---|---:|---:|---|"]
        lines += [
            f"| {limit.what} | {cell(limit.measured)} | {cell(limit.at_most)} | {'kept' if limit.kept else '**not kept**'} |"
            for limit in table.limits
        ]
    return "\n".join(lines) + "\n"
