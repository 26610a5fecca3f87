"""The child that decodes a recording and encodes its sound anew; whoever asks for it never loads FFmpeg."""

from __future__ import annotations

import io
import resource
import struct
import sys

import av

from countyfair.trade.catalog.rules.voices import (
    BROKEN,
    CPU_SECONDS,
    RATE,
    READ,
    REFUSED_SECONDS,
    TOO_LONG,
    kind_of,
)

#: What the child may use: FFmpeg's libraries alone map some hundred megabytes.
MEMORY = 1536 * 1024 * 1024
#: Bits a second: a minute is 300 kB.
BITS = 40_000


def main() -> int:
    """The child: a recording comes in, the same sound goes out in one form."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    made = io.BytesIO()
    try:
        samples = _encoded(data, made)
    except (av.FFmpegError, ValueError, IndexError):
        return BROKEN
    if samples < 0:
        return TOO_LONG
    sys.stdout.buffer.write(struct.pack(">I", samples) + made.getvalue())
    return READ


def _encoded(data: bytes, made: io.BytesIO) -> int:
    """Samples written to `made`; -1 as soon as there are too many."""
    samples = 0
    with av.open(io.BytesIO(data), "r", format=kind_of(data)) as source:
        heard = source.streams.audio[0]
        turned = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
        with av.open(made, "w", format="mp4") as kept:
            track = kept.add_stream("aac", rate=RATE, layout="mono")
            track.bit_rate = BITS
            for decoded in source.decode(heard):
                for frame in turned.resample(decoded):
                    samples += frame.samples
                    if samples > REFUSED_SECONDS * RATE:
                        return -1
                    frame.pts = None
                    kept.mux(track.encode(frame))
            for frame in turned.resample(None):
                samples += frame.samples
                frame.pts = None
                kept.mux(track.encode(frame))
            kept.mux(track.encode(None))
    return samples


if __name__ == "__main__":
    sys.exit(main())
