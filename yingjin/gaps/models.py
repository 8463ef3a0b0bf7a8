from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from yingjin.basics.fields import PayloadField, PseudonymField, RegionCodeField, SealedField


class Finding(models.Model):
    """What was due and done on one day, found once; a later run of the same day replaces it."""

    on = models.DateField(unique=True)
    region_code = RegionCodeField()
    found_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    rulebook_version = models.CharField(max_length=80)
    base_persons = models.PositiveIntegerField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "on", "region_code", "found_at", "digest", "rulebook_version", "base_persons"}
        everyone = "a run"


class Due(models.Model):
    """One thing due to one person on the day of a finding, and how it stands.

    `subject` is the disease of a treated due, the bill of a covered due, else empty. `since_on` and `due_by` are
    known for what is lacking alone.
    """

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="dues", db_index=False)
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="dues", db_index=False
    )
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = PseudonymField(domain="subject", blank=True)
    sensitive = models.BooleanField()
    status = models.CharField(max_length=8)
    lacking = models.BooleanField()  # open or unknown
    reason = models.CharField(max_length=32, blank=True)
    owner_role = models.CharField(max_length=32, blank=True)
    since_on = models.DateField(null=True)
    due_by = models.DateField(null=True)
    shortfall_fen = models.PositiveBigIntegerField()
    facts = PayloadField()  # evidence, shortfall by payer, the exception's reason, evidence, who, until

    class Privacy:
        hide = {"subject", "sensitive", "facts"}
        keep = {
            "id", "finding", "person", "region_code", "due", "status", "lacking", "reason", "owner_role", "since_on",
            "due_by", "shortfall_fen",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(fields=["finding", "person", "due", "subject"], name="due_once_a_finding"),
            CheckConstraint(
                condition=Q(lacking=False) | Q(due_by__isnull=False, since_on__isnull=False),
                name="what_is_lacking_has_a_deadline",
            ),
        ]
        indexes = [
            models.Index(
                fields=["finding", "due_by", "person"], condition=Q(lacking=True), name="lacking_by_deadline"
            ),
            models.Index(fields=["finding", "region_code", "status"], name="due_by_region"),
        ]


