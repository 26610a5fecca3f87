"""Making and revoking tokens, writing once under a key, and taking from a limit."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.actor import Actor
from countyfair.kernel.clock import now
from countyfair.kernel.ids import uuid7
from countyfair.kernel.refusal import Conflict, Forbidden, Invalid, Missing
from countyfair.kernel.rows import rows, run, scalar
from countyfair.kernel.seal import seal, unseal
from countyfair.kernel.verbs import verb
from countyfair.registers.access import rules
from countyfair.registers.access.models import Answer, Quota, Token

#: What answers are sealed for (see `kernel.seal`).
SEALED = "access.answer"
#: How long a first answer is kept.
KEPT = timedelta(hours=24)
#: How old a note of the last use may grow before it is written anew.
NOTED = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Made:
    """A new token; `secret` is its text, shown now and never again."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a write is answered with; `etag` names the version of what was written, "" without one."""

    status: int
    body: str
    etag: str = ""


@verb
def make_token(
    actor: Actor, *, token: UUID, name: str, scopes: Collection[str], days: int, with_factor: bool
) -> Made:
    """Make a token that acts for the actor within `scopes`, for so many days.

    Args:
        token: its id, made with the form; a form sent twice makes one token.
        with_factor: whether the actor showed a second factor just now; without it no role counts.

    Raises:
        Forbidden: the actor is nobody who signs in.
        Invalid: no name, no scope or an unknown one, too few or too many days.
        Conflict: the form was sent before (the text is shown once), or too many tokens are kept.
    """
    user = _person(actor)
    name = " ".join(name.replace("\x00", "").split())
    chosen = [scope for scope in rules.SCOPES if scope in scopes]
    if not name or len(name) > 60:
        raise Invalid(
            _("Give the token a name of up to 60 signs, such as that of the program."), field="name"
        )
    if not chosen or set(scopes) - set(chosen):
        raise Invalid(_("Choose what the token may do."), field="scopes")
    if not 1 <= days <= rules.MOST_DAYS:
        raise Invalid(_("Choose between 1 and 366 days."), field="days")
    if Token.objects.filter(id=token).exists():
        raise Conflict(_("This token was made before, and its text is shown once. Make another one."))
    if Token.objects.filter(user_id=user, revoked_at=None, expires_at__gt=now()).count() >= rules.MOST_TOKENS:
        raise Conflict(_("You keep twenty tokens. Revoke one that is not needed."))
    secret = rules.new_secret()
    Token.objects.create(
        id=token, user_id=user, name=name, digest=rules.digest(secret), ending=secret[-4:], scopes=chosen,
        with_factor=with_factor, expires_at=now() + timedelta(days=days),
    )  # fmt: skip
    return Made(token, secret)


@verb
def revoke_token(actor: Actor, *, token: UUID) -> None:
    """End one of one's own tokens; at once, for ever.

    Raises:
        Missing: none of the actor's.
    """
    changed = Token.objects.filter(id=token, user_id=_person(actor), revoked_at=None)
    if not changed.update(revoked_at=now()):
        raise Missing(_("There is no such token."))


def note_use(token: UUID, used_at: datetime | None) -> None:
    """Note that a token was used, when the last note is some minutes old; at most one statement."""
    moment = now()
    if used_at is None or used_at < moment - NOTED:
        run("UPDATE access_token SET used_at = %s WHERE id = %s::uuid", [moment, token])


@verb
def once(actor: Actor, *, owner: str, key: str, content: str, work: Callable[[], Told]) -> Told:
    """Do `work` once under a caller's key: later calls get its first answer, byte for byte.

    The key, what `work` writes and its answer are committed together, so that two calls at once write
    once: the second waits for the first. What `work` refuses leaves nothing behind, and the key is free.

    Args:
        owner: whose key it is: keys of two callers never meet.
        content: a digest of what was asked for.

    Raises:
        Conflict: the key was used for something else (`key_used`).
    """
    mine = scalar(
        "INSERT INTO access_answer (id, owner, key, content, status, body, etag, at)"
        " VALUES (%s, %s, %s, %s, 0, '', '', %s) ON CONFLICT (owner, key) DO NOTHING RETURNING id",
        [uuid7(), owner, key, content, now()],
    )
    if mine is None:
        return _first_answer(owner, key, content)
    told = work()
    run(
        "UPDATE access_answer SET status = %s, body = %s, etag = %s WHERE id = %s",
        [told.status, seal(told.body, SEALED), told.etag, mine],
    )
    return told


def take(*, subject: str, begins: datetime, amount: int, most: int) -> int:
    """Take up to `amount` from what `subject` may ask for in the window that begins then; one statement.

    Returns:
        How much was granted: less than asked for near the limit, 0 beyond it.
    """
    taken = scalar(
        "INSERT INTO access_quota AS q (id, subject, begins, taken) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (subject, begins) DO UPDATE SET taken = q.taken + EXCLUDED.taken RETURNING taken",
        [uuid7(), subject, begins, amount],
    )
    over = int(str(taken)) - most
    return max(0, amount - max(0, over))


@verb
def forget_old(actor: Actor) -> int:
    """Forget answers of more than a day and counts of more than an hour; how many answers went.

    Raises:
        Forbidden: only the house itself does.
    """
    if not actor.everything:
        raise Forbidden(_("Only the house itself does this."))
    Quota.objects.filter(begins__lt=now() - timedelta(hours=1)).delete()
    return Answer.objects.filter(at__lt=now() - KEPT).delete()[0]


@dataclass(frozen=True, slots=True)
class _First:
    content: str
    status: int
    body: str
    etag: str


def _first_answer(owner: str, key: str, content: str) -> Told:
    found = rows(
        "SELECT content, status, body, etag FROM access_answer WHERE owner = %s AND key = %s",
        [owner, key],
        into=_First,
    )
    if not found or found[0].content != content:
        raise Conflict(
            _("This key was used for something else. Use a new key for a new request."), code="key_used"
        )
    return Told(found[0].status, unseal(found[0].body, SEALED), found[0].etag)


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Forbidden(_("Sign in first."))
    return actor.user_id
