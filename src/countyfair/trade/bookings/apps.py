from django.apps import AppConfig


class BookingsConfig(AppConfig):
    name = "countyfair.trade.bookings"
    label = "bookings"
