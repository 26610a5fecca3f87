from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "countyfair.kernel"
    label = "kernel"
