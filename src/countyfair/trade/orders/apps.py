from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "countyfair.trade.orders"
    label = "orders"
