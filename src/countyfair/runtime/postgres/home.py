"""Where a server's data lives, and as whom it runs.

PostgreSQL refuses to run as root. Started by root, it runs as the machine's own `postgres` or
`nobody`; where that user cannot reach the checkout, the data goes under /var/lib/countyfair.
No user is made, and no folder of anybody else's is opened up.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from countyfair.runtime.postgres.binaries import NoDatabase
from countyfair.runtime.processes import Account, run_as

SERVICE_ACCOUNTS = ("postgres", "nobody")
SHARED = Path("/var/lib/countyfair")
SOCKET_FILE = ".s.PGSQL.5432"
LONGEST_SOCKET = 103  # bytes of a path: 107 on Linux, 103 on macOS


@dataclass(frozen=True)
class Home:
    """The folder of one server: `data`, `log`, `lock`, and the folder of its socket."""

    folder: Path
    sockets: Path
    account: Account | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def major(self) -> int | None:
        """The version that made the data, None where there is none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text().split(".")[0])
        except FileNotFoundError:
            return None


def lasting(var: Path) -> Home:
    """The home of a deployment's own database, under its folder `var`; made when it is not there yet."""
    places = [var / "pg"]
    if os.getuid() == 0:
        places.append(SHARED / _fingerprint(var))
    for folder in sorted(places, key=lambda folder: not (folder / "data" / "PG_VERSION").exists()):
        if home := _settle(folder):
            return home
    raise NoDatabase(
        f"The database's folder {places[0]} cannot be used: it belongs to another user, or its disk cannot "
        "be written. Start as the user who made it, or name another folder in COUNTYFAIR_VAR."
    )


def temporary(folder: Path) -> Home:
    """A home in a throw-away folder."""
    home = _settle(folder)
    if home is None:
        raise NoDatabase(f"The folder {folder} cannot hold a database. Set TMPDIR to one that can.")
    return home


def _settle(folder: Path) -> Home | None:
    """Make `folder` the home of a server, or None where its account could not work in it."""
    folder = folder.resolve()
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        _make(made)
        account = _account(folder)
        _hand_over(folder, account)
        sockets = _sockets(folder, account)
    except OSError:
        return None
    if run_as(account, ["/bin/sh", "-c", 'cd "$1" && test -w .', "sh", folder], cwd=Path("/")) is not None:
        return Home(folder, sockets, account)
    _unmake(made)
    return None


def _make(missing: list[Path]) -> None:
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        path.chmod(0o755)


def _unmake(made: list[Path]) -> None:
    for path in made:
        for inner in path.glob("run"):
            inner.rmdir()
        path.rmdir()


def _account(folder: Path) -> Account | None:
    """None for an ordinary user; for root the owner of the data, else a service account."""
    if os.getuid() != 0:
        return None
    owner = folder.stat()
    if owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid)
    for account in _service_accounts():
        return account
    raise NoDatabase(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody`. "
        "Start as an ordinary user."
    )


def _service_accounts() -> Iterator[Account]:
    for name in SERVICE_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        yield Account(entry.pw_uid, entry.pw_gid)


def _hand_over(folder: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _sockets(folder: Path, account: Account | None) -> Path:
    """`run` beside the data, or a private folder in /tmp where its path is too long for a socket."""
    sockets = folder / "run"
    if len(os.fsencode(sockets / SOCKET_FILE)) > LONGEST_SOCKET:
        uid = os.getuid() if account is None else account.uid
        sockets = Path("/tmp") / f"countyfair-{uid}-{_fingerprint(folder)}"  # noqa: S108 its owner is checked
    sockets.mkdir(mode=0o700, exist_ok=True)
    found = sockets.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), account.uid if account else -1}:
        raise NoDatabase(f"{sockets} belongs to somebody else. Remove it and start again.")
    _hand_over(sockets, account)
    return sockets


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
