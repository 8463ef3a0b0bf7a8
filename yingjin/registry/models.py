from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from yingjin.basics.access import AUDITOR, COUNTY_OFFICER, VILLAGE_DOCTOR
from yingjin.basics.fields import BlindIndexField, IdentityNumberField, RegionCodeField, SortKeyField


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

    class Meta:
        constraints = [UniqueConstraint(fields=["old_code", "new_code", "on"], name="succession_once")]


class Users(BaseUserManager["User"]):
    """Makes users."""


class User(AbstractBaseUser):
    """Somebody who signs in: one role, one region (or facility), D8."""

    ROLES = [(VILLAGE_DOCTOR, "村医"), (COUNTY_OFFICER, "县级工作人员"), (AUDITOR, "审计")]

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=64)
    role = models.CharField(max_length=32, choices=ROLES)
    region_code = RegionCodeField(blank=True)
    facility_code = models.CharField(max_length=32, blank=True)
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

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
        }


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


class Person(models.Model):
    """One human being, as the registers together have it (D5, D6).

    `sources` says for each field which register gave it. A person whose rows went to another is `merged_into` it.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=64)
    pinyin = SortKeyField(max_length=160)
    initials = SortKeyField(max_length=32)
    sex = models.CharField(max_length=8, blank=True)  # male, female, or unknown
    born_on = models.DateField(null=True)
    died_on = models.DateField(null=True)
    identity_number = IdentityNumberField(blank=True)
    identity_index = BlindIndexField(blank=True, db_index=True)
    identity_last4 = models.CharField(max_length=4, blank=True, db_index=True)
    phone = models.CharField(max_length=32, blank=True)
    region_code = RegionCodeField(db_index=True)
    sources = models.JSONField(default=dict)
    # Its index holds the merged alone: one of everybody would be taken for a good way to find the unmerged.
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed", db_index=False
    )
    digest = models.CharField(max_length=32)

    class Privacy:
        hide = {"name", "pinyin", "initials", "identity_number", "identity_index", "identity_last4", "phone"}
        keep = {"key", "sex", "born_on", "died_on", "region_code", "sources", "merged_into", "digest"}

    class Meta:
        indexes = [
            models.Index(fields=["pinyin"], name="person_by_pinyin"),
            models.Index(fields=["initials"], name="person_by_initials"),
            models.Index(fields=["name"], name="person_by_name"),
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_by_successor"
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

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "household", "row"], name="membership_once_a_row")]


class CategoryHeld(models.Model):
    """A category a person holds over an interval, with the register row that says so."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="categories")
    category = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=200, blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "person", "category", "valid_from", "valid_to", "basis", "row"}

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
    evidence = models.CharField(max_length=200, blank=True)
    row = models.ForeignKey("fusion.Row", on_delete=models.PROTECT, related_name="+")

    class Privacy:
        hide: set[str] = set()
        keep = {"id", "person", "what", "on", "due", "evidence", "row"}

    class Meta:
        constraints = [UniqueConstraint(fields=["person", "row"], name="change_once_a_row")]
