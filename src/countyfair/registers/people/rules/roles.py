"""Roles and their powers, as one table.

A role is held at a place or an organisation and reaches down from there. A verb asks for a power,
never for a role. Each row names a power and who holds it: A station agent, S centre staff, F centre
finance, C county administrator, K courier, P programme officer, U auditor, O shop keeper.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Sentence

# fmt: off
_HOLDERS = {
    # --- looking: the auditor holds all of these and nothing else
    "audit.read":            "C P U",
    "catalog.read":          "A S F C P U O",
    "household.read":        "A S F C U",
    "ledger.read":           "F C U",
    "logistics.read":        "A S C K P U",
    "orders.read":           "A S F C P U O",
    "payments.read":         "S F C U",
    "payout.read":           "F C U",
    "people.read":           "S C P U",
    "places.read":           "C P U",
    "settlement.read":       "F C P U",
    "station.read":          "A S F C P U",
    "stock.read":            "A S C P U",
    "till.read":             "A S F C U",
    "trace.read":            "A S C P U",
    "webhook.read":          "S C U",
    "channel.read":          "S F C U",
    # --- people
    "household.register":    "A S C",
    "household.identify":    "S C",
    "household.erase":       "C",
    "organisation.register": "S C",
    "role.grant":            "C P",
    "user.register":         "S C P",
    # --- goods
    "catalog.manage":        "S C O",
    "catalog.offer":         "S C O",
    "harvest.announce":      "A S C",
    "shop.open":             "A S C",
    "stock.weigh_in":        "A S C",
    "stock.correct":         "S C",
    "stock.write_off":       "S C",
    "stock.block":           "S C",
    "trace.note":            "A S C",
    "trace.recall":          "S C",
    # --- orders and parcels
    "orders.pack":           "A S C",
    "orders.hand_over":      "A S C",
    "orders.deliver":        "A S C K",
    "orders.hand_out":       "A S C",
    "orders.return":         "A S C",
    "orders.cancel":         "S C",
    "orders.refund":         "S F C",
    "logistics.scan":        "A S C K",
    "logistics.manage":      "S C",
    "freight.manage":        "S C",
    # --- stations and money; who prepared a payout never confirms it (settlement compares the two people)
    "station.manage":        "S C",
    "till.count":            "A S C",
    "counter.take":          "A S C",
    "counter.refund":        "A S C",
    "payments.manage":       "F",
    "payout.prepare":        "F",
    "payout.confirm":        "F",
    "terms.manage":          "C",
    "webhook.manage":        "S C",
    "channel.manage":        "S C",
    # --- the house itself, at work under its own name
    "ledger.post":           "",
    "places.load":           "",
}
# fmt: on

_LETTERS = {
    "A": "station_agent",
    "S": "centre_staff",
    "F": "centre_finance",
    "C": "county_admin",
    "K": "courier",
    "P": "programme_officer",
    "U": "auditor",
    "O": "shop_keeper",
}

_LABELS: dict[str, Sentence] = {
    "station_agent": _("Station agent"),
    "centre_staff": _("Centre staff"),
    "centre_finance": _("Centre finance"),
    "county_admin": _("County administrator"),
    "courier": _("Courier"),
    "programme_officer": _("Programme officer"),
    "auditor": _("Auditor"),
    "shop_keeper": _("Shop keeper"),
}
#: Held at an organisation, over its own shops and what they sell; all other roles are held at places.
_AT_ORGANISATIONS = frozenset({"shop_keeper"})

#: Which roles the holder of a role may give to others, within their own reach.
_GIVES: dict[str, frozenset[str]] = {
    "county_admin": frozenset(
        {"station_agent", "centre_staff", "centre_finance", "county_admin", "courier", "shop_keeper"}
    ),
    "programme_officer": frozenset({"county_admin", "programme_officer", "auditor"}),
}


@dataclass(frozen=True, slots=True)
class Role:
    """A role as the tables above give it: its name for people, its powers, the roles it may give.

    `at_organisation`: held at an organisation, and never at a place.
    """

    label: Sentence
    powers: frozenset[str]
    grants: frozenset[str] = frozenset()
    at_organisation: bool = False


ROLES: dict[str, Role] = {
    role: Role(
        _LABELS[role],
        frozenset(power for power, holders in _HOLDERS.items() if letter in holders.split()),
        _GIVES.get(role, frozenset()),
        role in _AT_ORGANISATIONS,
    )
    for letter, role in _LETTERS.items()
}

POWERS = frozenset(_HOLDERS)
#: Powers that look and change nothing.
READING = frozenset(power for power in POWERS if power.endswith(".read"))
CHANGING = POWERS - READING

#: What an organisation can be.
ORGANISATION_KINDS = ("cooperative", "firm", "centre", "public")


def powers_of(role: str) -> frozenset[str]:
    """The powers of a role; none for a name that is no longer in the table."""
    held = ROLES.get(role)
    return held.powers if held else frozenset()
