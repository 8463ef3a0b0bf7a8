"""Every reading of regions and places, people, facilities and users that other parts may ask for."""

from yingjin.registry.queries.changes import History, change_years, changes, history
from yingjin.registry.queries.latin import latin, place_written
from yingjin.registry.queries.outlines import outlines_of
from yingjin.registry.queries.places import (
    Place,
    by_names,
    county_by_names,
    find,
    in_force_below,
    name_of,
    parts_of,
    resolve,
    towns_named,
)
from yingjin.registry.queries.regions import (
    RegionNotFound,
    ancestors,
    children,
    full_name,
    full_names,
    names_of,
    parent,
    region,
    successions_of,
    successors_to,
)

__all__ = [
    "History",
    "Place",
    "RegionNotFound",
    "ancestors",
    "by_names",
    "change_years",
    "changes",
    "children",
    "county_by_names",
    "find",
    "full_name",
    "full_names",
    "history",
    "in_force_below",
    "latin",
    "name_of",
    "names_of",
    "outlines_of",
    "parent",
    "place_written",
    "parts_of",
    "region",
    "resolve",
    "successions_of",
    "successors_to",
    "towns_named",
]
