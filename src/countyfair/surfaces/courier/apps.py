from django.apps import AppConfig


class CourierConfig(AppConfig):
    name = "countyfair.surfaces.courier"
    label = "surface_courier"
