"""In by phone and code, or by password; out by pressing a button."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from countyfair.surfaces import ui
from countyfair.surfaces.account.codes import CodeProcess
from countyfair.surfaces.account.sample import shown_code
from countyfair.surfaces.account.views.shown import Shown, with_next


class SignIn(Shown, allauth_views.RequestLoginCodeView):
    """Asks for the phone and sends a code, whether or not the phone is known."""

    template_name = "account/sign_in.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponseRedirect | None:
        """Coming back here means another phone: the code that was waited for is forgotten."""
        clear_login(request)
        return None

    def form_valid(self, form: Any) -> HttpResponse:
        CodeProcess.begin(self.request, form.cleaned_data["phone"])
        return HttpResponseRedirect(with_next(self.request, reverse("account_confirm_login_code")))


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"),
    name="dispatch",
)
class EnterCode(Shown, allauth_views.ConfirmLoginCodeView):
    """Takes the code; three attempts, five minutes."""

    template_name = "account/enter_code.html"

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = getattr(request, "_login_stage")  # noqa: B009  (set by allauth's decorator)
        self._process = CodeProcess.resume(self.stage)
        if not self._process:
            return self._from_the_start()
        return FormView.dispatch(self, request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self.render_to_response(self.get_context_data(form=form))
        return self._from_the_start()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"shown_code": shown_code(context["phone"])}

    def _from_the_start(self) -> HttpResponse:
        sentence = _("This code is over. Ask for another one.")
        ui.flash(self.request, sentence, "refused")
        return HttpResponseRedirect(with_next(self.request, reverse("account_request_login_code")))


class SignInByPassword(Shown, allauth_views.LoginView):
    """For staff who set a password; the second factor is asked for next."""

    template_name = "account/sign_in_by_password.html"

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponseRedirect | None:
        clear_login(request)
        return None


class SignOut(Shown, allauth_views.LogoutView):
    """Asks first when opened by a link, so that no picture on another site can sign anyone out."""

    template_name = "account/sign_out.html"


class Closed(Shown, allauth_views.AccountInactiveView):
    template_name = "account/closed.html"


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Limits of allauth that no form shows."""
    return ui.render(request, "account/too_many.html", surface="account", status=429)


sign_in = SignIn.as_view()
enter_code = EnterCode.as_view()
sign_in_by_password = SignInByPassword.as_view()
sign_out = SignOut.as_view()
closed = Closed.as_view()
