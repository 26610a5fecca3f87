"""The backend that `ENGINE` names."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how a kept connection is looked at before a request uses it."""

    def is_usable(self) -> bool:
        """Whether the server is still there: it is asked only when the connection has something to say."""
        kept = self.connection
        if kept is None or kept.closed or self.errors_occurred or _has_word(kept.fileno()):
            return super().is_usable()
        return True


def _has_word(descriptor: int) -> bool:
    """Whether something waits to be read on a connection on which nothing was asked: an end, most often."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(waiting.poll(0))
