from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "countyfair.surfaces.ui"
    label = "surface_ui"
