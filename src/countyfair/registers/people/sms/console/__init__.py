"""Prints messages instead of sending them, and keeps the last ones: for a machine of one's own."""

from __future__ import annotations

import fcntl
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from countyfair.kernel.clock import now
from countyfair.registers.people.sms.message import Message

KEPT = 100  # messages


class Provider:
    """Writes to the error stream and to `messages.jsonl` in the deployment's folder."""

    def send(self, message: Message) -> str:
        sys.stderr.write(f"message to {message.phone}: {message.text}\n")
        line = {"id": str(message.id), "at": now().isoformat(), "phone": message.phone, **message.values}
        with _opened() as file:
            kept = file.readlines()[-(KEPT - 1) :]
            file.seek(0)
            file.truncate()
            file.writelines([*kept, json.dumps(line, ensure_ascii=False) + "\n"])
        return str(message.id)


def last_code(phone: str) -> str:
    """The last code that was printed for a phone, "" when none is kept."""
    with _opened() as file:
        for line in reversed(file.readlines()):
            said = json.loads(line)
            if said["phone"] == phone and "code" in said:
                return str(said["code"])
    return ""


@contextmanager
def _opened() -> Iterator[IO[str]]:
    """The file, held by one process at a time."""
    path = Path(settings.VAR) / "messages.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
