"""The house's own two journals, changes and events, and how far each reader has read."""

from __future__ import annotations

from django.db import models

from countyfair.kernel.audit import AppendOnly, CurrentActor
from countyfair.kernel.ids import uuid7


class Change(models.Model):
    """One change of one row, written by trigger only. `changes` maps a column to [old, new]."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    actor = models.TextField()
    transaction = models.BigIntegerField()
    operation = models.CharField(max_length=6)
    table_name = models.TextField()
    row_key = models.TextField()
    county = models.CharField(max_length=6)
    changes = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["county", "-at"], name="change_county_at"),
            models.Index(fields=["table_name", "row_key", "at"], name="change_row"),
            models.Index(fields=["actor", "-at"], name="change_actor_at"),
        ]
        triggers = [AppendOnly()]


class EventRecord(models.Model):
    """One event, appended in the transaction that made it true; see `kernel.outbox`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sequence = models.BigIntegerField()
    transaction = models.BigIntegerField()
    name = models.TextField()
    version = models.IntegerField()
    county = models.CharField(max_length=6)
    payload = models.JSONField()
    actor = models.TextField(db_default=CurrentActor())
    at = models.DateTimeField()

    class Meta:
        db_table = "kernel_event"
        #: By name first: a handler of rare events must not walk over all the others that came since.
        indexes = [models.Index(fields=["name", "transaction", "sequence"], name="event_of_name")]
        triggers = [AppendOnly()]


class Reader(models.Model):
    """How far one handler has read: everything up to (transaction, sequence) is done."""

    #: A place marker that moves with every batch: its history says nothing the events do not.
    WORKING_TABLE = True

    handler = models.TextField(primary_key=True)
    transaction = models.BigIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)
    delivered = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    last_error = models.TextField(default="", blank=True)
    advanced_at = models.DateTimeField(null=True)
