"""One's own news in the house, and what to be told of by which way."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from countyfair.kernel.ids import parse_uuid
from countyfair.registers.notices import actions, queries
from countyfair.registers.notices.queries import Told
from countyfair.registers.notices.rules import CHANNELS, KINDS, TOPICS
from countyfair.surfaces import ui
from countyfair.surfaces.ui.actor import actor_from
from countyfair.surfaces.ui.translation import spoken

PAGE = 30
#: The page of what news of a kind, or of all kinds of one beginning, is about.
PAGES = {
    "order": "shop:order",
    "group": "shop:order",
    "claim": "shop:order",
    "booking": "shop:order",
    "claim.asked": "centre:claim",
    "task": "centre:task",
    "webhook": "centre:webhook",
    "station": "station:today",
}
#: Ways that can be muted; what stands in the house disturbs nobody.
WAYS = tuple(channel for channel in CHANNELS if channel != "house")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD"])
def news(request: HttpRequest) -> HttpResponse:
    """What there is to read, the latest first; `?before=` goes on from a key."""
    actor = actor_from(request)
    before = parse_uuid(request.GET.get("before", ""))
    told = queries.mine(actor, language=spoken(), before=before, limit=PAGE + 1)
    shown = told[:PAGE]
    context = {
        "told": [(one, _page_of(one)) for one in shown],
        "further": f"?before={shown[-1].id}" if len(told) > PAGE else "",
        "new": any(one.is_new for one in shown),
        "muted": queries.muted(actor),
        "topics": {topic: (label, _ways_of(topic)) for topic, label in TOPICS.items()},
        "channels": CHANNELS,
    }
    return ui.render(request, "account/news.html", context, surface="account")


@never_cache
@require_http_methods(["GET", "HEAD"])
def unread_news(request: HttpRequest) -> HttpResponse:
    """The number at the bell, asked for by pages once they are shown; empty when all is read.

    A page whose session ended meanwhile is given nothing, or the form to sign in would stand at its bell.
    """
    if not request.user.is_authenticated and "HX-Request" in request.headers:
        return HttpResponse(status=204)
    return _unread(request)


@login_required
def _unread(request: HttpRequest) -> HttpResponse:
    return ui.render(
        request, "account/unread.html", {"unread": queries.unread(actor_from(request))}, surface="account"
    )


@require_POST
@login_required
def read_news(request: HttpRequest) -> HttpResponse:
    """All of it is read."""
    actions.mark_read(actor_from(request))
    return HttpResponseRedirect(reverse("account_news"))


@require_POST
@login_required
def choose_news(request: HttpRequest) -> HttpResponse:
    """What is ticked is told; what is not is muted."""
    wanted = set(request.POST.getlist("told"))
    muted = [(topic, way) for topic in TOPICS for way in _ways_of(topic) if f"{topic}.{way}" not in wanted]
    actions.choose(actor_from(request), muted=muted)
    ui.flash(request, _("Saved."))
    return HttpResponseRedirect(reverse("account_news"))


def _ways_of(topic: str) -> list[str]:
    """The ways by which news of a topic goes at all."""
    gone = {channel for kind in KINDS.values() if kind.topic == topic for channel in kind.channels}
    return [way for way in WAYS if way in gone]


def _page_of(one: Told) -> str:
    """The page that news is about, "" for none."""
    key = parse_uuid(one.subject.partition(":")[0])
    name = PAGES.get(one.kind) or PAGES.get(one.kind.partition(".")[0], "")
    if key is None or not name:
        return ""
    return reverse(name, args=[one.county, key] if name.startswith("centre:") else [key])
