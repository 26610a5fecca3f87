"""One POST to somebody's address: to a number that was judged, without proxy or redirect, and not for long.

The name is looked up once; every number of it must be allowed, and the connection goes to one of just those
numbers, so that a name which changes its mind in between leads nowhere else. TLS proves the name as ever.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from countyfair.kernel.refusal import Invalid
from countyfair.outreach.webhooks.rules.addresses import Reach, Target, number_of, target_of

#: Seconds within which a receiver must have answered, from the first step to the last.
DEADLINE = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a try: `taken` (2xx), `gone` (410), `redirect` (3xx), `refused` (any other status),
    `private` (it may not be called), `unknown` (no such name), `timeout`, or `broken` (anything else)."""

    outcome: str
    status: int = 0
    took_ms: int = 0


class PrivateAddress(Exception):
    """A name stands for a number that may not be called."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], reach: Reach, deadline: float = DEADLINE
) -> Answer:
    """Send a body to an address; the status is read, and nothing else of the answer."""
    started = time.monotonic()
    try:
        status = _status(target_of(url, reach), body, headers, reach, deadline)
        answer = Answer(_outcome(status), status)
    except (PrivateAddress, Invalid):
        answer = Answer("private")
    except (socket.gaierror, ValueError):
        answer = Answer("unknown")
    except (OSError, http.client.HTTPException):
        answer = Answer("timeout" if time.monotonic() - started >= deadline - 0.05 else "broken")
    return Answer(answer.outcome, answer.status, int((time.monotonic() - started) * 1000))


def numbers(host: str, port: int, reach: Reach) -> list[str]:
    """Every number that a host stands for.

    Raises:
        PrivateAddress: one of them may not be called.
        socket.gaierror: it stands for none.
    """
    found = [row[4][0] for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for text in found:
        number = number_of(str(text).partition("%")[0])
        if number is None or not reach.allows(number):
            raise PrivateAddress(host)
    return list(dict.fromkeys(str(text) for text in found))


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return "taken"
    if 300 <= status < 400:
        return "redirect"
    return "gone" if status == http.client.GONE else "refused"


def _status(target: Target, body: bytes, headers: Mapping[str, str], reach: Reach, deadline: float) -> int:
    ends = time.monotonic() + deadline
    where = (numbers(target.host, target.port, reach)[0], target.port)
    line = _line(socket.create_connection(where, deadline), target)
    cut = threading.Timer(max(0.0, ends - time.monotonic()), _cut, [line])
    cut.start()
    try:
        if isinstance(line, ssl.SSLSocket):
            line.do_handshake()
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = line
        connection.request(
            "POST", target.path, body, {**headers, "Host": _host(target), "Connection": "close"}
        )
        answer = http.client.HTTPResponse(line, method="POST")
        answer.begin()
        return answer.status
    finally:
        cut.cancel()
        _cut(line)
        line.close()


def _line(raw: socket.socket, target: Target) -> socket.socket:
    if target.scheme != "https":
        return raw
    trusted = ssl.create_default_context()
    return trusted.wrap_socket(raw, server_hostname=target.host, do_handshake_on_connect=False)


def _host(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == (443 if target.scheme == "https" else 80) else f"{host}:{target.port}"


def _cut(line: socket.socket) -> None:
    """End a connection whatever stands in it; a receiver that drips keeps nobody."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
