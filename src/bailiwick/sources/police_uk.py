"""How many street-level crimes were there in each small area, month and type?  The archive of data.police.uk.

The archive is a zip of one CSV a force and month.  It is streamed: one member is unpacked, counted and forgotten at a
time, so that memory does not grow with the number of rows.  Points are anonymised by the publisher to nearby map
points, so that nothing below a small area is counted.
"""

from __future__ import annotations

import importlib.util
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bailiwick.errors import nearest
from bailiwick.sources.reading import Tidy, only, problem, refuse_pages

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

COLUMNS = ("force", "month", "area", "type", "count")
WANTED = ("Month", "Falls within", "LSOA code", "Crime type")
NO_PLACE = "no location"
_MEMBER = re.compile(r"(?:^|/)(\d{4}-\d{2})-([a-z-]+)-street\.csv$")


class Member(NamedTuple):
    """One force-month of an archive: its name in the zip, the month and the force's short name."""

    name: str
    month: str
    force: str


def read(paths: Sequence[Path]) -> Tidy:
    """Street-level crimes by force, month, small area and type: columns `COLUMNS`.

    Errors: SourceError for a zip that is cut off or holds no street-level CSV, and for a member with other columns or
    another month than its name says.
    """
    path = only(paths, (".zip",))
    return Tidy("street-crime", vintage(paths), counts(path), _notes(members(path)))


def vintage(paths: Sequence[Path]) -> str:
    """The last month in the archive."""
    return max(member.month for member in members(only(paths, (".zip",))))


def counts(path: Path, *, forces: Sequence[str] | None = None, months: Sequence[str] | None = None) -> pd.DataFrame:
    """The counts of an archive, of some forces (metropolitan) and months (2018-03) only when these are given."""
    chosen = _chosen(path, forces, months)
    if importlib.util.find_spec("polars") is None:
        raise problem(path, "the package polars is not installed", "polars, which counts large archives",
                      "pip install polars")
    parts: list[pl.DataFrame] = []
    for member, raw in _unpacked(path, chosen):
        parts.append(_counted(path, member, raw))
        if len(parts) >= 64:
            parts = [_summed(parts)]
    return _plain(_summed(parts))


def members(path: Path) -> tuple[Member, ...]:
    """The force-months of an archive in order; SourceError when it is no such archive."""
    refuse_pages(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise problem(path, f"a zip that is cut off or damaged ({error})", "an archive of data.police.uk",
                      "fetch it again: it goes on where it stopped") from None
    found = [Member(name, match.group(1), match.group(2)) for name in names if (match := _MEMBER.search(name))]
    if not found:
        raise problem(path, f"a zip of {', '.join(names[:3]) or 'nothing'}",
                      "members as 2018-03/2018-03-surrey-street.csv")
    return tuple(sorted(found))


def _chosen(path: Path, forces: Sequence[str] | None, months: Sequence[str] | None) -> list[Member]:
    there = members(path)
    offered = {"force": [m.force for m in there], "month": [m.month for m in there]}
    for wanted, (what, known) in zip((forces, months), offered.items(), strict=True):
        for name in wanted or ():
            if name not in known:
                raise problem(path, f"{what} {name} is not in it ({nearest(name, known)})", f"a {what} of the archive")
    return [m for m in there if (not forces or m.force in forces) and (not months or m.month in months)]


def _unpacked(path: Path, chosen: Sequence[Member]) -> Iterator[tuple[Member, bytes]]:
    """Each member's bytes; the next one is unpacked on a second thread while one is counted."""
    from concurrent.futures import ThreadPoolExecutor

    with zipfile.ZipFile(path) as archive, ThreadPoolExecutor(1) as pool:
        following = pool.submit(archive.read, chosen[0].name) if chosen else None
        for place, member in enumerate(chosen):
            try:
                raw = following.result() if following else b""
            except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
                raise problem(path, f"{member.name} is damaged ({error})", "a whole archive",
                              "fetch it again") from None
            more = place + 1 < len(chosen)
            following = pool.submit(archive.read, chosen[place + 1].name) if more else None
            yield member, raw


def _counted(path: Path, member: Member, raw: bytes) -> pl.DataFrame:
    import polars as pl
    from polars.exceptions import PolarsError

    header = [c.strip().strip('"') for c in raw[:2_000].split(b"\n", 1)[0].decode("utf-8-sig", "replace").split(",")]
    missing = [name for name in WANTED if name not in header]
    if missing:
        raise problem(path, f"{member.name} has no column {missing[0]} ({nearest(missing[0], header)})",
                      "the columns " + ", ".join(WANTED))
    try:
        rows = pl.read_csv(raw, columns=list(WANTED), infer_schema=False)
    except (PolarsError, UnicodeError, OSError) as error:
        raise problem(path, f"{member.name}: {str(error).splitlines()[0][:70]}", "a CSV in UTF-8") from None
    strange = rows.filter(pl.col("Month") != member.month)
    if strange.height or rows["Month"].null_count():
        found = strange["Month"][0] if strange.height else "no month"
        raise problem(path, f"{member.name} holds rows of {found}", f"rows of {member.month} only")
    grouped = rows.group_by("Falls within", "Month", "LSOA code", "Crime type").agg(pl.len().alias("count"))
    words = dict(zip(COLUMNS, ("Falls within", "Month", "LSOA code", "Crime type"), strict=False))
    return grouped.select(
        *(pl.col(theirs).fill_null(NO_PLACE).cast(pl.Categorical).alias(ours) for ours, theirs in words.items()),
        pl.col("count").cast(pl.Int32))


def _summed(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    if not parts:
        return pl.DataFrame(schema={**dict.fromkeys(COLUMNS[:4], pl.Categorical), "count": pl.Int32})
    return pl.concat(parts).group_by(COLUMNS[:4]).agg(pl.col("count").sum())


def _plain(frame: pl.DataFrame) -> pd.DataFrame:
    """The counts with words as ordered categories, sorted: numbers throughout, so that memory stays small."""
    import numpy as np
    import pandas as pd

    columns = {}
    for name in COLUMNS[:4]:
        codes = frame[name].to_physical().to_numpy()
        used = np.unique(codes)
        words = frame[name].unique()
        word = dict(zip(words.to_physical().to_list(), words.cast(str).to_list(), strict=True))
        order = sorted(used.tolist(), key=lambda code: word[code])
        place = np.zeros(int(used.max(initial=0)) + 1, dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        columns[name] = pd.Categorical.from_codes(
            place[codes], dtype=pd.CategoricalDtype([word[code] for code in order]))
    counted = frame["count"].to_numpy().astype(np.int64)
    rows = np.lexsort([columns[name].codes for name in reversed(COLUMNS[:4])])
    return pd.DataFrame({**{name: columns[name][rows] for name in COLUMNS[:4]}, "count": counted[rows]})


def _notes(there: Sequence[Member]) -> tuple[str, ...]:
    months = sorted({m.month for m in there})
    forces = sorted({m.force for m in there})
    gaps = sorted({f for f in forces if len({m.month for m in there if m.force == f}) < len(months)})
    notes = ["points are moved by the publisher to nearby map points: counts below a small area mean nothing"]
    if gaps:
        notes.append(f"{len(gaps)} forces lack some months: {', '.join(gaps[:6])}")
    return tuple(notes)
