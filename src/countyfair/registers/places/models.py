"""Tables of the register, and what the database itself keeps true of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, CurrentActor, audited_in_bulk
from countyfair.kernel.ids import uuid7


class Codebook(models.TextChoices):
    """Who gives the codes. Most townships bear different ones in the two."""

    STATISTICS = "stats", "statistics"
    CIVIL_AFFAIRS = "mca", "civil affairs"


class Kind(models.TextChoices):
    """What a unit is. A village's kind follows from its suffix: 001-199, 200-399, 400 and up."""

    PROVINCE = "province", "province"
    PREFECTURE = "prefecture", "prefecture"
    COUNTY = "county", "county"
    TOWNSHIP = "township", "township"
    RESIDENTS = "residents", "residents' committee"
    VILLAGERS = "villagers", "villagers' committee"
    OTHER = "other", "farm, estate or the like"
    STAND_IN = "stand_in", "stands where the codebook has no unit (市辖区)"


#: Byte order, so that a subtree is one range of an index whatever the server's locale.
BYTES = "C"


class Division(models.Model):
    """A unit as one edition of one codebook lists it.

    `year` is the edition that first lists it so; `valid_from` and `valid_to` are the first and
    the last year in which it stood so (null: it still does in the newest edition).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    codebook = models.CharField(max_length=8, choices=Codebook.choices)
    year = models.SmallIntegerField()
    code = models.CharField(max_length=12, db_collation=BYTES)
    level = models.SmallIntegerField()
    parent = models.CharField(max_length=9, db_collation=BYTES)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.TextField()
    short = models.TextField()
    #: What people say: 融水县 for 融水苗族自治县, 古都村 for 古都村委会.
    common = models.TextField()
    #: One syllable a character of `name`, with spaces.
    pinyin = models.TextField()
    #: `common` in pinyin, without spaces, and its initials.
    spelling = models.TextField(db_collation=BYTES)
    initials = models.TextField(db_collation=BYTES)
    #: Pairs of neighbouring characters, and the marked first one; see `rules.grams`.
    grams = ArrayField(models.TextField())
    valid_from = models.SmallIntegerField()
    valid_to = models.SmallIntegerField(null=True)
    lat = models.FloatField(null=True)
    lng = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["codebook", "year", "code"], name="division_key"),
            models.CheckConstraint(
                condition=Q(level=1, code__regex=r"^\d{2}$")
                | Q(level=2, code__regex=r"^\d{4}$")
                | Q(level=3, code__regex=r"^\d{6}$")
                | Q(level=4, code__regex=r"^\d{9}$")
                | Q(level=5, code__regex=r"^\d{12}$"),
                name="division_level_is_codes",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="division_valid"
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True)
                | Q(lat__range=(-90, 90), lng__range=(-180, 180)),
                name="division_point",
            ),
        ]
        indexes = [
            models.Index(fields=["codebook", "year", "parent", "code"], name="division_children"),
            models.Index(fields=["codebook", "year", "level", "spelling"], name="division_spelling"),
            models.Index(fields=["codebook", "year", "level", "initials"], name="division_initials"),
            models.Index(fields=["code", "valid_from"], name="division_history", condition=Q(codebook="mca")),
            GinIndex(fields=["grams"], name="division_grams", fastupdate=False),
        ]
        triggers = audited_in_bulk()


class Succession(models.Model):
    """Which county followed which, in the civil-affairs codebook; see data/NOTICE.md.

    `from_code` is empty for a unit that never had a code. `year` is the first without the old.
    """

    class How(models.TextChoices):
        RECODED = "recoded", "same name, another code"
        RENAMED = "renamed", "same code, another name"
        RECLASSIFIED = "reclassified", "made a city or a district"
        MERGED = "merged", "merged into it"
        SPLIT = "split", "one of those it was split into"
        TRACED = "traced", "by the source's own unit ids"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    from_code = models.CharField(max_length=6, blank=True, db_collation=BYTES)
    from_name = models.TextField()
    to_code = models.CharField(max_length=6, db_collation=BYTES)
    to_name = models.TextField()
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=12, choices=How.choices)
    basis = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["from_code", "from_name", "year", "to_code", "to_name"], name="succession_key"
            )
        ]
        indexes = [models.Index(fields=["to_code", "year"], name="succession_to")]
        triggers = audited_in_bulk()


class PovertyCounty(models.Model):
    """One of the 832 entries of the State Council's list. `code` is today's, in statistics."""

    class Region(models.TextChoices):
        EAST = "东部", "east"
        CENTRE = "中部", "centre"
        WEST = "西部", "west"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    official_name = models.TextField()
    code = models.CharField(max_length=6, db_collation=BYTES)
    region = models.CharField(max_length=2, choices=Region.choices)
    removal_year = models.SmallIntegerField()
    lat = models.FloatField()
    lng = models.FloatField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "official_name"], name="poverty_county_key"),
            models.CheckConstraint(condition=Q(removal_year__range=(2016, 2020)), name="poverty_county_year"),
            models.CheckConstraint(condition=Q(code__regex=r"^\d{6}$"), name="poverty_county_code"),
        ]
        triggers = audited_in_bulk()


class Load(models.Model):
    """One load of reference files, kept for ever: what, how much, by whom, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    #: Hash over the files and the version of the loader; the same again is not loaded twice.
    digest = models.CharField(max_length=64)
    counties = ArrayField(models.CharField(max_length=6))
    #: Proved counts: divisions by codebook and level, successions, poverty counties.
    counts = models.JSONField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [models.Index(fields=["digest"], name="load_digest")]
        triggers = [AppendOnly()]
