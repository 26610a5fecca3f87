"""Every write of the notices."""

from countyfair.registers.notices.actions.choosing import choose, mark_read, reword
from countyfair.registers.notices.actions.sending import Address, Book, send_due
from countyfair.registers.notices.actions.telling import News, tell

__all__ = ["Address", "Book", "News", "choose", "mark_read", "reword", "send_due", "tell"]
