"""Four imports of a county, one of each end: landed, landed and undone, looked at and waiting, and refused."""

import csv
from pathlib import Path
from typing import Any

from pictures.pages import OFFICER

SOURCE = "参保_2025.csv"


def done(browsers: dict[str, Any], folder: Path) -> dict[str, str]:
    """Send them and do what the worker would; return their keys by how they ended."""
    keys = {"undone": sent(browsers[OFFICER], fewer(folder, rows=5, spoilt=1))}
    land(browsers[OFFICER], keys["undone"])
    browsers[OFFICER].post(f"/imports/{keys['undone']}/undo/", {"why": "传成了上个月的文件"})
    do_waiting()
    keys["landed"] = sent(browsers[OFFICER], fewer(folder, rows=3, spoilt=2))
    land(browsers[OFFICER], keys["landed"])
    keys["refused"] = sent(browsers[OFFICER], broken(folder))
    keys["checked"] = sent(browsers[OFFICER], fewer(folder, rows=8, spoilt=3))
    return keys


def sent(browser: Any, file: Path, *, waits: bool = False) -> str:
    """Send a file and, unless it is to wait, have it looked at; return the import's key."""
    with file.open("rb") as content:
        answer = browser.post("/imports/", {"files": content})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    if not waits:
        do_waiting()
    return str(answer["Location"]).strip("/").rpartition("/")[2]


def land(browser: Any, key: str) -> None:
    """Ask for an import to be landed and have it done."""
    assert browser.post(f"/imports/{key}/land/").status_code == 302
    do_waiting()


def do_waiting() -> None:
    """Do what waits, as the worker does."""
    from yingjin.basics.work import Job
    from yingjin.jobs import work

    while waiting := Job.objects.filter(state="waiting").order_by("asked_at").first():
        work.do(waiting.pk)


def fewer(folder: Path, *, rows: int, spoilt: int) -> Path:
    """Write the enrolments of 2025 without their first rows, and with some whose year cannot be read."""
    header, *body = csv.reader((folder / "registers" / SOURCE).read_text(encoding="utf-8-sig").splitlines())
    year = header.index("insu_year" if "insu_year" in header else "year")
    bad = [[*each[:year], "二〇二五", *each[year + 1 :]] for each in body[rows : rows + spoilt]]
    return write(folder / "again" / f"{rows}" / SOURCE, [header, *body[rows + spoilt :], *bad])


def broken(folder: Path) -> Path:
    """Write a list that is no register, as somebody's own tally would be."""
    return write(folder / "again" / "自己记的名单.csv", [["序号", "姓名", "备注"], ["1", "某某", "已通知"]])


def write(path: Path, lines: list[list[str]]) -> Path:
    """Write a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows(lines)
    return path
