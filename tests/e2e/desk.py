"""A served county and those who read it: the console's address, its users, and plain requests as one of them."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.support.places import Place

COUNTY = "520527"
PEOPLE = 1500
OFFICER, DOCTOR, AUDITOR = "xian", "cunyi", "shenji"
PASSWORD = re.compile(r"\w{4}-\w{4}-\w{4}-\w{4}")
# What tests must know of the county that no page of a reader may say.
ASK = """
import json, django; django.setup()
from yingjin.registry.queries.persons import people_by_region
print(json.dumps([code for code, _ in people_by_region(12).most_common(2)]))
"""


@dataclass
class Desk:
    """A county whose main job has run, served, with one user of each role."""

    place: Place
    address: str
    village: str
    other_village: str
    passwords: dict[str, str] = field(default_factory=dict)

    def visitor(self, username: str = "") -> "Visitor":
        """Return somebody who asks for pages, signed in when a username is given."""
        visitor = Visitor(self.address)
        if username:
            visitor.sign_in(username, self.passwords[username])
        return visitor


class Visitor:
    """Asks for pages over plain HTTP, keeping cookies as a browser does."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Return the status and text of an answer; redirects are followed."""
        body = urlencode(form).encode() if form is not None else None
        try:
            with self.opener.open(Request(f"{self.address}{path}", data=body), timeout=60) as answer:
                return answer.status, answer.read().decode(errors="replace")  # a paper is no text
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def page(self, path: str) -> str:
        """Return the text of a page that must open."""
        status, text = self.ask(path)
        assert status == 200, f"{path} answered {status}"
        return text

    def sign_in(self, username: str, password: str) -> None:
        """Sign in."""
        _, form = self.ask("/login/")
        secret = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert secret, form
        status, _ = self.ask(
            "/login/", {"csrfmiddlewaretoken": secret[1], "username": username, "password": password}
        )
        assert status == 200, status

    def state(self) -> dict[str, object]:
        """Return the cookies as Playwright takes them."""
        cookies = [
            {"name": each.name, "value": each.value, "domain": "127.0.0.1", "path": "/"}
            for each in self.cookies
        ]
        return {"cookies": cookies, "origins": []}


def opened(place: Place) -> Desk:
    """Make a county in a place, run the main job over it, add the users, and serve it."""
    place.do("make-county", place.inputs / "county", "--people", PEOPLE)
    place.do("run-county", place.inputs / "county" / "registers")
    village, other_village = known_to(place, ASK)
    desk = Desk(place, place.serve(), village, other_village)
    for username, role, region in (
        (OFFICER, "county_officer", COUNTY),
        (DOCTOR, "village_doctor", village),
        (AUDITOR, "auditor", COUNTY),
    ):
        desk.passwords[username] = place.add_user(username, role, "--region", region)
    return desk


def known_to(place: Place, program: str) -> list[str]:
    """Return what a small program in the place's own process prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", program], env=place.environment, capture_output=True, encoding="utf-8", timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
