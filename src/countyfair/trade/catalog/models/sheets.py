"""Sheets of offers that were brought to the desk."""

from __future__ import annotations

from django.db import models

from countyfair.kernel.ids import uuid7


class OfferSheet(models.Model):
    """A sheet of offers that somebody brought: the file for two days, and how far the worker is with it."""

    #: The worker's queue; what a sheet changed is a bulk change under its own key.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    user_id = models.UUIDField()
    language = models.CharField(max_length=10, blank=True, default="")
    data = models.BinaryField()
    at = models.DateTimeField()
    moved_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    summary = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["user_id", "county", "-at"], name="offer_sheet_user")]
