"""Tokens for programs: made here, shown once, revoked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from countyfair.kernel.refusal import Conflict, Invalid, Refusal
from countyfair.registers.access import actions, queries, rules
from countyfair.registers.access.actions import Made
from countyfair.surfaces import ui
from countyfair.surfaces.ui.actor import actor_from, second_factor_shown

#: For how many days a token may be made here.
DAYS = (7, 30, 90, 366)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form shows."""

    name: str = ""
    scopes: Sequence[str] = ("own.read",)
    days: str = "30"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows beside the list: a new token's text, or what was refused and typed."""

    made: Made | None = None
    refused: Refusal | None = None
    typed: Typed = Typed()


@never_cache
@login_required
@reauthentication_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's tokens, and the form that makes one; its text is shown in the answer and never again."""
    if request.method != "POST":
        return _page(request, Shown())
    days = request.POST.get("days", "")
    typed = Typed(request.POST.get("name", "")[:200], request.POST.getlist("scopes"), days)
    try:
        made = actions.make_token(
            actor_from(request),
            token=ui.once(request),
            name=request.POST.get("name", ""),
            scopes=request.POST.getlist("scopes"),
            days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
            with_factor=second_factor_shown(request),
        )
    except (Invalid, Conflict) as refusal:
        return _page(request, Shown(refused=refusal, typed=typed))
    return _page(request, Shown(made=made))


@require_POST
@login_required
def revoke(request: HttpRequest) -> HttpResponse:
    """End one of one's tokens."""
    try:
        key = UUID(request.POST.get("token", ""))
    except ValueError:
        raise Invalid(_("There is no such token.")) from None
    actions.revoke_token(actor_from(request), token=key)
    ui.flash(request, _("Revoked: it opens nothing any more."), "done")
    return HttpResponseRedirect(reverse("account_tokens"))


def _page(request: HttpRequest, shown: Shown) -> HttpResponse:
    actor = actor_from(request)
    context = {
        "tokens": queries.tokens(actor),
        "labels": {name: scope.label for name, scope in rules.SCOPES.items()},
        "scopes": [(name, rules.SCOPES[name].label) for name in rules.scopes_for(actor)],
        "days": [
            (str(days), ngettext("%(count)d day", "%(count)d days", days) % {"count": days}) for days in DAYS
        ],
        "made": shown.made,
        "refused": shown.refused,
        "typed": shown.typed,
        "once": request.POST.get("once") if isinstance(shown.refused, Invalid) else None,
    }
    status = shown.refused.status if shown.refused else 200
    return ui.render(request, "account/tokens.html", context, surface="account", status=status)
