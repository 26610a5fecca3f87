"""Who may do what, what a household may be opened for, and how its numbers are written."""

from countyfair.registers.people.rules.numbers import (
    bank_account,
    check_digit,
    credit_code,
    id_number,
    phone,
    session_digest,
)
from countyfair.registers.people.rules.purposes import (
    ASKED,
    FIELDS,
    HOW,
    NOTICE,
    OWN,
    PURPOSES,
    SELLING,
    Purpose,
    asked_for,
    mask_name,
    mask_phone,
)
from countyfair.registers.people.rules.roles import (
    CHANGING,
    ORGANISATION_KINDS,
    POWERS,
    READING,
    ROLES,
    Role,
    powers_of,
)

__all__ = [
    "ASKED",
    "CHANGING",
    "FIELDS",
    "HOW",
    "NOTICE",
    "ORGANISATION_KINDS",
    "OWN",
    "POWERS",
    "PURPOSES",
    "READING",
    "ROLES",
    "SELLING",
    "Purpose",
    "Role",
    "asked_for",
    "bank_account",
    "check_digit",
    "credit_code",
    "id_number",
    "mask_name",
    "mask_phone",
    "phone",
    "powers_of",
    "session_digest",
]
