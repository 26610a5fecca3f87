"""What allauth asks of us: users by phone, codes by text message, sealed second factors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from countyfair.kernel import clock
from countyfair.kernel.actor import Actor
from countyfair.kernel.refusal import Invalid
from countyfair.kernel.seal import seal, unseal
from countyfair.registers.people import actions, queries, rules
from countyfair.registers.people.actions import SECOND_FACTOR as SEALED_FOR
from countyfair.registers.people.sessions import AT, DEVICE
from countyfair.surfaces.account.devices import device
from countyfair.surfaces.ui.actor import SECOND_FACTOR
from countyfair.surfaces.ui.address import client_address

SIGN_IN = Actor.system("sign-in")

#: Where somebody starts who asked for no page in particular: the first power they hold decides; after
#: them, whoever belongs to a household begins there.
STARTS = (
    ("people.read", "/centre/"),
    ("payout.read", "/centre/"),
    ("catalog.offer", "/centre/"),
    ("stock.weigh_in", "/station/"),
    ("orders.deliver", "/courier/"),
)


class AccountAdapter(DefaultAccountAdapter):
    """Users are known by phone; messages on pages are ours, so that allauth's own are dropped."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Look at the message again."),
        "phone_password_mismatch": _("Phone or password is not right."),
        "incorrect_password": _("The password is not right."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
    }

    def clean_phone(self, phone: str) -> str:
        try:
            return rules.phone(phone)
        except Invalid as refusal:
            raise ValidationError(str(refusal.sentence)) from refusal

    def phone_form_field(self, **kwargs: Any) -> Any:
        """A field that takes a number as people write it; `clean_phone` gives it one form."""
        return super().phone_form_field(validators=[], **kwargs)

    def get_user_by_phone(self, phone: str) -> AbstractBaseUser | None:
        return queries.user_by_phone(phone)

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: Any, phone: str) -> None:
        if not user.phone_verified:
            actions.confirm_phone(SIGN_IN, user_id=user.pk)

    def get_login_stages(self) -> list[str]:
        """Code, then second factor. A password exists only where a code was answered before."""
        return ["allauth.account.stages.LoginByCodeStage", "allauth.mfa.stages.AuthenticateStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has a password or an app shows it again before changing how they sign in."""
        return True

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        request.session.set_expiry(None)
        request.session[AT] = clock.now().isoformat()
        request.session[DEVICE] = device(request.headers.get("User-Agent", ""))
        if any(record["method"] == "mfa" for record in get_authentication_records(request, user)):
            request.session[SECOND_FACTOR] = str(user.pk)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose tries are counted, by the house's own reading of proxies."""
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = UUID(str(request.user.pk))
        actor = queries.actor_of(user)
        others = "/farmer/" if queries.households_of_user(user) else "/"
        return next((path for power, path in STARTS if actor.holds(power)), others)

    def is_safe_url(self, url: str) -> bool:
        """Only this site's own pages: an address elsewhere after sign-in would be a trap."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nobody has an email address here."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps, sealed; their QR code drawn by segno."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Wait for the next one in the app and type that."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, SEALED_FOR)

    def get_totp_label(self, user: Any) -> str:
        return rules.mask_phone(user.phone)

    def build_totp_svg(self, url: str) -> str:
        return segno.make_qr(url).svg_inline(scale=5, border=3, dark="#1f1b16", light="#ffffff")

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        return not user.is_anonymous and bool(super().is_mfa_enabled(user, types))
