"""
The audit of the published figures, for the console. No database: the files in this package are the data.

* audited       all published figures with the identities each takes part in, the broken first
* summary       how many figures and identities there are, and how many are broken
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from yingjin.insight.domain.figures import Audit, Figure, Verdict, audit
from yingjin.insight.files import FIGURES, IDENTITIES, Document, documents, read_published


@dataclass(frozen=True, slots=True)
class AuditedFigure:
    """One published figure, where it stands, and the verdict on each identity it takes part in, broken first.

    A verdict opens into its parts: `identity` (expression, descriptions), `figures` (the operands with their
    values, in the order they are mentioned), `with_values`, `links`, `stated`, `computed`, `rounded`, `difference`, `holds`.
    """

    figure: Figure
    document: Document
    verdicts: tuple[Verdict, ...]

    @property
    def broken(self) -> bool:
        """Say whether an identity this figure takes part in does not hold."""
        return any(not verdict.holds for verdict in self.verdicts)

    @property
    def is_date(self) -> bool:
        """Say whether this is a date or text, shown and never calculated with."""
        return self.figure.quantity is None


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts for the head of the page."""

    figures: int
    figures_broken: int
    figures_unchecked: int
    identities: int
    identities_broken: int


def audited() -> tuple[AuditedFigure, ...]:
    """List all published figures, those in a broken identity first, otherwise in the documents' order."""
    return _worked_out(_digest(FIGURES, IDENTITIES))[0]


def summary() -> Summary:
    """Count figures and identities."""
    return _worked_out(_digest(FIGURES, IDENTITIES))[1]


def _counted(figures: Sequence[AuditedFigure], found: Audit) -> Summary:
    return Summary(
        figures=len(figures),
        figures_broken=sum(figure.broken for figure in figures),
        figures_unchecked=sum(not figure.verdicts for figure in figures),
        identities=len(found.verdicts),
        identities_broken=len(found.broken),
    )


@lru_cache(maxsize=1)
def _worked_out(digest: str) -> tuple[tuple[AuditedFigure, ...], Summary]:
    # The digest is the key: a page costs one hash of the files until their content changes.
    published = read_published(FIGURES, IDENTITIES)
    found = audit(published.identities, {figure.id: figure for figure in published.figures})
    assert not published.problems and not found.refused, "the figures shipped with the product are readable"
    taking_part: dict[str, list[Verdict]] = {figure.id: [] for figure in published.figures}
    for verdict in sorted(found.verdicts, key=lambda verdict: verdict.holds):
        for operand in verdict.figures:
            taking_part[operand.id].append(verdict)
    titles = documents()
    figures = (
        AuditedFigure(figure, titles[figure.seed_file, figure.article], tuple(taking_part[figure.id]))
        for figure in published.figures
    )
    ordered = tuple(sorted(figures, key=lambda figure: not figure.broken))
    return ordered, _counted(ordered, found)


def _digest(*paths: Path) -> str:
    whole = hashlib.sha256()
    for path in paths:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
