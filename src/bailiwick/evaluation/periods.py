"""Which periods does a column of dates, months, quarters, years or whole numbers name, and are they evenly spaced?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bailiwick.errors import CaseError
from bailiwick.evaluation.period_words import (
    Kind,
    Read,
    Style,
    are_decimal,
    decimal,
    financial,
    is_period,
    is_week,
    read,
    span,
)

__all__ = ["Axis", "Kind", "axis", "is_period", "label"]
_WORDS = "years, quarters (2017Q1), months (2017-04), weeks (2017-W14), dates (2017-04-01, 01/04/2017) or numbers"


@dataclass(frozen=True, slots=True)
class Axis:
    """Evenly spaced periods: `count` of them from ordinal `first` in steps of `step`.

    Ordinals: the year; 2 x year + half - 1; 4 x year + quarter - 1; 12 x year + month - 1; the proleptic day number;
    the number itself. `day_first` says how a date such as 03/04/2017 was read; `style` how the file writes its periods
    where its labels should read alike: financial years, ISO weeks, decimal years, spans of months.
    """

    kind: Kind
    first: int
    step: int
    count: int
    day_first: bool = True
    style: Style = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """One label a period: 1989, 2016/17, 2008H1, 2017Q1, 2017-04, 2017-W14, 2017-04-01, 12."""
        return _labels(self)

    @property
    def per_year(self) -> float | None:
        """How many periods make a year; None for plain numbers."""
        size = {"year": 1.0, "half": 2.0, "quarter": 4.0, "month": 12.0, "day": 365.25}.get(self.kind)
        return None if size is None else size / self.step

    def position(self, text: str) -> float:
        """The position of the period that holds `text`; below 0 or from `count` on when outside.

        A date inside a period gives that period plus the share of it gone by (0.5: half way), so that a caller can
        see that the period is only partly exposed. CaseError for a word that names no moment on this axis, and for a
        date on an axis of financial years, which do not say in which month they begin.
        """
        found = self._read(text)
        if found is None:
            raise CaseError("period", "date", got=text, expected=f"a {self.kind} such as {self.labels[0]}")
        if self.style in ("financial", "fiscal") and found[0] not in ("year", "number"):
            said = f"a financial year such as {self.labels[0]}: the file does not say in which month its years begin"
            raise CaseError("period", "date", got=text, expected=said)
        return (_moment(found, self.kind, text) - self.first) / self.step

    def _read(self, text: str) -> Read | None:
        months = span(text)
        if months is not None:
            return months[0], months[1]
        own = financial(text) if self.kind == "year" else decimal(text) if self.style == "decimal" else None
        return own or read(text, day_first=self.day_first)

    def part(self, since: int, until: int) -> Axis:
        """The axis of the positions from `since` up to, not including, `until`."""
        return replace(self, first=self.first + since * self.step, count=until - since)


@lru_cache(maxsize=256)
def _labels(found: Axis) -> tuple[str, ...]:
    ordinals = range(found.first, found.first + found.step * found.count, found.step)
    if found.style == "financial":
        return tuple(f"{k}/{(k + 1) % 100:02d}" for k in ordinals)
    if found.style == "fiscal":
        return tuple(f"FY{k}" for k in ordinals)
    if found.style == "week":
        return tuple("{}-W{:02d}".format(*date.fromordinal(k).isocalendar()[:2]) for k in ordinals)
    if found.style == "span" and found.kind == "month":
        return tuple(f"{label('month', k)} to {label('month', k + found.step - 1)}" for k in ordinals)
    return tuple(label(found.kind, k) for k in ordinals)


def label(kind: Kind, ordinal: int) -> str:
    """The label of one ordinal.

    >>> label("month", 12 * 2017 + 3), label("quarter", 4 * 2017)
    ('2017-04', '2017Q1')
    """
    if kind == "half":
        return f"{ordinal // 2}H{ordinal % 2 + 1}"
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
    written = _styled(words, where)
    if written is not None:
        return _spaced(texts, written[1], written[0], where)
    problem: CaseError | None = None
    for day_first in (True, False):
        parsed = {word: read(word, day_first=day_first) for word in words}
        bad = [word for word in words if parsed[word] is None]
        if bad:
            problem = problem or CaseError(
                where,
                "date",
                got=bad[0] or "(empty cell)",
                expected=_WORDS,
                hint="is this the time column? Name it with --time" if bad[0] else "fill in or remove the row",
            )
            continue
        try:
            style: Style = "week" if all(is_week(word) for word in words) else ""
            found = {w: p for w, p in parsed.items() if p is not None}
            return _spaced(texts, found, style, where, day_first=day_first)
        except CaseError as error:
            problem = problem or error
    assert problem is not None  # noqa: S101
    raise problem


def _styled(words: Sequence[str], where: str) -> tuple[Style, dict[str, Read]] | None:
    """The words as financial years, spans of months or decimal years, where all of them are."""
    years = {word: year for word in words if (year := financial(word)) is not None}
    if len(years) == len(words):
        return "fiscal" if all("/" not in word and "-" not in word[4:] for word in words) else "financial", years
    spans = {word: whole for word in words if (whole := span(word)) is not None}
    if len(spans) == len(words):
        return "span", _apart(spans, where)
    months = {word: month for word in words if (month := decimal(word)) is not None} if are_decimal(words) else {}
    return ("decimal", months) if months else None


def _apart(spans: dict[str, tuple[Kind, int, int]], where: str) -> dict[str, Read]:
    """Spans of months by their first month, if all are of one length and none overlaps the next."""
    sizes = {size for _, _, size in spans.values()}
    firsts = sorted({first for _, first, _ in spans.values()})
    step = min((b - a for a, b in pairwise(firsts)), default=0)
    if len(sizes) > 1 or 0 < step < min(sizes):
        word = min(spans, key=lambda w: spans[w][1])
        raise CaseError(
            where,
            "date",
            got=f"spans of {max(sizes)} months every {step}, such as {word}",
            expected="periods that do not overlap: in a rolling mean every change comes in bit by bit",
            hint="keep one period a year, or the figures before they were averaged",
        )
    return {word: ("month", first) for word, (_, first, _) in spans.items()}


def _spaced(
    texts: Sequence[str], parsed: dict[str, Read], style: Style, where: str, *, day_first: bool = True
) -> tuple[Axis, tuple[int, ...]]:
    kinds = sorted({kind for kind, _ in parsed.values()})
    if kinds == ["number", "year"]:
        parsed = {word: ("number", value) for word, (_, value) in parsed.items()}
        kinds = ["number"]
    if len(kinds) > 1:
        examples = ", ".join(next(w for w in sorted(parsed) if parsed[w][0] == k) for k in kinds)
        raise CaseError(where, "date", got=f"a mixture: {examples}", expected="periods of one kind in the whole column")
    ordinals = sorted({value for _, value in parsed.values()})
    kind = kinds[0]
    if style != "span" or _on_calendar(ordinals):
        kind, ordinals = _coarsest(kind, ordinals)
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
    found = Axis(kind, ordinals[0], step, len(ordinals), day_first, style)
    return found, tuple((value[text] - found.first) // step for text in texts)


def _on_calendar(months: list[int]) -> bool:
    """Whether spans that begin in these months are calendar quarters or years."""
    step = min((b - a for a, b in pairwise(months)), default=0)
    return step in (3, 12) and months[0] % step == 0


def _as(kind: Kind, found: Read) -> int:
    """The ordinal of the period of a coarser `kind` that holds a day or a month."""
    source, value = found
    if source == "day" and kind != "day":
        day = date.fromordinal(value)
        source, value = "month", 12 * day.year + day.month - 1
    months = {"year": 12, "half": 6, "quarter": 3}.get(kind, 1)
    return value // months if source == "month" else value


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


def _moment(found: Read, kind: Kind, text: str) -> float:
    """The moment named, as a fractional ordinal of `kind`; a coarse label counts from its first day."""
    source, value = found
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
    months = {"half": 6, "quarter": 3}.get(kind, 1)
    parts = 12 // months
    return date(value // parts, value % parts * months + 1, 1)
