"""A receiver on this machine that speaks HTTP, and does what a test asks."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from countyfair.outreach.webhooks.rules import Reach

#: Loopback may be called, and by http: in tests only.
HERE = Reach(frozenset({"http"}), lambda number: number.is_loopback)


@dataclass
class Receiver:
    """`answers` are statuses in their order, the last for all that follow; `heard` is what came."""

    url: str = ""
    answers: list[int] = field(default_factory=lambda: [204])
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    slow: float = 0
    huge: bool = False


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    """A receiver while it is listening."""
    here = Receiver()

    class Heard(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.heard.append((self.path, {name.lower(): said for name, said in self.headers.items()}, body))
            with contextlib.suppress(OSError):
                self._answer(here.answers[min(len(here.heard), len(here.answers)) - 1])

        def _answer(self, status: int) -> None:
            started = time.monotonic()
            while time.monotonic() - started < here.slow:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(0.05)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", here.url + "elsewhere")
            self.end_headers()
            while here.huge:
                self.wfile.write(b"x" * 65_536)

        def log_message(self, *said: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Heard)
    server.daemon_threads = True
    here.url = f"http://127.0.0.1:{server.server_address[1]}/hooks/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
