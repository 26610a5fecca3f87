from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "countyfair.surfaces.account"
    label = "surface_account"
