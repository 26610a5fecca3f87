from django.apps import AppConfig


class LogisticsConfig(AppConfig):
    name = "countyfair.trade.logistics"
    label = "logistics"
