"""Releases of escrow, payout batches, and statements."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Earning(models.Model):
    """What a share earned when its order was completed, or took back after a refund (negative).

    `what` is sale, refund, or returned (a payout that the bank sent back). `payout` is stamped in
    the transaction that claims it: that is what makes it paid once.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    beneficiary = models.CharField(max_length=10)
    owner = models.TextField()
    order_key = models.TextField()
    line_key = models.TextField(blank=True, default="")
    source = models.TextField(unique=True)
    what = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    earned_at = models.DateTimeField()
    payout = models.ForeignKey("settlement.Payout", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="earning_not_zero", condition=~Q(amount_fen=0))]
        indexes = [
            models.Index(
                fields=["county", "beneficiary", "owner"],
                condition=Q(payout__isnull=True),
                name="earning_unpaid",
            ),
            models.Index(fields=["owner", "-earned_at"], name="earning_owner"),
            models.Index(fields=["payout"], name="earning_payout"),
            models.Index(fields=["order_key"], name="earning_order"),
        ]
        triggers = [Audited(image=False)]


class Batch(models.Model):
    """One pay-out day of a county for one kind of beneficiary: prepared, sent to the bank, closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    number = models.CharField(max_length=20)
    whom = models.CharField(max_length=10, default="household")
    state = models.CharField(max_length=10, default="prepared")
    until = models.DateTimeField()
    prepared_at = models.DateTimeField()
    prepared_by = models.TextField(db_default=CurrentActor())
    sent_at = models.DateTimeField(null=True)
    sent_by = models.TextField(blank=True, default="")
    file_digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="batch_number"),
            models.CheckConstraint(
                name="batch_two_people", condition=Q(sent_by="") | ~Q(sent_by=models.F("prepared_by"))
            ),
            models.CheckConstraint(
                name="batch_state", condition=Q(state__in=["prepared", "sent", "closed", "withdrawn"])
            ),
        ]
        indexes = [models.Index(fields=["county", "-prepared_at", "-id"], name="batch_county")]
        triggers = [Audited()]


class Payout(models.Model):
    """What one beneficiary is paid in one batch: the sum of the earnings stamped with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey("settlement.Batch", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    beneficiary = models.CharField(max_length=10)
    owner = models.TextField()
    number = models.CharField(max_length=24)
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    state = models.CharField(max_length=10, default="prepared")
    bank_reference = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "beneficiary", "owner", "currency"], name="payout_once_per_batch"
            ),
            models.UniqueConstraint(fields=["county", "number"], name="payout_number"),
            models.CheckConstraint(name="payout_positive", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="payout_state",
                condition=Q(state__in=["prepared", "sent", "paid", "returned", "withdrawn"]),
            ),
        ]
        indexes = [
            models.Index(fields=["county", "owner", "-settled_at"], name="payout_owner"),
            models.Index(fields=["batch"], condition=Q(state="returned"), name="payout_returned"),
        ]
        triggers = [Audited()]


class BankResult(models.Model):
    """What the bank said of a payout, as it came."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payout = models.ForeignKey("settlement.Payout", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    outcome = models.CharField(max_length=10)
    reference = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        triggers = [AppendOnly()]
