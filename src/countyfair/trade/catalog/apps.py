from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "countyfair.trade.catalog"
    label = "catalog"
