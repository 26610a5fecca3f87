"""Letting a newcomer in as one of the sample people: their codes are shown on the page.

Only where messages are printed instead of sent, and only for people who are plainly made up.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.core.cache import cache

from countyfair.registers.people import queries
from countyfair.registers.people.sms import console


def shown_code(phone: str) -> str:
    """The one-time code printed for a sample phone, "" for anyone else."""
    user = queries.user_by_phone(phone) if _allowed() else None
    return console.last_code(phone) if user is not None and user.is_sample else ""


def shown_second_factor(user: Any) -> str:
    """What a sample person's app would show, or the next one when that was used; "" for anyone else."""
    if user is None or not user.is_sample or not _allowed():
        return ""
    kept = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    if kept is None:
        return ""
    secret, totp = decrypt(kept.data["secret"]), kept.wrap()
    before, *present = yield_hotp_counters_from_time()  # the one before is soon too old to be typed
    codes = [format_hotp_value(hotp_value(secret, counter)) for counter in (*present, before)]
    return next((code for code in codes if cache.get(totp._get_used_cache_key(code)) is None), codes[0])


def _allowed() -> bool:
    return bool(settings.COUNTYFAIR_SMS == "console")
