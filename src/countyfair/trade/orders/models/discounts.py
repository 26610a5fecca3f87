"""What promotions took off the lines of orders."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly
from countyfair.kernel.ids import uuid7


class LineDiscount(models.Model):
    """What one promotion took off one line, by which versions, and who bears it: frozen with the line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.ForeignKey("orders.Line", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    promotion = models.ForeignKey(
        "promotions.Promotion", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    promotion_version = models.IntegerField()
    stacking_version = models.IntegerField()
    kind = models.CharField(max_length=10)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True, default="")
    bearer = models.CharField(max_length=10)
    amount_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "promotion"], name="line_discount_once"),
            models.CheckConstraint(name="line_discount_amount", condition=Q(amount_fen__gt=0)),
        ]
        indexes = [models.Index(fields=["order"], name="line_discount_order")]
        triggers = [AppendOnly()]
