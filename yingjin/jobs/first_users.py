"""The users there are at the first start: one a role for the demonstration, one officer for registers of one's own."""

from typing import NamedTuple

from yingjin.basics import access
from yingjin.basics.access import Robot

DEMO_COUNTY = "520527"
PROVINCE_DIGITS, CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS = 2, 4, 6, 9, 12


class FirstUser(NamedTuple):
    """Somebody to be made: at a facility when that is given, else in a region."""

    username: str
    name: str
    role: str
    region: str
    facility: str = ""


class MadeUser(NamedTuple):
    """Somebody just made, with the password that is kept nowhere."""

    username: str
    password: str
    name: str
    place: str


def first_officer() -> list[FirstUser]:
    """Return one officer of the county where most of the registers' people live."""
    from yingjin.registry.queries.persons import people_by_region

    county = people_by_region(COUNTY_DIGITS).most_common(1)
    return [FirstUser("xian", "县级工作人员", access.COUNTY_OFFICER, county[0][0] if county else DEMO_COUNTY)]


def demonstration_users() -> list[FirstUser]:
    """Return one user a role: of the county, of its largest village, and of the hospital with most bills."""
    from yingjin.registry.queries.persons import facilities, people_by_region
    from yingjin.settlement.queries import bills_by_facility

    county = DEMO_COUNTY
    village = people_by_region(VILLAGE_DIGITS).most_common(1)[0][0]
    users = [
        FirstUser("xian", "县卫生健康局", access.COUNTY_OFFICER, county),
        FirstUser("zhen", "乡镇卫生院", access.TOWNSHIP_OFFICER, village[:TOWNSHIP_DIGITS]),
        FirstUser("cunyi", "村医", access.VILLAGE_DOCTOR, village),
        FirstUser("yibao", "医保局", access.INSURANCE_OFFICER, county),
        FirstUser("minzheng", "民政局", access.CIVIL_AFFAIRS_OFFICER, county),
        FirstUser("xiangcun", "乡村振兴局", access.REVITALISATION_OFFICER, county),
        FirstUser("shi", "市卫生健康局", access.PREFECTURE_READER, county[:CITY_DIGITS]),
        FirstUser("sheng", "省卫生健康委", access.PROVINCE_READER, county[:PROVINCE_DIGITS]),
        FirstUser("shenji", "审计局", access.AUDITOR, county),
        FirstUser("guanli", "管理员", access.ADMINISTRATOR, county),
    ]
    known = facilities()
    here = [code for code, _ in bills_by_facility().most_common() if known[code].county_code == county]
    if here:
        users.insert(3, FirstUser("shoufei", "收费窗口", access.CASHIER, "", here[0]))
    return users


def make(user: FirstUser, *, demo: bool) -> MadeUser:
    """Make somebody who may sign in."""
    from django.utils import timezone

    from yingjin.registry.actions.users import add_user
    from yingjin.registry.queries import full_name
    from yingjin.registry.queries.persons import facilities

    password = add_user(
        username=user.username,
        display_name=user.name,
        role=user.role,
        region_code=user.region,
        facility_code=user.facility,
        is_demo=demo,
        by=Robot(),
        at=timezone.now(),
    )
    place = facilities()[user.facility].name if user.facility else full_name(user.region)
    return MadeUser(user.username, password, user.name, place)


def table(made: list[MadeUser]) -> list[str]:
    """Return the lines of a table in which a Chinese character takes two places, as terminals draw it."""
    from rich.cells import cell_len

    widest = max(cell_len(each.name) for each in made)
    longest = max(len(each.username) for each in made)
    return [
        f"    {each.username:<{longest}}  {each.password}  {each.name}{' ' * (widest - cell_len(each.name))}  {each.place}"
        for each in made
    ]
