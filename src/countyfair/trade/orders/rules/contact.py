"""Who receives an order: what a checkout form must say."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid
from countyfair.registers.people.rules import phone


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's name, phone and address within the destination: personal, kept sealed only."""

    name: str
    phone: str
    address: str = ""
    note: str = ""

    def to_text(self) -> str:
        """The form in which it is sealed."""
        return json.dumps(asdict(self), ensure_ascii=False)

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
