"""Product standards: what is measured at weigh-in, and which grade it makes. A version is never edited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Standard(models.Model):
    """The standard of one product, or of what a category has without one of its own. `version` holds now."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    name_zh = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    category = models.CharField(max_length=30, blank=True, default="")
    version = models.IntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="standard_of_one",
                condition=(Q(product__isnull=True) & ~Q(category="")) | Q(product__isnull=False, category=""),
            ),
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(product__isnull=False, ended_at__isnull=True),
                name="standard_of_product",
            ),
            models.UniqueConstraint(
                fields=["county", "category"],
                condition=Q(product__isnull=True, ended_at__isnull=True),
                name="standard_of_category",
            ),
        ]
        triggers = [Audited()]


class StandardVersion(models.Model):
    """What a standard says as of one version: `terms` as `rules.grading.to_json` writes them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(
        "catalog.Standard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    version = models.IntegerField()
    terms = models.JSONField()
    since = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standard", "version"], name="standard_version"),
        ]
        triggers = [AppendOnly()]


class GradePicture(models.Model):
    """The picture guide: how a grade looks. Re-encoded like a product's photo; `digest` names its files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    standard = models.ForeignKey(
        "catalog.Standard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    grade = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["standard", "grade"], name="grade_picture")]
        triggers = [Audited()]
