"""Pure decisions of the webhooks."""

from countyfair.outreach.webhooks.rules.addresses import PUBLIC, Reach, target_of
from countyfair.outreach.webhooks.rules.kinds import KINDS, Kind, body_of
from countyfair.outreach.webhooks.rules.sending import GIVEN_UP, LEASE, TRIES, next_try
from countyfair.outreach.webhooks.rules.signing import headers_of, new_secret

__all__ = [
    "GIVEN_UP",
    "KINDS",
    "LEASE",
    "PUBLIC",
    "TRIES",
    "Kind",
    "Reach",
    "body_of",
    "headers_of",
    "new_secret",
    "next_try",
    "target_of",
]
