"""Addresses of the API: those of its endpoints, its description, and a problem for all others."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_safe

from countyfair.surfaces.api.document import document
from countyfair.surfaces.api.endpoints import api
from countyfair.surfaces.api.gate import behind_gate, gated, missing

app_name = "api"


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document(api), json_dumps_params={"ensure_ascii": False})


urlpatterns = [
    path("openapi.json", behind_gate(description), name="description"),
    *(gated(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"),
    re_path("", behind_gate(missing), name="missing"),
]
