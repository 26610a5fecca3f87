"""The addresses of `runtime`: what a watchdog asks."""

from __future__ import annotations

from django.urls import path

from countyfair.runtime import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
