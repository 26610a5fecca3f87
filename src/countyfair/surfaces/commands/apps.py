from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "countyfair.surfaces.commands"
    label = "surface_commands"
