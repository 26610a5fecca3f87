"""What every address of the API does around its endpoint: refuse what cannot be read, answer in one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt

from countyfair.surfaces.api import problems
from countyfair.surfaces.api.calls import FILE
from countyfair.surfaces.api.limits import TooMany

#: Bytes of a body, and of one that is a file; an endpoint takes fewer where it says so.
MOST_BYTES = 1_000_000
MOST_FILE_BYTES = 16_000_000
#: Digits of a length; one of more is too large, whatever it says.
DIGITS = 12
_BODIES = frozenset({"POST", "PUT", "PATCH"})

View = Callable[..., HttpResponseBase]


def gated(pattern: URLPattern) -> URLPattern:
    """An address with its endpoint behind the gate."""
    return URLPattern(pattern.pattern, behind_gate(pattern.callback), pattern.default_args, pattern.name)


def behind_gate(view: View) -> View:
    """A view whose every answer is JSON or a problem document."""

    @csrf_exempt
    def answer(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = _unreadable(request)
        if refused:
            return problems.problem(request, refused)
        try:
            response = view(request, *args, **kwargs)
        except RequestDataTooBig:
            return problems.problem(request, 413)
        if response.status_code == 405:
            told = problems.problem(request, 405)
            told["Allow"] = response["Allow"]
            return told
        return response

    return answer


def missing(request: HttpRequest) -> HttpResponse:
    """An address below `/api/` that there is not."""
    return problems.problem(request, 404, code="missing")


def refused(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """What an endpoint raised, told as a problem."""
    error = error() if isinstance(error, type) else error
    response = problems.of_exception(request, error)
    if isinstance(error, TooMany):
        for name, value in error.standing.headers().items():
            response[name] = value
        response["Retry-After"] = str(error.standing.seconds)
    return response


def _unreadable(request: HttpRequest) -> int:
    """The status of a request that no endpoint should see; 0 for all others."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    most = MOST_FILE_BYTES if request.content_type == FILE else MOST_BYTES
    if not (length.isascii() and length.isdigit()):
        return 400
    if len(length) > DIGITS or int(length) > most:
        return 413
    if request.method in _BODIES and int(length) and request.content_type not in (FILE, "application/json"):
        return 415
    return 0
