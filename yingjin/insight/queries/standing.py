"""How the dues of some people stand on any day, judged live from dated facts, as far as the reader may see.

* Standing      one person on the day: facts, whether in the base, every due
* standings     of some people at once, in a fixed number of queries
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from yingjin.basics.days import Interval
from yingjin.gaps.domain.dues import LACKING, OPEN, DueState, dues_on, entered_base_on
from yingjin.gaps.domain.facts import PersonDay
from yingjin.gaps.domain.rules import CONTRACTED, DUES, INSURED
from yingjin.gaps.files import due_rules
from yingjin.insight.domain.standing import DONE, NOT_DUE, worst
from yingjin.insight.facts import days_of
from yingjin.insight.queries.sight import Sight


@dataclass(frozen=True)
class Standing:
    """One person on a day. `dues` holds what the reader may see, of the kinds in `shown`."""

    facts: PersonDay
    on: date
    in_base: bool
    dues: Sequence[DueState]
    shown: Sequence[str] = DUES

    def of(self, due: str) -> list[DueState]:
        """Return the items of one of the four dues."""
        return [each for each in self.dues if each.due == due]

    def status(self, due: str) -> str:
        """Return how one of the four stands: the worst of its items."""
        return worst(each.status for each in self.of(due))

    def statuses(self) -> dict[str, str]:
        """Return how each of the four stands."""
        return {due: self.status(due) for due in DUES}

    def in_time(self, due: str) -> bool:
        """Say whether something of a due is open, and all of that before its deadline."""
        still_open = [each for each in self.of(due) if each.status == OPEN]
        return bool(still_open) and all(
            each.due_by is not None and each.due_by >= self.on for each in still_open
        )

    def lacking(self) -> list[str]:
        """Return which of the four lack something."""
        return [due for due in DUES if self.status(due) in LACKING]

    def insured(self) -> str:
        """Return how insurance stands, outside the base as well: done when there is an enrolment of the year."""
        enrolled = self.on.year in self.facts.own.enrolled_years
        status = self.status(INSURED)
        return DONE if status == NOT_DUE and enrolled else status

    def contracted(self) -> str:
        """Return how the contract stands, outside the base as well: done when one is in force."""
        status = self.status(CONTRACTED)
        return DONE if status == NOT_DUE and self.contract_in_force() else status

    def contract_in_force(self) -> Interval | None:
        """Return the newest contract in force on the day."""
        held = [Interval(*each) for each in self.facts.own.contracts]
        return max((each for each in held if each.holds(self.on)), key=lambda it: it.valid_from, default=None)


def standings(sight: Sight, keys: Collection[UUID], on: date) -> dict[UUID, Standing]:
    """Judge the dues of some people of the scope on a day. The caller has taken the keys from the sight."""
    rules = due_rules()
    sees_all, shown = sight.scope.sees_sensitive, sight.dues
    return {
        key: Standing(
            facts=facts,
            on=on,
            in_base=entered_base_on(facts, on, rules) is not None,
            dues=[
                each
                for each in dues_on(facts, on, rules)
                if each.due in shown and (sees_all or not each.sensitive)
            ],
            shown=shown,
        )
        for key, facts in days_of(keys, on).items()
    }
