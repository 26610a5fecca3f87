"""Who receives an order: what a checkout form must say, and what it may be opened for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.lines import one_line
from countyfair.kernel.refusal import Invalid, Sentence
from countyfair.registers.people.rules import phone
from countyfair.trade.orders.rules.life import STATES

#: A greeting that goes with a gift has at most so many characters: it stands on a slip.
LONGEST_GREETING = 120


@dataclass(frozen=True, slots=True)
class Gift:
    """Who gets an order as a gift: a name, a phone ("" for none) that hears when it comes, a greeting."""

    name: str
    phone: str = ""
    greeting: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person's name, phone and address within the destination: personal, kept sealed only.

    Of a gift, name and phone are the buyer's, who hears of the order; the address is where the gift goes.
    """

    name: str
    phone: str
    address: str = ""
    note: str = ""
    gift: Gift | None = None

    @property
    def receiver(self) -> Contact:
        """Who takes it in at the address: of a gift not the buyer, of whom nothing stands here."""
        return replace(self, name=self.gift.name, phone=self.gift.phone) if self.gift else self

    def to_text(self) -> str:
        """The form in which it is sealed."""
        said: dict[str, object] = {
            "name": self.name, "phone": self.phone, "address": self.address, "note": self.note,
        }  # fmt: skip
        if self.gift:
            said["gift"] = asdict(self.gift)
        return json.dumps(said, ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> Contact:
        """The contact again."""
        said = json.loads(text)
        gift = said.pop("gift", None)
        return cls(**said, gift=Gift(**gift) if gift else None)


def checked(contact: Contact, fulfilment: str) -> Contact:
    """The contact, tidied.

    Raises:
        Invalid: no name, no possible phone number, no address for a delivery, or texts too long; of a gift,
            at `gift_name`, `gift_phone` or `greeting`.
    """
    name, address, note = one_line(contact.name), one_line(contact.address), one_line(contact.note)
    if not name or len(name) > 60:
        raise Invalid(_("Write the name of who receives it (60 characters at most)."), field="name")
    if fulfilment == "delivery" and not address:
        raise Invalid(_("Write street and house, or the village group."), field="address")
    if len(address) > 200:
        raise Invalid(_("The address is too long: 200 characters at most."), field="address")
    if len(note) > 200:
        raise Invalid(_("The note is too long: 200 characters at most."), field="note")
    gift = _given(contact.gift) if contact.gift else None
    return Contact(name, phone(contact.phone), address, note, gift)


def _given(gift: Gift) -> Gift:
    name, number, greeting = one_line(gift.name), gift.phone.strip(), one_line(gift.greeting)
    if not name or len(name) > 60:
        raise Invalid(_("Write the name of who gets the gift (60 characters at most)."), field="gift_name")
    if len(greeting) > LONGEST_GREETING:
        raise Invalid(_("The greeting is too long: 120 characters at most."), field="greeting")
    try:
        return Gift(name, phone(number) if number else "", greeting)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="gift_phone") from refusal


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody who works here opens a contact: the powers of which one is needed, at which of the
    order's places (as in the table of life), and the states in which there is a need. `receiver`: who
    receives it is shown, of a gift not who bought it."""

    label: Sentence
    powers: tuple[str, ...]
    where: str
    states: tuple[str, ...]
    receiver: bool = False


TELL_CODE = "tell_code"
TELL_NEWS = "tell_news"
RECALL = "recall"
GIFT_SLIP = "gift_slip"
PURPOSES: dict[str, Purpose] = {
    "desk": Purpose(_("Speak with the buyer"), ("orders.pack",), "county", STATES),
    "label": Purpose(
        _("Write the label"), ("orders.pack",), "origin", ("packed", "handed_over"), receiver=True
    ),
    GIFT_SLIP: Purpose(
        _("Write the slip of a gift"),
        ("orders.pack",),
        "origin",
        ("paid", "packed", "handed_over"),
        receiver=True,
    ),
    "deliver": Purpose(
        _("Deliver it"), ("orders.deliver",), "door", ("packed", "handed_over"), receiver=True
    ),
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
