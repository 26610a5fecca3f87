from django.apps import AppConfig


class FarmerConfig(AppConfig):
    name = "countyfair.surfaces.farmer"
    label = "surface_farmer"
