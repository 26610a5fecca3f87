"""The shared floor of the surfaces as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "countyfair.surfaces.ui"
    label = "ui"
