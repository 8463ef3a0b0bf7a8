"""Ask for a stage of an import in a place, as the county officer does: `python -m tests.support.import_here WHAT …`

* upload FILE…   send files; prints the import's key
* land KEY       ask for it to be landed
* undo KEY       ask for it to be undone
* stop KEY       wait until the worker is at it and has begun to read, then cancel it; prints what came of that
* export         ask for the list of people; prints the job's key
* stop_export KEY    wait until the worker writes it, then cancel it
* state KEY      print how an import and its last job stand, and what is written of it
"""

import sys
from pathlib import Path
from uuid import UUID

from yingjin.jobs import setup


def main(what: str, rest: list[str]) -> str:
    """Do one of them; return what it prints."""
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
    if what in ("export", "stop", "stop_export", "state"):
        from tests.support import stopped_here

        return str(getattr(stopped_here, what)(by, *map(UUID, rest)))
    key = UUID(rest[0])
    if what == "land":
        imports.ask_landing(key, by=by, at=now)
    else:
        undoing.ask_undo(key, why="试撤销", by=by, at=now)
    return rest[0]


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2:]))
