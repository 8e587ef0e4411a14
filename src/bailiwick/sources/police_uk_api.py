"""What do the answers of the data.police.uk interface say: street-level crimes, neighbourhoods, their outlines?

Answers are read from files (or from `fetch.text_at`); this module opens no connection.  The interface refuses addresses
of more than 4,094 characters and answers of more than 10,000 crimes: `tiles` cuts an area so that neither happens.
"""

from __future__ import annotations

import json
import re
import urllib.parse
from collections.abc import Sequence
from pathlib import Path

from bailiwick.errors import SourceError
from bailiwick.sources.reading import Tidy, problem, refuse_pages

ADDRESS = "https://data.police.uk/api"
COLUMNS = ("month", "type", "lon", "lat", "street", "outcome")
NEIGHBOURHOODS = ("force", "id", "name")
LONGEST = 4_094
MOST = 10_000


def read(paths: Sequence[Path]) -> Tidy:
    """The crimes of saved answers, each crime once: columns `COLUMNS`; SourceError for what is no such answer."""
    import pandas as pd

    rows = [row for path in paths for row in _crimes(path)]
    if not rows:
        raise SourceError("street-level crimes: the answers hold no crime\n"
                          "  to do:    was the month published, and is the place inside the force?")
    whole = pd.DataFrame(rows, columns=["id", *COLUMNS])
    frame = whole.drop_duplicates().drop(columns="id").sort_values(list(COLUMNS[:4]), ignore_index=True)
    return Tidy("street-crime-answers", str(frame["month"].max()), frame,
                ("points are moved by the publisher to nearby map points",))


def vintage(paths: Sequence[Path]) -> str:
    """The last month in the answers."""
    return read(paths).vintage


def neighbourhoods(path: Path, force: str) -> Tidy:
    """The neighbourhoods of a force from a saved answer: columns `NEIGHBOURHOODS`."""
    import pandas as pd

    told = _json(path)
    good = isinstance(told, list) and told and all(isinstance(t, dict) and {"id", "name"} <= set(t) for t in told)
    if not isinstance(told, list) or not good:
        raise problem(path, "no list of neighbourhoods", "the answer of FORCE/neighbourhoods")
    frame = pd.DataFrame([(force, str(t["id"]), str(t["name"])) for t in told], columns=list(NEIGHBOURHOODS))
    return Tidy("neighbourhoods", "undated", frame.sort_values("id", ignore_index=True))


def outline(path: Path) -> tuple[tuple[float, float], ...]:
    """The outline of a neighbourhood from a saved answer, as longitudes and latitudes, at least three points."""
    told = _json(path)
    try:
        listed = told if isinstance(told, list) else []
        points = tuple((float(p["longitude"]), float(p["latitude"])) for p in listed)
    except (TypeError, KeyError, ValueError):
        raise problem(path, "no list of points", "the answer of FORCE/ID/boundary") from None
    if len(points) < 3:
        raise problem(path, f"{len(points)} points", "an outline of at least three points")
    return points


def crimes_address(outline_points: Sequence[tuple[float, float]], month: str) -> str:
    """The address that answers with all crimes inside an outline in a month; SourceError when it would be too long."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise SourceError(f"month {month}\n  expected: a month as 2018-03\n  to do:    write it so")
    corners = ":".join(f"{lat:.5f},{lon:.5f}" for lon, lat in outline_points)
    address = f"{ADDRESS}/crimes-street/all-crime?{urllib.parse.urlencode({'date': month, 'poly': corners}, safe=':,')}"
    if len(address) > LONGEST:
        raise SourceError(f"an outline of {len(outline_points)} points makes an address of {len(address)} characters\n"
                          f"  expected: at most {LONGEST}\n  to do:    use `tiles` of its box, or the archive")
    return address


def tiles(box: tuple[float, float, float, float], parts: int) -> tuple[tuple[tuple[float, float], ...], ...]:
    """A box of degrees (west, south, east, north) cut into `parts` by `parts` outlines, to keep answers small.

    >>> len(tiles((-0.3, 51.3, -0.1, 51.5), 2))
    4
    """
    west, south, east, north = box
    wide, high = (east - west) / parts, (north - south) / parts
    return tuple(
        ((west + i * wide, south + j * high), (west + (i + 1) * wide, south + j * high),
         (west + (i + 1) * wide, south + (j + 1) * high), (west + i * wide, south + (j + 1) * high))
        for j in range(parts) for i in range(parts)
    )


def _crimes(path: Path) -> list[tuple[object, ...]]:
    told = _json(path)
    if not isinstance(told, list):
        raise problem(path, "no list of crimes", "the answer of crimes-street/all-crime")
    if len(told) >= MOST:
        raise problem(path, f"{len(told)} crimes, the most the interface gives", "a whole answer",
                      "ask for smaller pieces (`tiles`), or use the archive")
    rows: list[tuple[object, ...]] = []
    for number, crime in enumerate(told, 1):
        try:
            place = crime["location"] or {}
            outcome = (crime.get("outcome_status") or {}).get("category", "")
            rows.append((crime["id"], crime["month"], crime["category"], _degree(place.get("longitude")),
                         _degree(place.get("latitude")), (place.get("street") or {}).get("name", ""), outcome))
        except (TypeError, KeyError, ValueError, AttributeError):
            raise problem(path, f"crime {number} lacks id, month, category or location", "such a crime") from None
    return rows


def _degree(value: object) -> float | None:
    return None if value in (None, "") else float(str(value))


def _json(path: Path) -> object:
    refuse_pages(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValueError):
        raise problem(path, "no JSON", "an answer of data.police.uk", "ask again: 503 means too many crimes at once"
                      ) from None
