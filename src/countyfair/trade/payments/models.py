"""Intents to be paid, what was captured and refunded, and the inbox of providers' notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Intent(models.Model):
    """A sum asked of a payer through one gateway. `reference` is the key of what is paid for.

    `looked_at` is when the provider was last asked about it unbidden.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    reference = models.TextField()
    gateway = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    state = models.CharField(max_length=10, default="awaiting")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="intent_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(
                name="intent_state", condition=Q(state__in=["awaiting", "paid", "cancelled", "expired"])
            ),
        ]
        indexes = [
            models.Index(fields=["reference"], name="intent_reference"),
            models.Index(fields=["gateway", "opened_at"], condition=~Q(state="paid"), name="intent_unpaid"),
        ]
        triggers = [Audited(image=False, notes=("looked_at",))]


class Capture(models.Model):
    """Money received for an intent, once per provider's transaction."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    intent = models.ForeignKey("payments.Intent", on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20)
    provider_key = models.TextField()
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+", null=True)
    captured_at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "provider_key"], name="capture_once"),
            models.CheckConstraint(name="capture_amount", condition=Q(amount_fen__gt=0)),
        ]
        indexes = [models.Index(fields=["intent"], name="capture_intent")]
        triggers = [AppendOnly()]


class Refund(models.Model):
    """Money to be given back from a capture; asked of the provider under its own id until it answers.

    `station` is where cash was handed back; `next_at` when a provider is asked again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    capture = models.ForeignKey("payments.Capture", on_delete=models.PROTECT, related_name="+")
    source = models.TextField(unique=True)
    amount_fen = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    reason = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="asked")
    attempts = models.IntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="refund_amount", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="refund_state", condition=Q(state__in=["asked", "done", "failed"])),
        ]
        indexes = [
            models.Index(fields=["capture"], name="refund_capture"),
            models.Index(fields=["next_at"], condition=Q(state="asked"), name="refund_asked"),
            models.Index(fields=["county", "-asked_at"], name="refund_county"),
            models.Index(fields=["county", "state", "-asked_at"], name="refund_county_state"),
        ]
        triggers = [Audited()]


class Notice(models.Model):
    """A provider's notification as it came, before anything was decided on it; kept once.

    `intent_key` is the intent it speaks of, which may not be known here yet; `county` follows
    from it when it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gateway = models.CharField(max_length=20)
    provider_key = models.TextField()
    intent_key = models.UUIDField(null=True)
    county = models.CharField(max_length=6, blank=True, default="")
    body = models.JSONField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="waiting")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "provider_key"], name="notice_once")]
        indexes = [
            models.Index(fields=["received_at"], condition=Q(outcome="waiting"), name="notice_waiting"),
            models.Index(fields=["county", "-received_at"], name="notice_county"),
        ]
        triggers = [Audited(image=False)]


class DayBill(models.Model):
    """A provider's bill of one day: waiting to be made, read, or none where nothing happened.

    Its sums are those of its lines: taken, given back, kept by the provider.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gateway = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.IntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True, default="")
    next_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "day"], name="day_bill_once"),
            models.CheckConstraint(name="day_bill_state", condition=Q(state__in=["waiting", "read", "none"])),
        ]
        triggers = [Audited(notes=("tries", "last_error", "next_at"))]


class DayBillLine(models.Model):
    """A payment or refund as a provider's bill tells it. `county` "": it is not known here.

    `booked_fen` is what of the fee stands in the ledger. standing: matched, not_here, amount.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bill = models.ForeignKey("payments.DayBill", on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20)
    county = models.CharField(max_length=6, blank=True, default="")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField()
    fee_fen = models.BigIntegerField()
    booked_fen = models.BigIntegerField(default=0)
    standing = models.CharField(max_length=10)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "kind", "key"], name="day_bill_line_once"),
            models.CheckConstraint(
                name="day_bill_line_standing",
                condition=Q(kind__in=["payment", "refund"])
                & Q(standing__in=["matched", "not_here", "amount"])
                & Q(amount_fen__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["county", "bill"], name="day_bill_line_county")]
        triggers = [Audited(image=False)]


class DayBillGap(models.Model):
    """Something in which a provider's bill and our books part, until a person or a later bill ends it.

    `what`: not_here, not_there, amount. `reason` is the likely cause, a code.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gateway = models.CharField(max_length=20)
    day = models.DateField()
    county = models.CharField(max_length=6, blank=True, default="")
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    what = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True, default="")
    ours_fen = models.BigIntegerField()
    theirs_fen = models.BigIntegerField()
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "kind", "key", "what"], name="day_bill_gap_once"),
        ]
        indexes = [
            models.Index(
                fields=["county", "-found_at"], condition=Q(ended_at__isnull=True), name="day_bill_gap_open"
            ),
        ]
        triggers = [Audited()]
