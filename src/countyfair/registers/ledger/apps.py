from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "countyfair.registers.ledger"
    label = "ledger"
