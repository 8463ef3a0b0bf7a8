import json
from uuid import uuid4

from django.db import models
from django.db.models import Q, UniqueConstraint

from yingjin.basics.fields import (
    BlindIndexField,
    IdentityNumberField,
    PayloadField,
    RegionCodeField,
    RowKeyField,
    SealedField,
    SortKeyField,
    first_of,
)
from yingjin.basics.names import same_name_key
from yingjin.fusion.formats import identity_in


class Landing(models.Model):
    """One run of the main job over a folder of files, or one import. `states` lists the states it set, each [register, part]."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    inputs_digest = models.CharField(max_length=64)
    summary = models.JSONField(default=dict)
    states = models.JSONField(default=list)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "started_at", "finished_at", "inputs_digest", "summary", "states"}
        everyone = "a run"


class Import(models.Model):
    """Files that somebody brought in by a page: checked, landed as one landing, and undone again if need be.

    Whatever the landing wrote or ended carries `landed_at`, however often it was taken up again: by it an undo
    finds what it must end and bring back. `files` holds a name, hash and register a file; `preview` what the dry
    run counted; `states_before` what the registers' states were read from before.
    """

    key = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = RegionCodeField(db_index=True)  # of who brought it
    by = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12)  # fusion.domain.imports
    files = PayloadField(default=list)
    preview = PayloadField(default=dict)
    landing = models.OneToOneField(Landing, null=True, on_delete=models.PROTECT, related_name="imported")
    landed_by = models.CharField(max_length=64, blank=True)
    landed_at = models.DateTimeField(null=True)
    states_before = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    undone_by = models.CharField(max_length=64, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_why = SealedField(blank=True)
    uploads_deleted = models.BooleanField(default=False)

    class Privacy:
        hide = {"files", "preview", "undone_why"}
        keep = {
            "key", "region_code", "by", "asked_at", "state", "landing", "landed_by", "landed_at",
            "states_before", "counts", "undone_by", "undone_at", "uploads_deleted",
        }  # fmt: skip


class SourceFile(models.Model):
    """A file as it came, by its content's hash. The same content is never landed twice into one state."""

    landing = models.ForeignKey(Landing, on_delete=models.PROTECT, related_name="files")
    register = models.CharField(
        max_length=16
    )  # poverty, insurance, health, facility; empty when not recognised
    name = SealedField()  # as somebody called it
    sha256 = models.CharField(max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField()
    landed_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=8)  # landed, refused (whole), undone
    reason_zh = SealedField(blank=True)
    reason_en = SealedField(blank=True)
    marked_name = models.CharField(max_length=255, blank=True)  # the marked-up copy in the data folder

    class Privacy:
        hide = {"name", "reason_zh", "reason_en"}
        keep = {
            "id", "landing", "register", "sha256", "size_bytes", "landed_at", "rows", "accepted", "refused", "status",
            "marked_name",
        }  # fmt: skip
        everyone = "a file; its rows are not everyone's"


class RegisterState(models.Model):
    """Which files a register's present state was read from; `part` is the year of an enrolment state, else empty."""

    register = models.CharField(max_length=16)
    part = models.CharField(max_length=8, blank=True)
    files_digest = models.CharField(max_length=64)
    applied_at = models.DateTimeField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "register", "part", "files_digest", "applied_at"}
        everyone = "a run"

    class Meta:
        constraints = [UniqueConstraint(fields=["register", "part"], name="one_state_a_register")]


