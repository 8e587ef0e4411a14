"""How does a publisher's file reach this computer, whole?  The only place of the project that opens a socket.

Downloads go on where they stopped (Range, only while the server says the file is the same), are tried again with
growing pauses, and are taken over only when length and SHA-256 are as told.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Protocol, TypeVar

from bailiwick.errors import SourceError
from bailiwick.sources.store import Kept, Store, said

log = logging.getLogger(__name__)

T = TypeVar("T")
Progress = Callable[[str, int, int | None], None]
_BLOCK = 1 << 18
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_AGENT = "bailiwick (open appraisal of police mergers)"
_CONTAINERS = (".zip", ".xlsx", ".ods")
_PAGES = (b"<!doctype html", b"<html", b"<?xml version=\"1.0\" encoding=\"utf-8\"?><!doctype html")


class _Answer(Protocol):
    status: int
    headers: Message

    def read(self, amount: int = ..., /) -> bytes:
        """Bytes of the body."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a download is tried, the first pause in seconds (it doubles), and how long a silence may last."""

    tries: int = 5
    pause: float = 1.0
    silence: float = 30.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to fetch: its address, the publisher's name for it, and its digest and size where they are known."""

    url: str
    name: str
    sha256: str = ""
    size: int | None = None


class _TryAgain(Exception):
    """A failure that may pass: `wait` seconds where the server says how long."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        self.why, self.wait = why, wait
        super().__init__(why)


def fetched(
    wanted: Wanted, store: Store, *, patience: Patience | None = None, progress: Progress | None = None
) -> Kept:
    """The kept copy of a file, downloaded unless its digest is known and kept.

    SourceError with the address, what happened and what to do; what is kept is never touched by a failure.
    """
    if wanted.sha256 and store.holds(wanted.sha256):
        return Kept(wanted.name, wanted.sha256, store.object(wanted.sha256).stat().st_size, wanted.url)
    patience = patience or Patience()
    part = store.partial(wanted.url + wanted.sha256)
    note = _persist(wanted, part, patience, progress)
    sha256, size = _checked(wanted, part)
    store.take(part, sha256)
    return Kept(wanted.name, sha256, size, wanted.url, note)


def text_at(url: str, *, patience: Patience | None = None, limit: int = 50_000_000) -> str:
    """The text at an address, for listings; SourceError when it is not there, too long or not UTF-8."""
    patience = patience or Patience()

    def _once() -> str:
        with _opened(url, {}, patience.silence) as answer:
            raw = answer.read(limit + 1)
            told = answer.headers.get("Content-Length")
            if told and told.isdigit() and len(raw) < min(int(told), limit + 1):
                raise _TryAgain(f"{len(raw)} of {told} bytes came")
        if len(raw) > limit:
            raise SourceError(f"{url}: longer than {limit} bytes\n  to do:    ask for less")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise SourceError(f"{url}: not text in UTF-8\n  to do:    is this the right address?") from None

    return _again(url, _once, patience)


def manifest(mirror: str, *, patience: Patience | None = None) -> tuple[Wanted, ...]:
    """The files a mirror offers, from its MANIFEST.csv (file, bytes, sha256); SourceError when that is no manifest."""
    address = mirror.rstrip("/") + "/MANIFEST.csv"
    lines = text_at(address, patience=patience).splitlines()
    if not lines or [c.strip() for c in lines[0].split(",")] != ["file", "bytes", "sha256"]:
        raise SourceError(f"{address}: not a manifest\n  to do:    its first line must read  file,bytes,sha256")
    found = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.rsplit(",", 2)
        name = cells[0].strip().strip('"')
        good = len(cells) == 3 and cells[1].isdigit() and len(cells[2].strip()) == 64
        if not good or not name or ".." in Path(name).parts or Path(name).is_absolute():
            raise SourceError(f"{address}, line {number}: {line[:80]}\n"
                              "  to do:    each line must read  path,bytes,sha256")
        url = mirror.rstrip("/") + "/" + urllib.parse.quote(name)
        found.append(Wanted(url, name, cells[2].strip().lower(), int(cells[1])))
    return tuple(found)


def listed(address: str, *, patience: Patience | None = None) -> tuple[Wanted, ...]:
    """The files of a CKAN listing (`package_show`) with the names their publisher gives them."""
    text = text_at(address, patience=patience)
    try:
        resources = json.loads(text)["result"]["resources"]
        return tuple(Wanted(str(r["url"]), str(r["name"])) for r in resources)
    except (ValueError, KeyError, TypeError):
        raise SourceError(f"{address}: not the listing of a data set\n"
                          "  to do:    download the file by hand: bailiwick fetch SOURCE --file PATH") from None


def features(address: str, *, patience: Patience | None = None, page: int = 2_000) -> str:
    """All features of an ArcGIS feature service as one GeoJSON text, page after page, in degrees."""
    found: list[object] = []
    while True:
        query = urllib.parse.urlencode({"where": "1=1", "outFields": "*", "outSR": "4326", "f": "geojson",
                                        "resultOffset": len(found), "resultRecordCount": page})
        text = text_at(f"{address}?{query}", patience=patience)
        try:
            answer = json.loads(text)
            more = answer["features"]
        except (ValueError, KeyError, TypeError):
            raise SourceError(f"{address}: no features in the answer: {text[:80]}\n"
                              "  to do:    download the boundaries by hand and use  bailiwick fetch SOURCE --file PATH"
                              ) from None
        found += more
        limited = answer.get("exceededTransferLimit") or answer.get("properties", {}).get("exceededTransferLimit")
        if not more or not (limited or len(more) >= page):
            return json.dumps({"type": "FeatureCollection", "features": found})


def _again(url: str, once: Callable[[], T], patience: Patience) -> T:
    pause, why = patience.pause, ""
    for attempt in range(patience.tries):
        try:
            return once()
        except _TryAgain as failure:
            why = failure.why
            wait = min(60.0, failure.wait) if failure.wait is not None else pause
        except urllib.error.HTTPError as error:
            why, wait = _refusal(url, error), _told(error.headers) or pause
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            why, wait = _plain(error), pause
        log.info("%s: %s; try %d of %d", url, why, attempt + 1, patience.tries)
        if attempt + 1 < patience.tries:
            time.sleep(wait)
            pause *= 2
    raise SourceError(f"{url}: {why}, {patience.tries} times\n"
                      "  to do:    try again later (it goes on where it stopped), or use --file")


def _refusal(url: str, error: urllib.error.HTTPError) -> str:
    error.close()
    if error.code in _AGAIN:
        return f"the server answers {error.code} {error.reason}"
    to_do = "the address has changed: see the publisher's page" if error.code in (404, 410) else "is this address open?"
    raise SourceError(f"{url}: the server answers {error.code} {error.reason}\n"
                      f"  to do:    {to_do}, download the file by hand and hand it over with --file") from None


def _told(headers: Message) -> float | None:
    wait = headers.get("Retry-After", "") if headers else ""
    return min(60.0, float(wait)) if wait.isdigit() else None


def _plain(error: Exception) -> str:
    reason = getattr(error, "reason", error)
    if isinstance(reason, TimeoutError):
        return "the server falls silent"
    if isinstance(reason, http.client.IncompleteRead):
        return "the download broke off"
    return str(reason) or type(reason).__name__


def _opened(url: str, headers: dict[str, str], silence: float) -> http.client.HTTPResponse:
    if not url.lower().startswith(("http://", "https://")):
        raise SourceError(f"{url}: not a web address\n  to do:    give one that starts with http:// or https://")
    opener = urllib.request.OpenerDirector()
    for handler in (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler(),
                    urllib.request.HTTPRedirectHandler(), urllib.request.HTTPDefaultErrorHandler(),
                    urllib.request.HTTPErrorProcessor()):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(url, headers={"User-Agent": _AGENT, **headers})  # noqa: S310
        answer: http.client.HTTPResponse | None = opener.open(request, timeout=silence)
    except (ValueError, http.client.InvalidURL) as error:
        raise SourceError(f"{url}: {error}\n  to do:    give a whole address, as http://127.0.0.1:8765") from None
    if answer is None:
        raise SourceError(f"{url}: sends on to what is no web address\n  to do:    see the publisher's page")
    return answer


def _persist(wanted: Wanted, part: Path, patience: Patience, progress: Progress | None) -> str:
    """Gather the file, going on where it stopped; the note says what could not be checked."""
    mark = part.with_suffix(".mark")

    def _once() -> str:
        have = part.stat().st_size if part.is_file() and mark.is_file() else 0
        headers = {"Range": f"bytes={have}-", "If-Range": mark.read_text(encoding="utf-8")} if have else {}
        try:
            with _opened(wanted.url, headers, patience.silence) as answer:
                return _poured(wanted, (part, mark), answer, progress)
        except urllib.error.HTTPError as error:
            if error.code == 416:
                error.close()
                part.unlink(missing_ok=True)
                raise _TryAgain("what was there before is not part of this file", 0.0) from None
            raise

    note = _again(wanted.url, _once, patience)
    mark.unlink(missing_ok=True)
    return note


def _poured(wanted: Wanted, at: tuple[Path, Path], answer: http.client.HTTPResponse, progress: Progress | None) -> str:
    part, mark = at
    resumed = answer.status == 206
    start = part.stat().st_size if resumed else 0
    if resumed and not (answer.headers.get("Content-Range") or "").startswith(f"bytes {start}-"):
        part.unlink()
        raise _TryAgain("the server sent another piece than asked for", 0.0)
    told = answer.headers.get("Content-Length") or ""
    total = start + int(told) if told.isdigit() else None
    strong = answer.headers.get("ETag") or "W/"
    same = answer.headers.get("Last-Modified") if strong.startswith("W/") else strong
    with said(part.parent, (total or 0) - start):
        if same:
            mark.write_text(same, encoding="utf-8")
        else:
            mark.unlink(missing_ok=True)
    _copied(wanted, part, answer, progress=progress, start=start, total=total)
    have = part.stat().st_size
    if total is not None and have < total:
        raise _TryAgain(f"the download broke off after {have} of {total} bytes")
    return "" if total is not None or wanted.sha256 else "length not told: whether it is whole could not be checked"


def _copied(
    wanted: Wanted, part: Path, answer: http.client.HTTPResponse, *, progress: Progress | None, start: int,
    total: int | None,
) -> None:
    done = start
    try:
        with said(part.parent, (total or 0) - start), part.open("ab" if start else "wb") as out:
            while block := answer.read(_BLOCK):
                out.write(block)
                done += len(block)
                if progress:
                    progress(wanted.name, done, total or wanted.size)
    except SourceError:
        part.unlink(missing_ok=True)
        raise
    except TimeoutError:
        raise _TryAgain(f"the server falls silent after {done} bytes") from None
    except http.client.IncompleteRead as error:
        with said(part.parent), part.open("ab") as out:
            out.write(error.partial)
        raise _TryAgain(f"the download broke off after {done + len(error.partial)} bytes") from None


def _checked(wanted: Wanted, part: Path) -> tuple[str, int]:
    """Digest and size of a finished download; SourceError, and the download gone, when it is not what was wanted."""
    found = hashlib.sha256()
    with part.open("rb") as stream:
        head = stream.read(_BLOCK)
        found.update(head)
        while block := stream.read(_BLOCK):
            found.update(block)
    size, problem = part.stat().st_size, ""
    if wanted.sha256 and found.hexdigest() != wanted.sha256:
        problem = f"SHA-256 is {found.hexdigest()[:12]}..., expected {wanted.sha256[:12]}... ({size} bytes)"
    elif not size:
        problem = "an empty file"
    elif head.lstrip()[:60].lower().startswith(_PAGES) and not wanted.name.endswith((".html", ".htm")):
        problem = "a web page came instead of the file"
    elif wanted.name.lower().endswith(_CONTAINERS) and not zipfile.is_zipfile(part):
        problem = "a broken or cut-off zip file"
    if problem:
        part.unlink()
        raise SourceError(f"{wanted.url}: {problem}\n"
                          "  to do:    fetch it again; if it stays so, download it by hand and use --file")
    return found.hexdigest(), size
