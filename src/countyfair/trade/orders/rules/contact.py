"""Who receives an order: what a checkout form must say, and what it may be opened for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence
from countyfair.registers.people.rules import phone
from countyfair.trade.orders.rules.life import STATES


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's name, phone and address within the destination: personal, kept sealed only."""

    name: str
    phone: str
    address: str = ""
    note: str = ""

    def to_text(self) -> str:
        """The form in which it is sealed."""
        said = {"name": self.name, "phone": self.phone, "address": self.address, "note": self.note}
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Contact:
        """The contact again."""
        return cls(**json.loads(text))


def checked(contact: Contact, fulfilment: str) -> Contact:
    """The contact, tidied.

    Raises:
        Invalid: no name, no possible phone number, no address for a delivery, or texts too long.
    """
    name, address, note = contact.name.strip(), contact.address.strip(), contact.note.strip()
    if not name or len(name) > 60:
        raise Invalid(_("Write the name of who receives it (60 characters at most)."), field="name")
    if fulfilment == "delivery" and not address:
        raise Invalid(_("Write street and house, or the village group."), field="address")
    if len(address) > 200:
        raise Invalid(_("The address is too long: 200 characters at most."), field="address")
    if len(note) > 200:
        raise Invalid(_("The note is too long: 200 characters at most."), field="note")
    return Contact(name, phone(contact.phone), address, note)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody who works here opens a contact: the powers of which one is needed, at which of the
    order's places (as in the table of life), and the states in which there is a need."""

    label: Sentence
    powers: tuple[str, ...]
    where: str
    states: tuple[str, ...]


TELL_CODE = "tell_code"
TELL_NEWS = "tell_news"
RECALL = "recall"
PURPOSES: dict[str, Purpose] = {
    "desk": Purpose(_("Speak with the buyer"), ("orders.pack",), "county", STATES),
    "label": Purpose(_("Write the label"), ("orders.pack",), "origin", ("packed", "handed_over")),
    "deliver": Purpose(_("Deliver it"), ("orders.deliver",), "door", ("packed", "handed_over")),
    TELL_NEWS: Purpose(_("Send news of the order"), (), "county", STATES),
    TELL_CODE: Purpose(_("Send the pick-up code"), ("orders.deliver",), "way", ("packed", "handed_over")),
    RECALL: Purpose(_("Tell of a recall"), ("trace.recall",), "county", STATES),
}

#: A code is sent again after a while, and so often within the time that is counted.
TELL_AGAIN_AFTER = timedelta(minutes=2)
TELLING_COUNTED = timedelta(days=1)
MOST_TELLINGS = 3


def told_too_often(told: Sequence[datetime], moment: datetime) -> bool:
    """Whether a code that was sent at these moments, within the time that is counted, must wait."""
    return len(told) >= MOST_TELLINGS or any(moment - at < TELL_AGAIN_AFTER for at in told)
