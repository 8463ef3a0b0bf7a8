"""Work done in a county's place before its pictures are taken: `python -m pictures.work county|bare FOLDER`.

Runs with the place's environment and asks for pages as their users do, so that nothing stands there that the pages
would not allow. Prints, as JSON, who is signed in by which cookie and what the addresses of pictures.pages need.
"""

import base64
import json
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from pictures import imports
from pictures.pages import ADMINISTRATOR, AUDITOR, BARE, CASHIER, DOCTOR, INSURANCE, NEWCOMER, OFFICER, OTHER
from yingjin.jobs import setup

PAPER = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/109.0 Safari/537.36"
DAY_SECONDS = 24 * 3600
FOUND = {
    "gap": re.compile(r"[?&;]gap=([\w.:%-]+)"),
    "seen": re.compile(r'name="seen" value="(\d+)"'),
    "secret": re.compile(r'<b class="nb">([A-Z2-7 ]+)</b>'),
    "held": re.compile(r'action="/held/([0-9a-f-]{36})/"'),
    "decision": re.compile(r'action="/held/(\d+)/confirm/"'),
    "person": re.compile(r'href="/persons/([0-9a-f-]{36})/'),
    "household": re.compile(r'href="/households/([^/"]+)/'),
    "figure": re.compile(r'href="/figures/(F[^/"]+)/'),
    "township": re.compile(r"region=(\d{9})\b"),
    "person_at_window": re.compile(r'href="/window/([0-9a-f-]{36})/"'),
    "client": re.compile(r'action="/clients/([^/"]+)/revoke/"'),
}


class Desk:
    """Everybody of a place, each in a browser of their own."""

    def __init__(self) -> None:
        self.browsers: dict[str, Any] = {}
        self.passwords: dict[str, str] = {}

    def sign_in(self, username: str, password: str) -> None:
        """Begin a session of somebody, as after both steps, that lasts while pictures are taken."""
        from django.test import Client
        from django.utils import timezone

        from yingjin.console.signing import CODE_AT
        from yingjin.registry.actions.sessions import begin_session
        from yingjin.registry.models import User

        user, browser = (
            User.objects.get(username=username),
            Client(HTTP_USER_AGENT=DESK, HTTP_HOST="127.0.0.1"),
        )
        browser.force_login(user)
        session = browser.session
        session[CODE_AT] = int(timezone.now().timestamp())
        session.set_expiry(DAY_SECONDS)
        session.save()
        begin_session(user=user, session_key=session.session_key, user_agent=DESK, at=timezone.now())
        self.browsers[username], self.passwords[username] = browser, password

    def page(self, who: str, path: str) -> str:
        """Return a page that must open."""
        answer = self.browsers[who].get(path, follow=True)
        assert answer.status_code == 200, (who, path, answer.status_code)
        return answer.content.decode()

    def first(self, who: str, path: str, what: str) -> str:
        """Return what stands on a page for the first time."""
        return self.all(who, path, what)[0]

    def all(self, who: str, path: str, what: str) -> list[str]:
        """Return what stands on a page, in its order."""
        return list(dict.fromkeys(FOUND[what].findall(self.page(who, path))))

    def send(self, who: str, path: str, /, **form: Any) -> str:
        """Send a form that must be taken; return the page that follows, its address in front."""
        answer = self.browsers[who].post(path, form, follow=True)
        assert answer.status_code == 200, (who, path, answer.status_code, answer.content.decode()[-3000:])
        return (answer.redirect_chain or [("", 0)])[-1][0] + "\n" + answer.content.decode()

    def cookies(self) -> dict[str, str]:
        """Return the session of each."""
        from django.conf import settings

        return {
            name: each.cookies[settings.SESSION_COOKIE_NAME].value for name, each in self.browsers.items()
        }


def county(folder: Path) -> dict[str, Any]:
    """Do two months' work of a county: imports, gaps, letters, bills, lists, papers and users."""

    desk = Desk()
    users(desk)
    found: dict[str, Any] = imports.done(desk.browsers, folder)
    looked(desk, found)
    gaps(desk, found)
    held(desk)
    kept(desk, found)
    administered(desk, found)
    imports.do_waiting()
    left_waiting(desk, found, folder)
    return {"cookies": desk.cookies(), "passwords": desk.passwords, "found": found}


def bare(folder: Path) -> dict[str, Any]:
    """Give a place without data the users who open its pages."""
    desk = Desk()
    users(desk)
    return {"cookies": desk.cookies(), "passwords": desk.passwords, "found": {}}


