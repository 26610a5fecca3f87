"""When a provider is asked again, and what a notice may come to: pure decisions on values."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from countyfair.kernel.clock import COUNTY_ZONE

#: What becomes of money that is offered to an intent (`payments_take`).
TAKEN = frozenset({"captured", "late", "surplus"})
#: A notice that brought nothing new, or something that must not be believed as it stands.
REFUSED = frozenset({"wrong_gateway", "wrong_amount", "wrong_currency", "other_intent", "forged", "unknown"})
#: A notice that may still come true.
WAITING = "waiting"

#: How long a notice may wait for an intent of which we know nothing.
PATIENCE = timedelta(days=1)
#: How long an intent that was never paid is asked about at its provider.
SILENCE = timedelta(days=1)
FIRST_LOOK = timedelta(seconds=30)
#: Refunds are asked for at most this often; then a person has to look.
MOST_ATTEMPTS = 20


def next_attempt(attempts: int, moment: datetime) -> datetime:
    """When a refund is asked for again after `attempts` tries: 10 s, doubling, at most an hour."""
    return moment + timedelta(seconds=min(10 * 2 ** max(attempts - 1, 0), 3600))


def notice_outcome(taken: str, received_at: datetime, moment: datetime) -> str:
    """What a notice is set to, given what `payments_take` answered: unknown intents are waited for."""
    if taken == "unknown" and moment - received_at < PATIENCE:
        return WAITING
    return taken


#: Providers make the bill of a day in the morning after it: from this hour on it is asked for, so long.
BILL_HOUR, BILL_DAYS = time(10), 7
#: After so many days a bill that a provider does not make is one without lines.
PATIENCE_DAYS = 3
#: Around midnight a provider's day and ours may part.
MIDNIGHT = timedelta(minutes=10)


def gap_reason(kind: str, what: str, *, known: bool, at: datetime | None) -> str:
    """The likely cause of a difference to a provider's bill, as a code.

    Args:
        known: whether what it is for was asked for by us.
        at: when it happened here; None where it did not.
    """
    if what == "not_here":
        if kind == "refund":
            return "by_hand"
        return "not_told" if known else "stranger"
    if what == "not_there" and at is not None:
        clock = at.astimezone(COUNTY_ZONE)
        midnight = datetime.combine(clock.date(), time(), COUNTY_ZONE)
        return (
            "midnight" if min(clock - midnight, midnight + timedelta(days=1) - clock) <= MIDNIGHT else "lost"
        )
    return "unknown"
