"""Who may do what, as tables; what a household may be opened for; identity and phone numbers.

Roles are held at a place or an organisation and reach down from there. A role is the set of
powers in its row; a verb asks for a power, never for a role.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import phonenumbers
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence

#: Powers that look and change nothing: together they are the auditor.
READING = frozenset({
    "audit.read", "catalog.read", "household.read", "ledger.read", "logistics.read", "orders.read", "payments.read",
    "payout.read", "people.read", "places.read", "settlement.read", "station.read", "stock.read", "till.read",
})

#: Powers that change something, by room.
CHANGING = frozenset({
    "catalog.manage", "catalog.offer",
    "household.register", "household.identify", "household.erase",
    "user.register", "organisation.register", "role.grant",
    "station.manage", "till.count",
    "stock.weigh_in", "stock.correct", "stock.write_off",
    "counter.take", "counter.refund", "payments.manage",
    "orders.pack", "orders.hand_over", "orders.deliver", "orders.cancel", "orders.refund", "orders.return",
    "logistics.scan", "logistics.manage", "freight.manage",
    "terms.manage", "payout.prepare", "payout.confirm",
    "ledger.post", "places.manage",
})

POWERS = READING | CHANGING


@dataclass(frozen=True, slots=True)
class Role:
    """A row of the table: its name for people, what it may do, and which roles it may give to others."""

    label: Sentence
    powers: frozenset[str]
    grants: frozenset[str] = frozenset()


_STATION = frozenset({
    "stock.read", "stock.weigh_in", "orders.read", "orders.pack", "orders.hand_over", "orders.deliver",
    "orders.return", "counter.take", "counter.refund", "till.read", "till.count", "household.read",
    "household.register", "station.read", "logistics.read", "logistics.scan", "catalog.read",
})
_CENTRE = _STATION | {
    "catalog.manage", "catalog.offer", "stock.correct", "stock.write_off", "orders.cancel", "orders.refund",
    "household.identify", "organisation.register", "user.register", "people.read", "station.manage",
    "logistics.manage", "freight.manage", "payments.read",
}
_FINANCE = frozenset({
    "payout.read", "payout.prepare", "payout.confirm", "settlement.read", "ledger.read", "payments.read",
    "payments.manage", "orders.read", "orders.refund", "household.read", "station.read", "till.read", "catalog.read",
})
_OFFICER = frozenset({
    "catalog.read", "orders.read", "stock.read", "station.read", "logistics.read", "settlement.read", "people.read",
    "places.read", "audit.read", "user.register", "role.grant",
})

ROLES: dict[str, Role] = {
    "station_agent": Role(_("Station agent"), _STATION),
    "centre_staff": Role(_("Centre staff"), _CENTRE),
    # One person prepares a payout and another confirms it: settlement compares the two.
    "centre_finance": Role(_("Centre finance"), _FINANCE),
    "county_admin": Role(
        _("County administrator"),
        _CENTRE | {
            "role.grant", "household.erase", "audit.read", "terms.manage", "settlement.read", "payout.read",
            "ledger.read", "places.read",
        },
        grants=frozenset({"station_agent", "centre_staff", "centre_finance", "courier", "county_admin"}),
    ),
    "courier": Role(_("Courier"), frozenset({"logistics.read", "logistics.scan", "orders.deliver"})),
    "programme_officer": Role(
        _("Programme officer"), _OFFICER, grants=frozenset({"county_admin", "programme_officer", "auditor"})
    ),
    "auditor": Role(_("Auditor"), READING),
}


def powers_of(role: str) -> frozenset[str]:
    """The powers of a role; none for a name that is no longer in the table."""
    held = ROLES.get(role)
    return held.powers if held else frozenset()


# --- Opening a household -------------------------------------------------------------------

#: Fields of a household's identity, each sealed on its own.
FIELDS = ("head_name", "id_number", "phone", "bank_account", "bank_name")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why identity is opened: the fields it opens, the power it takes, and whether consent must stand.

    Without consent only where the law gives another ground (PIPL, article 13): the registration
    the household asked for itself, and an audit by statute.
    """

    label: Sentence
    fields: frozenset[str]
    power: str
    consent: bool = True


