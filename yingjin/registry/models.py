from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from yingjin.basics import access
from yingjin.basics.fields import (
    BeginningField,
    BlindIndexField,
    IdentityNumberField,
    PayloadField,
    PseudonymField,
    RegionCodeField,
    SealedField,
    SortKeyField,
    last_four,
)

COUNTY_DIGITS = 6


class Region(models.Model):
    """A place of the administrative division, by its code's significant digits (2, 4, 6, 9 or 12), D7."""

    code = RegionCodeField(primary_key=True)
    name = models.CharField(max_length=64)
    level = models.CharField(max_length=12)  # province, city, county, township, village
    pinyin = SortKeyField(max_length=160)
    initials = SortKeyField(max_length=32)
    valid_from = models.DateField(null=True)  # None: before our sources begin
    valid_to = models.DateField(null=True)  # None: still in force

    class Privacy:
        hide: set[str] = set()
        keep = {"code", "name", "level", "pinyin", "initials", "valid_from", "valid_to"}
        everyone = "a place"

    class Meta:
        indexes = [
            models.Index(fields=["pinyin"], name="region_by_pinyin"),
            models.Index(fields=["initials"], name="region_by_initials"),
            models.Index(fields=["name"], name="region_by_name"),
        ]


class RegionSuccession(models.Model):
    """What became of a region's code; a split gives several rows."""

    old_code = RegionCodeField(db_index=True)
    new_code = RegionCodeField(blank=True)
    on = models.DateField()
    what = models.CharField(max_length=32)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "old_code", "new_code", "on", "what"}
        everyone = "a place"

    class Meta:
        constraints = [UniqueConstraint(fields=["old_code", "new_code", "on"], name="succession_once")]


class Users(BaseUserManager["User"]):
    """Makes users."""


class User(AbstractBaseUser):
    """Somebody who signs in: one role, one region (or facility), D8."""

    ROLES = [
        (access.VILLAGE_DOCTOR, _("村医")),
        (access.TOWNSHIP_OFFICER, _("乡镇工作人员")),
        (access.COUNTY_OFFICER, _("县级工作人员")),
        (access.PREFECTURE_READER, _("市级查看")),
        (access.PROVINCE_READER, _("省级查看")),
        (access.CASHIER, _("医院收费员")),
        (access.INSURANCE_OFFICER, _("医保经办")),
        (access.CIVIL_AFFAIRS_OFFICER, _("民政经办")),
        (access.REVITALISATION_OFFICER, _("乡村振兴经办")),
        (access.AUDITOR, _("审计")),
        (access.ADMINISTRATOR, _("管理员")),
    ]

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    role = models.CharField(max_length=32, choices=ROLES)
    region_code = RegionCodeField(blank=True)
    facility_code = models.CharField(max_length=32, blank=True)
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)  # False: locked by an administrator
    password_given = models.BooleanField(default=False)  # by somebody else: its owner must choose one first
    last_seen_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = Users()

    class Privacy:
        hide = {"password", "display_name"}
        keep = {
            "id",
            "last_login",
            "username",
            "role",
            "region_code",
            "facility_code",
            "is_demo",
            "is_active",
            "password_given",
            "last_seen_at",
        }
        everyone = "of the installation"


class Session(models.Model):
    """What a browser's cookie opens. Its key is kept nowhere: the row is found by its keyed hash (`queries.sessions`)."""

    hashed = models.CharField(max_length=64, primary_key=True)
    remembers = PayloadField(default=dict)
    ends_at = models.DateTimeField(db_index=True)

    class Privacy:
        hide = {"remembers"}
        keep = {"hashed", "ends_at"}
        everyone = "opened by its cookie alone"


class SignIn(models.Model):
    """One session of a user: where it was begun and when it was used last, so that it can be seen and ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=64, unique=True)  # as `Session.hashed`
    device = models.CharField(max_length=64)  # browser and system, as the browser says
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "user", "session", "device", "begun_at", "seen_at"}
        everyone = "of the installation"


class SecondFactor(models.Model):
    """The secret a user's phone shares with us. Of no effect until a code of it has been typed back."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="second_factor"
    )
    secret = models.BinaryField()  # sealed, D9
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)  # of the last code taken: no code is taken twice

    class Privacy:
        hide = {"secret"}
        keep = {"user", "asked_at", "confirmed_at", "last_step"}
        everyone = "of the installation"


