"""Signing in by phone and one-time code, the same for a phone we know and for one we do not.

allauth sends codes to known users only. Here everyone gets one: who answers it from a new phone is
registered, and nobody learns from the page, the time or the message whether a phone was known.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from countyfair.registers.people import actions, sms
from countyfair.surfaces.account.adapters import SIGN_IN
from countyfair.surfaces.ui.translation import spoken


class CodeProcess(LoginCodeVerificationProcess):
    """allauth's process (attempts, timeout, stages), with our code, our message and our registering."""

    @classmethod
    def begin(cls, request: HttpRequest, phone: str) -> None:
        """Send a code to `phone` (E.164) and wait for it in this browser's session.

        Raises:
            NotSent: the provider did not take the message; nothing waits then.
        """
        login = Login(user=get_adapter().get_user_by_phone(phone))
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=login.user, phone=phone), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()
        # A sign-in that is never finished leaves a phone number in the session: not for long.
        request.session.set_expiry(app_settings.LOGIN_TIMEOUT)

    @classmethod
    def resume(cls, stage: Any) -> Any:
        process: Any = cls(stage=stage)
        return process.abort_if_invalid()

    def generate_code(self) -> str:
        code = f"{secrets.randbelow(1_000_000):06d}"
        self.state["code"] = code
        return code

    def send(self, skip_enumeration_mails: bool = False) -> None:
        minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
        sms.send(sms.sign_in_code(self.state["phone"], self.generate_code(), minutes))

    def resend(self) -> None:
        """Another code, under the same limits and with the attempts that are left."""
        phone = self.state["phone"]
        ratelimit.consume(self.request, action="request_login_code", key=phone, raise_exception=True)
        self.send()
        self.record_resend()
        self.persist()

    def finish(self, redirect_url: str | None) -> HttpResponseBase:
        if self.user is None:
            user_id = actions.register_user(
                SIGN_IN, phone=self.state["phone"], phone_verified=True, language=spoken()
            )
            self.state["user_id"] = str(user_id)
        response: HttpResponseBase = super().finish(redirect_url)
        return response
