"""How does a source get from its publisher into the store, and from the store into a table?"""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast

from bailiwick.errors import SourceError, nearest
from bailiwick.sources import SOURCES, Source, fetch
from bailiwick.sources.fetch import Patience, Progress, Wanted
from bailiwick.sources.reading import Tidy
from bailiwick.sources.store import Kept, Record, Store, digest_of, said


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of fetching one source: `new`, `same` or `restated` with its record, or `failed` with the reason."""

    source: str
    state: str
    record: Record | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How to fetch: a mirror's address in place of the publishers', the issue asked for, patience and progress."""

    mirror: str | None = None
    issue: str | None = None
    patience: Patience | None = None
    progress: Progress | None = None


def source(name: str) -> Source:
    """The source of that name; SourceError with the nearest one."""
    for known in SOURCES:
        if known.name == name:
            return known
    raise SourceError(f"{name}: no such source\n  expected: the name of a source, see  bailiwick fetch --list\n"
                      f"  to do:    {nearest(name, [known.name for known in SOURCES])}")


def load(name: str, store: Store, *, vintage: str | None = None) -> Tidy:
    """The tidy table of a kept source, without any network; its kept files are checked against their digests first."""
    record = store.newest(source(name).name, vintage)
    return _reader(source(name))(_readable(source(name), store.paths(record)))


def obtain(wanted: Source, store: Store, way: Way) -> Outcome:
    """One source fetched, checked, given its vintage and kept; a failure leaves what is kept as it was."""
    try:
        service = wanted.form == "arcgis" and way.mirror is None
        files = () if service else _files(wanted, way)
        with store.alone():
            if service:
                return _kept(wanted, store, (_features(wanted, store, way),), None)
            kept = tuple(fetch.fetched(file, store, patience=way.patience, progress=way.progress) for file in files)
            return _kept(wanted, store, kept, way.issue if wanted.vintage else None)
    except SourceError as error:
        told = str(error)
        by_hand = "" if "--file PATH" in told or way.mirror is not None else f"\n  or:       {_by_hand(wanted)}"
        return Outcome(wanted.name, "failed", reason=told + by_hand)


def obtain_all(store: Store, way: Way) -> tuple[Outcome, ...]:
    """Every source that a mirror offers, or that has an address; the others say what to download by hand."""
    return tuple(obtain(wanted, store, way) for wanted in SOURCES)


def take_in(wanted: Source, store: Store, paths: Sequence[Path]) -> Outcome:
    """Files downloaded by hand, read once to see that they are what they should be, and kept.

    The files keep their names; a shapefile brings the files that stand beside it.
    """
    try:
        with store.alone():
            kept = tuple(_copied(wanted, store, path) for path in _companions(paths))
            return _kept(wanted, store, kept, None)
    except SourceError as error:
        return Outcome(wanted.name, "failed", reason=str(error))


def _copied(wanted: Source, store: Store, path: Path) -> Kept:
    if not path.is_file():
        raise SourceError(f"{path}: no such file\n  to do:    {_by_hand(wanted)}")
    part = store.partial(f"file:{path.name}")
    with said(store.folder, path.stat().st_size):
        shutil.copyfile(path, part)
    digest, size = digest_of((part,)), part.stat().st_size
    store.take(part, digest)
    return Kept(path.name, digest, size, "", "downloaded by hand")


def _features(wanted: Source, store: Store, way: Way) -> Kept:
    """All features of a service as one GeoJSON file under the service's own name."""
    text = fetch.features(wanted.address, patience=way.patience)
    part = store.partial(wanted.address)
    with said(store.folder, len(text)):
        part.write_text(text, encoding="utf-8")
    digest, size = digest_of((part,)), part.stat().st_size
    store.take(part, digest)
    return Kept(f"{wanted.address.split('/')[-4]}.geojson", digest, size, wanted.address)


