from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "countyfair.trade.settlement"
    label = "settlement"
