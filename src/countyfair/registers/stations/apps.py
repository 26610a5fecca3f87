from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "countyfair.registers.stations"
    label = "stations"
