from django.apps import AppConfig


class ShopConfig(AppConfig):
    name = "countyfair.surfaces.shop"
    label = "surface_shop"
