"""Pages of no single surface: the catalogue of components, refusals by the framework, lists for scripts."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Missing
from countyfair.kernel.remembered import Remembered
from countyfair.registers.places import queries as places
from countyfair.surfaces.ui import refusals, sample
from countyfair.surfaces.ui.page import render

A_DAY = 24 * 3600
#: Steps of the place picker as they are sent, by the code above.
_steps: Remembered[str, bytes] = Remembered(600)
#: Parts of /design and the surface whose look each one shows.
PARTS = {
    "": "shop",
    "forms": "shop",
    "goods": "shop",
    "station": "station",
    "centre": "centre",
    "account": "account",
}
CSRF_SENTENCE = _(
    "The page was open for too long, or cookies are off. Open it again and send the form once more."
)


def design(request: HttpRequest, part: str = "") -> HttpResponse:
    """The catalogue of components; `part` is a key of PARTS or the status of a refusal."""
    if part.isdigit() and int(part) in refusals.WAYS:
        return refusals.told(request, refusals.WAYS[int(part)], int(part))
    if part not in PARTS:
        raise Missing(_("The catalogue has no such part."))
    context = {"part": part, "sample": sample.sample()}
    return render(request, f"ui/design/{part or 'index'}.html", context, surface=PARTS[part])


def places_below(request: HttpRequest) -> HttpResponse:
    """One step of the place picker as JSON; the lists change once a year."""
    code = request.GET.get("code", "")[:12]
    code = code if code.isascii() and code.isdigit() else ""
    body = _steps.get(code, lambda: json.dumps(places.choices(code).as_json(), ensure_ascii=False).encode())
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django calls for a request that it cannot read."""
    return refusals.told(request, refusals.INVALID, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django calls for PermissionDenied."""
    return refusals.told(request, refusals.FORBIDDEN, 403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls when a form comes without its token."""
    return refusals.told(request, refusals.INVALID, 403, CSRF_SENTENCE)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What Django calls when no address matches."""
    return refusals.told(request, refusals.MISSING, 404)


def fault(request: HttpRequest) -> HttpResponse:
    """What Django calls when a view breaks."""
    return refusals.told(request, refusals.FAULT, 500)
