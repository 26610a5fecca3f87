"""The house served by Granian with the options of `countyfair up`, and a visitor without a browser."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from benchmarks.cpu import used_by
from countyfair.runtime.processes import spawn, stop

HOST = "127.0.0.1"
PATIENCE = 60.0


class Web:
    """A web server of one worker on one database. Its CPU is the application's."""

    def __init__(self, database_url: str, var: Path) -> None:
        self.port = _free_port()
        self.address = f"http://{HOST}:{self.port}"
        self._env = os.environ | {
            "DATABASE_URL": database_url,
            "COUNTYFAIR_VAR": str(var),
            "COUNTYFAIR_ORIGIN": self.address,
        }

    def __enter__(self) -> Self:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--host", HOST,
            "--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning",
            "--no-ws", "config.wsgi:application",
        ]  # fmt: skip
        self.process = spawn(command, cwd=settings.ROOT, env=self._env)
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        stop(self.process, (signal.SIGTERM, 10.0))

    def cpu(self) -> float:
        """CPU seconds of the server and its worker so far."""
        return used_by(self.process.pid)

    def _answers(self) -> bool:
        try:
            return Visitor(self.port).get("/healthz").status == 200
        except OSError:
            return False


@dataclass(frozen=True)
class Answer:
    """What came back; `sent` counts bytes as they crossed the wire, head and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    sent: int
    url: str

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def location(self) -> str:
        return self.headers.get("location", "")

    def form(self, action: str) -> dict[str, str]:
        """The values of the form that is sent to `action`, as they stand on the page."""
        reader = _Forms(urlsplit(action).path, urlsplit(self.url).path)
        reader.feed(self.text)
        if not reader.found:
            raise LookupError(f"{self.url} has no form for {action}")
        return reader.values

    def hidden(self) -> dict[str, str]:
        """Hidden fields of a piece of a page."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', self.text))


@dataclass
class Visitor:
    """Someone who looks at pages over one connection, keeps cookies, and follows no link by itself."""

    port: int
    language: str = "zh-CN,zh;q=0.9"
    cookies: dict[str, str] = field(default_factory=dict)
    _line: http.client.HTTPConnection | None = None

    def get(self, address: str) -> Answer:
        return self.ask("GET", address)

    def post(self, address: str, values: Mapping[str, str], more: Mapping[str, str] | None = None) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(more or {})}
        return self.ask("POST", address, urlencode(values).encode(), headers)

    def tell(self, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """A machine's message."""
        return self.ask("POST", address, body, headers)

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(
        self, method: str, address: str, body: bytes | None = None, more: Mapping[str, str] | None = None
    ) -> Answer:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = {"Accept-Language": self.language, "Accept-Encoding": "gzip", "Accept": "text/html,*/*"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if self._line is None:
            self._line = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
            self._line.connect()
            assert self._line.sock is not None
            self._line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line.request(method, path, body, headers | dict(more or {}))
        response = self._line.getresponse()
        packed = response.read()
        self._keep(response.headers.get_all("Set-Cookie") or [])
        plain = gzip.decompress(packed) if response.headers.get("Content-Encoding") == "gzip" else packed
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items()) + 17
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.headers.items()},
            plain,
            head + len(packed),
            path,
        )

    def _keep(self, said: list[str]) -> None:
        for line in said:
            name, _, value = line.partition(";")[0].partition("=")
            if value and value != '""':
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


class _Forms(HTMLParser):
    """Reads the values of one form: fields, what is ticked, what is selected."""

    def __init__(self, action: str, here: str) -> None:
        super().__init__()
        self.action, self.here = action, here
        self.found, self.values = False, dict[str, str]()
        self._inside, self._select = False, ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = not self.found and urlsplit(said.get("action") or self.here).path == self.action
            self.found = self.found or self._inside
        elif self._inside and tag == "input" and "disabled" not in said:
            if said.get("type") not in ("radio", "checkbox") or "checked" in said:
                self.values[said.get("name", "")] = said.get("value", "")
        elif self._inside and tag == "select":
            self._select = said.get("name", "")
            self.values.setdefault(self._select, "")
        elif self._inside and tag == "option" and "selected" in said:
            self.values[self._select] = said.get("value", "")
        elif self._inside and tag == "textarea":
            self.values.setdefault(said.get("name", ""), "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False


def resources(page: str) -> list[str]:
    """Style sheets, scripts and preloads that a page names; its pictures are left out."""
    tags = re.findall(r"<(?:link|script)\b[^>]*>", page)
    wanted = [
        tag
        for tag in tags
        if tag.startswith("<script") or re.search(r'rel="?(?:stylesheet|modulepreload)', tag)
    ]
    found = [match[1] for tag in wanted if (match := re.search(r'(?:href|src)="?([^"\s>]+)', tag))]
    return list(dict.fromkeys(found))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
