"""Who may see and do what: a scope narrows every query, a role allows every action. Knows no table."""

from dataclasses import dataclass, replace
from typing import Any, TypeVar

from yingjin.basics.errors import NotAllowed
from yingjin.basics.roles import (  # noqa: F401  # asked for here by everybody else
    ADMINISTRATOR,
    AUDITOR,
    CASHIER,
    CIVIL_AFFAIRS_OFFICER,
    COUNTY_OFFICER,
    INSURANCE_OFFICER,
    PREFECTURE_READER,
    PROVINCE_READER,
    REVITALISATION_OFFICER,
    ROBOT,
    TOWNSHIP_OFFICER,
    VILLAGE_DOCTOR,
)

Rows = TypeVar("Rows")

SEES_SENSITIVE = frozenset({COUNTY_OFFICER, ROBOT})
LOOKS = frozenset(
    {
        VILLAGE_DOCTOR, TOWNSHIP_OFFICER, COUNTY_OFFICER, PREFECTURE_READER, PROVINCE_READER, CASHIER,
        INSURANCE_OFFICER, CIVIL_AFFAIRS_OFFICER, REVITALISATION_OFFICER, AUDITOR,
    }
)  # fmt: skip
WORKS_ON_GAPS = frozenset(
    {
        VILLAGE_DOCTOR, TOWNSHIP_OFFICER, COUNTY_OFFICER, INSURANCE_OFFICER, CIVIL_AFFAIRS_OFFICER,
        REVITALISATION_OFFICER,
    }
)  # fmt: skip
# Numbers without names: a prefecture or a province compares counties and works on no case.
READS_FIGURES_ONLY = frozenset({PREFECTURE_READER, PROVINCE_READER})
# Departments that see whom their own lists name and nobody else; registry/data/desks.yaml says which lists.
OWN_LISTS_ONLY = frozenset({INSURANCE_OFFICER, CIVIL_AFFAIRS_OFFICER, REVITALISATION_OFFICER})
AT_A_FACILITY = frozenset({CASHIER})  # their scope is a facility, everybody else's a region
WHOLE_LISTS = frozenset({VILLAGE_DOCTOR, TOWNSHIP_OFFICER, COUNTY_OFFICER, AUDITOR})
SEES_PERSONS = WHOLE_LISTS | OWN_LISTS_ONLY
# What one person decides and another confirms. Asked of those who signed in with a second factor, where that is set.
FOUR_EYES = frozenset({"decide_held_bill"})
# Which roles may do an action. What the robot does by itself stands here too.
MAY: dict[str, frozenset[str]] = {
    "look": LOOKS,
    "read_overview": WHOLE_LISTS | READS_FIGURES_ONLY,
    "read_gaps": SEES_PERSONS,
    "read_persons": SEES_PERSONS,
    "find": SEES_PERSONS | AT_A_FACILITY,
    "read_bills": WHOLE_LISTS | {INSURANCE_OFFICER} | AT_A_FACILITY,
    "read_quality": WHOLE_LISTS,
    "read_window": AT_A_FACILITY,
    "present": AT_A_FACILITY,
    "land": frozenset({ROBOT}),
    "link": frozenset({ROBOT}),
    "hold": frozenset({ROBOT}),
    "replay_year": frozenset({ROBOT}),
    "find_dues": frozenset({ROBOT}),
    "expire_exceptions": frozenset({ROBOT}),
    "summarise": frozenset({ROBOT}),
    "load_regions": frozenset({ROBOT}),
    "add_user": frozenset({ROBOT, ADMINISTRATOR}),
    "change_user": frozenset({ADMINISTRATOR}),
    "import": frozenset({COUNTY_OFFICER}),
    "undo_import": frozenset({COUNTY_OFFICER}),
    "work_on_gap": WORKS_ON_GAPS,
    "assign_gap": frozenset({TOWNSHIP_OFFICER, COUNTY_OFFICER}),
    "except_gap": frozenset({TOWNSHIP_OFFICER, COUNTY_OFFICER}),
    "write_letter": frozenset({COUNTY_OFFICER}),
    "decide_held_bill": frozenset({COUNTY_OFFICER, INSURANCE_OFFICER}),
    "quote": frozenset({CASHIER, COUNTY_OFFICER, INSURANCE_OFFICER}),
    "export": LOOKS - {VILLAGE_DOCTOR, CASHIER},
    "unmask": frozenset({VILLAGE_DOCTOR, TOWNSHIP_OFFICER, COUNTY_OFFICER, CASHIER, INSURANCE_OFFICER}),
    "print_paper": LOOKS,
    "read_audit": frozenset({AUDITOR, COUNTY_OFFICER, ADMINISTRATOR}),
    "change_regions": frozenset({ADMINISTRATOR}),
    "change_client": frozenset({ROBOT, ADMINISTRATOR}),
    "ask_replay": frozenset({COUNTY_OFFICER, INSURANCE_OFFICER}),
}
ROLES = frozenset().union(*MAY.values())