PURPOSES: dict[str, Purpose] = {
    "trade": Purpose(_("Sell its harvest and speak with it about orders"), frozenset({"head_name", "phone"}), "household.read"),
    "statement": Purpose(_("Print its statement"), frozenset({"head_name"}), "household.read"),
    "payout": Purpose(
        _("Pay money to its bank account"), frozenset({"head_name", "bank_account", "bank_name"}), "payout.prepare"
    ),
    "identify": Purpose(
        _("Check or correct who it is"), frozenset({"head_name", "id_number", "phone", "bank_account", "bank_name"}),
        "household.identify", consent=False,
    ),
    "audit": Purpose(_("Audit required by law"), frozenset({"head_name", "id_number"}), "audit.read", consent=False),
}

#: A household that signs in opens its own record: logged, and needing nobody's consent.
OWN = "own"

#: Purposes a household is asked about when it registers.
ASKED = tuple(name for name, purpose in PURPOSES.items() if purpose.consent)

#: How a consent was given: signed paper, spoken before a witness, on a screen of the household's own.
HOW = ("paper", "voice", "screen")


#: What an organisation can be.
ORGANISATION_KINDS = ("cooperative", "firm", "centre", "public")


def asked_for(purpose: str, fields: frozenset[str]) -> tuple[str, bool]:
    """The power that opening `fields` takes ("" for one's own), and whether consent must stand.

    Raises:
        Invalid: no such purpose, no field asked for, or a field it does not open.
    """
    row = PURPOSES.get(purpose)
    if row is None and purpose != OWN:
        raise Invalid(_("Say for which purpose you open this household."), field="purpose")
    if not fields or not fields <= (row.fields if row else frozenset(FIELDS)):
        raise Invalid(_("This purpose does not open these fields."), field="fields")
    return (row.power, row.consent) if row else ("", False)


def mask_name(name: str) -> str:
    """The first character, then one star for each other: `李**`. Enough to tell neighbours apart in a list."""
    name = name.strip()
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """`+8619900000001` as `199****0001`."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 8 else "****"


# --- Numbers ---------------------------------------------------------------------------------

_ID_NUMBER = re.compile(r"^[1-9]\d{5}(18|19|20)\d{9}[\dX]$")
_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_CHECK = "10X98765432"


def id_number(text: str, *, is_sample: bool = False) -> str:
    """A citizen identity number (GB 11643-1999): 6 digits of place, birth date, serial, ISO 7064 MOD 11-2 check.

    Sample people carry a number whose check digit cannot be right, so that it is nobody's;
    such a number is refused from anyone else, and a right one from a sample.

    Raises:
        Invalid: not such a number.
    """
    number = "".join(text.split()).upper()
    if not _ID_NUMBER.fullmatch(number):
        raise Invalid(_("An identity number has 17 digits and a last digit or X."), field="id_number")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise Invalid(_("The birth date in this identity number does not exist."), field="id_number") from None
    right = number[17] == check_digit(number[:17])
    if right == is_sample:
        if is_sample:
            raise Invalid(_("A sample person must not carry a number that could be somebody's."), field="id_number")
        raise Invalid(_("This identity number has a mistake: compare it with the card."), field="id_number")
    return number


def check_digit(digits: str) -> str:
    """The eighteenth character for the first seventeen."""
    return _CHECK[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


def phone(text: str) -> str:
    """A telephone number as E.164; a number without country code is read as Chinese.

    Raises:
        Invalid: no such number is possible.
    """
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid(_("Enter a phone number, for example 138 0013 8000."), field="phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_BANK_ACCOUNT = re.compile(r"^\d{8,30}$")


def bank_account(text: str) -> str:
    """An account number: 8 to 30 digits, spaces and hyphens dropped.

    Raises:
        Invalid: anything else.
    """
    number = re.sub(r"[\s-]", "", text)
    if not _BANK_ACCOUNT.fullmatch(number):
        raise Invalid(_("A bank account has 8 to 30 digits."), field="bank_account")
    return number


def session_digest(key: str) -> str:
    """What a list shows in place of a session's key, which would let its reader in."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
