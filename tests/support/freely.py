"""Write a word wherever people may write freely, in a place of its own: `python -m tests.support.freely FOLDER`.

Each field gets a word nobody else writes. Prints as JSON what was written (`words`) and what opens something for who
holds it (`secrets`: a session's cookie, passwords, tokens, codes). `FOLDER` holds the county's registers.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

COUNTY = "520527"
PASSWORD = "nine-lakes-and-a-hill"


def main(folder: Path) -> dict[str, Any]:
    """Write, and say what."""
    from django.test import Client as Browser
    from django.utils import timezone

    from tests.support.intrusion import county
    from yingjin.basics.access import COUNTY_OFFICER, Robot
    from yingjin.registry.actions.users import add_user
    from yingjin.registry.models import User

    add_user(
        username="freely", display_name="县里", role=COUNTY_OFFICER, region_code=COUNTY, own_password=PASSWORD, by=Robot(),
        at=timezone.now(),
    )  # fmt: skip
    officer = User.objects.get(username="freely")
    browser = Browser(SERVER_NAME="localhost")
    browser.get("/login/", {"next": "/find/?q=zqaddressqz"})
    browser.post("/login/?next=/find/%3Fq%3Dzqaddressqz", {"username": "freely", "password": "zqmistypedqz"})
    assert browser.post("/login/", {"username": "freely", "password": PASSWORD}).status_code == 302
    desk = ("note", "words", "paper", "letter", "decision", "filter", "import", "result")
    county._work_of_a_desk(COUNTY, folder)
    written = [county.mark(COUNTY, what) for what in desk]
    written += [*_by_pages(browser, officer), *_of_an_import(folder, officer), "zqaddressqz", "zqmistypedqz"]
    secrets = [browser.cookies["sessionid"].value, PASSWORD, *_codes(browser), *_of_a_client()]
    return {"words": written, "secrets": secrets}


def _by_pages(browser: Any, officer: Any) -> list[str]:
    """Look for somebody, take a list away, see a number, keep a filter and answer a letter."""
    from django.utils import timezone

    from yingjin.gaps.models import GapLetter
    from yingjin.jobs import work
    from yingjin.registry.models import Person

    person = Person.objects.filter(region_code__startswith=COUNTY, merged_into=None).order_by("pk")[0]
    assert browser.get("/find/", {"q": "zqsoughtqz"}).status_code == 200
    number = {"which": "identity_number", "reason": "other", "note": "zqseenqz"}
    assert browser.post(f"/persons/{person.pk}/number/", number).status_code == 200
    export = {"list": "people", "q": "zqfoundqz", "format": "csv", "numbers": "whole", "why": "zqwhyqz"}
    assert browser.post("/exports/new/", export).status_code == 302
    from yingjin.basics.work import Job

    work.do(Job.objects.get(kind="export").pk)
    kept = {"page": "gaps", "query": "due=insured&zqchosenqz=zqchosenqz", "name": "zqkeptqz"}
    assert browser.post("/filters/save/", kept).status_code == 302
    letter = GapLetter.objects.get()
    answered = {"replied_on": timezone.localdate().isoformat(), "reply": "zqansweredqz"}
    assert browser.post(f"/letters/{letter.pk}/", answered).status_code == 302
    return ["zqsoughtqz", "zqseenqz", "zqfoundqz", "zqwhyqz", "zqchosenqz", "zqkeptqz", "zqansweredqz"]


def _of_an_import(folder: Path, officer: Any) -> list[str]:
    """Land a file of a telling name, and undo it for a telling reason."""
    from tests.support.importing import land, undo, upload

    lines = (folder / "registers" / "参保_2025.csv").read_text(encoding="utf-8-sig").splitlines()
    sent = folder / "zqnamedqz.csv"
    sent.write_text("\n".join(lines[:-30]) + "\n", encoding="utf-8")
    undo(land(upload([sent], by=officer), by=officer), by=officer, why="zqundoneqz")
    return ["zqnamedqz", "zqundoneqz"]


def _codes(browser: Any) -> list[str]:
    """Begin a second factor: its secret as the phone takes it, and as bytes would be written."""
    assert browser.post("/account/second-factor/begin/").status_code == 302
    page = browser.get("/account/second-factor/").content.decode()
    found = re.search(r'<b class="nb">([A-Z2-7 ]+)</b>', page)
    assert found, page
    return [found[1].replace(" ", "")]


def _of_a_client() -> list[str]:
    """Let a client sign in, do something once, and be told of events."""
    from django.test.utils import override_settings

    from tests.support.calling import caller
    from yingjin.gaps.models import Gap
    from yingjin.insight.domain.gap_ids import gap_id

    gap = Gap.objects.filter(open=True, region_code__startswith=COUNTY, sensitive=False).latest("pk")
    with override_settings(API_DELIVERS_PRIVATELY=True):
        one = caller()
        asked = {"url": "http://127.0.0.1:9/zqhookqz", "events": ["gap.opened"]}
        made = one.post("/webhooks", asked)
        assert made.status_code == 201, made.content
    noted = one.post(f"/gaps/{gap_id(gap.person_id, gap.due, gap.subject)}/notes", {"note": "zqtoldqz"})
    return [
        one.secret,
        one.token,
        made.json()["secret"],
        "zqhookqz",
        *(["zqtoldqz"] if noted.status_code < 300 else []),
    ]


if __name__ == "__main__":
    from yingjin.jobs import setup

    setup.django()
    print("\n" + json.dumps(main(Path(sys.argv[1]))))
