from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "countyfair.surfaces.centre"
    label = "surface_centre"
