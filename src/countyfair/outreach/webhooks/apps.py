from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "countyfair.outreach.webhooks"
    label = "webhooks"
