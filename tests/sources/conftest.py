"""A publisher in a thread: files over loopback, whole or broken in the ways that publishers break."""

from __future__ import annotations

import hashlib
import threading
import time
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bailiwick.sources.fetch import Patience
from bailiwick.sources.store import Store


class Publisher:
    """Paths and what is answered: bytes, or a function of the request's handler; `asked` holds what was asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str | None]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                path = urllib.parse.unquote(self.path)
                publisher.asked.append((path, self.headers.get("Range")))
                answer = publisher.answers.get(path, publisher.answers.get(path.split("?")[0]))
                if answer is None:
                    self.send_error(404)
                elif callable(answer):
                    answer(self)
                else:
                    whole(self, answer)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def mirror(self, files: dict[str, bytes]) -> str:
        """Serve these files with a manifest."""
        lines = [f"{name},{len(raw)},{hashlib.sha256(raw).hexdigest()}" for name, raw in files.items()]
        self.answers["/MANIFEST.csv"] = ("file,bytes,sha256\n" + "\n".join(lines) + "\n").encode()
        self.answers |= {f"/{name}": raw for name, raw in files.items()}
        return self.url


def whole(handler, raw, *, length=True, status=200, headers=()):
    handler.send_response(status)
    if length:
        handler.send_header("Content-Length", str(len(raw)))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(raw)


def cut(raw, at, *, etag='"v1"'):
    """An answer that stops after `at` bytes the first time, and resumes when asked rightly."""

    def _answer(handler):
        asked = handler.headers.get("Range")
        if asked and handler.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            whole(handler, raw[start:], status=206,
                  headers=[("Content-Range", f"bytes {start}-{len(raw) - 1}/{len(raw)}"), ("ETag", etag)])
            return
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(raw)))
        handler.send_header("ETag", etag)
        handler.end_headers()
        handler.wfile.write(raw[:at])

    return _answer


def silent(raw, seconds):
    """An answer that stops talking half way."""

    def _answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw[: len(raw) // 2])
        handler.wfile.flush()
        time.sleep(seconds)

    return _answer


@pytest.fixture
def publisher():
    found = Publisher()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "cache")


@pytest.fixture
def quick() -> Patience:
    return Patience(tries=3, pause=0.0, silence=2.0)


@pytest.fixture(scope="session")
def answers():
    """The ways an answer can break."""

    class Ways:
        whole = staticmethod(whole)
        cut = staticmethod(cut)
        silent = staticmethod(silent)

    return Ways
