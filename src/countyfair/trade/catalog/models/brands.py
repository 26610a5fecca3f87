"""Regional brands and the licences of shops to bear their marks."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Brand(models.Model):
    """A regional brand: whose it is, how its mark looks, by which standard and from which grade it is borne.

    Standard and least grade stay as they were when licences were given; names, holder and mark go by
    `version`. `digest` names the mark's picture, "" without one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True, default="")
    holder = models.CharField(max_length=80)
    standard = models.ForeignKey(
        "catalog.Standard", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    least = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, blank=True, default="")
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    version = models.IntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="brand_least", condition=~Q(least__in=["", "off"]))]
        indexes = [models.Index(fields=["county", "name_zh"], name="brand_county")]
        triggers = [Audited()]


class BrandVersion(models.Model):
    """What a brand was called, whose it was and how it looked as of one version; lines of orders name it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    version = models.IntegerField()
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=80, blank=True, default="")
    holder = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, blank=True, default="")
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    since = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "version"], name="brand_version")]
        triggers = [AppendOnly()]


class BrandLicence(models.Model):
    """A shop may bear a brand's mark from `since` to `until`, both days included, until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    brand = models.ForeignKey("catalog.Brand", on_delete=models.PROTECT, related_name="+", db_index=False)
    shop = models.ForeignKey("catalog.Shop", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    number = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    granted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True, default="")
    withdrawn_by = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "number"], name="brand_licence_number"),
            models.CheckConstraint(
                name="brand_licence_days", condition=Q(until__gte=F("since")) & ~Q(number="")
            ),
            models.CheckConstraint(
                name="brand_licence_withdrawn",
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="", withdrawn_by="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="") & ~Q(withdrawn_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["brand", "shop", "until"], name="brand_licence_shop"),
            models.Index(
                fields=["county", "until"], condition=Q(withdrawn_at__isnull=True), name="brand_licence_ends"
            ),
        ]
        triggers = [Audited()]
