from django.db import models
from django.db.models import UniqueConstraint

from yingjin.basics.fields import RegionCodeField, SortKeyField


class Tally(models.Model):
    """A count of a finding in one smallest region: pages add these up and never scan people.

    `audience` is "all", or "plain" for readers who may not see sensitive diseases. A person is in one region, so
    persons of different regions add up.
    """

    finding = models.ForeignKey("gaps.Finding", on_delete=models.CASCADE, related_name="tallies")
    audience = models.CharField(max_length=8)
    region_code = RegionCodeField()
    measure = models.CharField(max_length=24)
    subject = SortKeyField(max_length=64, blank=True)
    status = models.CharField(max_length=16, blank=True)
    count = models.BigIntegerField(default=0)
    persons = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField(default=0)

    class Privacy:
        hide: set[str] = set()
        keep = {
            "id", "finding", "audience", "region_code", "measure", "subject", "status", "count", "persons", "amount_fen",
        }  # fmt: skip

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["finding", "audience", "region_code", "measure", "subject", "status"],
                name="tally_once",
            )
        ]
        indexes = [
            models.Index(fields=["finding", "audience", "measure", "region_code"], name="tally_by_measure")
        ]
