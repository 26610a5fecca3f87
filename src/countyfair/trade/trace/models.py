"""Numbers of goods, notes on lots with their papers, recalls and the telling of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class TradeItem(models.Model):
    """The number of a product within its county's trade item numbers; given once, never again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    product = models.OneToOneField("catalog.Product", on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="trade_item_number"),
            models.CheckConstraint(name="trade_item_positive", condition=Q(number__gt=0)),
        ]
        triggers = [AppendOnly()]


class Note(models.Model):
    """What was seen of a lot and stands in no other journal: sown, worked on in the field, tested."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    on = models.DateField()
    words = models.CharField(max_length=200, blank=True, default="")
    laboratory = models.CharField(max_length=80, blank=True, default="")
    passed = models.BooleanField(null=True)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="note_kind",
                condition=Q(kind__in=["sown", "field_work"], passed__isnull=True)
                | Q(kind="tested", passed__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["lot", "on"], name="note_lot")]
        triggers = [AppendOnly()]


class Paper(models.Model):
    """The file that proves a note, e.g. a laboratory's report; shown to who works with the lot only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    note = models.OneToOneField("trace.Note", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4)
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="paper_kind", condition=Q(kind__in=["pdf", "webp"])),
        ]
        triggers = [AppendOnly()]


class Recall(models.Model):
    """A lot is called back: why, how serious, what its buyers are told to do."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    lot = models.ForeignKey("stock.Lot", on_delete=models.PROTECT, related_name="+", db_index=False)
    severity = models.CharField(max_length=10)
    reason = models.CharField(max_length=200)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="recall_severity", condition=Q(severity__in=["serious", "moderate", "minor"])
            )
        ]
        indexes = [
            models.Index(fields=["lot"], name="recall_lot"),
            models.Index(fields=["county", "-at"], name="recall_county"),
        ]
        triggers = [AppendOnly()]


class Lift(models.Model):
    """The counter-entry of a recall: it was a mistake, the lot may be sold again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    recall = models.OneToOneField("trace.Recall", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        triggers = [AppendOnly()]


class Telling(models.Model):
    """One buyer to be told of one recall, by order. `amount` is what the order had of the lot.

    state: waiting → telling → told, or → unsure (nobody confirmed the message) → telling again when a
    person says so; waiting → unreachable (the contact was erased); waiting → dropped (lifted before).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    recall = models.ForeignKey("trace.Recall", on_delete=models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    state = models.CharField(max_length=12, default="waiting")
    tries = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recall", "order"], name="telling_once"),
            models.CheckConstraint(
                name="telling_state",
                condition=Q(state__in=["waiting", "telling", "told", "unsure", "unreachable", "dropped"]),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="telling_waiting"),
            models.Index(fields=["tried_at"], condition=Q(state="telling"), name="telling_hanging"),
        ]
        triggers = [Audited()]
