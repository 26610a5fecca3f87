"""Every write of trace. Order of locks: tellings by key, then orders, then stock."""

from countyfair.trade.trace.actions.noting import note
from countyfair.trade.trace.actions.numbering import number_goods
from countyfair.trade.trace.actions.recalling import lift_recall, recall_lot
from countyfair.trade.trace.actions.telling import tell_again, tell_buyers

__all__ = ["lift_recall", "note", "number_goods", "recall_lot", "tell_again", "tell_buyers"]
