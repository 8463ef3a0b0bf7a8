"""Pay one bill, layer by layer: the arithmetic of every clause, and nothing else."""

from typing import NamedTuple

from yingjin.basics.money import share
from yingjin.policy.domain.compiling import Candidate, LayerPlan


class LayerWork(NamedTuple):
    """What happened to a bill in one layer. Units: fen.

    `left_fen` entered the layer, `base_fen` is what remains of it after the deductible, `before_fen` entered the
    layer earlier in the year, `part_fen` is what the rate went on. `taken` is None where no clause applies.
    """

    plan: LayerPlan
    left_fen: int
    base_fen: int
    before_fen: int
    taken: Candidate | None
    part_fen: int
    paid_fen: int


def paid_part(candidate: Candidate, base_fen: int, before_fen: int) -> int:
    """Return what a clause's rate goes on.

    With a threshold that is the bill's own part above it, stacked on the year's earlier costs where the clause
    stacks; or all of it once the threshold is passed, where the clause pays the whole. At exactly the threshold
    nothing is above it.

    Units: fen. Source: R20, R21, R33; P14, P16, P20.
    """
    if candidate.threshold_fen is None:
        return base_fen
    over_fen = base_fen - candidate.threshold_fen + (before_fen if candidate.stacked else 0)
    if over_fen <= 0:
        return 0
    return base_fen if candidate.whole or over_fen > base_fen else over_fen


def pay_layers(plans: tuple[LayerPlan, ...], in_scope_fen: int, entered_fen: list[int]) -> list[LayerWork]:
    """Return each layer's work on a bill, in the order of the plans; the accumulators are read, not moved.

    Per layer the clause that pays most is taken; of equal ones the first, which has the lower number.

    Units: fen. Source: R15, R35; P01, P03.
    """
    works = []
    left_fen = in_scope_fen
    for plan in plans:
        _, place, deductible_fen, _, candidates = plan
        base_fen = left_fen - deductible_fen if left_fen > deductible_fen else 0
        before_fen = entered_fen[place]
        taken, part_fen, paid_fen = None, 0, -1
        for candidate in candidates:
            its_part_fen = paid_part(candidate, base_fen, before_fen)
            its_paid_fen = share(its_part_fen, candidate.rate_bp)
            if its_paid_fen > paid_fen:
                taken, part_fen, paid_fen = candidate, its_part_fen, its_paid_fen
        if taken is None:
            paid_fen = 0
        works.append(LayerWork(plan, left_fen, base_fen, before_fen, taken, part_fen, paid_fen))
        left_fen -= paid_fen
    return works