class RecoveryCode(models.Model):
    """One code for the day the phone is lost; its digest alone is kept, and it opens once."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Privacy:
        hide = {"digest"}
        keep = {"id", "factor", "used_at"}
        everyone = "of the installation"

    class Meta:
        constraints = [UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]


class Facility(models.Model):
    """A place that treats people, as the facility list has it; level, designation and ownership decide payments."""

    code = models.CharField(max_length=32, primary_key=True)
    name = models.CharField(max_length=200)
    county_code = RegionCodeField()
    level = models.CharField(max_length=2)
    designated = models.BooleanField()
    public = models.BooleanField()
    withdrawn = models.BooleanField(default=False)  # no longer in the list; its old bills keep it

    class Privacy:
        hide: set[str] = set()
        keep = {"code", "name", "county_code", "level", "designated", "public", "withdrawn"}
        everyone = "a place"


class Person(models.Model):
    """One human being, as the registers together have it (D5, D6).

    `sources` says for each field which register gave it. A person whose rows went to another is `merged_into` it.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    name = SealedField()
    pinyin = SortKeyField(max_length=160)
    initials = SortKeyField(max_length=32)
    sex = models.CharField(max_length=8, blank=True)  # male, female, or unknown
    born_on = models.DateField(null=True)
    died_on = models.DateField(null=True)
    identity_number = IdentityNumberField(blank=True)
    identity_index = BlindIndexField(of="identity_number", blank=True, db_index=True)
    identity_last4 = BlindIndexField(of="identity_number", read=last_four, blank=True, db_index=True)
    phone = SealedField(blank=True)
    region_code = RegionCodeField(db_index=True)
    # A county's people in the order of their pinyin are one range of an index.
    county_code = BeginningField(of="region_code", max_length=COUNTY_DIGITS, default="", editable=False)
    sources = models.JSONField(default=dict)
    # Its index holds the merged alone: one of everybody would be taken for a good way to find the unmerged.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed", db_index=False
    )
    digest = models.CharField(max_length=32)  # under a key: `PersonDraft.digest`

    class Privacy:
        hide = {"name", "pinyin", "initials", "identity_number", "identity_index", "identity_last4", "phone"}
        keep = {
            "key", "sex", "born_on", "died_on", "region_code", "county_code", "sources", "merged_into", "digest",
        }  # fmt: skip
        readers_sql = """
            {in_region} OR ({facility} IS NOT NULL AND (
                EXISTS (SELECT 1 FROM settlement_bill WHERE person_id = {table}.key AND facility_code = {facility})
                OR EXISTS (SELECT 1 FROM registry_presented WHERE person_id = {table}.key AND facility_code = {facility})
            ))"""

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(county_code=Left("region_code", COUNTY_DIGITS)),
                name="person_in_the_county_of_the_region",
            ),
        ]
        indexes = [
            models.Index(fields=["pinyin"], name="person_by_pinyin"),
            models.Index(fields=["initials"], name="person_by_initials"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_by_successor"
            ),
            # All that counting and paging those found by pinyin asks for, a reader's region and the policy's included.
            models.Index(
                fields=["county_code", "pinyin", "key", "region_code", "merged_into"],
                condition=Q(merged_into__isnull=True),
                name="person_sounding",
            ),
            models.Index(
                fields=["county_code", "initials", "pinyin", "key", "region_code", "merged_into"],
                condition=Q(merged_into__isnull=True),
                name="person_by_first_letters",
            ),
        ]


class Household(models.Model):
    """A household of the poverty register."""

    key = models.UUIDField(primary_key=True, editable=False)
    number = models.CharField(max_length=64, unique=True)  # 户编号
    region_code = RegionCodeField(db_index=True)

    class Privacy:
        hide: set[str] = set()
        keep = {"key", "number", "region_code"}


class Membership(models.Model):
    """A person in a household, from a day up to another."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=32, blank=True)  # 与户主关系
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "person", "household", "relation", "valid_from", "valid_to", "row"}
        behind = "person"

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "household", "row"], name="membership_once_a_row")]


class CategoryHeld(models.Model):
    """A category a person holds over an interval, with the register row that says so."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="categories")
    category = PseudonymField(domain="category")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = SealedField(blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"basis"}
        keep = {"id", "person", "category", "valid_from", "valid_to", "row"}
        behind = "person"

    class Meta:
        constraints = [
            UniqueConstraint(fields=["person", "row"], name="category_once_a_row"),
            CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="category_lasts_a_day",
            ),
        ]
        indexes = [models.Index(fields=["category", "valid_from"], name="category_by_kind")]


class PersonChange(models.Model):
    """Something that happened to a person by the poverty register: died, left, came back, insured at work, refused."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=16)  # registry.domain.changes
    on = models.DateField()
    due = models.CharField(max_length=16, blank=True)  # the due refused
    evidence = SealedField(blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide = {"evidence"}
        keep = {"id", "person", "what", "on", "due", "row"}
        behind = "person"

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "row"], name="change_once_a_row")]


class Presented(models.Model):
    """Somebody whose identity number was shown at a facility's window: that window may work for this person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="presented", db_index=False)
    facility_code = models.CharField(max_length=32)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "person", "facility_code", "at", "by"}

    class Meta:
        constraints = [UniqueConstraint(fields=["facility_code", "person"], name="presented_once_a_window")]


class Client(models.Model):
    """A system of another department that calls ours: one role and place as a user has, and what it may ask for.

    Its secret is kept as a digest alone. `username` is what it is called where users are: nobody's staff number has
    a colon in it.
    """

    client_id = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=64)
    role = models.CharField(max_length=32, choices=User.ROLES)
    region_code = RegionCodeField(blank=True)
    facility_code = models.CharField(max_length=32, blank=True)
    permissions = models.JSONField(default=list)  # of read, work, import
    secret_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Privacy:
        hide = {"secret_digest"}
        keep = {
            "id", "client_id", "name", "role", "region_code", "facility_code", "permissions", "made_at", "made_by",
            "used_at", "revoked_at",
        }  # fmt: skip
        everyone = "of the installation"

    is_authenticated = True  # what `access.scope_of` asks of a reader

    @property
    def username(self) -> str:
        """Return by what name acts and the audit know it."""
        return f"client:{self.client_id}"


class ClientToken(models.Model):
    """What a client shows at each call, for an hour; its digest alone is kept."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    class Privacy:
        hide = {"digest"}
        keep = {"id", "client", "made_at", "ends_at"}
        everyone = "of the installation"
