"""Addresses that belong to no single surface."""

from __future__ import annotations

from django.urls import path

from countyfair.surfaces.ui import views

app_name = "ui"

urlpatterns = [
    path("design/", views.design, name="design"),
    path("design/<slug:part>/", views.design, name="design_part"),
    path("places/below", views.places_below, name="places"),
]
