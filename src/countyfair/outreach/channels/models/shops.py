"""Our shops on outside platforms, what their goods are here, and the files and windows that were read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import Audited, CurrentActor
from countyfair.kernel.ids import uuid7

#: What an intake brings, and how far it can be.
KINDS = ("orders", "details", "charges")
INTAKE_STATES = ("looked_at", "waiting", "reading", "done", "failed", "stopped")


class Connection(models.Model):
    """One shop of ours on one platform. `buffer` packs of each listing are kept back from what is told there.

    `credentials` are what its owner granted to us there, sealed, "" where only files come. `synced_until`: to
    which moment the API was read without a gap; `trouble` is a code for what keeps it from being read on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    shop = models.ForeignKey("catalog.Shop", on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    their_shop = models.CharField(max_length=64, blank=True, default="")
    buffer = models.IntegerField(default=0)
    credentials = models.TextField(blank=True, default="")
    synced_until = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, blank=True, default="")
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "platform", "name"],
                condition=Q(ended_at__isnull=True),
                name="connection_name",
            ),
            models.CheckConstraint(name="connection_buffer", condition=Q(buffer__gte=0)),
        ]
        triggers = [Audited(private=("credentials",), notes=("synced_until", "trouble"))]


class Listing(models.Model):
    """Their goods, as a platform calls them, and what they are here: `packs` of `offer` for each piece.

    `key` is what they are known by there. standing: new (nobody has said what it is), mapped, ignored (not
    the county's). `price_fen` is what a piece was last sold for; `told_packs` what may be sold, as last told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey("channels.Connection", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    key = models.CharField(max_length=300)
    goods = models.CharField(max_length=64, blank=True, default="")
    sku = models.CharField(max_length=64, blank=True, default="")
    code = models.CharField(max_length=64, blank=True, default="")
    title = models.CharField(max_length=200, blank=True, default="")
    spec = models.CharField(max_length=200, blank=True, default="")
    price_fen = models.BigIntegerField(default=0)
    standing = models.CharField(max_length=10, default="new")
    offer = models.ForeignKey("catalog.Offer", on_delete=models.PROTECT, related_name="+", null=True)
    packs = models.IntegerField(default=1)
    confirmed_by = models.TextField(blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    told_packs = models.IntegerField(null=True)
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "key"], name="listing_once"),
            models.CheckConstraint(
                name="listing_standing",
                condition=Q(standing__in=["new", "ignored"], offer__isnull=True)
                | Q(standing="mapped", offer__isnull=False, packs__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["county", "standing"], name="listing_standing_county")]
        triggers = [Audited(image=False, notes=("told_packs", "told_at", "seen_at", "price_fen"))]


class Intake(models.Model):
    """A file or a window of the API: what it brings, how far it was read, what was wrong with it.

    `digest` is that of the file, which lies sealed under this key until it was read: it names buyers. `done`
    rows of `total` were read; `counts` tells what became of them by word; `flaws` the first that were wrong.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey("channels.Connection", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="looked_at")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    flaws = models.JSONField(default=list)
    failure = models.TextField(blank=True, default="")
    actor = models.TextField(db_default=CurrentActor())
    at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="intake_state", condition=Q(state__in=INTAKE_STATES) & Q(kind__in=KINDS)
            ),
        ]
        indexes = [
            models.Index(fields=["county", "-at"], name="intake_county"),
            models.Index(
                fields=["at"], condition=Q(state__in=["waiting", "reading"]), name="intake_under_way"
            ),
        ]
        triggers = [Audited(image=False, notes=("done", "counts", "flaws", "moved_at"))]


class IntakePart(models.Model):
    """A piece of a file that waits to be read, sealed: it names buyers. Gone once the file was read."""

    #: Nothing but the file itself, until it was read.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    intake = models.ForeignKey("channels.Intake", on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.IntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["intake", "position"], name="intake_part_once")]
