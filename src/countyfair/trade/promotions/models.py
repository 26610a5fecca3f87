"""Promotions with their terms, and the journal of their use."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Promotion(models.Model):
    """What is taken off, when, how often, and who bears it. Its terms are set once; it can be ended.

    `shop` null: on all that the county sells. Either `percent` or `off_fen` is taken off; `least_fen`
    is the price of its goods from which on it counts, `most_fen` the most that it takes off (null:
    no such limit). `used` follows its redemptions. `version` grows when it is ended. `public`: a coupon
    whose code everybody is told.

    A group (kind `group`) has no code: so many buyers (`limit_total`) together get a pack of `offer` for
    `group_fen`. `gathered` is gathering until all have paid (full), or the time is over (failed).

    A bundle (kind `bundle`) has no code either: packs of one shop, its BundleParts, cost `bundle_fen`
    together. Once its time is over it is ended as of then, so that its offers forget it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    shop = models.ForeignKey(
        "catalog.Shop", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    kind = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True, default="")
    code = models.CharField(max_length=20, null=True)
    public = models.BooleanField(default=False, db_default=False)
    bearer = models.CharField(max_length=10)
    percent = models.SmallIntegerField(default=0)
    off_fen = models.BigIntegerField(default=0)
    offer = models.ForeignKey(
        "catalog.Offer", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    group_fen = models.BigIntegerField(null=True)
    bundle_fen = models.BigIntegerField(null=True)
    gathered = models.CharField(max_length=10, blank=True, default="", db_default="")
    least_fen = models.BigIntegerField(default=0)
    most_fen = models.BigIntegerField(null=True)
    limit_total = models.IntegerField(null=True)
    limit_each = models.IntegerField(null=True)
    used = models.IntegerField(default=0)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    content = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="promotion_code"),
            models.CheckConstraint(
                name="promotion_kind",
                condition=Q(kind="coupon", code__isnull=False, offer__isnull=True, gathered="")
                | Q(
                    kind="group",
                    code__isnull=True,
                    offer__isnull=False,
                    group_fen__gt=0,
                    limit_each=1,
                    limit_total__gte=2,
                    gathered__in=["gathering", "full", "failed"],
                )
                | Q(
                    kind="bundle",
                    code__isnull=True,
                    offer__isnull=True,
                    shop__isnull=False,
                    bundle_fen__gt=0,
                    limit_total__isnull=True,
                    limit_each__isnull=True,
                    gathered="",
                ),
            ),
            models.CheckConstraint(
                name="promotion_bearer",
                condition=Q(bearer__in=["household", "station", "centre", "platform"]),
            ),
            models.CheckConstraint(
                name="promotion_off",
                condition=Q(
                    percent__range=(1, 90), off_fen=0, group_fen__isnull=True, bundle_fen__isnull=True
                )
                | Q(percent=0, off_fen__gt=0, group_fen__isnull=True, bundle_fen__isnull=True)
                | Q(percent=0, off_fen=0, group_fen__isnull=False, bundle_fen__isnull=True)
                | Q(percent=0, off_fen=0, group_fen__isnull=True, bundle_fen__isnull=False),
            ),
            models.CheckConstraint(
                name="promotion_within_limit",
                condition=Q(used__gte=0) & (Q(limit_total__isnull=True) | Q(used__lte=F("limit_total"))),
            ),
            models.CheckConstraint(name="promotion_window", condition=Q(closes_at__gt=F("opens_at"))),
        ]
        indexes = [
            models.Index(fields=["county", "-made_at"], name="promotion_county"),
            models.Index(fields=["closes_at"], condition=Q(gathered="gathering"), name="promotion_gathering"),
            models.Index(
                fields=["closes_at"],
                condition=Q(kind="bundle", ended_at__isnull=True),
                name="promotion_bundling",
            ),
            models.Index(
                fields=["county"],
                condition=Q(ended_at__isnull=True) & (Q(public=True) | Q(gathered="gathering")),
                name="promotion_announced",
            ),
        ]
        triggers = [Audited(counters=True)]


class BundlePart(models.Model):
    """So many packs of one offer that belong to each set of a bundle."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    packs = models.IntegerField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["promotion", "offer"], name="bundle_part_once"),
            models.CheckConstraint(name="bundle_part_packs", condition=Q(packs__gt=0)),
        ]
        indexes = [models.Index(fields=["offer"], name="bundle_part_offer")]
        triggers = [AppendOnly()]


class Redemption(models.Model):
    """One use of a promotion (`uses` 1) or its counter-entry (-1), when what used it came to nothing.

    `holder` is the key of who used it, e.g. an order; `buyer` a keyed name of the person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    holder = models.TextField()
    buyer = models.CharField(max_length=64)
    uses = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "promotion", "uses"], name="redemption_once"),
            models.CheckConstraint(
                name="redemption_sign",
                condition=Q(uses=1, amount_fen__gt=0) | Q(uses=-1, amount_fen__lt=0),
            ),
        ]
        indexes = [models.Index(fields=["promotion", "buyer"], name="redemption_buyer")]
        triggers = [AppendOnly()]
