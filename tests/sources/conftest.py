"""A publisher in a thread: files over loopback, whole or broken in the ways that publishers break."""

from __future__ import annotations

import hashlib
import threading
import time
import urllib.parse
import zipfile
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

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


def _cell(reference: str, value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, int | float):
        return f'<c r="{reference}"><v>{value}</v></c>'
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def xlsx(path, sheets):
    """A workbook with these sheets of rows, as the least that a reader accepts."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types">'
                      '<Default Extension="rels" ContentType="application/xml"/></Types>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
                      f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        book.writestr("xl/workbook.xml",
                      f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{names}</sheets></workbook>')
        links = "".join(f'<Relationship Id="r{n}" Type="{office}/worksheet" Target="worksheets/s{n}.xml"/>'
                        for n in range(1, len(sheets) + 1))
        book.writestr("xl/_rels/workbook.xml.rels",
                      f'<Relationships xmlns="{package}/relationships">{links}</Relationships>')
        for n, rows in enumerate(sheets.values(), 1):
            cells = [[_cell(f"{chr(65 + c)}{r}", v) for c, v in enumerate(row)] for r, row in enumerate(rows, 1)]
            lines = "".join(f'<row r="{r}">{"".join(row)}</row>' for r, row in enumerate(cells, 1))
            book.writestr(f"xl/worksheets/s{n}.xml",
                          f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>')
    return path


def ods(path, sheets):
    """An OpenDocument workbook with these sheets of rows; dates as date cells."""
    kind = "urn:oasis:names:tc:opendocument:xmlns"

    def _one(value):
        if value is None or value == "":
            return "<table:table-cell/>"
        if isinstance(value, date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    tables = "".join(f'<table:table table:name="{escape(name)}">' + "".join(
        "<table:table-row>" + "".join(map(_one, row)) + "</table:table-row>" for row in rows) + "</table:table>"
        for name, rows in sheets.items())
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{kind}:manifest:1.0"/>')
        book.writestr("content.xml", f'<office:document-content xmlns:office="{kind}:office:1.0" '
                      f'xmlns:table="{kind}:table:1.0" xmlns:text="{kind}:text:1.0"><office:body><office:spreadsheet>'
                      f"{tables}</office:spreadsheet></office:body></office:document-content>")
    return path


@pytest.fixture(scope="session")
def books():
    """Writers of workbooks."""

    class Writers:
        xlsx = staticmethod(xlsx)
        ods = staticmethod(ods)

    return Writers
