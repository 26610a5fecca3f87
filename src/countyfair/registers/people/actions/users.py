"""Users: registered by phone, named by themselves, erased on their word."""

from __future__ import annotations

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.seal import seal
from countyfair.kernel.verbs import verb
from countyfair.registers.people import rules
from countyfair.registers.people.models import RoleHeld, SignIn, User

#: What the second factor's secrets are sealed for (see `kernel.seal`).
SECOND_FACTOR = "people.second_factor"


@verb
def register_user(
    actor: Actor,
    *,
    phone: str,
    name: str = "",
    place: str = "",
    language: str = "",
    user_id: UUID | None = None,
    phone_verified: bool = False,
    is_sample: bool = False,
) -> UUID:
    """Register whoever answers this phone, or find them: the same phone is the same user.

    Needs `user.register` at `place`; the house registers buyers itself when their code was right.

    Raises:
        Forbidden: the actor may not register users at `place`.
        Invalid: no such phone number.
        Conflict: `user_id` is somebody with another phone.
    """
    actor.require("user.register", place=place)
    number = rules.phone(phone)
    found = User.objects.filter(phone=number).first()
    if found is not None:
        if user_id is not None and found.id != user_id:
            raise Conflict(_("This phone belongs to another user."), field="phone")
        return found.id
    if user_id is not None and User.objects.filter(id=user_id).exists():
        raise Conflict(_("This id belongs to a user with another phone."), field="phone")
    user = User(
        id=user_id or uuid7(),
        phone=number,
        phone_verified=phone_verified,
        name=name.strip()[:80],
        language=language,
        is_sample=is_sample,
        joined_at=clock.now(),
    )
    user.set_unusable_password()
    # Two registrations of one phone at a time: the second waits for the first, then finds its row.
    User.objects.bulk_create([user], ignore_conflicts=True)
    return User.objects.values_list("id", flat=True).get(phone=number)


@verb
def confirm_phone(actor: Actor, *, user_id: UUID) -> None:
    """Note that this user answered a code sent to their phone. Only the user, or the house for them."""
    _only_self(actor, user_id)
    User.objects.filter(id=user_id, phone_verified=False).update(phone_verified=True)


@verb
def set_profile(actor: Actor, *, user_id: UUID, name: str, language: str = "") -> None:
    """A user's own name and language ("" follows the browser).

    Raises:
        Forbidden: somebody else's profile.
        Invalid: a name of more than 80 characters.
    """
    _only_self(actor, user_id)
    name = name.strip()
    if len(name) > 80:
        raise Invalid(_("A name has at most 80 characters."), field="name")
    _of(user_id)
    User.objects.filter(id=user_id).update(name=name, language=language)


@verb
def set_password(actor: Actor, *, user_id: UUID, password: str) -> None:
    """A user's own password; it ends all of the user's other sign-ins, since their hash no longer fits.

    Raises:
        Forbidden: somebody else's password.
        Invalid: a password that Django's validators refuse.
    """
    _only_self(actor, user_id)
    user = _of(user_id)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    user.set_password(password)
    user.save(update_fields=["password"])


@verb
def give_sample_second_factor(actor: Actor, *, user_id: UUID, secret: str) -> None:
    """Give a sample user a known TOTP secret (base32), so that a newcomer can sign in as staff.

    Raises:
        Forbidden: not the house at work, or not a sample user.
    """
    if not actor.everything or not _of(user_id).is_sample:
        raise Forbidden(_("Only sample users get a known second factor."))
    Authenticator.objects.get_or_create(
        user_id=user_id,
        type=Authenticator.Type.TOTP,
        defaults={"data": {"secret": seal(secret, SECOND_FACTOR)}},
    )


@verb
def end_sign_in(actor: Actor, *, user_id: UUID, session_digest: str = "", keep_digest: str = "") -> int:
    """End one of a user's sign-ins, named by the digest its list shows; without one, all but `keep_digest`.

    Returns how many ended. Raises Forbidden for somebody else's.
    """
    _only_self(actor, user_id)
    signed_in = SignIn.objects.filter(user_id=user_id)
    digests = {key: rules.session_digest(key) for key in signed_in.values_list("session_key", flat=True)}
    keys = [
        key
        for key, digest in digests.items()
        if (digest == session_digest if session_digest else digest != keep_digest)
    ]
    return SignIn.objects.filter(session_key__in=keys).delete()[0]


@verb
def erase_user(actor: Actor, *, user_id: UUID) -> None:
    """Forget who a user was; only the key stays, in history. Phone, name, second factor and sign-ins go.

    Raises:
        Forbidden: somebody else.
        Conflict: the user still holds a role, which an administrator ends first.
    """
    _only_self(actor, user_id)
    user = _of(user_id)
    today = clock.today()
    if RoleHeld.objects.filter(user_id=user_id).exclude(until__lte=today).exists():
        raise Conflict(_("You still hold a role. Ask your administrator to end it, then erase your account."))
    user.phone, user.phone_verified, user.email, user.name, user.language = None, False, "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    Authenticator.objects.filter(user_id=user_id).delete()
    SignIn.objects.filter(user_id=user_id).delete()


@verb
def forget_expired_sign_ins(actor: Actor) -> int:
    """Delete sessions whose time is over, those of people who never finished signing in among them.

    Raises:
        Forbidden: anyone but the house at work.
    """
    if not actor.everything:
        raise Forbidden(_("Only the house itself does this."))
    return SignIn.objects.filter(expire_date__lte=clock.now()).delete()[0]


def _only_self(actor: Actor, user_id: UUID) -> None:
    if not actor.everything and actor.user_id != user_id:
        raise Forbidden(_("Only the person themselves may change this."))


def _of(user_id: UUID) -> User:
    user = User.objects.select_for_update().filter(id=user_id, is_active=True).first()
    if user is None:
        raise Missing(_("There is no such user."))
    return user
