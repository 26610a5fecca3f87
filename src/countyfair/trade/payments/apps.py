from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "countyfair.trade.payments"
    label = "payments"
