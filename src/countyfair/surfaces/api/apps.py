from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "countyfair.surfaces.api"
    label = "surface_api"
