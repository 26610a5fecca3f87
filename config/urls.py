"""Every address of the deployment, by the surface that answers it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("countyfair.runtime.urls")),
]
