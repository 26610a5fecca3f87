from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "countyfair.trade.promotions"
    label = "promotions"
