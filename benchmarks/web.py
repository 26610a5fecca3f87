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
from html import unescape
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
        self.application, self.first = "config.wsgi:application", "/healthz"
        self._env = os.environ | {
            "DATABASE_URL": database_url,
            "COUNTYFAIR_VAR": str(var),
            "COUNTYFAIR_ORIGIN": self.address,
        }

    def __enter__(self) -> Self:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--host", HOST,
            "--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "--log-level", "warning",
            "--no-ws", self.application,
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
            return Visitor(self.port).get(self.first).status == 200
        except OSError:
            return False


class Bare(Web):
    """The yardstick's page, by the same server with the same options."""

    def __init__(self, var: Path) -> None:
        super().__init__("", var)
        self.application, self.first = "benchmarks.bare:application", "/"
        self._env["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare"


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
        text = self.text
        start = _start(text, urlsplit(action).path, urlsplit(self.url).path)
        if start < 0:
            raise LookupError(f"{self.url} has no form for {action}")
        return _values(text, start)

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


#: Tags of a form's values, and of what ends it; their attributes, quoted or bare.
_VALUES = re.compile(r"<(input|select|option|textarea)\b([^>]*)>|</form>")
_ATTRIBUTES = re.compile(r'([\w-]+)(?:=(?:"([^"]*)"|([^\s">]+)))?')


def _attributes(tag: str) -> dict[str, str]:
    return {name: unescape(quoted or bare) for name, quoted, bare in _ATTRIBUTES.findall(tag)}


def _start(page: str, action: str, here: str) -> int:
    """Where the form that is sent to `action` begins; -1 where the page has none."""
    for form in re.finditer(r"<form\b([^>]*)>", page):
        if urlsplit(_attributes(form[1]).get("action") or here).path == action:
            return form.end()
    return -1


def _values(page: str, start: int) -> dict[str, str]:
    """Values of the form from `start` on: fields, what is ticked, what is selected.

    By patterns and not by a parser: the pages are ours, and what the visitor takes between two requests
    costs the server its caches.
    """
    values, select = dict[str, str](), ""
    for found in _VALUES.finditer(page, start):
        if found[1] is None:
            break
        said = _attributes(found[2])
        name = said.get("name", "")
        if found[1] == "input" and "disabled" not in said:
            if said.get("type") not in ("radio", "checkbox") or "checked" in said:
                values[name] = said.get("value", "")
        elif found[1] == "select":
            select = name
            values.setdefault(select, "")
        elif found[1] == "option" and "selected" in said:
            values[select] = said.get("value", "")
        elif found[1] == "textarea":
            values.setdefault(name, "")
    return values


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
