"""Pages that stand still: what the fair is, what robots may read."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countyfair.kernel.refusal import Missing
from countyfair.surfaces.shop.frame import browse
from countyfair.surfaces.ui.assets import assets
from countyfair.surfaces.ui.environment import absolute, url
from countyfair.trade.catalog.queries.voices import may_be_heard

A_DAY = 24 * 3600
A_YEAR = 365 * A_DAY
ROBOTS = """User-agent: *
Disallow: /basket/
Disallow: /checkout/
Disallow: /orders/
Disallow: /account/
Disallow: /station/
Disallow: /courier/
Disallow: /centre/
"""


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the fair is, and what becomes of a buyer's money."""
    return browse(request, "about", {})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Stalls are for everybody; baskets and orders are not."""
    where = f"\nSitemap: {absolute(url('shop:sitemap'))}\n"
    response = HttpResponse(ROBOTS + where, content_type="text/plain")
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask without reading the page's own link."""
    response = HttpResponsePermanentRedirect(assets().url("food/circus-tent.svg"))
    response["Cache-Control"] = f"public, max-age={A_DAY}"
    return response


@require_safe
def photo(request: HttpRequest, name: str) -> HttpResponseBase:
    """A kept file of a photograph. Its name is a digest of what it shows, so it may be kept for ever."""
    try:
        file = (Path(settings.MEDIA_ROOT) / name).open("rb")
    except OSError:
        raise Missing(_("This picture is not here any more.")) from None
    response = FileResponse(file, content_type=f"image/{name.rpartition('.')[2]}")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


#: One stretch of a file, as players ask for it: `bytes=0-1`, `bytes=1000-`.
_STRETCH = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


@require_safe
def voice(request: HttpRequest, name: str) -> HttpResponseBase:
    """A kept recording, while it may be heard: browsers that keep it ask each time whether they still may.

    Phones ask for stretches of it (RFC 9110, section 14) before they play.
    """
    digest = name[3:-4]
    if not may_be_heard(digest):
        raise Missing(_("This recording is not here any more."))
    if request.headers.get("If-None-Match") == f'"{digest}"':
        return HttpResponse(status=304, headers={"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"})
    try:
        data = (Path(settings.MEDIA_ROOT) / name).read_bytes()
    except OSError:
        raise Missing(_("This recording is not here any more.")) from None
    response = _stretch(request.headers.get("Range", ""), data)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = f'"{digest}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _stretch(asked: str, data: bytes) -> HttpResponse:
    """All of it, the stretch that was asked for, or 416 for one that there is not."""
    found = _STRETCH.fullmatch(asked)
    if found is None:
        return HttpResponse(data, content_type="audio/mp4")
    first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    response = HttpResponse(data[first : last + 1], status=206, content_type="audio/mp4")
    response["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return response
