"""Service points, their agents, and the counts of their tills."""

from __future__ import annotations

from django.db import models

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7


class Station(models.Model):
    """A county centre, a township station or a village station."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    place = models.CharField(max_length=12)
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True, default="")
    address = models.CharField(max_length=200, blank=True, default="")
    phone = models.CharField(max_length=20, blank=True, default="")
    hours = models.CharField(max_length=60, blank=True, default="")
    lat = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    lng = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    is_open = models.BooleanField(default=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="station_code"),
            models.CheckConstraint(
                name="station_kind", condition=models.Q(kind__in=["centre", "township", "village"])
            ),
        ]
        indexes = [models.Index(fields=["county", "place"], name="station_place")]
        triggers = [Audited()]


class Agent(models.Model):
    """Who works a station, from a day until a day; `role_key` is the role that came with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    role_key = models.UUIDField()
    county = models.CharField(max_length=6)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "user"], condition=models.Q(until__isnull=True), name="agent_once"
            )
        ]
        triggers = [Audited()]


class TillCount(models.Model):
    """The till counted at the end of a day: what the ledger said, what lay there, why they differ."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey("stations.Station", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    day = models.DateField()
    expected_fen = models.BigIntegerField()
    counted_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True, default="")
    banked_fen = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField(default=now)
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [models.Index(fields=["county", "station", "-counted_at"], name="till_count_station")]
        triggers = [AppendOnly()]
