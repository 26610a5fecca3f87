from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "countyfair.registers.people"
    label = "people"
