from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from yingjin.basics.fields import PayloadField, PseudonymField, RegionCodeField, SealedField, SortKeyField

# To the readers of the region, and to a facility of whom it may work for.
OF_A_PATIENT = """
    {in_region} OR ({facility} IS NOT NULL AND EXISTS (
        SELECT 1 FROM registry_person behind WHERE behind.key = {table}.person_id
    ))"""


class Enrolment(models.Model):
    """A person insured for a calendar year, by the enrolment file."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="enrolments")
    year = models.PositiveSmallIntegerField()
    region_code = RegionCodeField(db_index=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "person", "year", "region_code", "row"}
        readers_sql = OF_A_PATIENT

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "year", "row"], name="enrolled_once_a_row")]


class Bill(models.Model):
    """One stay or visit as the insurer settled it: the facts, and what was reported paid.

    A held bill (the dead, the not enrolled) is worked out on the accumulators before it, moves none and stands in no
    money total. A cancelled bill and its cancelling row stay visible and enter no replay.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    bill_id = SortKeyField(max_length=64, unique=True)  # setl_id
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="bills")
    region_code = RegionCodeField(db_index=True)
    facility_code = models.CharField(max_length=32)
    facility_name = models.CharField(max_length=200, blank=True)
    setting = models.CharField(max_length=12)
    level = models.CharField(max_length=2)
    in_county = models.BooleanField()
    designated = models.BooleanField()
    public = models.BooleanField()
    level_reported = models.CharField(max_length=2, blank=True)  # hosp_lv as reported
    level_differs = models.BooleanField(
        default=False
    )  # the reported grade does not fit the facility list's level
    admitted_on = models.DateField(null=True)
    discharged_on = models.DateField()
    diagnosis = SealedField(blank=True)  # ICD-10, insurance edition
    disease = PseudonymField(domain="disease", blank=True)  # of the special-treatment list
    sensitive = models.BooleanField(default=False)
    total_fen = models.BigIntegerField()
    out_of_scope_fen = models.BigIntegerField()
    reported_basic_fen = models.BigIntegerField()
    reported_critical_illness_fen = models.BigIntegerField()
    reported_assistance_fen = models.BigIntegerField()
    reported_own_fen = models.BigIntegerField()
    state = models.CharField(max_length=20)  # settlement.domain.states
    cancels = SortKeyField(max_length=64, blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"diagnosis", "disease", "sensitive"}
        keep = {
            "key", "bill_id", "person", "region_code", "facility_code", "facility_name", "setting", "level", "in_county",
            "designated", "public", "level_reported", "level_differs", "admitted_on", "discharged_on", "total_fen", "out_of_scope_fen",
            "reported_basic_fen", "reported_critical_illness_fen", "reported_assistance_fen", "reported_own_fen", "state",
            "cancels", "row",
        }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["person", "discharged_on"], name="bill_by_person"),
            models.Index(fields=["facility_code", "discharged_on"], name="bill_by_facility"),
            # Of those that do not count alone: an index of every state would be taken for a way to somebody's bills.
            models.Index(fields=["region_code"], condition=~Q(state="counted"), name="bill_not_counted"),
            models.Index(fields=["region_code"], condition=Q(level_differs=True), name="bill_of_other_level"),
            models.Index(fields=["person"], condition=Q(sensitive=True), name="bill_of_hidden_illness"),
        ]


class Replay(models.Model):
    """A person's insurance year worked out whole; a differing outcome becomes the next version (D4)."""

    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="replays")
    region_code = RegionCodeField(db_index=True)
    year = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    latest = models.BooleanField()
    digest = models.CharField(max_length=64)
    rulebook_version = models.CharField(max_length=80)
    incomplete = models.BooleanField()  # a bill of this year was refused
    replayed_at = models.DateTimeField()
    replayed_by = models.CharField(max_length=64)

    class Privacy:
        hide: set[str] = set()
        keep = {
            "id", "person", "region_code", "year", "version", "latest", "digest", "rulebook_version", "incomplete",
            "replayed_at", "replayed_by",
        }  # fmt: skip
        readers_sql = OF_A_PATIENT

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "year", "version"], name="versions_are_numbered"),
            UniqueConstraint(fields=["person", "year"], condition=Q(latest=True), name="one_latest_replay"),
        ]
        indexes = [
            models.Index(
                fields=["region_code"], condition=Q(latest=True, incomplete=True), name="incomplete_year"
            )
        ]


class SettledBill(models.Model):
    """What one bill was due by one replay: every layer's payment and what the patient pays."""

    replay = models.ForeignKey(Replay, on_delete=models.PROTECT, related_name="settled_bills")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="settlements")
    position = models.PositiveSmallIntegerField()  # in replay order
    held = models.BooleanField()
    in_scope_fen = models.PositiveBigIntegerField()
    deductible_fen = models.PositiveBigIntegerField()
    basic_fen = models.PositiveBigIntegerField()
    critical_illness_fen = models.PositiveBigIntegerField()
    assistance_fen = models.PositiveBigIntegerField()
    own_fen = models.PositiveBigIntegerField()
    rulebook_version = models.CharField(max_length=80)

    class Privacy:
        hide: set[str] = set()
        keep = {
            "id", "replay", "bill", "position", "held", "in_scope_fen", "deductible_fen", "basic_fen",
            "critical_illness_fen", "assistance_fen", "own_fen", "rulebook_version",
        }  # fmt: skip
        behind = "bill"

    class Meta:
        constraints = [
            UniqueConstraint(fields=["replay", "bill"], name="bill_once_a_replay"),
            CheckConstraint(
                condition=Q(
                    in_scope_fen__gte=F("basic_fen") + F("critical_illness_fen") + F("assistance_fen")
                ),
                name="layers_pay_in_scope_only",
            ),
        ]


class Explanation(models.Model):
    """The steps behind a settled bill, as the engine gave them."""

    settled = models.OneToOneField(
        SettledBill, primary_key=True, on_delete=models.CASCADE, related_name="explanation"
    )
    steps = PayloadField()

    class Privacy:
        hide = {"steps"}
        keep = {"settled"}
        behind = "settled"


class HeldDecision(models.Model):
    """What two people decide about a held bill: one proposes with a reason, a second, other person confirms.

    A confirmed decision outlasts every later import. `held_as` is why the bill was held when it was proposed.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=8)  # release or reject
    held_as = models.CharField(max_length=20)
    reason = PayloadField()
    state = models.CharField(max_length=12)  # proposed, confirmed, declined, withdrawn
    proposed_by = models.CharField(max_length=64)
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Privacy:
        hide = {"reason"}
        keep = {
            "id", "bill", "verdict", "held_as", "state", "proposed_by", "proposed_at", "decided_by", "decided_at",
        }  # fmt: skip
        behind = "bill"

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["bill"], condition=Q(state__in=("proposed", "confirmed")), name="one_decision_a_bill"
            ),
            CheckConstraint(
                condition=~Q(state__in=("confirmed", "declined"), decided_by=F("proposed_by")),
                name="two_people_decide",
            ),
            CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(~Q(state="proposed"), decided_at__isnull=False),
                name="what_was_decided_has_a_moment",
            ),
        ]
