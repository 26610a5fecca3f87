from django.apps import AppConfig


class StationConfig(AppConfig):
    name = "countyfair.surfaces.station"
    label = "surface_station"
