from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "countyfair.registers.notices"
    label = "notices"
