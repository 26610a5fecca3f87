"""A page on its way to a person: what every template knows, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import cast
from urllib.parse import quote_plus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import gettext_lazy as _
from jinja2 import Environment
from markupsafe import Markup

from countyfair.kernel import clock
from countyfair.kernel.ids import parse_uuid
from countyfair.kernel.refusal import Invalid, Sentence
from countyfair.surfaces.ui.environment import html_language, in_language
from countyfair.surfaces.ui.form_token import form_token
from countyfair.surfaces.ui.formats import season
from countyfair.surfaces.ui.messages import LaterMessages
from countyfair.surfaces.ui.translation import spoken

THEMES = ("light", "dark")
#: The layout and scripts of a page; each has an entry point in frontend/src.
SURFACES = ("shop", "farmer", "station", "centre", "account")


class Page:
    """What layouts ask of the request; everything is computed when asked, nothing from the database."""

    __slots__ = ("_token", "request", "surface")

    def __init__(self, request: HttpRequest, surface: str) -> None:
        self.request = request
        self.surface = surface
        self._token = ""

    @property
    def lang(self) -> str:
        """The language of the page as HTML writes it."""
        return html_language(spoken())

    @property
    def theme(self) -> str:
        """`light` or `dark` when the person chose, else empty: the system decides."""
        chosen = self.request.COOKIES.get("theme", "")
        return chosen if chosen in THEMES else ""

    @property
    def season(self) -> str:
        return season(clock.now())

    @property
    def path(self) -> str:
        return self.request.path

    def within(self, prefix: str) -> bool:
        """Whether this page lies under an address, for marking the current link."""
        return self.request.path.startswith(prefix)

    def with_query(self, **changes: object) -> str:
        """This address with some parameters set, or dropped when None: filters, pages, sorting."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def switch(self, name: str, value: str) -> str:
        """A link back to this page that changes a preference: `switch("lang", "en")`."""
        others = [
            pair
            for pair in self.request.META.get("QUERY_STRING", "").split("&")
            if pair and pair.partition("=")[0] != name
        ]
        return "?" + "&".join([*others, f"{name}={value}"])

    @property
    def csrf(self) -> str:
        self._token = self._token or form_token(self.request)
        return self._token

    @property
    def toasts(self) -> list[Message]:
        """What the last verb had to say; read once. No cookie, no work."""
        said = messages.get_messages(self.request)
        return [] if isinstance(said, LaterMessages) and said.is_empty else list(said)

    @property
    def sign_in(self) -> str:
        """Where to sign in and come back to this page."""
        return f"{settings.LOGIN_URL}?next={quote_plus(self.request.get_full_path())}"


@lru_cache(maxsize=4)
def _environment(language: str) -> Environment:
    """Where somebody works on templates each is read anew; else they are compiled for the language."""
    base = cast(Jinja2, engines["jinja2"]).env
    return base if base.auto_reload else in_language(base, language)


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    surface: str = "shop",
    status: int = 200,
) -> HttpResponse:
    """The page of `template` (a path under some app's `jinja2/`), as a response.

    Templates see `page` (a `Page`), `request` and what `context` holds; no context processor runs.
    """
    body = (
        _environment(spoken() or settings.LANGUAGE_CODE)
        .get_template(template)
        .render({**(context or {}), "page": Page(request, surface), "request": request})
    )
    return HttpResponse(body, status=status)


def part(template: str, context: Mapping[str, object]) -> Markup:
    """A piece of a page that nothing of the request goes into."""
    made = _environment(spoken() or settings.LANGUAGE_CODE).get_template(template).render(context)
    return Markup(made)  # noqa: S704  (escaped by Jinja)


def for_templates(request: HttpRequest) -> dict[str, object]:
    """Context processor for pages that other packages render (sign-in): gives them their `page`."""
    return {"page": Page(request, "account")}


def flash(request: HttpRequest, sentence: Sentence, kind: str = "done") -> None:
    """Say something on the next page, once. `kind` is done, waiting, refused or info."""
    messages.add_message(request, messages.INFO, str(sentence), extra_tags=kind)


def once(request: HttpRequest) -> UUID:
    """The id that `ui.form` put into the form: the same however often the button is pressed.

    Raises:
        Invalid: the form came without it or with something else in its place.
    """
    made = parse_uuid(request.POST.get("once", ""))
    if made is None:
        raise Invalid(_("The form arrived incomplete. Open the page again and send it once more."))
    return made
