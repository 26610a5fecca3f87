"""Parcels, their scans, and the freight rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class FreightRule(models.Model):
    """What a parcel costs to a destination, from a moment on; the longest matching prefix counts.

    The rows of one version are a county's whole table: a change closes them all and writes the next.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    fulfilment = models.CharField(max_length=10, default="delivery")
    destination = models.CharField(max_length=12, blank=True, default="")
    first_g = models.BigIntegerField()
    first_fen = models.BigIntegerField()
    further_g = models.BigIntegerField()
    further_fen = models.BigIntegerField()
    free_from_fen = models.BigIntegerField(null=True)
    refused = models.BooleanField(default=False)
    version = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "version", "fulfilment", "destination"], name="freight_version"
            ),
            models.CheckConstraint(
                name="freight_fulfilment", condition=Q(fulfilment__in=["delivery", "pickup"])
            ),
            models.CheckConstraint(
                name="freight_amounts",
                condition=Q(first_g__gt=0, further_g__gt=0, first_fen__gte=0, further_fen__gte=0),
            ),
        ]
        triggers = [Audited()]


class Parcel(models.Model):
    """What is sent for an order. `reference` is the order's key; where it is, its last scan says."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    reference = models.TextField()
    waybill = models.CharField(max_length=40)
    carrier = models.CharField(max_length=20, default="county")
    station = models.ForeignKey(
        "stations.Station", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    destination = models.CharField(max_length=12, blank=True, default="")
    weight_g = models.BigIntegerField()
    state = models.CharField(max_length=12, default="packed")
    pickup_code = models.CharField(max_length=8, blank=True, default="")
    packed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "waybill"], name="parcel_waybill"),
            models.CheckConstraint(
                name="parcel_state",
                condition=Q(
                    state__in=["packed", "handed_over", "arrived", "delivered", "failed", "returned"]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["reference"], name="parcel_reference"),
            models.Index(fields=["county", "station", "state"], name="parcel_station"),
        ]
        triggers = [Audited()]


class Scan(models.Model):
    """One thing that happened to a parcel, with who, where and when: its evidence."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    parcel = models.ForeignKey("logistics.Parcel", on_delete=models.PROTECT, related_name="+", db_index=False)
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=12)
    place = models.CharField(max_length=12, blank=True, default="")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()
    evidence = models.TextField(blank=True, default="")
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parcel", "position"], name="scan_position")]
        triggers = [AppendOnly()]
