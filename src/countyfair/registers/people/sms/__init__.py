"""Text messages: a folder per provider, of one shape, and the registry of them.

`COUNTYFAIR_SMS` names the provider. A further one is a folder beside the others whose module has a
`Provider`, and a line in `PROVIDERS`.
"""

from __future__ import annotations

from django.conf import settings

from countyfair.registers.people.sms import console, http
from countyfair.registers.people.sms.message import (
    Message,
    NotSent,
    Provider,
    pickup_code,
    recall,
    recall_unsent,
    sign_in_code,
)

PROVIDERS: dict[str, type[Provider]] = {"console": console.Provider, "http": http.Provider}


def send(message: Message) -> str:
    """Hand a message to the deployment's provider, and return its reference there.

    Raises:
        NotSent: the provider did not take it.
    """
    return PROVIDERS[settings.COUNTYFAIR_SMS]().send(message)


__all__ = [
    "PROVIDERS",
    "Message",
    "NotSent",
    "Provider",
    "pickup_code",
    "recall",
    "recall_unsent",
    "send",
    "sign_in_code",
]
