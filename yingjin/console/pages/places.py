"""Breadcrumbs: where a page stands in the tree of regions, linked only inside the reader's scope."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from yingjin.basics.access import scope_of
from yingjin.insight import queries


@dataclass(frozen=True)
class Crumb:
    """One step of the way; no address where it does not open."""

    label: str
    url: str = ""


def trail(reader: Any, place: queries.Place, *more: Crumb) -> list[Crumb]:
    """Return the way from the province down to a place, and on to `more`; the last step is the page itself."""
    steps = [crumb(reader, step) for step in queries.place_path(reader, place.code)] + list(more)
    return [*steps[:-1], Crumb(steps[-1].label)] if steps else []


def crumb(reader: Any, place: queries.Place) -> Crumb:
    """Return a place as a step; it opens its overview when the reader may see it whole."""
    inside = scope_of(reader).covers(place.code)
    return Crumb(place.name, f"{reverse('overview')}?region={place.code}" if inside else "")
