"""What platforms settled, what of it was booked, and what did not fit."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Charge(models.Model):
    """One movement of a platform's settlement, as it was told: to us positive, from us negative.

    standing: waiting (its order is not here, or not taken in), queued (it does not fit, see its Difference),
    booked. A movement that is not of an order is booked by a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(
        "channels.Connection", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=64, blank=True, default="")
    line_key = models.CharField(max_length=64, blank=True, default="")
    amount_fen = models.BigIntegerField()
    said = models.CharField(max_length=120, blank=True, default="")
    at = models.DateTimeField()
    standing = models.CharField(max_length=10, default="waiting")
    booking = models.ForeignKey(
        "channels.Booking", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "key", "kind"], name="charge_once"),
            models.CheckConstraint(
                name="charge_standing",
                condition=Q(standing__in=["waiting", "queued"], booking__isnull=True)
                | Q(standing="booked", booking__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["connection", "number"], name="charge_order"),
            models.Index(fields=["county", "-at"], name="charge_county"),
        ]
        triggers = [Audited(image=False)]


class Booking(models.Model):
    """What a settlement moved for one order, booked once: `gross_fen` of what the platform took for us,
    `fees_fen` of it kept there, `net_fen` paid to the bank."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(
        "channels.Connection", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    arrival = models.ForeignKey(
        "channels.Arrival", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    county = models.CharField(max_length=6)
    gross_fen = models.BigIntegerField()
    fees_fen = models.BigIntegerField()
    net_fen = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [
            models.Index(fields=["connection", "at"], name="booking_connection"),
            models.Index(fields=["arrival"], name="booking_arrival"),
        ]
        triggers = [AppendOnly()]


class Difference(models.Model):
    """Something a platform told that does not fit what we know, until a person has dealt with it.

    `kind` is what does not fit, `reason` the likely cause, both codes; then the two sides.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(
        "channels.Connection", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=30, blank=True, default="")
    ours_fen = models.BigIntegerField()
    theirs_fen = models.BigIntegerField()
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "number", "kind", "theirs_fen"], name="difference_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "-found_at"], condition=Q(ended_at__isnull=True), name="difference_open"
            ),
        ]
        triggers = [Audited()]
