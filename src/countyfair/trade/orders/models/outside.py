"""What is only known of orders that came from outside platforms: their number there, and what it kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Outside(models.Model):
    """An order that was placed and paid on an outside platform; its outlet names the platform.

    `seller` is the key of our shop there, `reference` the order's number there. `settled_at`: the platform's
    statement told what it paid for it; before that nothing of it is earned.
    """

    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+", primary_key=True)
    county = models.CharField(max_length=6)
    outlet = models.CharField(max_length=20)
    seller = models.TextField()
    reference = models.CharField(max_length=64)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "seller", "reference"], name="outside_once"),
        ]
        triggers = [Audited(image=False)]


class ChannelFee(models.Model):
    """What an outside platform kept of one order, for one thing; negative where it gave some of it back.

    `source` is what it is known by there, once. Who bears it stands in the table of shares.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    source = models.TextField(unique=True)
    kind = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.CheckConstraint(name="channel_fee_not_zero", condition=~Q(amount_fen=0))]
        indexes = [models.Index(fields=["order"], name="channel_fee_order")]
        triggers = [AppendOnly()]
