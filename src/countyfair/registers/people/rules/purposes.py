"""What a household may be opened for: purposes, the fields each opens, the power and consent it takes."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid, Sentence

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


#: What a household agrees to before the page of a parcel shows what it is paid. It opens no identity.
ORIGIN = "origin"

#: What a household agrees to before its stall tells what its people did before. It opens no identity.
BACKGROUND = "background"

PURPOSES: dict[str, Purpose] = {
    "trade": Purpose(
        _("Sell its harvest and speak with it about orders"),
        frozenset({"head_name", "phone"}),
        "household.read",
    ),
    "statement": Purpose(_("Print its statement"), frozenset({"head_name"}), "household.read"),
    "payout": Purpose(
        _("Pay money to its bank account"),
        frozenset({"head_name", "bank_account", "bank_name"}),
        "payout.prepare",
    ),
    "notice": Purpose(_("Tell it by message what it is paid"), frozenset({"phone"}), "household.read"),
    ORIGIN: Purpose(
        _("Show on its parcels what it is paid per kilogram, without its name"), frozenset(), "household.read"
    ),
    BACKGROUND: Purpose(_("Show on its stall what its people did before"), frozenset(), "household.read"),
    "identify": Purpose(
        _("Check or correct who it is"),
        frozenset({"head_name", "id_number", "phone", "bank_account", "bank_name"}),
        "household.identify",
        consent=False,
    ),
    "audit": Purpose(
        _("Audit required by law"), frozenset({"head_name", "id_number"}), "audit.read", consent=False
    ),
}

#: What a household agrees to before anything of its is taken in or sold.
SELLING = "trade"

#: What a household agrees to before it is sent messages.
NOTICE = "notice"

#: A household that signs in opens its own record: logged, and needing nobody's consent.
OWN = "own"

#: Purposes a household is asked about when it registers.
ASKED = tuple(name for name, purpose in PURPOSES.items() if purpose.consent)

#: What shows a consent, and the type that each is kept in.
EVIDENCE = {"picture": "image/webp", "sound": "audio/mp4"}
#: Bytes of it: a sheet of paper to be read, or a minute of speech.
LARGEST_EVIDENCE = 2 * 1024 * 1024

#: How a consent was given: signed paper, spoken before a witness, on a screen of the household's own.
HOW = ("paper", "voice", "screen")


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
    """The first character, then one star for each other: `李**`, enough to tell neighbours apart."""
    name = name.strip()
    return name[:1] + "*" * (len(name) - 1)


def mask_phone(phone: str) -> str:
    """`+8619900000001` as `199****0001`."""
    national = phone.removeprefix("+86")
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 8 else "****"
