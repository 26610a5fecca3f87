"""Pools, lots, supplies, reservations, and the journal of movements that moves all counters."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Pool(models.Model):
    """One physical stock of one product: every outlet draws on the same lots."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="pool_name")]
        triggers = [Audited()]


class Lot(models.Model):
    """What one household delivered at one weigh-in. The counters follow the movements."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    pool = models.ForeignKey("stock.Pool", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+", null=True)
    number = models.CharField(max_length=20)
    place = models.CharField(max_length=12)
    field = models.CharField(max_length=60, blank=True, default="")
    harvested_on = models.DateField()
    weighed_at = models.DateTimeField()
    unit = models.CharField(max_length=5)
    grade = models.CharField(max_length=20, blank=True, default="")
    on_hand = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    content = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lot_never_oversold", condition=Q(reserved__gte=0, on_hand__gte=F("reserved"))
            ),
            models.UniqueConstraint(fields=["county", "number"], name="lot_number"),
        ]
        indexes = [
            models.Index(fields=["pool", "harvested_on", "id"], name="lot_in_pool"),
            models.Index(fields=["county", "-weighed_at"], name="lot_county"),
            models.Index(fields=["household", "-weighed_at"], name="lot_household"),
        ]
        triggers = [Audited(counters=True)]


class Supply(models.Model):
    """An offer fed from a pool, with its own cap in base units; `used` follows the movements."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    offer = models.OneToOneField("catalog.Offer", on_delete=models.PROTECT, related_name="+")
    pool = models.ForeignKey("stock.Pool", on_delete=models.PROTECT, related_name="+")
    cap_amount = models.BigIntegerField(null=True)
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="supply_within_cap",
                condition=Q(used__gte=0) & (Q(cap_amount__isnull=True) | Q(used__lte=F("cap_amount"))),
            )
        ]
        indexes = [models.Index(fields=["pool"], name="supply_pool")]
        triggers = [Audited(counters=True)]


class Reservation(models.Model):
    """Base units of one lot held for one holder. `holder` is the key of who asked, e.g. an order's line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    supply = models.ForeignKey("stock.Supply", on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    holder = models.TextField()
    state = models.CharField(max_length=10, default="held")
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reservation_amount", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="reservation_state", condition=Q(state__in=["held", "dispatched", "released", "expired"])
            ),
        ]
        indexes = [
            models.Index(fields=["holder"], name="reservation_holder"),
            models.Index(fields=["expires_at"], condition=Q(state="held"), name="reservation_expiring"),
        ]
        triggers = [Audited(image=False)]


class Movement(models.Model):
    """One change of a lot, append only. Inserting it moves the counters of its lot and its supply.

    kind        on_hand  reserved  used (of the supply)
    take_in       +
    correct       ±
    reserve                 +        +
    release                 −        −
    dispatch      −         −
    take_back     +                  −
    write_off     −
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+")
    supply = models.ForeignKey("stock.Supply", on_delete=models.PROTECT, related_name="+", null=True)
    reservation = models.ForeignKey("stock.Reservation", on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=10)
    on_hand_delta = models.BigIntegerField()
    reserved_delta = models.BigIntegerField()
    used_delta = models.BigIntegerField()
    source = models.TextField(unique=True)
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="movement_kind",
                condition=Q(
                    kind__in=["take_in", "correct", "reserve", "release", "dispatch", "take_back", "write_off"]
                ),
            )
        ]
        indexes = [models.Index(fields=["lot", "at"], name="movement_lot"), models.Index(fields=["county", "at"], name="movement_county")]
        triggers = [AppendOnly()]