@dataclass(frozen=True)
class Scope:
    """What a reader may see: a region prefix, a facility, or both; an empty scope sees nothing (D8).

    `desk` names the department whose own lists alone are seen. Without `sees_people` figures are seen and nobody.
    """

    region_prefix: str = ""
    facility_code: str = ""
    sees_sensitive: bool = False
    desk: str = ""
    sees_people: bool = True

    @property
    def empty(self) -> bool:
        """Say whether nothing may be seen."""
        return not self.region_prefix and not self.facility_code

    def covers(self, region_code: str) -> bool:
        """Say whether a region lies inside."""
        return bool(self.region_prefix) and region_code.startswith(self.region_prefix)

    def narrowed(self, region_prefix: str) -> "Scope":
        """Return the scope held to a smaller region; a region outside gives the empty scope."""
        inside = bool(self.region_prefix) and region_prefix.startswith(self.region_prefix)
        return replace(self, region_prefix=region_prefix if inside else "")


def scope_of(user: Any) -> Scope:
    """Return what a signed-in user may see; nobody signed in sees nothing, nor does an administrator."""
    if not getattr(user, "is_authenticated", False) or user.role not in LOOKS:
        return Scope()
    at_facility = user.role in AT_A_FACILITY
    return Scope(
        region_prefix="" if at_facility else user.region_code,
        facility_code=user.facility_code if at_facility else "",
        sees_sensitive=user.role in SEES_SENSITIVE,
        desk=user.role if user.role in OWN_LISTS_ONLY else "",
        sees_people=user.role not in READS_FIGURES_ONLY,
    )


def inside(queryset: Any, scope: Scope, field: str = "region_code") -> Any:
    """Narrow what is about no person, as places and figures are, to the region of a scope: a range, never LIKE (D8)."""
    if not scope.region_prefix:
        return queryset.none()
    low = scope.region_prefix
    return queryset.filter(**{f"{field}__gte": low, f"{field}__lt": low + "~"})


def within(queryset: Any, scope: Scope, field: str = "region_code") -> Any:
    """Narrow rows about people to a scope (D8).

    Who sees figures alone, or own lists alone, is given nothing here: `insight.queries.sight` knows the lists.
    """
    if scope.empty or scope.desk or not scope.sees_people:
        return queryset.none()
    if scope.region_prefix:
        queryset = inside(queryset, scope, field)
    if scope.facility_code:
        queryset = queryset.filter(facility_code=scope.facility_code)
    return queryset


def may(by: Any, action: str) -> bool:
    """Say whether the role of `by` may do the action, to show or hide what does it."""
    return getattr(by, "role", "") in MAY.get(action, frozenset())


def allow(by: Any, action: str) -> None:
    """Pass when the role of `by` may do the action. Errors: NotAllowed."""
    role = getattr(by, "role", "")
    if not may(by, action):
        raise NotAllowed(
            "您的岗位不能做这件事。请找县里的管理员。",
            "Your role may not do this. Ask the county's administrator.",
            action=action,
            role=role,
        )
    if action in FOUR_EYES and role != ROBOT and lacks_code(by):
        raise NotAllowed(
            "这件事要两个人分别确认，本单位规定先用第二步验证登录。请在“我的账户”打开第二步验证，再重新登录。",
            "Two people confirm this, and it is set to ask for two-step sign-in first. Turn it on under My account, then "
            "sign in again.",
            action=action,
            role=role,
        )


def lacks_code(by: Any) -> bool:
    """Say whether four-eyes actions ask for a second factor here, and somebody signed in without one."""
    from django.conf import settings  # type: ignore[import-untyped]

    return "four_eyes" in settings.SECOND_FACTOR and not getattr(by, "came_with_code", False)


@dataclass(frozen=True)
class Robot:
    """The main job itself, when no person stands behind a change."""

    username: str = "robot"
    role: str = ROBOT
