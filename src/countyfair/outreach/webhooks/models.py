"""Who asked for which events, what is to be sent them, and every try."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.ids import uuid7

#: For so many days at least every try is kept, whatever is set.
LOG_LEAST_DAYS = 7
STATES = ("waiting", "delivered", "failed")


class Subscription(models.Model):
    """An address that hears some kinds of a county's events, as its owner may. `secret` is sealed.

    After a rotation `former_secret` signs beside it until `former_until`.
    `ended_at` with `why` (`owner`, `failing`, `gone`): nothing is sent; all but `owner` can be taken up
    again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    url = models.CharField(max_length=400)
    kinds = ArrayField(models.CharField(max_length=40))
    secret = models.TextField()
    former_secret = models.TextField(blank=True, default="")
    former_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="subscription_ended",
                condition=Q(ended_at__isnull=True, why="") | Q(ended_at__isnull=False) & ~Q(why=""),
            )
        ]
        indexes = [models.Index(fields=["county", "-id"], name="subscription_county")]
        triggers = [Audited(private=("secret", "former_secret"), notes=("failing_since",))]


class Delivery(models.Model):
    """One event for one subscription; `body` is what is sent, byte for byte. Its state is its log."""

    #: The queue of what is to be sent; each try stands in a journal of its own.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subscription = models.ForeignKey(
        "webhooks.Subscription", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    event = models.UUIDField()
    kind = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=10, default="waiting")
    tries = models.SmallIntegerField(default=0)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="delivery_once"),
            models.CheckConstraint(name="delivery_state", condition=Q(state__in=STATES)),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["subscription", "-id"], name="delivery_of"),
            models.Index(fields=["made_at"], condition=~Q(state="waiting"), name="delivery_old"),
        ]


class Attempt(models.Model):
    """One try: what the receiver answered, or why it was not reached. `status` is 0 without an answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(
        "webhooks.Delivery", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    county = models.CharField(max_length=6)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    status = models.IntegerField()
    took_ms = models.IntegerField()
    actor = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [
            models.Index(fields=["delivery", "id"], name="attempt_of"),
            models.Index(fields=["at"], name="attempt_old"),
        ]
        triggers = [AppendOnly(until_days=LOG_LEAST_DAYS)]
