"""The outlines of places for schematic pictures."""

from collections.abc import Iterable, Mapping

from yingjin.registry import files
from yingjin.registry.domain.outlines import Ring, unpack


def outlines_of(codes: Iterable[str]) -> Mapping[str, list[Ring]]:
    """Return the rings of those of some places that have an outline, in degrees."""
    shipped = files.boundaries()
    return {
        code: list[Ring](unpack(shipped[code], files.BOUNDARY_UNITS)) for code in codes if code in shipped
    }
