"""Harvest cycles: harvests sold ahead, from opening to allotment."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import Audited
from countyfair.kernel.ids import uuid7


class Cycle(models.Model):
    """Announced harvests of one product that are sold ahead, through a pool of their own.

    state: open → closed (its time is over, or the first of it was weighed) → allotted. Of what was announced
    `percent` per cent are sold ahead.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+")
    pool = models.OneToOneField("stock.Pool", on_delete=models.PROTECT, related_name="+")
    percent = models.SmallIntegerField()
    expected_on = models.DateField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    allotted_at = models.DateTimeField(null=True)
    content = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cycle_percent", condition=Q(percent__range=(1, 100))),
            models.CheckConstraint(
                name="cycle_state",
                condition=Q(state="open", closed_at__isnull=True, allotted_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False, allotted_at__isnull=True)
                | Q(state="allotted", closed_at__isnull=False, allotted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=Q(state="open"), name="cycle_closing"),
            models.Index(fields=["county", "-opened_at"], name="cycle_county"),
        ]
        triggers = [Audited()]
