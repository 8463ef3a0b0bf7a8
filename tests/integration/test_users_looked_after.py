"""An administrator looks after the users of the place: adds, locks, signs out, gives passwords; nobody shuts the own door."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from yingjin.basics.access import Robot
from yingjin.basics.errors import BadInput, Conflict, NotAllowed, NotFound
from yingjin.basics.models import AuditEvent
from yingjin.registry.actions import users
from yingjin.registry.models import Facility, User
from yingjin.registry.queries.users import looked_after

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 2, tzinfo=UTC)
OWN = "山清水秀-2026-春"
PASSWORD = re.compile(r'id="password">(\w{4}-\w{4}-\w{4}-\w{4})<')
VILLAGE = "520527102001"


@pytest.fixture(autouse=True)
def without_codes(settings):
    settings.SECOND_FACTOR = frozenset()


@pytest.fixture
def hospital():
    return Facility.objects.create(
        code="H1", name="赫章县人民医院", county_code="520527", level="L2", designated=True, public=True
    )


def make(username, role, region_code="520527", **facts):
    usual = {
        "display_name": username,
        "by": Robot(),
        "at": AT,
        "region_code": region_code,
        "own_password": OWN,
    }
    return users.add_user(username=username, role=role, **{**usual, **facts})


@pytest.fixture
def administrator():
    password = make("guanli", "administrator")
    browser = Client()
    browser.post("/login/", {"username": "guanli", "password": password})
    return browser


def by():
    return User.objects.get(username="guanli")


def did(what):
    return list(AuditEvent.objects.filter(what=what).values_list("target", "by"))


@pytest.mark.parametrize(
    "role, place",
    [
        ("village_doctor", "520527102"), ("township_officer", VILLAGE), ("county_officer", "5205"),
        ("prefecture_reader", "520527"), ("province_reader", "5205"), ("insurance_officer", VILLAGE),
        ("county_officer", "529999"), ("administrator", ""), ("cashier", "520527"),
    ],
)  # fmt: skip
def test_a_role_has_a_place_of_its_own_kind(role, place):
    with pytest.raises(BadInput, match="要配"):
        make("xin", role, place)


def test_a_cashier_works_at_a_facility_that_is_there(hospital):
    make("shoufei", "cashier", "", facility_code="H1")
    assert User.objects.get().region_code == ""
    for wrong in ({"facility_code": "H9"}, {"facility_code": "H1", "region_code": "520527"}):
        with pytest.raises(BadInput):
            make("shoufei2", "cashier", **{"region_code": "", **wrong})
    with pytest.raises(BadInput):
        make("xian", "county_officer", facility_code="H1")


def test_an_administrator_sees_and_adds_users_of_the_own_place_alone(administrator, hospital):
    make("cunyi", "village_doctor", VILLAGE)
    make("shoufei", "cashier", "", facility_code="H1")
    make("lin", "county_officer", "520526")
    make("shi", "prefecture_reader", "5205")
    assert set(looked_after(by()).values_list("username", flat=True)) == {"guanli", "cunyi", "shoufei"}
    page = administrator.get("/users/").content.decode()
    assert "cunyi" in page and "赫章县人民医院" in page and "lin<" not in page and "shi<" not in page
    assert administrator.get("/users/lin/").status_code == 404
    for what in ("lock", "password", "sessions", "second-factor"):
        assert administrator.post(f"/users/lin/{what}/").status_code == 404
    for place in ("520526", "5205"):
        with pytest.raises(BadInput, match="不在您管的地方|要配"):
            make("xin", "county_officer", place, by=by())
    with pytest.raises(BadInput, match="不在您管的地方"):
        make("xin", "prefecture_reader", "5205", by=by())


def test_a_user_is_added_by_the_name_of_the_place_and_the_password_shown_once(administrator, hospital):
    form = {"username": "wangyi", "display_name": "王医生", "role": "village_doctor", "place": VILLAGE}
    shown = administrator.post("/users/add/", form)
    password = PASSWORD.search(shown.content.decode())[1]
    assert Client().post("/login/", {"username": "wangyi", "password": password}).status_code == 302
    assert password not in administrator.get("/users/wangyi/").content.decode()
    assert did("user_added")[-1] == ("user:wangyi", "guanli")
    cashier = {"username": "shou", "display_name": "窗口", "role": "cashier", "place": "人民医院"}
    assert PASSWORD.search(administrator.post("/users/add/", cashier).content.decode())
    assert User.objects.get(username="shou").facility_code == "H1"


def test_a_name_of_several_places_is_asked_again_with_each_to_choose_from(administrator):
    form = {"username": "zhen", "display_name": "乡里", "role": "township_officer", "place": "乡"}
    asked = administrator.post("/users/add/", form)
    codes = re.findall(r'name="picked" value="(\d{9})"', asked.content.decode())
    assert asked.status_code == 422 and len(codes) > 5 and all(code.startswith("520527") for code in codes)
    assert PASSWORD.search(administrator.post("/users/add/", {**form, "picked": codes[3]}).content.decode())
    assert User.objects.get(username="zhen").region_code == codes[3]
    nowhere = administrator.post("/users/add/", {**form, "username": "z2", "place": "没有这个地方"})
    assert nowhere.status_code == 422 and "没有找到" in nowhere.content.decode()
    elsewhere = administrator.post("/users/add/", {**form, "username": "z3", "place": "520526101"})
    assert elsewhere.status_code == 422 and not User.objects.filter(username__in=("z2", "z3")).exists()


def test_locking_signs_out_at_once_and_unlocking_opens_again(administrator):
    password = make("xian", "county_officer")
    browser = Client()
    browser.post("/login/", {"username": "xian", "password": password})
    assert browser.get("/rules/").status_code == 200
    assert administrator.post("/users/xian/lock/").status_code == 302
    assert browser.get("/rules/").status_code == 302
    assert Client().post("/login/", {"username": "xian", "password": password}).status_code == 422
    assert administrator.post("/users/xian/lock/").status_code == 409
    assert administrator.post("/users/xian/unlock/").status_code == 302
    assert Client().post("/login/", {"username": "xian", "password": password}).status_code == 302
    assert did("user_locked") == did("user_unlocked") == [("user:xian", "guanli")]


def test_a_new_password_and_ended_sessions_sign_out_at_once(administrator):
    old = make("xian", "county_officer")
    browser = Client()
    browser.post("/login/", {"username": "xian", "password": old})
    assert administrator.post("/users/xian/sessions/").status_code == 302
    assert browser.get("/rules/").status_code == 302
    browser.post("/login/", {"username": "xian", "password": old})
    new = PASSWORD.search(administrator.post("/users/xian/password/").content.decode())[1]
    assert browser.get("/rules/").status_code == 302
    assert Client().post("/login/", {"username": "xian", "password": old}).status_code == 422
    assert Client().post("/login/", {"username": "xian", "password": new})["Location"] == "/home/"


def test_a_password_that_somebody_gave_opens_nothing_but_the_page_that_changes_it(administrator):
    form = {"username": "wangyi", "display_name": "王医生", "role": "village_doctor", "place": VILLAGE}
    first = PASSWORD.search(administrator.post("/users/add/", form).content.decode())[1]
    changed_at_first_sign_in("wangyi", first, OWN)
    assert "自己定的" in administrator.get("/users/wangyi/").content.decode()
    reset = PASSWORD.search(administrator.post("/users/wangyi/password/").content.decode())[1]
    assert "还没有换成自己的" in administrator.get("/users/wangyi/").content.decode()
    changed_at_first_sign_in("wangyi", reset, "nine-lakes-and-a-hill")
    assert did("password_changed") == [("user:wangyi", "wangyi")] * 2


def changed_at_first_sign_in(username, given, own):
    """Sign in twice by a given password, find everything closed, change it in one place: the other is signed out."""
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/login/", {"username": username, "password": given})
        for path in ("/home/", "/", "/gaps/", "/rules/", "/account/", "/exports/", f"/users/{username}/"):
            assert browser.get(path)["Location"] == "/account/password/", path
        assert browser.post("/gaps/act/", {"do": "work"})["Location"] == "/account/password/"
    asked = here.get("/account/password/")
    assert asked.status_code == 200 and "换成自己的密码" in asked.content.decode()
    here.post("/language/", {"language": "en", "next": "/account/password/"})
    assert "somebody else gave" in here.get("/account/password/").content.decode()
    same = here.post("/account/password/", {"old": given, "new": given, "again": given})
    assert same.status_code == 422 and here.get("/rules/")["Location"] == "/account/password/"
    changed = here.post("/account/password/", {"old": given, "new": own, "again": own})
    assert changed["Location"] == "/home/" and here.get("/rules/").status_code == 200
    assert there.get("/rules/")["Location"].startswith("/login/")


def test_a_demonstration_password_stays_until_an_administrator_resets_it(administrator):
    shown = make("xian", "county_officer", is_demo=True, own_password="")
    browser = Client()
    browser.post("/login/", {"username": "xian", "password": shown})
    assert browser.get("/rules/").status_code == 200
    administrator.post("/users/xian/password/")
    assert User.objects.get(username="xian").password_given


def test_nobody_shuts_the_own_door(administrator):
    for what in ("lock", "password", "sessions", "second-factor"):
        assert administrator.post(f"/users/guanli/{what}/").status_code == 409
    assert administrator.get("/users/").status_code == 200
    with pytest.raises(Conflict):
        users.lock_user(username="guanli", by=by(), at=AT)


def test_who_is_no_administrator_changes_nobody():
    make("xian", "county_officer")
    make("lisi", "county_officer")
    officer = User.objects.get(username="xian")
    for act in (users.lock_user, users.unlock_user, users.reset_password, users.end_sessions_of):
        with pytest.raises(NotAllowed):
            act(username="lisi", by=officer, at=AT)
    with pytest.raises(NotFound):
        users.lock_user(username="nobody", by=Robotic(), at=AT)


class Robotic:
    """An administrator of a place where nobody is."""

    username, role, region_code = "far", "administrator", "11"


def test_who_was_seen_last_is_on_the_list(administrator):
    page = administrator.get("/users/?q=guanli").content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}" in page and "还没有登录过" not in page
    make("xian", "county_officer")
    assert "还没有登录过" in administrator.get("/users/?role=county_officer").content.decode()
