"""Ask for work in a place, as the county officer does, and say what became of it: `python -m drill.ask_here WHAT …`

* export       ask for the list of gaps as a file; prints the job's key
* replay       ask for one person's years to be worked out again; prints the job's key
* ended KEY    print the job's state, after how many attempts, and of an export how many bytes it opens to
"""

import json
import sys
from uuid import UUID

from yingjin.jobs import setup


def main(what: str, rest: list[str]) -> str:
    """Do one of the three."""
    setup.django()
    from django.utils import timezone

    from yingjin.basics import work
    from yingjin.basics.access import COUNTY_OFFICER
    from yingjin.insight import exports
    from yingjin.insight.exports.kept import pieces_of
    from yingjin.registry.models import Person, User

    facts = {"display_name": "训练", "role": COUNTY_OFFICER, "region_code": "520527", "password": "!"}
    by, now = User.objects.get_or_create(username="xunlian", defaults=facts)[0], timezone.now()
    if what == "export":
        return str(exports.ask_export(exports.Wanted(list="gaps", format="xlsx", query={}), by=by, at=now).pk)
    if what == "replay":
        person = Person.objects.filter(bills__state="counted").order_by("key").first()
        assert person is not None
        return str(work.ask("replay_person", by=by, at=now, lane="county", person=str(person.pk)).pk)
    job = work.Job.objects.get(pk=UUID(rest[0]))
    left = sum(map(len, pieces_of(job.pk))) if job.kind == "export" and job.state == "done" else 0
    return json.dumps({"state": job.state, "left": left, "attempts": job.attempts})


if __name__ == "__main__":
    print(main(sys.argv[1], sys.argv[2:]))
