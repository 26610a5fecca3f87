"""Claims on what was delivered: what the buyer says and shows, what was answered, and who bears it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7


class BearerRule(models.Model):
    """Who bears a claim, from a moment on: the first row that fits, in the order of `position`.

    The rows of one version are a county's whole table: a change closes them all and writes the next.
    "" in a column fits everything; `days` None any age.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    version = models.IntegerField()
    position = models.SmallIntegerField()
    kind = models.CharField(max_length=8, blank=True, default="")
    noticed = models.CharField(max_length=8, blank=True, default="")
    packing = models.CharField(max_length=8, blank=True, default="")
    days = models.SmallIntegerField(null=True)
    bearer = models.CharField(max_length=10)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "version", "position"], name="bearer_rule_version"),
            models.CheckConstraint(
                name="bearer_rule_bearer",
                condition=Q(bearer__in=["household", "station", "courier", "platform", "centre"]),
            ),
        ]
        triggers = [Audited()]


class Claim(models.Model):
    """So much of one line that was not as it should be. Words are sealed, and erased later.

    `amount` is in base units of the line. `delivered_at` is what the order said when it was claimed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=8)
    noticed = models.CharField(max_length=8)
    packs = models.IntegerField()
    amount = models.BigIntegerField()
    wish = models.CharField(max_length=12, default="money")
    sealed = models.TextField(blank=True, default="")
    content = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="begun")
    delivered_at = models.DateTimeField()
    begun_at = models.DateTimeField(default=now)
    asked_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="claim_amounts", condition=Q(packs__gt=0, amount__gt=0)),
            models.CheckConstraint(
                name="claim_kind", condition=Q(kind__in=["spoiled", "short", "wrong", "missing"])
            ),
            models.CheckConstraint(
                name="claim_state",
                condition=Q(
                    state__in=["begun", "asked", "answered", "awaiting", "done", "refused", "withdrawn"]
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["order"], name="claim_order"),
            models.Index(fields=["county", "state", "asked_at", "id"], name="claim_queue"),
        ]
        triggers = [Audited(private=("sealed",), image=False)]


class ClaimPhoto(models.Model):
    """A picture shown with a claim, drawn anew by us; kept here, so that no address is public."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("orders.Claim", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    digest = models.CharField(max_length=64)
    width = models.IntegerField()
    height = models.IntegerField()
    picture = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        triggers = [Audited(private=("picture",), image=False)]


class ClaimStep(models.Model):
    """One step in the life of a claim: which verb, from which state to which, by whom, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("orders.Claim", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    position = models.SmallIntegerField()
    verb = models.CharField(max_length=12)
    before = models.CharField(max_length=10, blank=True, default="")
    after = models.CharField(max_length=10)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["claim", "position"], name="claim_step_position")]
        triggers = [AppendOnly()]


class ClaimAnswer(models.Model):
    """What the county answered, and who bears it: as the table proposed, or as a person decided.

    `bearer` is a beneficiary of shares and `owner` its key ("" for all households of the line). `said`
    is told to the buyer, `why` is why another than the proposed one bears it. All of it is frozen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.ForeignKey("orders.Claim", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    what = models.CharField(max_length=12)
    amount_fen = models.BigIntegerField(default=0)
    freight_fen = models.BigIntegerField(default=0)
    packing = models.CharField(max_length=8)
    days = models.IntegerField()
    rules_version = models.IntegerField()
    proposed = models.CharField(max_length=10)
    bearer = models.CharField(max_length=10, blank=True, default="")
    owner = models.TextField(blank=True, default="")
    said = models.CharField(max_length=200, blank=True, default="")
    why = models.CharField(max_length=200, blank=True, default="")
    goods_back = models.BooleanField(default=False)
    refund = models.OneToOneField("orders.Refund", on_delete=models.PROTECT, related_name="+", null=True)
    content = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_answer_what", condition=Q(what__in=["full", "part", "replacement", "refused"])
            ),
            models.CheckConstraint(
                name="claim_answer_amounts", condition=Q(amount_fen__gte=0, freight_fen__gte=0)
            ),
        ]
        triggers = [AppendOnly()]


class ClaimReceipt(models.Model):
    """What came back of a claim: packs that lie on the shelf again, and packs that were written off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    claim = models.OneToOneField("orders.Claim", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    good_packs = models.IntegerField()
    bad_packs = models.IntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_receipt_packs", condition=Q(good_packs__gte=0, bad_packs__gte=0)
            )
        ]
        triggers = [AppendOnly()]


class Replacement(models.Model):
    """An order that goes out at no price instead of what was claimed, and what it is worth to who packs it.

    `paid_order` and `paid_line` are what the buyer paid for in the first place: money for what is wrong
    with a replacement goes back on them. Its shares are `worth_fen` and `freight_fen` for who delivers
    it, and the same with the claim's key, negative, for who bears it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField("orders.ClaimAnswer", on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey("orders.Claim", on_delete=models.PROTECT, related_name="+")
    paid_order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    paid_line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    worth_fen = models.BigIntegerField()
    freight_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="replacement_amounts", condition=Q(worth_fen__gte=0, freight_fen__gte=0)
            )
        ]
        triggers = [AppendOnly()]
