"""How often somebody may guess at an order: counted in the cache that all workers share."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Refusal
from countyfair.surfaces.ui.address import client_network

#: Tries within WINDOW_SECONDS from one address, and for one order's number from anywhere.
FROM_ADDRESS = 20
FOR_NUMBER = 8
WINDOW_SECONDS = 600


class TooOften(Refusal):
    """Wait a while."""

    status = 429
    code = "too_often"


def count_guess(request: HttpRequest, number: str) -> None:
    """Count one try to find an order.

    Raises:
        TooOften: the try is one too many, whatever it guessed.
    """
    tries = [
        (f"find:a:{client_network(request)}", FROM_ADDRESS),
        (f"find:n:{number.strip()[:40]}", FOR_NUMBER),
    ]
    counted = [_counted(text) > most for text, most in tries]
    if any(counted):
        raise TooOften(_("Too many tries. Wait ten minutes, then look for your order again."))


def _counted(text: str) -> int:
    """How often this was counted in the running window, this time included."""
    key = "shop:" + hashlib.sha256(text.encode()).hexdigest()
    if cache.add(key, 1, WINDOW_SECONDS):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window ended in between
        return 1
