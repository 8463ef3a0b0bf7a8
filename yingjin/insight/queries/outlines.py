"""The outlines of places: those of the customer's own files, the newest first, and else those shipped."""

from collections.abc import Iterable, Mapping

from yingjin.insight.models import Boundary, BoundaryFile
from yingjin.registry import queries as registry
from yingjin.registry.domain.boundary_file import UNITS
from yingjin.registry.domain.outlines import Ring, unpack


def outlines_of(codes: Iterable[str]) -> Mapping[str, list[Ring]]:
    """Return the rings of those of some places that have an outline, in degrees. Outlines are public."""
    wanted = list(codes)
    own = Boundary.objects.filter(file__undone_at__isnull=True, code__in=wanted).order_by("file__at")
    given = {code: list[Ring](unpack(rings, UNITS)) for code, rings in own.values_list("code", "rings")}
    return {**registry.outlines_of(wanted), **given}


def boundary_files() -> list[BoundaryFile]:
    """List the files of outlines ever given, the newest first."""
    return list(BoundaryFile.objects.order_by("-at"))
