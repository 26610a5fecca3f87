"""Identity, phone and bank numbers: read as people write them, kept in one form."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import phonenumbers
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

_ID_NUMBER = re.compile(r"^[1-9]\d{5}(18|19|20)\d{9}[\dX]$")
_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_CHECK = "10X98765432"


def id_number(text: str, *, is_sample: bool = False) -> str:
    """A citizen identity number (GB 11643-1999): place, birth date, serial, ISO 7064 MOD 11-2 check.

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
        raise Invalid(
            _("The birth date in this identity number does not exist."), field="id_number"
        ) from None
    right = number[17] == check_digit(number[:17])
    if right == is_sample:
        if is_sample:
            raise Invalid(
                _("A sample person must not carry a number that could be somebody's."), field="id_number"
            )
        raise Invalid(_("This identity number has a mistake: compare it with the card."), field="id_number")
    return number


def check_digit(digits: str) -> str:
    """The eighteenth character for the first seventeen."""
    return _CHECK[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11]


#: A Chinese mobile number as most people write it: the library need not take it apart.
_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def phone(text: str) -> str:
    """A telephone number as E.164; a number without country code is read as Chinese.

    Raises:
        Invalid: no such number is possible.
    """
    if _MOBILE.fullmatch(text):
        return f"+86{text}"
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        number = None
    lettered = any(
        character.isalpha() for character in text
    )  # the library would read 138OO as digits of a keypad
    if number is None or lettered or not phonenumbers.is_possible_number(number):
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


_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(text: str) -> str:
    """A unified social credit code (GB 32100-2015): 18 characters, the last a check modulo 31.

    Raises:
        Invalid: not such a code.
    """
    code = "".join(text.split()).upper()
    if len(code) != 18 or any(character not in _CREDIT_CODE for character in code):
        raise Invalid(_("A registration number has 18 digits and letters."), field="registration_number")
    total = sum(_CREDIT_CODE.index(one) * pow(3, place, 31) for place, one in enumerate(code[:17]))
    if _CREDIT_CODE[-total % 31] != code[17]:
        raise Invalid(
            _("This registration number has a mistake: compare it with the licence."),
            field="registration_number",
        )
    return code
