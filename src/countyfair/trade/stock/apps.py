from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "countyfair.trade.stock"
    label = "stock"
