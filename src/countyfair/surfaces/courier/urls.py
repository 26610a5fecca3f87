"""Addresses of the courier's pages."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from countyfair.surfaces.courier import views

app_name = "courier"
urlpatterns = [
    path("", require_safe(views.round_), name="round"),
    path("<uuid:order>/", require_safe(views.parcel), name="parcel"),
    path("<uuid:order>/call/", require_POST(views.call), name="call"),
    path("<uuid:order>/delivered/", require_POST(views.delivered), name="delivered"),
    path("<uuid:order>/failed/", require_POST(views.failed), name="failed"),
    path("<uuid:order>/again/", require_POST(views.again), name="again"),
    path("<uuid:order>/arrived/", require_POST(views.arrived), name="arrived"),
]
