"""Ask for a stage of an import in a place, as the county officer does: `python -m tests.support.import_here WHAT …`

* upload FILE…   send files; prints the import's key
* land KEY       ask for it to be landed
* undo KEY       ask for it to be undone
"""

import sys
from pathlib import Path
from uuid import UUID

from yingjin.jobs import setup


def main(what: str, rest: list[str]) -> str:
    """Do one of the three; return the import's key."""
    setup.django()
    setup.migrate()
    from django.utils import timezone

    from yingjin.basics.access import COUNTY_OFFICER
    from yingjin.fusion.actions import imports, undoing
    from yingjin.registry.models import User

    by = User(username="daoru", role=COUNTY_OFFICER, region_code="520527")
    now = timezone.now()
    if what == "upload":
        files = [Path(each) for each in rest]
        sent = [imports.Upload(path.name, path.stat().st_size, [path.read_bytes()]) for path in files]
        return str(imports.receive(sent, by=by, at=now).pk)
    key = UUID(rest[0])
    if what == "land":
        imports.ask_landing(key, by=by, at=now)
    else:
        undoing.ask_undo(key, why="试撤销", by=by, at=now)
    return rest[0]


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2:]))