def _kept(wanted: Source, store: Store, files: tuple[Kept, ...], issue: str | None) -> Outcome:
    now = datetime.now(UTC).date().isoformat()
    vintage = issue if issue and issue != wanted.vintage else _vintage(wanted, store, files)
    record = Record(wanted.name, vintage, now, wanted.publisher, wanted.licence, files)
    found, state = store.keep(record)
    return Outcome(wanted.name, state, found)


def _vintage(wanted: Source, store: Store, files: Sequence[Kept]) -> str:
    """The vintage that the files themselves tell; reading it also shows that they are the publisher's table."""
    module = importlib.import_module(f"bailiwick.sources.{wanted.module}")
    tell = cast(Callable[[Sequence[Path]], str], module.vintage)
    store.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=store.folder, prefix=".look-") as folder:
        paths = []
        for file in files:
            path = Path(folder) / file.name
            path.symlink_to(store.object(file.sha256).resolve())
            paths.append(path)
        return tell(_readable(wanted, paths))


def _reader(wanted: Source) -> Callable[[Sequence[Path]], Tidy]:
    module = importlib.import_module(f"bailiwick.sources.{wanted.module}")
    return cast(Callable[[Sequence[Path]], Tidy], module.read)


def _readable(wanted: Source, paths: Sequence[Path]) -> tuple[Path, ...]:
    extra = (".dbf", ".shx", ".prj", ".cpg", ".xml", ".sbn", ".sbx")
    return tuple(path for path in paths if path.suffix.lower() not in extra) if wanted.module == "ons_shapes" else (
        tuple(paths))


def _companions(paths: Sequence[Path]) -> list[Path]:
    found = list(paths)
    for path in paths:
        if path.suffix.lower() == ".shp":
            found += [other for other in sorted(path.parent.glob(f"{path.stem}.*")) if other not in found]
    return found


def _files(wanted: Source, way: Way) -> tuple[Wanted, ...]:
    if way.mirror is not None:
        offered = fetch.manifest(way.mirror, patience=way.patience)
        chosen = tuple(Wanted(f.url, Path(f.name).name, f.sha256, f.size) for f in offered if _matches(wanted, f.name))
        if not chosen:
            raise SourceError(f"{wanted.name}: the mirror has no {' or '.join(wanted.files)}\n"
                              f"  to do:    {_by_hand(wanted)}")
        return chosen
    if not wanted.address:
        raise SourceError(f"{wanted.name}: no address is known for certain\n  to do:    {_by_hand(wanted)}")
    if wanted.form == "ckan":
        return _listed(wanted, way)
    address = wanted.address.format(vintage=way.issue or wanted.vintage)
    return (Wanted(address, _name(address)),)


def _matches(wanted: Source, name: str) -> bool:
    """Whether a mirror's file is the publisher's own: the cleaned tables beside it are not."""
    folders = Path(name).parts[:-1]
    own = not folders or folders[0] == "publisher_format"
    return own and any(fnmatchcase(Path(name).name, pattern) for pattern in wanted.files)


def _listed(wanted: Source, way: Way) -> tuple[Wanted, ...]:
    offered = fetch.listed(wanted.address, patience=way.patience)
    stems = [pattern.removesuffix(".csv") for pattern in wanted.files]
    chosen = tuple(Wanted(f.url, f"{f.name.removesuffix('.csv')}.csv") for f in offered
                   if any(fnmatchcase(f.name.removesuffix(".csv"), stem) for stem in stems))
    if not chosen:
        names = ", ".join(f.name for f in offered[:8])
        raise SourceError(f"{wanted.name}: the listing has no {stems[0]} (it has {names})\n"
                          f"  to do:    {_by_hand(wanted)}")
    return chosen


def _by_hand(wanted: Source) -> str:
    return (f"download {' or '.join(wanted.files)} from {wanted.page or 'its publisher'}, then  "
            f"bailiwick fetch {wanted.name} --file PATH")


def _name(address: str) -> str:
    from urllib.parse import unquote

    return unquote(address.rsplit("/", 1)[-1])
