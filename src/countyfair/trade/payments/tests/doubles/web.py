"""A provider's double on loopback: what it answers is decided by the double, what goes wrong by the test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

NO_CONTENT = 204


class Double(Protocol):
    """A provider: `wrong` is what goes wrong with its answers ("" nothing, "html", "unsigned")."""

    wrong: str

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]: ...


@contextmanager
def serving(double: Double) -> Iterator[str]:
    """The double on a free port; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # named by http.server
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if double.wrong == "html":
                status, headers, said = 502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"
            else:
                status, headers, said = double.answer(self.command, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != NO_CONTENT:
                self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_POST(self) -> None:  # named by http.server
            self.do_GET()

        def log_message(self, *_words: Any) -> None:
            return None

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