class Gap(models.Model):
    """Something due and not done, until evidence closes it. One gap a person, due and subject; it may reopen."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="gaps")
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    subject = PseudonymField(domain="subject", blank=True)
    sensitive = models.BooleanField()
    open = models.BooleanField()
    unknown = models.BooleanField()  # the task is to confirm who it is
    reason = models.CharField(max_length=32)
    owner_role = models.CharField(max_length=32)
    shortfall_fen = models.PositiveBigIntegerField()
    facts = PayloadField()
    opened_on = models.DateField()
    deadline = models.DateField()
    closed_on = models.DateField(null=True)
    closed_by_evidence = SealedField(blank=True)

    class Privacy:
        hide = {"subject", "sensitive", "facts", "closed_by_evidence"}
        keep = {
            "id", "person", "region_code", "due", "open", "unknown", "reason", "owner_role", "shortfall_fen",
            "opened_on", "deadline", "closed_on",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "due", "subject"], name="one_gap_a_subject"),
            CheckConstraint(
                condition=Q(open=True, closed_on__isnull=True) | Q(open=False, closed_on__isnull=False),
                name="a_gap_is_closed_on_a_day",
            ),
        ]


class GapEvent(models.Model):
    """What became of a gap, and on which day: opened, changed, closed, reopened."""

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="events")
    on = models.DateField()
    at = models.DateTimeField()
    what = models.CharField(max_length=12)
    evidence = SealedField(blank=True)

    class Privacy:
        hide = {"evidence"}
        keep = {"id", "gap", "on", "at", "what"}
        behind = "gap"

    class Meta:
        indexes = [models.Index(fields=["at"], name="gap_event_by_moment")]


class GapWork(models.Model):
    """Whose task a gap is at the desk, and the day agreed on. The day of the rules stays the gap's `deadline`.

    A task belongs to a role, or to one person of that role. What became of it is in the work events.
    """

    gap = models.OneToOneField(Gap, primary_key=True, on_delete=models.CASCADE, related_name="work")
    role = models.CharField(max_length=32, blank=True)
    user = models.ForeignKey("registry.User", null=True, on_delete=models.PROTECT, related_name="gaps")
    due_on = models.DateField(null=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"gap", "role", "user", "due_on"}
        behind = "gap"

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(user__isnull=True) | ~Q(role=""), name="whose_task_it_is_has_a_role"),
        ]
        indexes = [models.Index(fields=["role", "user"], condition=~Q(role=""), name="gap_by_assignee")]


class GapActCount(models.Model):
    """How many acts there were at the desk: one row, counted up under a lock, so that acts are numbered as they commit.

    What a page showed up to a number, a later act must not pass over; and while it stands still, counts may be kept.
    """

    acts = models.PositiveBigIntegerField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "acts"}
        everyone = "a number"


class GapAct(models.Model):
    """One thing done at the desk to one gap or to many at once: what can be taken back as a whole."""

    key = models.UUIDField(primary_key=True, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    what = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=64)
    region_code = RegionCodeField()  # the least place that holds every gap of it
    count = models.PositiveIntegerField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"key", "number", "what", "at", "by", "region_code", "count", "undone_at", "undone_by"}


class GapWorkEvent(models.Model):
    """What was done at the desk about one gap; written once. `facts` hold the note, and what was before and after."""

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="work_events", db_index=False)
    act = models.ForeignKey(GapAct, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=16)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=64)
    facts = PayloadField()

    class Privacy:
        hide = {"facts"}
        keep = {"id", "gap", "act", "what", "at", "by"}
        behind = "gap"

    class Meta:
        indexes = [models.Index(fields=["gap", "id"], name="work_of_a_gap")]


class EvidenceFile(models.Model):
    """A paper behind an exception, sealed in the data folder; `kind` is what its bytes are."""

    key = models.UUIDField(primary_key=True, editable=False)
    name = PayloadField()
    kind = models.CharField(max_length=4)
    size_bytes = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Privacy:
        hide = {"name"}
        keep = {"key", "kind", "size_bytes", "at", "by"}
        everyone = "reached through its exception alone; its words are sealed"


class GapException(models.Model):
    """Why a gap does not bind until a day, as somebody granted it; the timer ends it, or a person.

    It holds on the days of the data from `on` up to `until_on`; one that was ended holds no longer than `held_to`.
    """

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="exceptions")
    act = models.ForeignKey(GapAct, on_delete=models.PROTECT, related_name="exceptions")
    reason = models.CharField(max_length=32)
    words = PayloadField()
    evidence = models.ForeignKey(EvidenceFile, null=True, on_delete=models.PROTECT, related_name="exceptions")
    on = models.DateField()
    until_on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True)
    ended_why = models.CharField(max_length=12, blank=True)  # expired, ended, undone
    held_to = models.DateField(null=True)

    class Privacy:
        hide = {"words"}
        keep = {
            "id", "gap", "act", "reason", "evidence", "on", "until_on", "at", "by", "ended_at", "ended_by", "ended_why",
            "held_to",
        }  # fmt: skip
        behind = "gap"

    class Meta:
        constraints = [
            UniqueConstraint(fields=["gap"], condition=Q(ended_at__isnull=True), name="one_exception_a_gap"),
            CheckConstraint(
                condition=Q(ended_at__isnull=True, held_to__isnull=True)
                | Q(ended_at__isnull=False, held_to__isnull=False),
                name="an_exception_ends_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["until_on"], condition=Q(ended_at__isnull=True), name="exception_by_end")
        ]


class GapLetter(models.Model):
    """A letter to another department about some gaps, numbered within its place and year, kept as it was sent."""

    key = models.UUIDField(primary_key=True, editable=False)
    region_code = RegionCodeField()
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    department = models.CharField(max_length=32)
    reason = PayloadField()
    reply_by = models.DateField()
    lines = PayloadField()  # the list of the letter as it was written
    count = models.PositiveIntegerField()
    sensitive = models.BooleanField()  # a gap of it is of a hidden illness
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    replied_on = models.DateField(null=True)
    reply = PayloadField(null=True)
    reply_by_user = models.CharField(max_length=64, blank=True)

    class Privacy:
        hide = {"reason", "lines", "sensitive", "reply"}
        keep = {
            "key", "region_code", "year", "number", "department", "reply_by", "count", "at", "by", "replied_on",
            "reply_by_user",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(fields=["region_code", "year", "number"], name="letters_are_numbered")
        ]


class GapLetterLine(models.Model):
    """One gap a letter is about."""

    letter = models.ForeignKey(GapLetter, on_delete=models.PROTECT, related_name="gaps", db_index=False)
    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="letters")

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "letter", "gap"}
        behind = "letter"

    class Meta:
        constraints = [UniqueConstraint(fields=["letter", "gap"], name="gap_once_a_letter")]
