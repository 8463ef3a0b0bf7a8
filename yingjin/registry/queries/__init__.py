"""Every reading of regions and places, people, facilities and users that other parts may ask for."""

from yingjin.registry.queries.places import (
    Place,
    by_names,
    county_by_names,
    find,
    in_force_below,
    name_of,
    resolve,
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
    "Place",
    "RegionNotFound",
    "ancestors",
    "by_names",
    "children",
    "county_by_names",
    "find",
    "full_name",
    "full_names",
    "in_force_below",
    "name_of",
    "names_of",
    "parent",
    "region",
    "resolve",
    "successions_of",
    "successors_to",
]
