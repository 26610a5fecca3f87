"""Providers of messages: printed, or posted and signed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from countyfair.registers.people import sms
from countyfair.registers.people.sms import console
from countyfair.registers.people.sms.http import signature

KEY = "a-key-of-the-gateway"


class Gateway(ThreadingHTTPServer):
    """A gateway of our own: answers with the statuses it is told, and keeps what came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.answers: list[int] = []
        self.came: list[tuple[dict[str, Any], str, bytes]] = []


class Taking(BaseHTTPRequestHandler):
    server: Gateway

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((json.loads(body), self.headers["CountyFair-Signature"], body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        answer = json.dumps({"reference": "r-1"}).encode() if status == 200 else b"no"
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.COUNTYFAIR_SMS = "http"
    settings.COUNTYFAIR_SMS_URL = f"http://127.0.0.1:{server.server_port}/send"
    settings.COUNTYFAIR_SMS_KEY = KEY
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def a_message() -> sms.Message:
    return sms.sign_in_code("+8619900000001", "123456", 5)


def test_a_gateway_gets_the_message_signed(gateway: Gateway) -> None:
    message = a_message()
    assert sms.send(message) == "r-1"
    ((said, signed, body),) = gateway.came
    assert (said["phone"], said["values"]["code"]) == ("+8619900000001", "123456")
    assert "123456" in said["text"]
    moment = int(signed.split(",")[0].removeprefix("t="))
    assert signed == signature(body, moment, KEY)
    assert signed != signature(body, moment, "another key")


def test_a_gateway_that_stumbles_gets_the_same_message_again(gateway: Gateway) -> None:
    gateway.answers = [503]
    assert sms.send(a_message()) == "r-1"
    assert len({said["id"] for said, _signed, _body in gateway.came}) == 1
    assert len(gateway.came) == 2


@pytest.mark.parametrize("answers", [[400], [503, 503], [301, 301]])
def test_a_message_that_is_not_taken_is_refused_with_a_sentence(gateway: Gateway, answers: list[int]) -> None:
    gateway.answers = list(answers)
    with pytest.raises(sms.NotSent) as refusal:
        sms.send(a_message())
    assert refusal.value.status == 503
    assert len(gateway.came) == len(answers)


def test_no_gateway_is_a_sentence_too(settings: Any) -> None:
    settings.COUNTYFAIR_SMS = "http"
    settings.COUNTYFAIR_SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(sms.NotSent):
        sms.send(a_message())


def test_the_console_prints_and_keeps_the_last_messages(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path
    assert console.last_code("+8619900000001") == ""
    for number in range(console.KEPT + 5):
        sms.send(sms.sign_in_code("+8619900000001", f"{number:06d}", 5))
    assert console.last_code("+8619900000001") == "000104"
    assert "000104" in capsys.readouterr().err
    kept = (tmp_path / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(kept) == console.KEPT
    assert (tmp_path / "messages.jsonl").stat().st_mode & 0o077 == 0


def test_a_message_speaks_the_language_of_the_page() -> None:
    with translation.override("zh-hans"):
        assert "验证码" in a_message().text
    with translation.override("en"):
        assert "your code" in a_message().text
