"""Which periods does a column of dates, months, quarters, years or whole numbers name, and are they evenly spaced?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from bailiwick.errors import CaseError

Kind = Literal["year", "quarter", "month", "day", "number"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"^(1[5-9]\d\d|2[01]\d\d)(?:\.0+)?$")
_NUMBER = re.compile(r"^-?\d+(?:\.0+)?$")
_FINANCIAL = re.compile(r"^(\d{4})\s*[/-]\s*(\d{2})$")
_QUARTER = re.compile(r"^(?:(\d{4})\s*[-:/ ]?\s*q([1-4])|q([1-4])\s*[-:/ ]?\s*(\d{4}))$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{4})\s*[-/.m]\s*(\d{1,2})$", re.IGNORECASE)
_MONTH_LAST = re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{4})$")
_MONTH_PACKED = re.compile(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])$")
_MONTH_NAME = re.compile(r"^([a-z]{3})[a-z]*\.?[\s\-/,.]*(\d{4}|\d{2})$", re.IGNORECASE)
_NAME_MONTH = re.compile(r"^(\d{4})[\s\-/,.]*([a-z]{3})[a-z]*$", re.IGNORECASE)
_WEEK = re.compile(r"^(\d{4})\s*-?\s*w(\d{1,2})$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_PACKED = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_LOCAL = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_SPOKEN = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([a-z]{3})[a-z]*[\s\-,]+(\d{4}|\d{2})$", re.IGNORECASE)
_SPOKEN_US = re.compile(r"^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$", re.IGNORECASE)
_PREFIX = re.compile(r"^(?:x|y|yr|year|t|time|period|p)[\s_.]*(\d+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Axis:
    """Evenly spaced periods: `count` of them from ordinal `first` in steps of `step`.

    Ordinals: the year; 4 x year + quarter - 1; 12 x year + month - 1; the proleptic day number; the number itself.
    `day_first` says how a date such as 03/04/2017 was read; `names` keeps the labels of the file where they are text.
    """

    kind: Kind
    first: int
    step: int
    count: int
    day_first: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """One label a period, ISO where a standard has one: 1989, 2017Q1, 2017-04, 2017-04-01, 12."""
        return _labels(self.kind, self.first, self.step, self.count)

    @property
    def per_year(self) -> float | None:
        """How many periods make a year; None for plain numbers."""
        size = {"year": 1.0, "quarter": 4.0, "month": 12.0, "day": 365.25}.get(self.kind)
        return None if size is None else size / self.step

    def position(self, text: str) -> float:
        """The position of the period that holds `text`; below 0 or from `count` on when outside.

        A date inside a period gives that period plus the share of it gone by (0.5: half way), so that a caller can
        see that the period is only partly exposed.
        """
        financial = _financial(text) if self.kind == "year" else None
        found = financial or _read(text, day_first=self.day_first)
        if found is None:
            raise CaseError("period", "date", got=text, expected=f"a {self.kind} such as {self.labels[0]}")
        return (_moment(found, self.kind, text) - self.first) / self.step

    def part(self, since: int, until: int) -> Axis:
        """The axis of the positions from `since` up to, not including, `until`."""
        return Axis(self.kind, self.first + since * self.step, self.step, until - since, self.day_first)


@lru_cache(maxsize=256)
def _labels(kind: Kind, first: int, step: int, count: int) -> tuple[str, ...]:
    return tuple(label(kind, first + k * step) for k in range(count))


def label(kind: Kind, ordinal: int) -> str:
    """The label of one ordinal.

    >>> label("month", 12 * 2017 + 3), label("quarter", 4 * 2017)
    ('2017-04', '2017Q1')
    """
    if kind == "quarter":
        return f"{ordinal // 4}Q{ordinal % 4 + 1}"
    if kind == "month":
        return f"{ordinal // 12:04d}-{ordinal % 12 + 1:02d}"
    if kind == "day":
        return date.fromordinal(ordinal).isoformat()
    return str(ordinal)


def axis(texts: Sequence[str], *, where: str = "time column") -> tuple[Axis, tuple[int, ...]]:
    """The axis of these labels and the position of each; CaseError where they name no evenly spaced periods.

    Months and quarters are recognised in dates (2014-12-31, 31/12/2014) by their spacing. A date such as 03/04/2017 is
    read day first unless only month first makes dates of all labels, or is evenly spaced.
    """
    words = sorted(set(texts))
    if not words:
        raise CaseError(where, "", got="no period at all", expected="at least three periods")
    problem: CaseError | None = None
    for day_first in (True, False):
        financial = all(_financial(word) for word in words)
        parsed = {word: _financial(word) if financial else _read(word, day_first=day_first) for word in words}
        bad = [word for word in words if parsed[word] is None]
        if bad:
            problem = problem or CaseError(
                where,
                "date",
                got=bad[0] or "(empty cell)",
                expected="years, quarters (2017Q1), months (2017-04), dates (2017-04-01, 01/04/2017) or numbers",
                hint="is this the time column? Name it with --time" if bad[0] else "fill in or remove the row",
            )
            continue
        try:
            return _spaced(texts, {w: p for w, p in parsed.items() if p is not None}, day_first, where)
        except CaseError as error:
            problem = problem or error
    assert problem is not None  # noqa: S101
    raise problem


def is_period(text: str) -> bool:
    """Whether this label names a period that is more than a plain number under four digits."""
    found = _read(text, day_first=True) or _read(text, day_first=False) or _financial(text)
    return found is not None and (found[0] != "number" or _PREFIX.match(text.strip()) is not None)


_Read = tuple[Kind, int]


def _read(text: str, *, day_first: bool) -> _Read | None:
    word = text.strip()
    for reader in (_read_number, _read_month, _read_day):
        found = reader(word, day_first)
        if found is not None:
            return found
    return None


def _read_number(word: str, day_first: bool) -> _Read | None:
    if m := _YEAR.match(word):
        return "year", int(m[1])
    if m := _MONTH_PACKED.match(word):
        return "month", 12 * int(m[1]) + int(m[2]) - 1
    if (m := _PACKED.match(word)) and (day := _day(m[1], m[2], m[3])):
        return "day", day
    if _NUMBER.match(word):
        return "number", int(float(word))
    if m := _PREFIX.match(word):
        return _read_number(m[1], day_first)
    return None


def _financial(word: str) -> _Read | None:
    """2014/15 and 2014-15 as the year they begin in; 2011-12 is a month unless every label reads like this."""
    m = _FINANCIAL.match(word.strip())
    return ("year", int(m[1])) if m and int(m[2]) == (int(m[1]) + 1) % 100 else None


def _read_month(word: str, day_first: bool) -> _Read | None:
    if m := _QUARTER.match(word):
        return "quarter", 4 * int(m[1] or m[4]) + int(m[2] or m[3]) - 1
    if m := _MONTH.match(word):
        return _month(m[1], m[2])
    if m := _MONTH_LAST.match(word):
        return _month(m[2], m[1])
    if (m := _MONTH_NAME.match(word)) and m[1].lower() in _MONTHS:
        return _month(_century(m[2]), str(_MONTHS.index(m[1].lower()) + 1))
    if (m := _NAME_MONTH.match(word)) and m[2].lower() in _MONTHS:
        return _month(m[1], str(_MONTHS.index(m[2].lower()) + 1))
    return None


def _read_day(word: str, day_first: bool) -> _Read | None:
    found: int | None = None
    if m := _ISO.match(word):
        found = _day(m[1], m[2], m[3])
    elif m := _LOCAL.match(word):
        day, month = (m[1], m[2]) if day_first else (m[2], m[1])
        found = _day(_century(m[3]), month, day)
    elif m := _WEEK.match(word):
        found = _week(int(m[1]), int(m[2]))
    elif (m := _SPOKEN.match(word)) and m[2].lower() in _MONTHS:
        found = _day(_century(m[3]), str(_MONTHS.index(m[2].lower()) + 1), m[1])
    elif (m := _SPOKEN_US.match(word)) and m[1].lower() in _MONTHS:
        found = _day(m[3], str(_MONTHS.index(m[1].lower()) + 1), m[2])
    return None if found is None else ("day", found)


def _century(text: str) -> str:
    return text if len(text) == 4 else ("20" if int(text) < 70 else "19") + text


def _month(year: str, month: str) -> _Read | None:
    return ("month", 12 * int(year) + int(month) - 1) if 1 <= int(month) <= 12 else None


def _day(year: str, month: str, day: str) -> int | None:
    try:
        return date(int(year), int(month), int(day)).toordinal()
    except ValueError:
        return None


def _week(year: int, week: int) -> int | None:
    try:
        return date.fromisocalendar(year, week, 1).toordinal()
    except ValueError:
        return None


def _spaced(
    texts: Sequence[str], parsed: dict[str, _Read], day_first: bool, where: str
) -> tuple[Axis, tuple[int, ...]]:
    kinds = sorted({kind for kind, _ in parsed.values()})
    if kinds == ["number", "year"]:
        parsed = {word: ("number", value) for word, (_, value) in parsed.items()}
        kinds = ["number"]
    if len(kinds) > 1:
        examples = ", ".join(next(w for w in sorted(parsed) if parsed[w][0] == k) for k in kinds)
        raise CaseError(where, "date", got=f"a mixture: {examples}", expected="periods of one kind in the whole column")
    kind, ordinals = _coarsest(kinds[0], sorted({value for _, value in parsed.values()}))
    value = {word: _as(kind, parsed[word]) for word in parsed}
    steps = [b - a for a, b in pairwise(ordinals)]
    step = min(steps, default=1)
    uneven = [a for a, b in pairwise(ordinals) if b - a != step]
    if uneven:
        missing = label(kind, uneven[0] + step)
        raise CaseError(
            where,
            "date",
            got=f"a gap after {label(kind, uneven[0])}: nothing for {missing}",
            expected="evenly spaced periods, each of them present",
            hint="add the missing periods or cut the window with --since",
        )
    found = Axis(kind, ordinals[0], step, len(ordinals), day_first)
    return found, tuple((value[text] - found.first) // step for text in texts)


def _as(kind: Kind, read: _Read) -> int:
    if read[0] == "day" and kind != "day":
        day = date.fromordinal(read[1])
        return {"year": day.year, "quarter": 4 * day.year + (day.month - 1) // 3}.get(
            kind, 12 * day.year + day.month - 1
        )
    if read[0] == "month" and kind == "quarter":
        return read[1] // 3
    if read[0] == "month" and kind == "year":
        return read[1] // 12
    return read[1]


def _coarsest(kind: Kind, ordinals: list[int]) -> tuple[Kind, list[int]]:
    """Dates and months as years, quarters or months where that keeps them apart and evenly spaced."""
    choices: tuple[Kind, ...] = {"day": ("year", "quarter", "month"), "month": ("year", "quarter")}.get(kind, ())  # type: ignore[assignment]
    for coarse in choices:
        values = sorted({_as(coarse, (kind, value)) for value in ordinals})
        together = len(values) == len(ordinals)
        if together and len(values) > 1 and all(b - a == 1 for a, b in pairwise(values)):
            return coarse, values
    if kind == "day" and len(ordinals) > 2:
        values = sorted({_as("month", (kind, value)) for value in ordinals})
        steps = [b - a for a, b in pairwise(ordinals)]
        if len(values) == len(ordinals) and min(steps) >= 28:
            return "month", values
    return kind, ordinals


def _moment(read: _Read, kind: Kind, text: str) -> float:
    """The moment named, as a fractional ordinal of `kind`; a coarse label counts from its first day."""
    source, value = read
    if source == kind or {source, kind} == {"year", "number"}:
        return float(value)
    if "number" in (source, kind):
        raise CaseError("period", "date", got=text, expected=f"a {kind}, as in the data")
    day = date.fromordinal(value) if source == "day" else _first_day(source, value)
    if kind == "day":
        return float(day.toordinal())
    start = _as(kind, ("day", day.toordinal()))
    opens, closes = _first_day(kind, start).toordinal(), _first_day(kind, start + 1).toordinal()
    return start + (day.toordinal() - opens) / (closes - opens)


def _first_day(kind: Kind, value: int) -> date:
    if kind == "year":
        return date(value, 1, 1)
    return date(value // 4, value % 4 * 3 + 1, 1) if kind == "quarter" else date(value // 12, value % 12 + 1, 1)
