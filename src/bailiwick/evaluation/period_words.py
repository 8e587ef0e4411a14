"""Which period does one word name: a year, half-year, quarter, month, week, day or plain number?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

Kind = Literal["year", "half", "quarter", "month", "day", "number"]
Style = Literal["", "financial", "fiscal", "week", "decimal", "span"]
Read = tuple[Kind, int]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = re.compile(r"^(1[5-9]\d\d|2[01]\d\d)(?:\.0+)?$")
_NUMBER = re.compile(r"^-?\d+(?:\.0+)?$")
_DECIMAL = re.compile(r"^(1[5-9]\d\d|2[01]\d\d)(\.\d+)?$")
_FINANCIAL = re.compile(r"^(?:fy\s*)?(\d{4})\s*[/-]\s*(\d{2}|\d{4})$", re.IGNORECASE)
_FISCAL = re.compile(r"^fy[\s-]*(\d{4})$", re.IGNORECASE)
_HALF = re.compile(r"^(?:(\d{4})\s*[-:/ ]?\s*[hs]([12])|[hs]([12])\s*[-:/ ]?\s*(\d{4}))$", re.IGNORECASE)
_QUARTER = re.compile(r"^(?:(\d{4})\s*[-:/ ]?\s*q([1-4])|q([1-4])\s*[-:/ ]?\s*(\d{4}))$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{4})\s*[-/.m]\s*(\d{1,2})$", re.IGNORECASE)
_MONTH_LAST = re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{4})$")
_MONTH_PACKED = re.compile(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])$")
_MONTH_NAME = re.compile(r"^([a-z]{3})[a-z]*\.?[\s\-/,.]*(\d{4}|\d{2})$", re.IGNORECASE)
_NAME_MONTH = re.compile(r"^(\d{4})[\s\-/,.]*([a-z]{3})[a-z]*$", re.IGNORECASE)
_WEEK = re.compile(r"^(\d{4})\s*-?\s*(?:w|wk|week)\s*(\d{1,2})$", re.IGNORECASE)
_WEEK_FIRST = re.compile(r"^(?:w|wk|week)\s*(\d{1,2})[\s,/-]+(\d{4})$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_PACKED = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_LOCAL = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_SPOKEN = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s\-]+([a-z]{3})[a-z]*[\s\-,]+(\d{4}|\d{2})$", re.IGNORECASE)
_SPOKEN_US = re.compile(r"^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$", re.IGNORECASE)
_SPAN = re.compile(
    r"^([a-z]{3})[a-z]*\.?\s*(\d{4})?\s*(?:-|–|to)\s*([a-z]{3})[a-z]*\.?\s*(\d{4})$", re.IGNORECASE
)
_ENDING = re.compile(
    r"^(?:(year|quarter)\s+(?:ending|ended|to)|(ye|12|3|6)\s*(?:months?\s+(?:to|ending))?)\s+([a-z]{3})[a-z]*\.?\s*(\d{4})$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"^(?:x|y|yr|year|t|time|period|p|week|wk|wave|round|month|day|quarter|qtr)[\s_.]*(\d+)$", re.IGNORECASE
)
_MONTHS_OF = {"year": 12, "ye": 12, "12": 12, "6": 6, "quarter": 3, "3": 3}


def is_period(text: str) -> bool:
    """Whether this label names a period that is more than a plain number under four digits."""
    found = (read(text, day_first=True) or read(text, day_first=False) or financial(text) or decimal(text)
             or span(text))
    return found is not None and (found[0] != "number" or _PREFIX.match(text.strip()) is not None)


def read(text: str, *, day_first: bool) -> Read | None:
    """The kind of period and its ordinal; None where the word names no period. `day_first`: 03/04 is 3 April."""
    word = text.strip()
    for reader in (_read_number, _read_month, _read_day):
        found = reader(word, day_first)
        if found is not None:
            return found
    return None


def financial(word: str) -> Read | None:
    """2014/15, 2014-15, 2014/2015 as the year they begin in, FY2015 as 2015; None for other words.

    2011-12 is a month unless every label of its column reads like this.
    """
    if m := _FISCAL.match(word.strip()):
        return "year", int(m[1])
    m = _FINANCIAL.match(word.strip())
    if m is None:
        return None
    follows = int(m[2]) == (int(m[1]) + 1) % 100 if len(m[2]) == 2 else int(m[2]) == int(m[1]) + 1
    return ("year", int(m[1])) if follows else None


def decimal(word: str) -> Read | None:
    """2012.25 or 2012.083 as the month that begins there; None for other words.

    >>> decimal("2012.25") == ("month", 12 * 2012 + 3)
    True
    """
    m = _DECIMAL.match(word.strip())
    if m is None:
        return None
    twelfths = 12 * float(m[2] or 0)
    month = round(twelfths)
    return ("month", 12 * int(m[1]) + month) if abs(twelfths - month) < 0.07 and month < 12 else None


def are_decimal(words: Sequence[str]) -> bool:
    """Whether these are years with twelfths after the point, at least one of which cannot be a month's number."""
    tails = [word.strip().partition(".")[2] for word in words]
    return (
        any(tail and not (len(tail) <= 2 and 1 <= int(tail) <= 12) for tail in tails if tail.isdigit())
        and any(tail.strip("0") for tail in tails)
        and all(decimal(word) is not None for word in words)
    )


