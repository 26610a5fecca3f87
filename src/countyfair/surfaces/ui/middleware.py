"""Between the server and the views: preferences, headers, and refusals turned into pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import translation

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.ui.headers import vary
from countyfair.surfaces.ui.messages import LaterMessages
from countyfair.surfaces.ui.page import THEMES
from countyfair.surfaces.ui.refusals import ONLY_SENT, refusal_page, told
from countyfair.surfaces.ui.translation import Speaking

Handler = Callable[[HttpRequest], HttpResponseBase]

A_YEAR = 365 * 24 * 3600
PERMISSIONS = "camera=(self), geolocation=(), microphone=(self), payment=(), usb=()"


class Preferences:
    """Language and colours, from cookies and Accept-Language; `?lang=` and `?theme=` set the cookies.

    Needs no session, so that a guest's page stays cheap. Each answer names its language and what it
    varies by.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if request.method == "GET" and ("lang=" in query or "theme=" in query):
            changed = remember(request)
            if changed is not None:
                return changed
        language = _language(
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), request.META.get("HTTP_ACCEPT_LANGUAGE", "")
        )
        request.LANGUAGE_CODE = language
        with Speaking(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language.startswith("zh") else "en")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        vary(response, "Accept-Language", "Cookie")
        return response


@lru_cache(maxsize=1024)
def _language(cookie: str | None, accepted: str) -> str:
    """The language of whoever sends this cookie and this header; of few kinds, however many people."""
    asked = HttpRequest()
    asked.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    if cookie is not None:
        asked.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    return translation.get_language_from_request(asked)


class Messages:
    """Django's middleware for messages, whose store is made only where one came or is said."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        store = LaterMessages(request)
        setattr(request, "_messages", store)  # noqa: B010  (Django's own name)
        response = self.get_response(request)
        if store.made is not None:
            store.made.update(response)
        return response


class ContentPolicy:
    """The Content-Security-Policy of the settings on every answer: always the same, so worded once."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


def remember(request: HttpRequest) -> HttpResponse | None:
    """Set what `?lang=` and `?theme=` ask for and go back to the page; None when they ask nothing known."""
    query = request.GET.copy()
    language = (query.pop("lang", None) or [""])[-1]
    theme = (query.pop("theme", None) or [""])[-1]
    if language not in dict(settings.LANGUAGES) and theme not in (*THEMES, "system"):
        return None
    address = f"{request.path}?{query.urlencode()}" if query else request.path
    response = HttpResponseRedirect(local_path(address))
    if language in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=A_YEAR, samesite="Lax")
    if theme == "system":
        response.delete_cookie("theme", samesite="Lax")
    elif theme in THEMES:
        response.set_cookie("theme", theme, max_age=A_YEAR, samesite="Lax")
    return response


def local_path(address: str) -> str:
    """`//elsewhere` in a request line must not become a redirect to another host."""
    return "/" + address.lstrip("/\\")


class Refusals:
    """A Refusal that no view caught becomes a page with its sentence and its status.

    So does looking at an address that only takes forms: whoever reloads the answer to a form, or changes
    its language, comes there.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method != "GET":
            return response
        page = told(request, ONLY_SENT, response.status_code)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusal_page(request, exception)
        return None
