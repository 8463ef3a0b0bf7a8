from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from yingjin.basics.fields import PseudonymField, RegionCodeField, SealedField


class Condition(models.Model):
    """An illness of a person by the health register."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="conditions")
    region_code = RegionCodeField(db_index=True)
    icd_code = SealedField()
    name = SealedField()
    disease = PseudonymField(domain="disease", blank=True)  # of the special-treatment list
    sensitive = models.BooleanField()
    confirmed = models.BooleanField()
    confirmed_on = models.DateField()
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"icd_code", "name", "disease", "sensitive"}
        keep = {"id", "person", "region_code", "confirmed", "confirmed_on", "row"}

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "row"], name="condition_once_a_row")]


class Treatment(models.Model):
    """A treatment a person received, by the health register."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="treatments")
    region_code = RegionCodeField(db_index=True)
    icd_code = SealedField()
    disease = PseudonymField(domain="disease", blank=True)
    sensitive = models.BooleanField()
    treated_on = models.DateField()
    what = SealedField(blank=True)
    facility_name = models.CharField(max_length=200, blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"icd_code", "disease", "sensitive", "what"}
        keep = {"id", "person", "region_code", "treated_on", "facility_name", "row"}

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "row"], name="treatment_once_a_row")]


class Contract(models.Model):
    """A family-doctor contract."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="contracts")
    region_code = RegionCodeField(db_index=True)
    doctor = SealedField()
    team = SealedField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"doctor", "team"}
        keep = {"id", "person", "region_code", "valid_from", "valid_to", "row"}

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "row"], name="contract_once_a_row"),
            CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="contract_lasts_a_day",
            ),
        ]
