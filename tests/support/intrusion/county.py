"""Two counties in one database, each with a desk at work: imports, letters, notes, exceptions, decisions, filters.

Every text that a desk wrote names its county in a word nobody else writes (`mark`), so that it is known wherever it
comes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.support.importing import upload
from tests.support.made_county import made, undone
from yingjin.basics import work
from yingjin.basics.access import COUNTY_OFFICER, VILLAGE_DOCTOR
from yingjin.gaps.actions import Assignee, Paper, except_gaps, work_on_gaps, write_letter
from yingjin.gaps.models import Finding, Gap
from yingjin.insight import queries
from yingjin.insight.domain.gap_ids import gap_id
from yingjin.insight.models import SavedFilter
from yingjin.insight.papers.letters import letter_lines
from yingjin.jobs.run_county import run_over
from yingjin.registry.models import User
from yingjin.settlement.actions import propose_decision
from yingjin.settlement.models import Bill

COUNTIES = ("520527", "520526")
PAPER = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def mark(region: str, what: str) -> str:
    """Return the word that tells what a desk of a region wrote."""
    return f"zq{region}{what}qz"


@contextmanager
def two_counties(folder: Path) -> Iterator[None]:
    """Bring two counties in, let both desks work, and roll everything back in the end."""
    made(folder, counties=2)
    with undone():
        run_over(folder / "registers", truth=folder / "truth")
        for region in COUNTIES:
            _work_of_a_desk(region, folder)
        yield


def person_of(region: str, role: str, code: str = "", **more: Any) -> User:
    """Return somebody of a role who works for a county's desk, once."""
    where = {"facility_code": more["facility"]} if "facility" in more else {"region_code": code or region}
    name = mark(region, role.replace("_", "") + (code if code != region else "")).lower()
    facts = {"display_name": role, "role": role, "password": "!", **where}
    return User.objects.get_or_create(username=name, defaults=facts)[0]


def _work_of_a_desk(region: str, folder: Path) -> None:
    officer, now = person_of(region, COUNTY_OFFICER), timezone.now()
    gaps = list(
        Gap.objects.filter(open=True, region_code__startswith=region, sensitive=False).order_by("pk")[:12]
    )
    doctor = person_of(region, VILLAGE_DOCTOR, gaps[0].region_code)
    work_on_gaps(
        gaps=[gaps[0].pk], assign=Assignee(username=doctor.username), note=mark(region, "note"), by=officer, at=now
    )  # fmt: skip
    uninsured = [gap.pk for gap in gaps if gap.due == "insured"][:1]
    except_gaps(
        gaps=uninsured, reason="insured_elsewhere", words=mark(region, "words"), by=officer, at=now,
        until_on=date.today() + timedelta(days=60), paper=Paper(mark(region, "paper") + ".pdf", PAPER),
    )  # fmt: skip
    _letter(region, gaps, officer)
    _decision(region, officer)
    SavedFilter.objects.create(
        owner=officer.username, region_code=region, page="gaps", name=mark(region, "filter"), name_index=mark(region, "filter"), query="due=insured",
        at=now, shared=True,
    )  # fmt: skip
    _import(region, folder, officer)
    job = work.ask("clear_work", by=officer, at=now)
    work.keep_result(job, mark(region, "result").encode(), name=mark(region, "result") + ".csv")
    type(job).objects.filter(pk=job.pk).update(state="done", ended_at=now)


def _letter(region: str, gaps: list[Gap], officer: User) -> None:
    on = Finding.objects.latest("on").on
    rows = [queries.gap(officer, on, gap_id(gap.person_id, gap.due, gap.subject)).row for gap in gaps[:3]]
    write_letter(
        lines=letter_lines(officer, on, rows), department="insurance_bureau", reason=mark(region, "letter"),
        by=officer, at=timezone.now(), reply_by=date.today() + timedelta(days=20),
    )  # fmt: skip


def _decision(region: str, officer: User) -> None:
    bill = Bill.objects.filter(
        region_code__startswith=region, state__startswith="held", sensitive=False
    ).first()
    assert bill, f"no bill of {region} is held"
    propose_decision(
        bill=bill.pk, verdict="release", reason=mark(region, "decision"), by=officer, at=timezone.now()
    )


def _import(region: str, folder: Path, officer: User) -> None:
    prefix = "" if region == COUNTIES[0] else "威宁彝族回族苗族自治县_"
    lines = (folder / "registers" / f"{prefix}参保_2025.csv").read_text(encoding="utf-8-sig").splitlines()
    sent = folder / f"{mark(region, 'import')}.csv"
    sent.write_text("\n".join(lines[:-20]) + "\n", encoding="utf-8")
    upload([sent], by=officer)
