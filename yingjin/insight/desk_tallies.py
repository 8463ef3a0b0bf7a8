"""Count a finding for the departments that see their own lists alone, so that their home scans nobody either.

Who is on a list is what `queries.sight` says of the department, as it stands when the dues are found: a change that puts
somebody on one is followed by a new finding.
"""

from itertools import groupby

from yingjin.basics.access import Scope
from yingjin.gaps.domain.dues import DueState
from yingjin.gaps.models import Due, Finding
from yingjin.insight.counting import Row
from yingjin.insight.domain.tallies import DUE, PERSONS, DueTallies
from yingjin.insight.queries.sight import Sight
from yingjin.insight.tallying import DueRow, due_rows, person_rows
from yingjin.registry.files import desks

FACTS = (
    "person_id",
    "region_code",
    "due",
    "status",
    "reason",
    "owner_role",
    "since_on",
    "due_by",
    "shortfall_fen",
)
AT_ONCE = 2_000


def desk_audiences() -> list[str]:
    """Return the departments, each the audience of tallies of its own."""
    return list(desks().desks)


def desk_rows(finding: Finding) -> tuple[list[Row], list[DueRow]]:
    """Return every tally of a stored finding that departments may see."""
    tallies = DueTallies(finding.on)
    for desk in desk_audiences():
        sight = Sight(Scope(region_prefix=finding.region_code, desk=desk))
        dues = sight.dues_of_people(Due.objects.filter(finding=finding)).order_by("person_id")
        for _, own in groupby(dues.values_list(*FACTS).iterator(chunk_size=AT_ONCE), key=lambda row: row[0]):
            listed = list(own)
            tallies.add_for(desk, listed[0][1], [_state(*row[2:]) for row in listed])
    persons = list(person_rows(tallies))
    counted = {(row.audience, row.region_code, row.subject, row.status) for row in persons}
    # A department with nobody on its list says so: no row at all means that nobody counted.
    nobody = [
        Row(desk, finding.region_code, PERSONS, "", DUE, 0, 0, 0)
        for desk in desk_audiences()
        if (desk, finding.region_code, "", DUE) not in counted
    ]
    return [*persons, *nobody], list(due_rows(tallies))


def _state(
    due: str, status: str, reason: str, owner: str, since_on: object, due_by: object, short_fen: int
) -> DueState:
    return DueState(due, "", status, {}, reason, owner, since_on, due_by, (("", short_fen),))  # type: ignore[arg-type]