def span(word: str) -> tuple[Kind, int, int] | None:
    """Apr 2015 to Mar 2016, Jan-Mar 2016, year ending March 2016: kind, first month and number of months, or None.

    >>> span("Year ending March 2016") == ("month", 12 * 2015 + 3, 12)
    True
    """
    if (m := _SPAN.match(word.strip())) and {m[1].lower(), m[3].lower()} <= set(_MONTHS):
        last = 12 * int(m[4]) + _MONTHS.index(m[3].lower())
        month = _MONTHS.index(m[1].lower())
        first = 12 * int(m[2]) + month if m[2] else last - (last - month) % 12
        return ("month", first, last - first + 1) if last >= first else None
    if (m := _ENDING.match(word.strip())) and m[3].lower() in _MONTHS:
        size = _MONTHS_OF[(m[1] or m[2]).lower()]
        return "month", 12 * int(m[4]) + _MONTHS.index(m[3].lower()) - size + 1, size
    return None


def is_week(word: str) -> bool:
    """Whether the word is a year with the number of a week (ISO 8601)."""
    return _WEEK.match(word.strip()) is not None or _WEEK_FIRST.match(word.strip()) is not None


def _read_number(word: str, day_first: bool) -> Read | None:
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


def _read_month(word: str, day_first: bool) -> Read | None:
    if m := _HALF.match(word):
        return "half", 2 * int(m[1] or m[4]) + int(m[2] or m[3]) - 1
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


def _read_day(word: str, day_first: bool) -> Read | None:
    found: int | None = None
    if m := _ISO.match(word):
        found = _day(m[1], m[2], m[3])
    elif m := _LOCAL.match(word):
        day, month = (m[1], m[2]) if day_first else (m[2], m[1])
        found = _day(_century(m[3]), month, day)
    elif m := _WEEK.match(word):
        found = _week(int(m[1]), int(m[2]))
    elif m := _WEEK_FIRST.match(word):
        found = _week(int(m[2]), int(m[1]))
    elif (m := _SPOKEN.match(word)) and m[2].lower() in _MONTHS:
        found = _day(_century(m[3]), str(_MONTHS.index(m[2].lower()) + 1), m[1])
    elif (m := _SPOKEN_US.match(word)) and m[1].lower() in _MONTHS:
        found = _day(m[3], str(_MONTHS.index(m[1].lower()) + 1), m[2])
    return None if found is None else ("day", found)


def _century(text: str) -> str:
    return text if len(text) == 4 else ("20" if int(text) < 70 else "19") + text


def _month(year: str, month: str) -> Read | None:
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