class RegisterPerson(models.Model):
    """Whom one register means by one of its numbers, by its newest row; linked to exactly one person (D6)."""

    register = models.CharField(max_length=16)
    number = SortKeyField(max_length=64)
    name = SealedField()
    name_key = BlindIndexField(of="name", read=same_name_key)
    name_first = BlindIndexField(of="name", read=first_of, blank=True)
    identity_number = IdentityNumberField(blank=True)
    identity_index = BlindIndexField(of="identity_number", blank=True, db_index=True)
    identity_valid = models.BooleanField()
    sex = models.CharField(max_length=8, blank=True)
    born_on = models.DateField(null=True)
    phone = SealedField(blank=True)
    region_code = RegionCodeField(db_index=True)
    disagreements = PayloadField(default=dict)  # field -> values within the register, newest first
    disagrees = models.BooleanField(default=False)  # whether there are any: what is sealed cannot be asked
    withdrawn = models.BooleanField(default=False)  # no row of it is in force; it keeps the person it had
    person = models.ForeignKey(
        "registry.Person", null=True, on_delete=models.PROTECT, related_name="register_persons"
    )

    class Privacy:
        hide = {
            "name",
            "name_key",
            "name_first",
            "identity_number",
            "identity_index",
            "phone",
            "disagreements",
        }
        keep = {
            "id", "register", "number", "identity_valid", "sex", "born_on", "region_code", "disagrees", "withdrawn",
            "person",
        }  # fmt: skip

    class Meta:
        constraints = [UniqueConstraint(fields=["register", "number"], name="one_person_a_register_number")]
        indexes = [
            models.Index(fields=["name_key", "person"], name="register_person_by_name"),
            models.Index(fields=["name_first", "person"], name="register_person_by_first"),
            models.Index(fields=["region_code"], condition=Q(disagrees=True), name="disagreeing_person"),
        ]


class Row(models.Model):
    """A row as it came, as text. A changed row becomes the next version; a row in no file is withdrawn, never deleted."""

    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT, related_name="landed_rows")
    register = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    sheet = models.CharField(max_length=64, blank=True)
    row_number = models.PositiveIntegerField()
    number = SortKeyField(
        max_length=64, blank=True
    )  # the register's number of the person, empty for facilities
    key = RowKeyField(blank=True)
    year = models.PositiveSmallIntegerField(null=True)  # of enrolment or discharge
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=32)  # under a key: `fusion.domain.checking`
    payload = PayloadField()
    # What its person's identity number is found by, the same as that person's in the register.
    identity_index = BlindIndexField(
        of="payload",
        inside=lambda payload: identity_in(json.loads(payload)),
        like="fusion_registerperson.identity_index",
        blank=True,
        default="",
        db_default="",
    )
    accepted = models.BooleanField()
    reasons = PayloadField(default=list)  # of a refusal or a remark: column, masked value, code, zh, en
    current = models.BooleanField()
    landed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=12, blank=True)  # superseded, withdrawn, undone

    class Privacy:
        hide = {"payload", "identity_index", "reasons"}
        keep = {
            "id", "file", "register", "kind", "sheet", "row_number", "number", "key", "year", "version", "digest",
            "accepted", "current", "landed_at", "ended_at", "ended_why",
        }  # fmt: skip
        readers_sql = """
            EXISTS (SELECT 1 FROM fusion_registerperson person
                    WHERE person.register = {table}.register AND person.number = {table}.number)
            OR (length({region}) <= 6 AND NOT EXISTS (
                SELECT 1 FROM gaps_finding found
                WHERE found.region_code < {region} OR found.region_code >= {region} || '~'
            ))"""  # a row of nobody known: to who sees all that was ever found

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["kind", "key"], condition=Q(current=True, accepted=True), name="one_current_version"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "current", "accepted"], name="row_by_kind"),
            models.Index(fields=["register", "number"], name="row_by_number"),
            models.Index(
                fields=["register", "number"], condition=Q(current=True, accepted=False), name="refused_row"
            ),
        ]


class UnlinkedPair(models.Model):
    """Two register persons who may be one: the same number but not the name, or name and village but not the number."""

    SAME_NUMBER, SAME_NAME_VILLAGE = "same_number", "same_name_village"

    one = models.ForeignKey(RegisterPerson, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(RegisterPerson, on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20)
    region_code = RegionCodeField(db_index=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "one", "other", "why", "region_code"}

    class Meta:
        constraints = [UniqueConstraint(fields=["one", "other", "why"], name="pair_listed_once")]
