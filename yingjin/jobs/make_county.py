"""`yingjin make-county DIR`: write a demonstration county's registers, and the truth beside them.

More people than one county holds fill further counties of its prefecture.
"""

import argparse
from pathlib import Path
from time import monotonic

from yingjin.basics.errors import BadInput
from yingjin.jobs.county.assumptions import assumed

DEFAULT_PEOPLE, DEFAULT_SEED = 20_000, 2025


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument(
        "folder",
        type=Path,
        help="新文件夹：登记册写在 registers/，真值写在 truth/  a new folder: registers/ and truth/ are written in it",
    )
    rules = assumed()
    parser.add_argument(
        "--people",
        type=int,
        default=DEFAULT_PEOPLE,
        help=f"人数，{rules['people_min']:,} 至 {rules['people_max']:,}，默认 {DEFAULT_PEOPLE:,}；"
        f"一个县装不下（{rules['people_each']:,}）就再添同市的县  how many people; past {rules['people_each']:,} in several counties",
    )
    parser.add_argument(
        "--counties",
        type=int,
        default=0,
        help=f"至少分在几个县，至多 {len(rules['prefecture'])}  over at least so many counties",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=DEFAULT_SEED,
        help=f"种子：同一种子写出同样的文件，默认 {DEFAULT_SEED}  the same seed writes the same files",
    )


def run(args: argparse.Namespace) -> int:
    """Write the county and say where; return 0."""
    begun = monotonic()
    files = make_county(args.folder, people=args.people, seed=args.seed, counties=args.counties)
    if not files:
        print(
            f"{args.folder} 里已是这个演示县，没有改动。  This county stands here already; nothing was changed."
        )
        return 0
    seconds = monotonic() - begun
    print(
        f"写好 {len(files)} 个文件，用了 {seconds:.1f} 秒。  {len(files)} files written in {seconds:.1f} s:"
    )
    for name in files:
        print(f"    {args.folder / 'registers' / name}")
    print(f"核对用的真值 the truth to compare with: {args.folder / 'truth'}", flush=True)
    print(f"下一步 next: yingjin run-county {args.folder / 'registers'} --truth {args.folder / 'truth'}")
    return 0


def make_county(folder: Path, *, people: int, seed: int, counties: int = 0) -> list[str]:
    """Write the county of a seed into a folder; give the names of its files, none where it stands there already.

    Errors: BadInput for too few or too many people or a seed below 0; Conflict for a folder that holds other things.
    """
    _refuse(people, seed, counties)
    from yingjin.jobs.county.files import stands_whole, write_counties

    if stands_whole(folder, people, seed, counties):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    return write_counties(folder, people, seed, counties)


def _refuse(people: int, seed: int, counties: int) -> None:
    fewest, most = assumed()["people_min"], assumed()["people_max"]
    if not fewest <= people <= most:
        raise BadInput(
            f"人数 {people} 不行。--people 写 {fewest:,} 到 {most:,} 之间的数。",
            f"{people} people are not possible. Give --people a number between {fewest:,} and {most:,}.",
            people=people,
        )
    if seed < 0:
        raise BadInput(
            f"种子 {seed} 不行。--seed 写 0 或更大的整数。",
            f"Seed {seed} is not possible. Give --seed a whole number, 0 or more.",
            seed=seed,
        )
    most_counties = len(assumed()["prefecture"])
    if not 0 <= counties <= most_counties:
        raise BadInput(
            f"县数 {counties} 不行。--counties 写 1 到 {most_counties} 之间的数。",
            f"{counties} counties are not possible. Give --counties a number between 1 and {most_counties}.",
            counties=counties,
        )
