"""What was asked of the worker, how far it is, and the file that it made."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from countyfair.kernel.ids import uuid7
from countyfair.registers.tasks.rules import STATES, UNDER_WAY


class Task(models.Model):
    """Long work that one person asked for. `made` is the sealed file, None until it is done.

    `done` of `total` pieces, a total of 0 is not known yet. `tries` counts how often a worker began it;
    only the latest of them may write. `failure` is a sentence in the language of who asked.
    """

    #: The worker's queue. What a task reads or changes is on record where that happens.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    user_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    particulars = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="waiting")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    tries = models.SmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    failure = models.TextField(blank=True, default="")
    name = models.CharField(max_length=120, blank=True, default="")
    media_type = models.CharField(max_length=80, blank=True, default="")
    made = models.BinaryField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="task_state", condition=Q(state__in=STATES))]
        indexes = [
            models.Index(fields=["user_id", "county", "-asked_at"], name="task_user"),
            models.Index(fields=["asked_at"], condition=Q(state__in=UNDER_WAY), name="task_queue"),
            models.Index(fields=["asked_at"], name="task_asked"),
        ]
