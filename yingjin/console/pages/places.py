"""Breadcrumbs: where a page stands in the tree of regions, linked only inside the reader's scope."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from yingjin.basics.access import may, scope_of
from yingjin.console.templatetags.yingjin import place as written
from yingjin.insight import queries


@dataclass(frozen=True)
class Crumb:
    """One step of the way; no address where it does not open."""

    label: str
    url: str = ""


def trail(reader: Any, place: queries.Place, *more: Crumb, on: date | None = None) -> list[Crumb]:
    """Return the way from the province down to a place, and on to `more`; the last step is the page itself.

    Every page has the same way: a step opens the page of its region, on the day the page speaks of.
    """
    steps = [crumb(reader, step, on) for step in queries.place_path(reader, place.code)] + list(more)
    return [*steps[:-1], Crumb(steps[-1].label)] if steps else []


def crumb(reader: Any, place: queries.Place, on: date | None = None) -> Crumb:
    """Return a place as a step; it opens its page when the reader may see it whole."""
    inside = may(reader, "read_overview") and scope_of(reader).covers(place.code)
    day = f"?on={on}" if on else ""
    return Crumb(written(place.name), f"{reverse('region', args=[place.code])}{day}" if inside else "")
