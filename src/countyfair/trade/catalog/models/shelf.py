"""What is on a shelf, counted, and the words by which it is asked for: written anew at any time."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from countyfair.kernel.ids import uuid7


class Tally(models.Model):
    """How many products of a county's shelf are alike in all that lists can be narrowed to."""

    #: Not audited: counted anew from the shelf whenever an offer changes.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    category = models.CharField(max_length=30)
    township = models.CharField(max_length=9, blank=True)
    months = ArrayField(models.SmallIntegerField())
    band = models.SmallIntegerField()
    products = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["county", "category"], name="tally_county")]


class Bearing(models.Model):
    """How many products of a shelf that bear something are alike in all that lists can be narrowed to.

    `whole`: alike in what they bear and in their row alone; township, months and band are empty then.
    """

    #: Not audited: counted anew from the shelf whenever an offer changes, or what goods bear.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    whole = models.BooleanField()
    bears = ArrayField(models.TextField())
    category = models.CharField(max_length=30)
    township = models.CharField(max_length=9, blank=True)
    months = ArrayField(models.SmallIntegerField())
    band = models.SmallIntegerField()
    products = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["county", "whole", "category"], name="bearing_county")]


class Word(models.Model):
    """A word by which goods of a county may be asked for, with its sound and its neighbourhood."""

    #: Not audited: gathered anew from what is on offer at any time, and nothing of it is anybody's word.
    WORKING_TABLE = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    word = models.CharField(max_length=60)
    sound = models.CharField(max_length=120)
    #: Spellings with a letter or character left out, the county before each; see `rules.words`.
    near = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "word"], name="word_once")]
        indexes = [
            models.Index(fields=["county", "sound"], name="word_sound"),
            GinIndex(fields=["near"], name="word_near"),
        ]
