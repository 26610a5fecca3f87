"""Rules of calling off, bookings, and the journal of redemptions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Terms(models.Model):
    """By what rule bookings of a service may be called off, by version; the last one counts.

    `tiers` are [days before the first day, per cent that comes back], the most days first.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    version = models.IntegerField()
    tiers = models.JSONField()
    no_show_percent = models.SmallIntegerField(default=0)
    since = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "version"], name="booking_terms_version"),
            models.CheckConstraint(
                name="booking_terms_no_show", condition=Q(no_show_percent__range=(0, 100))
            ),
        ]
        triggers = [AppendOnly()]


class Booking(models.Model):
    """What an order of a service is for: `places` of it on each of `days` days from `first_on` on.

    The rule of calling off is frozen here. `ended`: "" while it is open, `redeemed`, `called_off` or
    `no_show`; what is cancelled otherwise is its order. `code_hash` finds it by the code of its buyer.
    """

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+", primary_key=True)
    county = models.CharField(max_length=6)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(
        "people.Household", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    first_on = models.DateField()
    days = models.SmallIntegerField()
    places = models.IntegerField()
    terms_version = models.IntegerField()
    tiers = models.JSONField()
    no_show_percent = models.SmallIntegerField()
    code_hash = models.CharField(max_length=64)
    ended = models.CharField(max_length=10, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="booking_amounts", condition=Q(days__gt=0, places__gt=0)),
            models.CheckConstraint(
                name="booking_ended",
                condition=Q(ended="", ended_at__isnull=True)
                | Q(ended__in=["redeemed", "called_off", "no_show"], ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "code_hash"], name="booking_code"),
            models.Index(fields=["household", "first_on"], name="booking_household"),
            models.Index(fields=["first_on"], condition=Q(ended=""), name="booking_open"),
        ]
        triggers = [Audited(private=("code_hash",))]


class Redemption(models.Model):
    """That a host redeemed a booking: at what time by the phone, and when that reached the house."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        triggers = [AppendOnly()]
