from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "countyfair.outreach.channels"
    label = "channels"
