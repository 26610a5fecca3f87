"""What goods are certified as, by whom and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from countyfair.kernel.audit import Audited
from countyfair.kernel.ids import uuid7


class Certificate(models.Model):
    """A certificate of a product, held from `since` to `until`, both days included, until it is withdrawn.

    `digest` names a picture of it, "" without one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    issuer = models.CharField(max_length=80)
    since = models.DateField()
    until = models.DateField()
    digest = models.CharField(max_length=64, blank=True, default="")
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="certificate_days", condition=Q(until__gte=F("since")) & ~Q(number="") & ~Q(issuer="")
            )
        ]
        indexes = [
            models.Index(
                fields=["product", "until"],
                condition=Q(withdrawn_at__isnull=True),
                name="certificate_product",
            ),
            models.Index(
                fields=["county", "until"], condition=Q(withdrawn_at__isnull=True), name="certificate_ends"
            ),
        ]
        triggers = [Audited()]
