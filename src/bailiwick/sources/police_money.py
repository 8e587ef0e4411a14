"""What do government, police and crime commissioners and councils bring to a force's budget?

Three kinds of published workbook, each with a row a body and a column a year or a figure: the police grant, the precept
with its Band D, and the council tax base.  None has kept one layout, so that the header row is found by its words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bailiwick.sources import places
from bailiwick.sources.reading import Sheet, Tidy, only, problem, sheets

COLUMNS = ("area", "name", "item", "year", "value", "unit")


@dataclass(frozen=True, slots=True)
class _Kind:
    source: str
    words: str
    unit: str
    first: str


_KINDS = (
    _Kind("tax-bases", r"tax\s*base", "Band D equivalents", r"local authority|authority|billing|ons code|e-code|code"),
    _Kind("precepts", r"precept|band d", "GBP", r"police|authority|local policing body|name"),
    _Kind("police-grant", r"police.*(grant|funding)|(grant|funding).*police", "GBP",
          r"police|force|local policing body"),
)
_YEAR = re.compile(r"(20\d\d)\s*[-/to]+\s*(\d\d)(\d\d)?\b")
_CODE = re.compile(r"^[EW]\d{8}$")


def read(paths: Sequence[Path]) -> Tidy:
    """The figures of a workbook: columns `COLUMNS`; `area` is a force or council code, or empty for a total.

    GBP m and GBP thousand in a title are brought to pounds.  Errors: SourceError for a workbook of no known kind, with
    no year, without a row of a known body, or where two rows of one body disagree.
    """
    path = only(paths, (".ods", ".xlsx"))
    book = sheets(path)
    kind = _kind(path, book)
    rows = [row for sheet in book for row in _table(sheet, kind, _year_in(path, sheet))]
    if not rows:
        raise problem(path, "no table with a row a body and a column a figure", f"a table of {kind.source}")
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS)).drop_duplicates()
    keyed = frame[frame["area"] != ""]
    twice = keyed[keyed.duplicated(["area", "item", "year"])]
    if len(twice):
        row = twice.iloc[0]
        raise problem(path, f"{row['name']}, {row['item']}, {row['year']} twice with other values", "once")
    if keyed.empty:
        raise problem(path, f"no known body among {', '.join(sorted(set(frame['name']))[:5])}",
                      "forces or council codes")
    lost = sorted(set(frame.loc[frame["area"] == "", "name"]))
    notes = (f"{len(lost)} rows are of no known body: {', '.join(lost[:5])}",) if lost else ()
    return Tidy(kind.source, str(frame["year"].max()), frame.reset_index(drop=True), notes)


def vintage(paths: Sequence[Path]) -> str:
    """The last financial year in the workbook."""
    return read(paths).vintage


def _kind(path: Path, book: Sequence[Sheet]) -> _Kind:
    text = " ".join([path.stem.replace("_", " ").replace("-", " "), *(f"{s.name} {s.title}" for s in book)]).casefold()
    for kind in _KINDS:
        if re.search(kind.words, text):
            return kind
    raise problem(path, f"sheets {', '.join(s.name for s in book)}", "police grant, precepts or council tax bases")


def _year(text: str) -> str | None:
    match = _YEAR.search(text)
    return f"{match.group(1)}-{match.group(3) or match.group(2)}" if match else None


def _year_in(path: Path, sheet: Sheet) -> str | None:
    head = " ".join(str(cell) for row in sheet.rows[:6] for cell in row if isinstance(cell, str))
    return _year(f"{sheet.name} {head}") or _year(path.stem.replace("_", "-"))


def _table(sheet: Sheet, kind: _Kind, year: str | None) -> list[tuple[object, ...]]:
    start = _start(sheet, kind)
    if start is None:
        return []
    header = [" ".join(str(cell).split()) for cell in sheet.rows[start]]
    factor = _factor(" ".join(str(cell) for row in sheet.rows[: start + 1] for cell in row))
    found: list[tuple[object, ...]] = []
    for row in sheet.rows[start + 1:]:
        words = [str(cell).strip() for cell in row if isinstance(cell, str) and str(cell).strip()]
        if not words:
            continue
        code, name = _body(words)
        for title, cell in zip(header, row, strict=False):
            when = _year(title) or year
            if title and when and isinstance(cell, int | float) and not isinstance(cell, bool) and cell == cell:
                item = _YEAR.sub("", title).strip(" :,-()") or kind.source
                scale = 1.0 if re.search(r"band d|%|change", title, re.IGNORECASE) else factor
                found.append((code, name, item.casefold(), when, float(cell) * scale, kind.unit))
    return found


def _start(sheet: Sheet, kind: _Kind) -> int | None:
    for number, row in enumerate(sheet.rows):
        told = [str(cell).casefold() for cell in row if isinstance(cell, str) and str(cell).strip()]
        below = [cell for later in sheet.rows[number + 1: number + 4] for cell in later]
        if len(told) >= 2 and re.search(kind.first, told[0]) and any(isinstance(c, int | float) for c in below):
            return number
    return None


def _body(words: Sequence[str]) -> tuple[str, str]:
    """The code and name of a row: a code of nine characters where there is one, else the force of that name."""
    code = next((word for word in words if _CODE.match(word)), "")
    names = [word for word in words if not _CODE.match(word) and not re.fullmatch(r"[A-Z]\d{4}", word)]
    force = next((found for word in names if (found := places.force(word))), "")
    return code or force, names[0] if names else code


def _factor(text: str) -> float:
    plain = text.casefold()
    if re.search(r"£\s*(m\b|million)", plain):
        return 1_000_000.0
    return 1_000.0 if re.search(r"£\s*(000|k\b|thousand)|£s? thousand", plain) else 1.0
