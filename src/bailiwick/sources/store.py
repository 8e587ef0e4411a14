"""Which files of which publishers are kept on this computer, of which vintage, and are they whole?

    CACHE/objects/ab/abcdef...                 the bytes, named by their SHA-256
    CACHE/vintages/SOURCE/VINTAGE/             the files under the publisher's names, and record.json
    CACHE/partial/                             downloads under way

A vintage appears whole or not at all and is never written again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bailiwick.errors import SourceError

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

VARIABLE = "BAILIWICK_CACHE"
_SCHEMA = "bailiwick/source-record/1"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that is kept: the publisher's name for it, its digest and size, and the address it came from."""

    name: str
    sha256: str
    size: int
    url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One vintage of one source: the day it was fetched, the licence, and its files."""

    source: str
    vintage: str
    fetched: str
    publisher: str
    licence: str
    files: tuple[Kept, ...]

    def line(self) -> str:
        """The source in one line, for the foot of a table or a report."""
        digest = self.files[0].sha256[:12] if self.files else ""
        return f"{self.publisher}: {self.source}, {self.vintage}, fetched {self.fetched}, {self.licence} ({digest})"


def default_folder() -> Path:
    """The folder of kept files: BAILIWICK_CACHE when set, else the user's cache folder."""
    moved = os.environ.get(VARIABLE)
    if moved:
        return Path(moved)
    import platformdirs

    return platformdirs.user_cache_path("bailiwick") / "sources"


@dataclass(frozen=True, slots=True)
class Store:
    """The kept files in one folder."""

    folder: Path

    def records(self, source: str | None = None) -> tuple[Record, ...]:
        """What is kept, by source and then by vintage; SourceError for a record that cannot be read."""
        found = sorted(self.folder.glob(f"vintages/{source or '*'}/*/record.json"))
        return tuple(_record(path) for path in found)

    def newest(self, source: str, vintage: str | None = None) -> Record:
        """The vintage asked for, else the last by name; SourceError that says how to get it."""
        kept = self.records(source)
        wanted = [r for r in kept if vintage in (None, r.vintage)]
        if not wanted:
            has = f" (kept: {', '.join(r.vintage for r in kept)})" if kept else ""
            raise SourceError(f"{source}: no vintage {vintage or ''} is kept on this computer{has}\n"
                              f"  to do:    bailiwick fetch {source}".replace("vintage  is", "vintage is"))
        return wanted[-1]

    def paths(self, record: Record) -> tuple[Path, ...]:
        """The files of a vintage under their own names; SourceError when one is gone or has other bytes."""
        folder = self._home(record.source, record.vintage)
        for kept in record.files:
            path = folder / kept.name
            if not path.is_file() or path.stat().st_size != kept.size or _digest(path) != kept.sha256:
                raise SourceError(f"{path}: not the bytes that were fetched\n"
                                  f"  to do:    delete the folder {folder} and fetch {record.source} again")
        return tuple(folder / kept.name for kept in record.files)

    def holds(self, sha256: str) -> bool:
        """Whether a file of that digest is kept."""
        return self._object(sha256).is_file()

    def take(self, path: Path, sha256: str) -> Path:
        """The kept copy of a finished download, moved into its place by one rename."""
        target = self._object(sha256)
        with said(self.folder, path.stat().st_size):
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_file():
                path.unlink()
            else:
                path.chmod(0o444)
                path.replace(target)
        return target

    def object(self, sha256: str) -> Path:
        """The path of the bytes of that digest."""
        return self._object(sha256)

    def partial(self, url: str) -> Path:
        """Where the download of an address is gathered until it is whole."""
        folder = self.folder / "partial"
        with said(self.folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder / (hashlib.sha256(url.encode()).hexdigest()[:32] + ".part")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing, while no other process fetches into this folder."""
        with said(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            stream = (self.folder / ".lock").open("a")
        with stream:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX)
            yield

    def keep(self, record: Record) -> tuple[Record, str]:
        """The record as kept, and what happened: `new`, `same`, or `restated` under a vintage with +2, +3.

        Nothing that is kept is ever written again: a publisher who changes a vintage silently gets a second one.
        """
        wanted, number = record, 1
        while (home := self._home(wanted.source, wanted.vintage)).exists():
            kept = _record(home / "record.json")
            if [(f.name, f.sha256) for f in kept.files] == [(f.name, f.sha256) for f in wanted.files]:
                return kept, "same"
            number += 1
            wanted = replace(record, vintage=f"{record.vintage}+{number}")
        self._write(wanted)
        return wanted, "new" if number == 1 else "restated"

    def _write(self, record: Record) -> None:
        home = self._home(record.source, record.vintage)
        with said(self.folder):
            home.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home.parent))
            try:
                for kept in record.files:
                    _link(self._object(kept.sha256), draft / kept.name)
                text = json.dumps({"schema": _SCHEMA, **asdict(record)}, indent=1, ensure_ascii=False)
                (draft / "record.json").write_text(text + "\n", encoding="utf-8")
                draft.chmod(0o755)
                draft.rename(home)
            finally:
                shutil.rmtree(draft, ignore_errors=True)

    def _home(self, source: str, vintage: str) -> Path:
        return self.folder / "vintages" / source / plain_name(vintage)

    def _object(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / sha256


def plain_name(text: str) -> str:
    """A name that is safe as the name of a folder.

    >>> plain_name("to Q3 23/24")
    'to-Q3-23-24'
    """
    return re.sub(r"[^A-Za-z0-9.+_-]+", "-", text).strip(".-") or "undated"


@contextmanager
def said(folder: Path, wanted: int = 0) -> Iterator[None]:
    """Nothing; a full disk or a folder that cannot be written becomes a SourceError with what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            size = f"{wanted / 1e6:.1f} MB more are needed; " if wanted else ""
            raise SourceError(f"{folder}: the disk is full\n"
                              f"  to do:    {size}make room, or move the cache: {VARIABLE}=/another/folder") from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.EEXIST):
            raise SourceError(f"{folder}: {error.strerror}\n"
                              f"  to do:    give a folder that can be written: {VARIABLE}=/another/folder") from error
        raise


def digest_of(paths: Iterable[Path]) -> str:
    """The SHA-256 of several files one after another."""
    found = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                found.update(block)
    return found.hexdigest()


def _digest(path: Path) -> str:
    return digest_of((path,))


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise
        shutil.copyfile(source, target)


def _record(path: Path) -> Record:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(Kept(**kept) for kept in told["files"])
        return Record(told["source"], told["vintage"], told["fetched"], told["publisher"], told["licence"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SourceError(f"{path}: not a record of a source ({error})\n"
                          f"  to do:    delete the folder {path.parent} and fetch it again") from None
