"""Accounts, entries and postings: double entry, append only."""

from __future__ import annotations

import functools
import operator

import pgtrigger
from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7
from countyfair.registers.ledger.rules import CHART, ChartLine


def _fits(line: ChartLine) -> Q:
    fits = Q(code=line.code, kind=line.kind)
    if line.owned == "always":
        return fits & ~Q(owner="")
    return fits & Q(owner="") if line.owned == "never" else fits


class Balanced(pgtrigger.Trigger):
    """Prove the entry at commit, when all its postings stand (`ledger_prove_entry`)."""

    when = pgtrigger.After
    operation = pgtrigger.Insert
    timing = pgtrigger.Deferred

    def __init__(self, *, entry: str, name: str = "balanced") -> None:
        super().__init__(name=name, func=f"PERFORM ledger_prove_entry(NEW.{entry}); RETURN NULL;")


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
                name="account_in_chart",
                condition=functools.reduce(operator.or_, (_fits(line) for line in CHART)),
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
        triggers = [AppendOnly(), Balanced(entry="id")]


class Posting(models.Model):
    """One line of an entry: debit positive, credit negative, in minor units of its account's currency."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    reference = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="posting_not_zero", condition=~Q(amount_fen=0))]
        indexes = [
            models.Index(fields=["account", "entry"], name="posting_account"),
            models.Index(fields=["reference"], name="posting_reference"),
        ]
        triggers = [AppendOnly(), Balanced(entry="entry_id")]
