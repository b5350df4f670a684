"""Providers on this machine: a mail server and an HTTP server that keep what they were given."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Gateway(ThreadingHTTPServer):
    """Answers by path; a test sets `answers[path]` to a status and JSON, to None for a line that
    breaks, or to `never` for one that stays silent.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answers: dict[str, Any] = {}
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.never = threading.Event()  # set at the end of the test

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Asked(BaseHTTPRequestHandler):
    server: Gateway

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, dict(self.headers), body))
        found = self.server.answers.get(self.path.partition("?")[0], (404, {}))
        found = found.pop(0) if isinstance(found, list) else found
        if found is self.server.never:
            found.wait()
            found = None
        if found is None:  # the line breaks after the request was taken
            self.close_connection = True
            return
        status, answer = found
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def dialect() -> str:
    """One store is enough but where two act at once; those tests ask for both."""
    return "sqlite"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with serving(Gateway()) as server:
        yield server
        server.never.set()


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs; `refusals[command]` is said instead of yes."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailTalk)
        self.refusals: dict[str, str] = {}
        self.letters: list[str] = []
        self.breaks_after_data = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailTalk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "DATA" and command not in self.server.refusals:
                self.say("354 go on")
                lines = []
                while (one := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(one.decode())
                if self.server.breaks_after_data:
                    return
                self.server.letters.append("".join(lines))
                self.say("250 taken")
            else:
                self.say(self.server.refusals.get(command, "250 yes"))
            if command == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with serving(MailServer()) as server:
        yield server


class serving:
    """Serves in a thread for the length of a test."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def __enter__(self) -> Any:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self.server

    def __exit__(self, *error: object) -> None:
        self.server.shutdown()
        self.server.server_close()
