"""Orders as platforms tell them, and where they stand with us: without names, phones and addresses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import Audited, audited_in_bulk
from countyfair.kernel.ids import uuid7
from countyfair.outreach.channels.platforms.shape import STATES

#: Where an order from outside stands with us:
#: unpaid there; its goods not mapped; its goods lacking; taken in; not ours; called off; cannot be taken in.
STANDINGS = ("unpaid", "unmapped", "short", "placed", "ignored", "called_off", "refused")


class Arrival(models.Model):
    """One order of a platform. Its id is that of the order it becomes here.

    `state` is the platform's, and goes forward only. `due_fen` is what the platform owes for it before its
    fees: paid by the buyer, and by platform and host of its discounts. `fingerprint`: of what was last told.
    `cut_fen`: of what was not there, and was not taken in: the platform gives it back to the buyer.
    `why` is a code where it is short, refused or called off. `waybill_at`: when our waybill was told there.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(
        "channels.Connection", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    number = models.CharField(max_length=64)
    state = models.CharField(max_length=10)
    standing = models.CharField(max_length=10)
    why = models.CharField(max_length=40, blank=True, default="")
    due_fen = models.BigIntegerField()
    freight_fen = models.BigIntegerField(default=0)
    platform_fen = models.BigIntegerField(default=0)
    host_fen = models.BigIntegerField(default=0)
    shop_fen = models.BigIntegerField(default=0)
    refunded_fen = models.BigIntegerField(default=0)
    cut_fen = models.BigIntegerField(default=0)
    aftersale = models.BooleanField(default=False)
    host = models.CharField(max_length=64, blank=True, default="")
    ordered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ship_before = models.DateTimeField(null=True)
    waybill_at = models.DateTimeField(null=True)
    fingerprint = models.CharField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "number"], name="arrival_once"),
            models.CheckConstraint(
                name="arrival_states", condition=Q(state__in=STATES) & Q(standing__in=STANDINGS)
            ),
            models.CheckConstraint(
                name="arrival_amounts", condition=Q(due_fen__gte=0, freight_fen__gte=0, refunded_fen__gte=0)
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "standing", "ship_before", "id"],
                condition=~Q(standing="placed"),
                name="arrival_waiting",
            ),
            models.Index(
                fields=["county", "ship_before", "id"],
                condition=Q(standing="placed", waybill_at__isnull=True),
                name="arrival_to_ship",
            ),
            models.Index(fields=["county", "-ordered_at", "id"], name="arrival_county"),
        ]
        triggers = [Audited(image=False, notes=("fingerprint", "seen_at"))]


class ArrivalLine(models.Model):
    """One kind of goods of an order, as it was first told: so many pieces of a listing for so much."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    arrival = models.ForeignKey(
        "channels.Arrival", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    key = models.CharField(max_length=64)
    listing = models.ForeignKey("channels.Listing", on_delete=models.PROTECT, related_name="+")
    quantity = models.IntegerField()
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrival", "key"], name="arrival_line_once"),
            models.CheckConstraint(
                name="arrival_line_amounts", condition=Q(quantity__gt=0, amount_fen__gte=0)
            ),
        ]
        triggers = audited_in_bulk()
