"""Headers that every answer carries."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers


def vary(response: HttpResponseBase, *names: str) -> None:
    """Say that the answer differs by these headers of the request, beside those it named already."""
    response.headers["Vary"] = _varied(response.headers.get("Vary", ""), names)


@lru_cache(maxsize=256)
def _varied(said: str, names: tuple[str, ...]) -> str:
    """Django takes the header apart and puts it together again; there are few of them."""
    answer = HttpResponse(headers={"Vary": said} if said else None)
    patch_vary_headers(answer, names)
    return answer["Vary"]
