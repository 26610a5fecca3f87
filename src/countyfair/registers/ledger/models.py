"""Accounts, entries and postings: double entry, append only."""

from __future__ import annotations

from django.db import models

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7


class Account(models.Model):
    """One account of a county's books. `owner` is the key of whose money it is, "" the county's own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    currency = models.CharField(max_length=3, default="CNY")
    owner = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code", "owner", "currency"], name="account_once"),
            models.CheckConstraint(
                name="account_kind", condition=models.Q(kind__in=["asset", "liability", "income", "expense"])
            ),
        ]
        indexes = [models.Index(fields=["owner"], name="account_owner")]
        triggers = [Audited()]


class Entry(models.Model):
    """One booking. `source` is what it was booked for, once; `content` its fingerprint."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    source = models.TextField(unique=True)
    what = models.CharField(max_length=40)
    content = models.CharField(max_length=64)
    booked_at = models.DateTimeField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [models.Index(fields=["county", "booked_at"], name="entry_county_at")]
        triggers = [AppendOnly()]


class Posting(models.Model):
    """One line of an entry: debit positive, credit negative, in minor units of its account's currency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    reference = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="posting_not_zero", condition=~models.Q(amount_fen=0))]
        indexes = [
            models.Index(fields=["account", "entry"], name="posting_account"),
            models.Index(fields=["reference"], name="posting_reference"),
        ]
        triggers = [AppendOnly()]
