from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "countyfair.registers.access"
    label = "access"
