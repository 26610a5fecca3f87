"""Tokens, first answers, and counted requests."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from countyfair.kernel.audit import Audited
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7


class Token(models.Model):
    """What a program shows to act for a person. Of its text only the digest and the last four signs are kept.

    `with_factor`: it was made in a session that showed a second factor, so that roles count in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=30))
    with_factor = models.BooleanField()
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "made_at"], name="token_user")]
        triggers = [Audited(private=("digest",), notes=("used_at",))]


class Answer(models.Model):
    """The first answer to a write under a caller's key; `body` is sealed, since it may name a person."""

    #: Kept for a day, so that a repeated write finds it; what was written has a log of its own.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.TextField()
    key = models.CharField(max_length=200)
    content = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    body = models.TextField(default="")
    etag = models.CharField(max_length=80, default="")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answer_once")]
        indexes = [models.Index(fields=["at"], name="answer_at")]


class Quota(models.Model):
    """How much of a limit was taken in one window, by all processes together."""

    #: Counted requests of the last minutes.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.CharField(max_length=64)
    begins = models.DateTimeField()
    taken = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "begins"], name="quota_window")]
        indexes = [models.Index(fields=["begins"], name="quota_begins")]
