"""Who may see and do what: a scope narrows every query, a role allows every action. Knows no table."""

from dataclasses import dataclass
from typing import Any, TypeVar

from yingjin.basics.errors import NotAllowed

Rows = TypeVar("Rows")

VILLAGE_DOCTOR = "village_doctor"
COUNTY_OFFICER = "county_officer"
AUDITOR = "auditor"
ROBOT = "robot"

SEES_SENSITIVE = frozenset({COUNTY_OFFICER, ROBOT})
ALLOWED: dict[str, frozenset[str]] = {
    VILLAGE_DOCTOR: frozenset({"look"}),
    AUDITOR: frozenset({"look"}),
    COUNTY_OFFICER: frozenset({"look"}),
    ROBOT: frozenset(
        {"look", "land", "link", "hold", "replay_year", "find_dues", "summarise", "add_user", "load_regions"}
    ),
}


@dataclass(frozen=True)
class Scope:
    """What a reader may see: a region prefix, a facility, or both; an empty scope sees nothing (D8)."""

    region_prefix: str = ""
    facility_code: str = ""
    sees_sensitive: bool = False

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
        return Scope(region_prefix if inside else "", self.facility_code, self.sees_sensitive)


def scope_of(user: Any) -> Scope:
    """Return what a signed-in user may see; nobody signed in sees nothing."""
    if not getattr(user, "is_authenticated", False):
        return Scope()
    return Scope(user.region_code, user.facility_code, user.role in SEES_SENSITIVE)


def within(queryset: Any, scope: Scope, field: str = "region_code") -> Any:
    """Narrow a queryset to a scope: a range on the indexed code, never LIKE (D8)."""
    if scope.empty:
        return queryset.none()
    if scope.region_prefix:
        queryset = queryset.filter(
            **{f"{field}__gte": scope.region_prefix, f"{field}__lt": scope.region_prefix + "~"}
        )
    if scope.facility_code:
        queryset = queryset.filter(facility_code=scope.facility_code)
    return queryset


def allow(by: Any, action: str) -> None:
    """Pass when the role of `by` may do the action. Errors: NotAllowed."""
    role = getattr(by, "role", "")
    if action not in ALLOWED.get(role, frozenset()):
        raise NotAllowed(
            f"您的岗位不能做这件事（{action}）。请找县里的管理员。",
            f"Your role may not do this ({action}). Ask the county's administrator.",
            action=action,
            role=role,
        )


@dataclass(frozen=True)
class Robot:
    """The main job itself, when no person stands behind a change."""

    username: str = "robot"
    role: str = ROBOT