def users(desk: Desk) -> None:
    """Make one user a role, and a few more of a county's desk; where there are no people, those of the county alone."""
    from yingjin.jobs.first_users import DEMO_COUNTY, FirstUser, demonstration_users, make
    from yingjin.registry.queries.persons import people_by_region

    villages = [code for code, _ in people_by_region(12).most_common(4)]
    if villages:
        made = demonstration_users()
        made += [
            FirstUser(f"cunyi{at}", f"村医{'甲乙丙'[at - 2]}", "village_doctor", code)
            for at, code in enumerate(villages[1:], 2)
        ]
    else:
        made = [
            FirstUser(OFFICER, "县卫生健康局", "county_officer", DEMO_COUNTY),
            FirstUser(AUDITOR, "审计局", "auditor", DEMO_COUNTY),
            FirstUser(ADMINISTRATOR, "管理员", "administrator", DEMO_COUNTY),
        ]
    made.append(FirstUser(OTHER, "县卫生健康局二", "county_officer", DEMO_COUNTY))
    made.append(FirstUser("zancun", "调离的人", "auditor", DEMO_COUNTY))
    for each in made:
        desk.sign_in(each.username, make(each, demo=True).password)
    newcomer = FirstUser(NEWCOMER, "新来的人", "auditor", DEMO_COUNTY)  # whose password was given, not chosen
    desk.sign_in(NEWCOMER, make(newcomer, demo=False).password)


def looked(desk: Desk, found: dict[str, Any]) -> None:
    """Find the pages to open, and let several people look at one person, one of them at the number too."""
    from yingjin.settlement.models import SettledBill

    told = SettledBill.objects.filter(
        replay__latest=True, held=False, critical_illness_fen__gt=0, assistance_fen__gt=0, bill__sensitive=False,
        bill__person__merged_into=None, bill__person__born_on__lt="1970-01-01", bill__total_fen__lt=6_000_000,
        bill__out_of_scope_fen__gt=0,
    )  # fmt: skip
    best = told.order_by("-bill__total_fen", "bill__key").select_related("bill")[0].bill
    found |= {
        "bill": str(best.key),
        "person": str(best.person_id),
        "household": desk.first(OFFICER, f"/persons/{best.person_id}/", "household"),
        "figure": desk.first(OFFICER, "/figures/?show=broken", "figure"),
        "township": best.region_code[:9],
        "village": best.region_code,
        "patient": desk.first(CASHIER, "/window/", "person_at_window"),
        "stay": "admitted_on=2025-12-01&discharged_on=2025-12-08&total=28436.52&out_of_scope=1212.40",
    }
    for who in (OFFICER, OTHER, INSURANCE, OFFICER):
        desk.browsers[who].get(f"/persons/{best.person_id}/")
    number = {"which": "identity_number", "reason": "other", "note": "核对慢病卡"}
    desk.send(OFFICER, f"/persons/{best.person_id}/number/", **number)
    desk.page(OFFICER, f"/bills/{best.key}/")
    desk.browsers[OFFICER].get(f"/bills/{best.key}/slip.pdf")


def gaps(desk: Desk, found: dict[str, Any]) -> None:
    """Give gaps to others, agree on days, note, except and write; the last of them by the second officer."""
    from django.utils import timezone

    soon = timezone.localdate() + timedelta(days=10)

    def act(who: str, do: str, *chosen: str, **form: Any) -> str:
        seen = desk.first(who, f"/gaps/?gap={chosen[0]}", "seen")
        form |= {"do": do, "gap": list(chosen), "count": len(chosen), "seen": seen}
        return desk.send(who, "/gaps/act/", **form)

    insured = desk.all(OFFICER, "/gaps/?due=insured&status=open", "gap")
    contracted = desk.all(OFFICER, "/gaps/?due=contracted&status=open", "gap")
    visited = desk.first(DOCTOR, "/gaps/?due=contracted&status=open", "gap")
    contracted = [visited, *(each for each in contracted if each != visited)]
    covered = desk.all(OFFICER, "/gaps/?due=covered", "gap")
    act(OTHER, "assign", *insured[:3], assign="role:township_officer")
    act(OTHER, "work", *contracted[:2], assign="user:xian", due_on=soon.isoformat(), note="请本周核实住址")
    act(
        OFFICER,
        "work",
        contracted[0],
        assign=f"user:{DOCTOR}",
        due_on=soon.isoformat(),
        note="电话约好，周四上门",
    )
    act(OFFICER, "note", covered[0], note="已问承保公司，说补付单在路上")
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    act(
        OFFICER, "except", insured[4], reason="insured_elsewhere", words="在贵阳随单位参保", until_on=until,
        paper=paper("参保证明.pdf"),
    )  # fmt: skip
    act(
        OFFICER,
        "except",
        *contracted[4:6],
        reason="cannot_be_reached",
        words="三次上门没有人",
        until_on=until,
    )
    for department, replied in (("insurance_bureau", "三人已补登，其余正在核实"), ("civil_affairs", "")):
        said = act(
            OFFICER, "letter", *insured[5:9], department=department, reason="请核实参保情况，能补的补上",
            reply_by=soon.isoformat(),
        )  # fmt: skip
        address = said.partition("\n")[0]
        if replied:
            desk.send(OFFICER, address, replied_on=timezone.localdate().isoformat(), reply=replied)
            found["letter"] = address.strip("/").rpartition("/")[2]
    seen = desk.first(OFFICER, f"/gaps/?gap={visited}", "seen")
    found |= {"gap": visited, "gap_too": insured[9], "gap_of_money": covered[0], "seen": seen}


