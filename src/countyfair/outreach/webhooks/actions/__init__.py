"""Every write of the webhooks."""

from countyfair.outreach.webhooks.actions.sending import forget_old, queue, send_due
from countyfair.outreach.webhooks.actions.subscribing import Made, end, replay, rotate, subscribe, take_up

__all__ = ["Made", "end", "forget_old", "queue", "replay", "rotate", "send_due", "subscribe", "take_up"]
