"""A receiver of events: a real HTTP server of its own on a free port, that checks what it is sent as ours tells to."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

FIVE_MINUTES = 300


def proven(body: bytes, header: str, secret: str, now: int) -> bool:
    """Say whether a delivery is ours and new, as the worked example tells a receiver to."""
    parts = [part.partition("=") for part in header.split(",")]
    at = next(int(value) for name, _, value in parts if name == "t")
    wanted = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    marks = [value for name, _, value in parts if name == "v1"]
    return abs(now - at) <= FIVE_MINUTES and any(hmac.compare_digest(mark, wanted) for mark in marks)


class Receiver(ThreadingHTTPServer):
    """Keeps what it was sent; answers `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.status = 200
        self.had: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        """Return where to send."""
        return f"http://127.0.0.1:{self.server_port}/events?of=county"

    def events(self) -> list[dict[str, Any]]:
        """Return every event that was taken."""
        return [event for _, body in self.had for event in json.loads(body)["events"]]


class _Request(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.had.append(({**self.headers}, body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing on the terminal."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listen for as long as the block lasts."""
    server = Receiver()
    listening = Thread(target=server.serve_forever, daemon=True)
    listening.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        listening.join()
