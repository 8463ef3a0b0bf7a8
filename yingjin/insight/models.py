from django.db import models
from django.db.models import UniqueConstraint

from yingjin.basics.fields import PayloadField, PseudonymField, RegionCodeField


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

    `audience` is "all", or "plain" for readers who may not see sensitive diseases. The same count is kept for each
    village, township and county; `region_level` says which. A person is in one region, so persons add up.
    `measure` is base, persons, money, disease or quality; `subject` the due, payer, disease or kind it is of.
    """

    finding = models.ForeignKey(
        "gaps.Finding", on_delete=models.CASCADE, related_name="tallies", db_index=False
    )
    audience = models.CharField(max_length=8)
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
    audience = models.CharField(max_length=8)
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
