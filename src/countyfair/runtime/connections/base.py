"""The backend that `ENGINE` names."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool

Pool = ConnectionPool[Connection[Any]]


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how its pool looks at a connection before lending it."""

    _connection_pools: ClassVar[dict[str, Pool]] = {}

    if TYPE_CHECKING:  # Django's own, which its stubs do not name

        def _configure_connection(self, connection: Connection[Any]) -> None: ...

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        if self.alias not in self._connection_pools:
            pool: Pool = ConnectionPool(
                kwargs=self.get_connection_params() | {"autocommit": True},
                open=False,
                configure=self._configure_connection,
                check=refuse_closed,
                **options,
            )
            self._connection_pools.setdefault(self.alias, pool)
        return self._connection_pools[self.alias]


def refuse_closed(connection: Connection[Any]) -> None:
    """Raise OperationalError when the server closed this idle connection, else return at once."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    if waiting.poll(0):
        ConnectionPool.check_connection(connection)
