from django.db import models

from yingjin.basics.fields import PayloadField


class AuditEvent(models.Model):
    """One thing that somebody did or opened, linked to the one before. Written last in its transaction, never changed (D10).

    `target` is a kind and a key ("person:…", "bill:…"), never a name or an identity number. `role` is what `by` was
    then. `hash` is that of basics.chain, over all other columns; the database takes only the next of the chain.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 …: none is missing
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    role = models.CharField(max_length=32, blank=True)  # empty: not known, or a robot's own work
    what = models.CharField(max_length=64)
    target = models.CharField(max_length=96)
    facts = models.JSONField(default=dict)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Privacy:
        hide: set[str] = set()
        keep = {"number", "at", "by", "role", "what", "target", "facts", "before", "hash"}
        everyone = "whoever writes the next event reads the last; events hold keys, never names"

    class Meta:
        indexes = [models.Index(fields=["target", "at"], name="audit_by_target")]


class AuditWords(models.Model):
    """What somebody wrote about an event: sealed, because words may name somebody, and sealed anew with new keys.

    The event itself, which nothing changes, holds their digest: words altered or taken away are noticed.
    """

    event = models.OneToOneField(
        AuditEvent, primary_key=True, on_delete=models.PROTECT, related_name="written"
    )
    words = PayloadField()  # with the salt of the digest: else guesses could be tried on it

    class Privacy:
        hide = {"words"}
        keep = {"event"}
        everyone = "read beside its event by who may read that; its words are sealed"


from yingjin.basics.work.rows import Job, Timetable  # noqa: E402, F401 (tables of this part in a file of their own)
