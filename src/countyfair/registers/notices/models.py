"""Notices and what became of them, what people do not want to be told, and a county's own wordings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7

STATES = ("waiting", "sending", "sent", "failed", "unsure", "no_address", "too_late")


class Notification(models.Model):
    """One piece of news for one recipient by one way; its state is its log. Nothing personal stands in it."""

    #: The queue of what is to be sent, written at each try; `state` says what became of it.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=80)
    recipient = models.CharField(max_length=60)
    user_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=6)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="waiting")
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "recipient", "channel"], name="told_once"),
            models.CheckConstraint(name="told_state", condition=Q(state__in=STATES)),
            models.CheckConstraint(name="told_channel", condition=Q(channel__in=["house", "sms", "email"])),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=["waiting", "sending"]),
                name="told_due",
            ),
            models.Index(fields=["user_id", "-id"], condition=Q(channel="house"), name="told_of_user"),
            models.Index(
                fields=["user_id"],
                condition=Q(channel="house", read_at__isnull=True),
                name="told_unread",
            ),
            models.Index(fields=["county", "-id"], name="told_county"),
        ]


class Muted(models.Model):
    """A topic that a person does not want to be told of by one way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    topic = models.CharField(max_length=20)
    channel = models.CharField(max_length=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic", "channel"], name="muted_once")]
        triggers = [Audited()]


class Wording(models.Model):
    """A county's own words for a kind of news from a moment on; the latest holds, an empty one ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    version = models.IntegerField()
    title = models.CharField(max_length=60, blank=True, default="")
    short = models.CharField(max_length=160, blank=True, default="")
    long = models.CharField(max_length=600, blank=True, default="")
    at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "kind", "language", "version"], name="wording_version")
        ]
        triggers = [AppendOnly()]
