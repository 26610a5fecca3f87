from django.apps import AppConfig


class TraceConfig(AppConfig):
    name = "countyfair.trade.trace"
    label = "trace"
