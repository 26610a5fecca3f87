"""Recordings: what is accepted as one, and how it is kept.

A file is what its bytes decode to, never what it is called or says it is. What is kept is encoded anew
from the sound alone, in one form that every phone plays (AAC-LC in MP4, one channel), without metadata.
Decoding happens in a child that may use little memory and time: who dies of a hostile file is the child.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from countyfair.kernel.refusal import Invalid

LARGEST_FILE = 5 * 1024 * 1024
MOST_SECONDS = 60
#: A recorder stops a moment late: what is longer than this is refused.
REFUSED_SECONDS = 62
_LEAST_MS = 500
#: Samples a second: speech is clear in it.
RATE = 24_000
#: How long the child may work, and what it ends with; any other end is a child that died.
CPU_SECONDS = 30
READ, TOO_LONG, BROKEN = 0, 10, 11
#: How recordings begin, at which byte, and the one demuxer that may look at them: no playlist, no address.
_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (4, b"ftyp", "mov"),
    (0, b"OggS", "ogg"),
    (8, b"WAVE", "wav"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"#!AMR", "amr"),
)


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was decoded: its digest (of what was sent), how long it is, its file."""

    digest: str
    length_ms: int
    data: bytes


def file_name(digest: str) -> str:
    """Where a recording lies under the folder of media, e.g. `3f/3f….m4a`."""
    return f"{digest[:2]}/{digest}.m4a"


def read_voice(data: bytes) -> Recording:
    """Decode what somebody sent and encode its sound anew.

    Raises:
        Invalid: it is too large, too long, no recording, broken or silent of any sound; field `voice`.
    """
    if not data:
        raise Invalid(_("Nothing was recorded. Press the microphone and speak."), field="voice")
    if len(data) > LARGEST_FILE:
        raise Invalid(_("The recording is larger than 5 MB. Speak for a minute at most."), field="voice")
    if kind_of(data) is None:
        raise Invalid(_("This is no recording that we can play. Record it here."), field="voice")
    ended, told = _apart(data)
    if ended == TOO_LONG:
        raise Invalid(_("The recording is too long. Speak for a minute at most."), field="voice")
    if ended != READ:
        raise Invalid(_("This recording is broken. Record it once more."), field="voice")
    (samples,) = struct.unpack(">I", told[:4])
    length_ms = samples * 1000 // RATE
    if length_ms < _LEAST_MS:
        raise Invalid(_("Nothing was recorded. Press the microphone and speak."), field="voice")
    return Recording(hashlib.sha256(data).hexdigest(), length_ms, told[4:])


def kind_of(data: bytes) -> str | None:
    """The demuxer for a recording, by how it begins; None for anything else."""
    return next((kind for at, mark, kind in _KINDS if data[at : at + len(mark)] == mark), None)


def _apart(data: bytes) -> tuple[int, bytes]:
    """How the child ended, and what it made: four bytes of samples counted, then the file."""
    command = [sys.executable, "-m", f"{__name__}.encoding"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=CPU_SECONDS + 5, check=False)  # noqa: S603  # beside this file
    except subprocess.TimeoutExpired:
        return -1, b""
    return done.returncode, done.stdout
