"""The second factor: shown at sign-in, shown again, set up, taken away; recovery codes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account import views as allauth_views
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from countyfair.surfaces import ui
from countyfair.surfaces.account.sample import shown_second_factor
from countyfair.surfaces.account.views.shown import Shown, with_next
from countyfair.surfaces.ui.actor import SECOND_FACTOR, held_by, second_factor_shown


class ShowSecondFactor(Shown, mfa_views.AuthenticateView):
    """At sign-in, after code or password."""

    template_name = "account/show_second_factor.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"shown_code": shown_second_factor(self.stage.login.user), "again": False}


class AgainBySecondFactor(Shown, mfa_views.ReauthenticateView):
    """Before something that matters, or in a session older than the second factor."""

    template_name = "account/show_second_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        mark_shown(self.request)
        response: HttpResponse = super().form_valid(form)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"shown_code": shown_second_factor(self.request.user), "again": True}


class AgainByPassword(Shown, allauth_views.ReauthenticateView):
    """Before something that matters, for people with a password."""

    template_name = "account/again_by_password.html"


@method_decorator(login_required, name="dispatch")
class SetUpSecondFactor(Shown, totp_views.ActivateTOTPView):
    """Shows the QR code and its secret, and takes the first code."""

    template_name = "account/set_up_second_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        mark_shown(self.request)
        record_authentication(self.request, authenticated_user(self.request), "mfa", reauthenticated=True)
        return response

    def get_success_url(self) -> str:
        return with_next(self.request, reverse("mfa_view_recovery_codes"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
        return context | {"secret": spaced, "must": bool(held_by(self.request).grants)}


class TakeSecondFactorAway(Shown, totp_views.DeactivateTOTPView):
    """For moving to another phone; staff are led to set up the next one before any page of their work."""

    template_name = "account/take_second_factor_away.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session.pop(SECOND_FACTOR, None)
        ui.flash(self.request, _("The second factor is taken away."))
        return response


class RecoveryCodes(Shown, recovery_views.ViewRecoveryCodesView):
    template_name = "account/recovery_codes.html"


class NewRecoveryCodes(Shown, recovery_views.GenerateRecoveryCodesView):
    template_name = "account/new_recovery_codes.html"


class SecondFactor(Shown, TemplateView):
    """Where `ui.actor.staff` leads: on to setting up, to showing it, or back to the page asked for."""

    template_name = "account/second_factor.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_mfa_enabled(authenticated_user(request), [Authenticator.Type.TOTP]):
            return HttpResponseRedirect(with_next(request, reverse("mfa_activate_totp")))
        wanted = request.GET.get("next", "")
        if not second_factor_shown(request):
            back = wanted if get_adapter().is_safe_url(wanted) else reverse("mfa_index")
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
        if wanted and get_adapter().is_safe_url(wanted):
            return HttpResponseRedirect(wanted)
        return self.render_to_response(self.get_context_data(**kwargs))


def mark_shown(request: HttpRequest) -> None:
    """From now on this session's roles count."""
    request.session[SECOND_FACTOR] = str(request.user.pk)


show_second_factor = ShowSecondFactor.as_view()
again_by_second_factor = never_cache(AgainBySecondFactor.as_view())
again_by_password = never_cache(AgainByPassword.as_view())
set_up_second_factor = never_cache(SetUpSecondFactor.as_view())
take_second_factor_away = never_cache(TakeSecondFactorAway.as_view())
recovery_codes = never_cache(RecoveryCodes.as_view())
new_recovery_codes = never_cache(NewRecoveryCodes.as_view())
second_factor = never_cache(login_required(SecondFactor.as_view()))
