"""
What other parts may ask of the landed rows.

* rows       rows in force, and those of one person
* people     whom a register's number means, and who may be one with whom
* quality    what was refused, and which files came
"""

from yingjin.fusion.queries.people import (
    UnlinkedPerson,
    disagreements_for,
    persons_of,
    unlinked_for,
    unlinked_persons,
)
from yingjin.fusion.queries.quality import (
    LandedFile,
    RefusedRow,
    finished_landing,
    finished_with,
    landed_files,
    quality,
    refused_rows,
)
from yingjin.fusion.queries.rows import (
    RowOfPerson,
    current_rows,
    heirs_of_undone,
    refused_person_years,
    rows_of_person,
)

__all__ = [
    "LandedFile",
    "RefusedRow",
    "RowOfPerson",
    "UnlinkedPerson",
    "current_rows",
    "disagreements_for",
    "finished_landing",
    "finished_with",
    "heirs_of_undone",
    "landed_files",
    "persons_of",
    "quality",
    "refused_person_years",
    "refused_rows",
    "rows_of_person",
    "unlinked_for",
    "unlinked_persons",
]
