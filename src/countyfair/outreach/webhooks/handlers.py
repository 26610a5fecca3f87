"""What the webhooks do when they hear of events; wired in the deployment's wiring."""

from __future__ import annotations

from collections.abc import Sequence

from countyfair.kernel.actor import Actor
from countyfair.kernel.events import Delivered, Event
from countyfair.outreach.webhooks.actions import queue


def on_news(batch: Sequence[Delivered[Event]]) -> None:
    """Events that programs may hear: put down for whoever asked."""
    queue(Actor.system("webhooks.on_news"), news=batch)
