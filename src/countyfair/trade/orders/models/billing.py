"""What was weighed at packing, and what that made of the price."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class PackedWeight(models.Model):
    """What a line weighed when it was packed, in base units; the last one counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.CheckConstraint(name="packed_weight", condition=Q(amount__gt=0))]
        triggers = [AppendOnly()]


class Bill(models.Model):
    """What the lines of an order that are sold by weight came to when it was packed; one an order.

    state: settled (nothing is left to pay), asked → paid | lapsed. `intent` asks for `asked_fen`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    refund_fen = models.BigIntegerField()
    asked_fen = models.BigIntegerField()
    state = models.CharField(max_length=10)
    intent = models.UUIDField(null=True)
    at = models.DateTimeField()
    pay_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bill_one_way",
                condition=Q(refund_fen__gte=0, asked_fen__gte=0) & (Q(refund_fen=0) | Q(asked_fen=0)),
            ),
            models.CheckConstraint(
                name="bill_state",
                condition=Q(state="settled", asked_fen=0, intent__isnull=True)
                | Q(state__in=["asked", "paid", "lapsed"], asked_fen__gt=0, intent__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["pay_before"], condition=Q(state="asked"), name="bill_asked"),
            models.Index(fields=["intent"], condition=Q(intent__isnull=False), name="bill_intent"),
        ]
        triggers = [Audited()]


class BillLine(models.Model):
    """What one line was billed: base units within the tolerance, and their price.

    `billed_fen` is what it counts as everywhere: `final_fen` less what was asked for and is not paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey("orders.Bill", on_delete=models.PROTECT, related_name="+")
    line = models.OneToOneField("orders.Line", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    billed_amount = models.BigIntegerField()
    final_fen = models.BigIntegerField()
    billed_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bill_line_amounts",
                condition=Q(billed_amount__gt=0, billed_fen__gte=0, billed_fen__lte=F("final_fen")),
            )
        ]
        triggers = [Audited()]


class Allotment(models.Model):
    """What a line that was sold ahead got of its harvest: so many of its packs. Once a line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.OneToOneField("orders.Line", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    packs = models.IntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.CheckConstraint(name="allotment_packs", condition=Q(packs__gte=0))]
        triggers = [AppendOnly()]
