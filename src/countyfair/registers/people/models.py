"""Users and their sign-ins, organisations, households, roles, consents, and who read a household."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from countyfair.kernel.actor import Actor, Grant
from countyfair.kernel.audit import AppendOnly, Audited, CurrentActor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds users for Django's and allauth's sign-in; creating one is a verb of `actions`."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(phone=username)


class User(AbstractBaseUser):
    """Someone who signs in. Known by phone (E.164); personal columns never reach the log of changes."""

    #: Django's column would be written, and logged, at each sign-in; `SignIn.at` says the same.
    last_login = None

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = models.CharField(max_length=20, null=True, unique=True)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(blank=True, default="")
    name = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=now)

    #: What the roles held today let the user do; filled by `queries.known_user`, empty otherwise.
    grants: tuple[Grant, ...] = ()

    objects = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        triggers = [Audited(private=("phone", "email", "name", "password"))]

    @property
    def actor(self) -> Actor:
        """This user as verbs and queries take them."""
        return Actor(f"user:{self.id}", self.id, self.grants)


class SignIn(AbstractBaseSession):
    """A session in the database, so that it can be ended from elsewhere, with the user it belongs to.

    Sessions are kept in the database and not in signed cookies because a role taken away, a lost
    phone or an erased person must end them at once; one read a request is the price.
    """

    #: Every request of a signed-in person may write it: its history is nobody's business.
    WORKING_TABLE = True

    user_id = models.UUIDField(null=True, db_index=True)
    at = models.DateTimeField(default=now)
    device = models.CharField(max_length=200, blank=True, default="")


class Organisation(models.Model):
    """A co-operative, firm, centre operator or public body."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    place = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True, default="")
    registration_number = models.CharField(max_length=18, blank=True, default="")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration_number"],
                condition=~Q(registration_number=""),
                name="organisation_registered_once",
            )
        ]
        indexes = [models.Index(fields=["county", "name"], name="organisation_county")]
        triggers = [Audited()]


class RoleHeld(models.Model):
    """One role of a user at a place or an organisation, from a day; `until` is the first day without it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    place = models.CharField(max_length=12, null=True)
    organisation = models.ForeignKey(
        "people.Organisation", on_delete=models.PROTECT, related_name="+", null=True
    )
    county = models.CharField(max_length=6)
    since = models.DateField()
    until = models.DateField(null=True)
    granted_by = models.TextField(db_default=CurrentActor())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_at_place_or_organisation",
                condition=Q(place__isnull=False, organisation__isnull=True)
                | Q(place__isnull=True, organisation__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="role_user"),
            models.Index(F("county"), Coalesce("place", Value("")), "role", "id", name="role_county"),
        ]
        triggers = [Audited()]


class Household(models.Model):
    """A household that sells. What identifies its people stands apart in `HouseholdIdentity`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.CharField(max_length=6)
    place = models.CharField(max_length=12)
    number = models.CharField(max_length=20)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", null=True)
    is_sample = models.BooleanField(default=False)
    registered_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "number"], name="household_number")]
        indexes = [models.Index(fields=["county", "place"], name="household_place")]
        triggers = [Audited()]


class HouseholdCounter(models.Model):
    """The last household number given in a county; its row is the lock that keeps numbers apart."""

    #: A counter of a sequence: each number it gave stands on a household.
    WORKING_TABLE = True

    county = models.CharField(max_length=6, primary_key=True)
    last = models.IntegerField()


class HouseholdIdentity(models.Model):
    """Sealed identity of a household's head: readable field by field with a purpose, erasable.

    `head_mask` is what lists show (`李**`); the `*_blind` columns are keyed hashes to match by.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.OneToOneField("people.Household", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    head_mask = models.CharField(max_length=40, blank=True, default="")
    head_name = models.TextField(blank=True, default="")
    id_number = models.TextField(blank=True, default="")
    id_number_blind = models.CharField(max_length=64, null=True)
    phone = models.TextField(blank=True, default="")
    phone_blind = models.CharField(max_length=64, null=True)
    bank_account = models.TextField(blank=True, default="")
    bank_name = models.TextField(blank=True, default="")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["id_number_blind"], name="household_one_id_number")]
        indexes = [models.Index(fields=["phone_blind"], name="household_phone")]
        triggers = [
            Audited(
                private=(
                    "head_mask",
                    "head_name",
                    "id_number",
                    "id_number_blind",
                    "phone",
                    "phone_blind",
                    "bank_account",
                    "bank_name",
                )
            )
        ]


class Consent(models.Model):
    """What a household agreed to, how, and until when; withdrawing sets `withdrawn_at`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    purpose = models.CharField(max_length=40)
    how = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    taken_by = models.TextField(db_default=CurrentActor())

    class Meta:
        indexes = [models.Index(fields=["household", "purpose"], name="consent_household")]
        triggers = [Audited()]


class ConsentEvidence(models.Model):
    """What shows that a household agreed: a picture of the signed sheet, or its words. Sealed, erasable."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consent = models.OneToOneField("people.Consent", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    kind = models.CharField(max_length=10)
    sealed = models.TextField(blank=True, default="")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="consent_evidence_kind", condition=Q(kind__in=["picture", "sound"]))
        ]
        triggers = [Audited(private=("sealed",))]


class HouseholdRead(models.Model):
    """Who read which fields of a household, for what purpose, when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey("people.Household", on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    actor = models.TextField(db_default=CurrentActor())
    purpose = models.CharField(max_length=40)
    fields = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["county", "-at"], name="household_read_at")]
        triggers = [AppendOnly()]


class SavedFilter(models.Model):
    """A filter of a list of a county's desk that a person keeps by name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    county = models.CharField(max_length=6)
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "county", "page", "name"], name="saved_filter_name")
        ]
        triggers = [Audited(private=("name", "query"))]