def held(desk: Desk) -> None:
    """Propose what becomes of three held bills; one is confirmed by a second person."""
    waiting = desk.all(OFFICER, "/held/?kind=waiting", "held")
    for bill, verdict, who in zip(
        waiting, ("release", "reject", "release"), (OTHER, OTHER, OFFICER), strict=False
    ):
        reason = "参保记录已补登" if verdict == "release" else "与另一张账单重复"
        desk.send(who, f"/held/{bill}/", verdict=verdict, reason=reason)
    decision = desk.first(OFFICER, "/held/?kind=proposed", "decision")
    desk.send(OFFICER, f"/held/{decision}/confirm/")


def kept(desk: Desk, found: dict[str, Any]) -> None:
    """Keep filters, one of another's shared, and ask for exports."""
    for who, query, name, shared in (
        (OFFICER, "due=insured", "没参保的", ""),
        (OFFICER, f"due=contracted&region={found['township']}", "本周要签约的", "on"),
        (OTHER, "status=late", "逾期的", "on"),
    ):
        desk.send(who, "/filters/save/", page="gaps", query=query, name=name, shared=shared)
    desk.send(OFFICER, "/exports/new/", list="gaps", format="xlsx", numbers="masked", due="insured")
    made = desk.browsers[OFFICER].post(f"/households/{found['household']}/print/")  # the paper needs its code
    assert made.status_code == 302, made.status_code
    desk.send(OFFICER, "/exports/new/", list="gaps", format="csv", numbers="whole", why="寄给医保局核对参保")


def left_waiting(desk: Desk, found: dict[str, Any], folder: Path) -> None:
    """Ask for what nobody does while pictures are taken: an import and an export that wait."""
    from yingjin.basics.work import Job

    found["waiting"] = imports.sent(
        desk.browsers[OFFICER], imports.fewer(folder, rows=9, spoilt=1), waits=True
    )
    desk.send(OFFICER, "/exports/new/", list="gaps", format="xlsx", numbers="masked", due="treated")
    found["queued"] = str(Job.objects.get(kind="export", state="waiting").key)


def administered(desk: Desk, found: dict[str, Any]) -> None:
    """Turn second steps on, lock somebody, let two systems call, and give outlines of one's own."""
    from yingjin.registry.queries import outlines_of

    for who in (ADMINISTRATOR, OFFICER, INSURANCE):
        confirm_second_step(desk, who)
    for who in ("xiangcun", "minzheng", AUDITOR):
        desk.send(who, "/account/second-factor/begin/")
    desk.send(ADMINISTRATOR, "/users/cunyi3/lock/")
    for name, role, place, permissions in (
        ("县人民医院结算系统", "insurance_officer", "520527", ["read"]),
        ("县数据交换平台", "county_officer", "520527", ["read", "import"]),
        ("试用的系统", "auditor", "520527", ["read"]),
    ):
        said = desk.send(
            ADMINISTRATOR, "/clients/add/", name=name, role=role, place=place, permissions=permissions
        )
        assert "secret" in said
    desk.send(ADMINISTRATOR, f"/clients/{desk.all(ADMINISTRATOR, '/clients/', 'client')[-1]}/revoke/")
    shapes = [
        {
            "type": "Feature",
            "properties": {"code": code},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for code, rings in outlines_of(["520527"]).items()
        for ring in rings[:1]
    ]
    file = paper("赫章县界.geojson", json.dumps({"type": "FeatureCollection", "features": shapes}).encode())
    desk.send(ADMINISTRATOR, "/boundaries/use/", file=file)


def confirm_second_step(desk: Desk, who: str) -> None:
    """Turn the second step of signing in on, as with a phone."""
    from django.utils import timezone

    from yingjin.registry.domain.second_factor import totp_of

    desk.send(who, "/account/second-factor/begin/")
    text = desk.first(who, "/account/second-factor/", "secret").replace(" ", "")
    secret = base64.b32decode(text + "=" * (-len(text) % 8))
    code = totp_of(secret).generate(int(timezone.now().timestamp())).decode()
    desk.send(who, "/account/second-factor/confirm/", code=code)


def paper(name: str, content: bytes = PAPER) -> Any:
    """Return a file to send with a form."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


if __name__ == "__main__":
    setup.django()
    setup.migrate()
    what, files = sys.argv[1:]
    print(json.dumps({BARE: bare}.get(what, county)(Path(files)), ensure_ascii=False))
