from django.db import models


class AuditEvent(models.Model):
    """One thing that somebody did or opened. Written last in its transaction, never changed (D10).

    `target` is a kind and a key ("person:…", "bill:…"), never a name or an identity number.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    what = models.CharField(max_length=64)
    target = models.CharField(max_length=96)
    facts = models.JSONField(default=dict)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "at", "by", "what", "target", "facts"}

    class Meta:
        indexes = [models.Index(fields=["target", "at"], name="audit_by_target")]
