"""One's own account: name, language, password, sign-ins, and leaving."""

from __future__ import annotations

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from countyfair.kernel.refusal import Conflict, Invalid
from countyfair.registers.notices.queries import unread
from countyfair.registers.people import actions, queries, rules
from countyfair.surfaces import ui
from countyfair.surfaces.ui.actor import actor_from, held_by

A_YEAR = 365 * 24 * 3600


@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """All of it on one page, a form each."""
    return _page(request)


@require_POST
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language; the language also goes into the cookie that every page reads."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = ""
    name = request.POST.get("name", "").replace("\x00", "")  # which PostgreSQL cannot keep
    try:
        actions.set_profile(actor_from(request), user_id=_me(request), name=name, language=language)
    except Invalid as refusal:
        return _page(request, refusal)
    ui.flash(request, _("Saved."))
    response = HttpResponseRedirect(reverse("account"))
    if language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax")
    return response


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A first password, or another one; this sign-in stays, all others end."""
    refused: Invalid | None = None
    if request.method == "POST":
        try:
            actions.set_password(
                actor_from(request), user_id=_me(request), password=request.POST.get("password", "")
            )
        except Invalid as refusal:
            refused = refusal
        else:
            user = queries.known_user(_me(request))
            if user is not None:
                update_session_auth_hash(request, user)
            ui.flash(request, _("The password is set. All other sign-ins have ended."))
            return HttpResponseRedirect(reverse("account"))
    context = {"refused": refused, "profile": _profile(request)}
    return ui.render(
        request, "account/password.html", context, surface="account", status=422 if refused else 200
    )


@require_POST
@login_required
def end_sign_in(request: HttpRequest) -> HttpResponse:
    """One sign-in by its digest, or all but this one."""
    ended = actions.end_sign_in(
        actor_from(request),
        user_id=_me(request),
        session_digest=request.POST.get("digest", ""),
        keep_digest=_here(request),
    )
    ui.flash(request, _("Ended.") if ended else _("There was nothing left to end."))
    return HttpResponseRedirect(reverse("account"))


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Asks first; then nothing of the person is left but a key in history."""
    if request.method == "POST":
        try:
            actions.erase_user(actor_from(request), user_id=_me(request))
        except Conflict as refusal:
            return _page(request, refusal)
        logout(request)
        ui.flash(request, _("Your account is erased."))
        return HttpResponseRedirect("/")
    context = {
        "question": _("Erase your account?"),
        "consequences": [
            _("Your phone, your name, your password and your second factor are forgotten at once."),
            _("Orders stay in the county's books without your name."),
            _("This cannot be taken back."),
        ],
        "action_label": _("Erase my account"),
        "cancel_url": reverse("account"),
        "action": reverse("account_erase"),
        "hidden": {},
        "once": None,
        "danger": True,
        "surface": "account",
    }
    return ui.render(request, "ui/confirm.html", context, surface="account")


def _page(request: HttpRequest, refused: Invalid | Conflict | None = None) -> HttpResponse:
    actor = actor_from(request)
    held = dict.fromkeys(grant.role for grant in held_by(request).grants)
    roles = [rules.ROLES[role].label for role in held if role in rules.ROLES]
    context = {
        "profile": _profile(request),
        "sign_ins": queries.sign_ins(actor, user_id=_me(request)),
        "here": _here(request),
        "unread": unread(actor),
        "roles": roles,
        "languages": settings.LANGUAGES,
        "refused": refused,
    }
    return ui.render(
        request, "account/account.html", context, surface="account", status=refused.status if refused else 200
    )


def _profile(request: HttpRequest) -> queries.Profile:
    return queries.profile(actor_from(request), user_id=_me(request))


def _me(request: HttpRequest) -> UUID:
    key = actor_from(request).user_id
    if key is None:
        raise Invalid(_("Sign in first."))
    return key


def _here(request: HttpRequest) -> str:
    return rules.session_digest(request.session.session_key or "")
