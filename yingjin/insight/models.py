from uuid import uuid4

from django.db import models
from django.db.models import UniqueConstraint

from yingjin.basics.fields import (
    BlindIndexField,
    PayloadField,
    PseudonymField,
    RegionCodeField,
    SealedField,
    as_written,
)


class Summary(models.Model):
    """What the pages of a found day say beside its tallies; written together with them."""

    finding = models.OneToOneField(
        "gaps.Finding", primary_key=True, on_delete=models.CASCADE, related_name="summary"
    )
    digest = models.CharField(max_length=64)  # of this and of the tallies: equal means nothing to write
    built_at = models.DateTimeField()
    data_until = models.DateField(null=True)
    rulebook_title_zh = models.CharField(max_length=100)
    rulebook_version = models.CharField(max_length=80)
    registers = PayloadField()  # register -> files, rows, refused, withdrawn, landed_at

    class Privacy:
        hide: set[str] = set()
        keep = {
            "finding", "digest", "built_at", "data_until", "rulebook_title_zh", "rulebook_version", "registers",
        }  # fmt: skip
        everyone = "of a run"


class Tally(models.Model):
    """A count of a finding in one region: pages look these up and never scan people.

    `audience` is "all", "plain" for readers who may not see sensitive diseases, or a department that sees its own lists
    alone. The same count is kept for each
    village, township and county; `region_level` says which. A person is in one region, so persons add up.
    `measure` is base, persons, money, disease or quality; `subject` the due, payer, disease or kind it is of.
    """

    finding = models.ForeignKey(
        "gaps.Finding", on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    audience = models.CharField(max_length=24)
    region_level = models.CharField(max_length=12)
    region_code = RegionCodeField()
    measure = models.CharField(max_length=16)
    subject = PseudonymField(domain="tally", blank=True)
    status = models.CharField(max_length=16, blank=True)
    count = models.BigIntegerField()
    persons = models.BigIntegerField()
    amount_fen = models.BigIntegerField()

    class Privacy:
        hide = {"subject", "status"}
        keep = {
            "id", "finding", "audience", "region_level", "region_code", "measure", "count", "persons", "amount_fen",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["finding", "audience", "region_code", "measure", "subject", "status"],
                name="tally_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["finding", "audience", "measure", "region_level", "region_code"],
                name="tally_by_measure",
            )
        ]


class DueTally(models.Model):
    """How many dues of a finding stand alike in one region: the counts beside every filter come from these.

    `age` says how long ago the due arose, `late` whether its deadline has passed on the finding's day.
    """

    finding = models.ForeignKey(
        "gaps.Finding", on_delete=models.CASCADE, related_name="due_tallies", db_index=False
    )
    audience = models.CharField(max_length=24)
    region_level = models.CharField(max_length=12)
    region_code = RegionCodeField()
    due = models.CharField(max_length=12)
    status = models.CharField(max_length=8)
    reason = models.CharField(max_length=32, blank=True)
    owner_role = models.CharField(max_length=32, blank=True)
    age = models.CharField(max_length=8, blank=True)
    late = models.BooleanField()
    count = models.PositiveIntegerField()
    shortfall_fen = models.PositiveBigIntegerField()

    class Privacy:
        hide: set[str] = set()
        keep = {
            "id", "finding", "audience", "region_level", "region_code", "due", "status", "reason", "owner_role", "age",
            "late", "count", "shortfall_fen",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=[
                    "finding", "audience", "region_code", "due", "status", "reason", "owner_role", "age", "late",
                ],
                name="due_tally_once",
            )
        ]  # fmt: skip
        indexes = [
            models.Index(
                fields=["finding", "audience", "region_level", "region_code"],
                name="due_tally_by_region",
            )
        ]


class SavedFilter(models.Model):
    """A filter of a list that somebody keeps under a name; shared, those who work in the same region open it too."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.CharField(max_length=64)
    region_code = RegionCodeField(blank=True)  # the owner's, when it was kept
    page = models.CharField(max_length=32)  # the name of the list's address
    name = SealedField()
    name_index = BlindIndexField(of="name", read=as_written)  # no two of a name on one list
    query = SealedField(blank=True)
    shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Privacy:
        hide = {"name", "name_index", "query"}
        keep = {"key", "owner", "region_code", "page", "shared", "at"}
        everyone = "its words are sealed; each is read by its owner, and by the owner's region when shared"

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "page", "name_index"], name="saved_filter_once")]
        indexes = [models.Index(fields=["page", "shared", "region_code"], name="saved_filter_by_region")]


class NoticeRead(models.Model):
    """That somebody has read a notice; notices themselves are what lies in the other tables."""

    owner = models.CharField(max_length=64)
    notice = models.CharField(max_length=96)
    at = models.DateTimeField(db_index=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "owner", "notice", "at"}
        everyone = "names no person; each is read by its owner"

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "notice"], name="notice_read_once")]


class BoundaryFile(models.Model):
    """A file of outlines that an administrator gave: they go before those shipped until the file is taken back."""

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    places = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"key", "name", "sha256", "places", "at", "by", "undone_at", "undone_by"}
        everyone = "of the installation"


class Boundary(models.Model):
    """The outline of one place as a file of outlines has it; `rings` as `registry.domain.outlines` packs them."""

    file = models.ForeignKey(
        BoundaryFile, on_delete=models.CASCADE, related_name="boundaries", db_index=False
    )
    code = RegionCodeField(db_index=True)
    rings = models.TextField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "file", "code", "rings"}
        everyone = "of the installation"

    class Meta:
        constraints = [UniqueConstraint(fields=["file", "code"], name="boundary_once_a_file")]


class HouseholdCode(models.Model):
    """What the square code on a household's sheet holds: an opaque word that says nothing without signing in.

    A household has one that opens; once that is revoked, sheets printed before open nothing.
    """

    token = models.CharField(max_length=16, primary_key=True)
    household = models.ForeignKey("registry.Household", on_delete=models.CASCADE, related_name="codes")
    region_code = RegionCodeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=64, blank=True)

    class Privacy:
        hide = {"token"}
        keep = {"household", "region_code", "made_at", "made_by", "revoked_at", "revoked_by"}

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["household"], condition=models.Q(revoked_at__isnull=True), name="household_code_once"
            )
        ]
