from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "countyfair.registers.places"
    label = "places"
