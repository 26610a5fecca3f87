"""Pages of no single surface: the catalogue of components, refusals by the framework, lists for scripts."""

from __future__ import annotations

import gzip
import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Missing
from countyfair.kernel.remembered import Remembered
from countyfair.registers.places import queries as places
from countyfair.surfaces.ui import refusals, sample
from countyfair.surfaces.ui.page import render

A_DAY = 24 * 3600
#: Steps of the place picker as they are sent, plain and packed, by the code above.
_steps: Remembered[str, tuple[bytes, bytes]] = Remembered(600)
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
    """One step of the place picker as JSON, that of a province with all its counties: then no further
    request is needed for the county. The lists change once a year."""
    code = request.GET.get("code", "")[:12]
    code = code if code.isascii() and code.isdigit() else ""
    plain, packed = _steps.get(code, lambda: _worded(code))
    takes_packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response = HttpResponse(packed if takes_packed else plain, content_type="application/json")
    if takes_packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


def _worded(code: str) -> tuple[bytes, bytes]:
    """`{"code", "choices", "below": {prefecture: its choices}}`, plain and packed once for all who ask."""
    steps = places.choices_to_counties(code)
    said = steps.pop(code).as_json()
    said["below"] = {above: step.as_json()["choices"] for above, step in steps.items()}
    plain = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
    return plain, gzip.compress(plain, mtime=0)


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
