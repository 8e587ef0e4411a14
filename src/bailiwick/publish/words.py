"""How is a number said in plain English, with its sign, its plural, its unit and its doubt?

Every phrase takes what stands in results.json: a number, or None where nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
NOT_KNOWN = "not known"
MISSING: Mapping[str, str] = {
    "unknown": NOT_KNOWN,
    "not meaningful here": "does not apply",
    "saturated": "no answer: too few cars to work out",
}
HOLDS: Mapping[str, str] = {
    "all": "in every case we tried",
    "most": "in at least nine cases in ten",
    "some": "in some of the cases we tried",
    "few": "in one case in ten at most",
    "none": "in none of the cases we tried",
}
_SINGULAR: Mapping[str, str] = {
    "people": "person", "boroughs": "borough", "councils": "council", "km": "km", "km2": "km²", "posts": "post",
    "officers": "officer", "minutes": "minute", "months": "month", "years": "year", "crimes": "crime", "wards": "ward",
    "points": "point", "areas": "area", "residents": "resident", "households": "household", "households a year": "",
}
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_SIGNS: Mapping[str, str] = {"km2": "km²", "km²": "km²"}


def rounded(value: float, decimals: int) -> float:
    """The value to that many decimals, halves away from zero; negative decimals round to tens, hundreds, thousands.

    >>> rounded(2.5, 0), rounded(-2.5, 0), rounded(1234.0, -3), rounded(-0.04, 1)
    (3.0, -3.0, 1000.0, 0.0)
    """
    step = Decimal(1).scaleb(-decimals)
    whole = (Decimal(repr(float(value))) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    return float(whole) + 0.0


def digits(value: float, decimals: int = 0) -> str:
    """The number with thousands separated by commas and a true minus sign.

    >>> digits(-1234.5, 1), digits(0), digits(-0.2)
    ('−1,234.5', '0', '0')
    """
    kept = rounded(value, decimals)
    sign = MINUS if kept < 0 else ""
    return f"{sign}{abs(kept):,.{max(decimals, 0)}f}"


def trimmed(value: float, decimals: int = 6) -> str:
    """The number with no more decimals than it has.

    >>> trimmed(2.0), trimmed(0.125), trimmed(-3.10)
    ('2', '0.125', '−3.1')
    """
    text = digits(value, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(pounds: float, *, short: bool = False) -> str:
    """Pounds as people say them: millions with one decimal, thousands rounded, small sums whole.

    >>> money(4_140_000), money(-730_400), money(57_143), money(0), money(2_900_000_000)
    ('£4.1 million', '−£730,000', '£57,000', '£0', '£2.9 billion')
    >>> money(4_140_000, short=True), money(999_600)
    ('£4.14m', '£1.0 million')
    """
    sign = MINUS if rounded(pounds, 0) < 0 else ""
    size = abs(pounds)
    if size >= 999_500_000:
        return f"{sign}£{digits(size / 1e9, 2 if short else 1)}{'bn' if short else ' billion'}"
    if size >= 999_500:
        return f"{sign}£{digits(size / 1e6, 2 if short else 1)}{'m' if short else ' million'}"
    return f"{sign}£{digits(size, -3 if size >= 10_000 else 0)}"


def is_money(unit: str) -> bool:
    """Whether a unit is pounds."""
    return unit.upper().startswith("GBP") or unit.startswith("£")


def is_share(unit: str) -> bool:
    """Whether a unit is a share of one, said as a percentage."""
    return unit.split(",")[0].split(" ")[0] in ("share", "chance", "probability")


def amount(value: float | None, unit: str, decimals: int = 0, *, short: bool = False) -> str:
    """A number without its unit's words, as it stands in a table cell or at the start of a phrase.

    >>> amount(0.125, "share", 3), amount(3_000, "GBP a year"), amount(None, "people"), amount(4.25, "km", 1)
    ('12.5%', '£3,000', 'not known', '4.3')
    >>> amount(10.0, "km", 1), amount(21.0, "% of residents")
    ('10', '21%')
    """
    if value is None:
        return NOT_KNOWN
    if is_money(unit):
        return money(value, short=short)
    if is_share(unit):
        return f"{trimmed(100 * value, min(max(decimals - 2, 0), 1))}%"
    if unit == "%" or unit.startswith("% "):
        return f"{trimmed(value, decimals)}%"
    return trimmed(value, decimals)


def unit_words(unit: str, value: float | None) -> str:
    """The words after a number: singular for exactly one, nothing for money, shares, ratios and indices.

    >>> unit_words("people", 1), unit_words("people", 0), unit_words("GBP a year", 2), unit_words("km2", 3)
    ('person', 'people', 'a year', 'km²')
    """
    if is_money(unit):
        return _after_money(unit)
    if is_share(unit) or unit in ("", "%", "ratio", "index", "0 to 1"):
        return unit.split(",")[0].removeprefix("share").strip() if unit.startswith("share of") else ""
    if unit.startswith("% "):
        return unit.removeprefix("% ")
    if unit.startswith("change in "):
        return f"({unit})"
    if value is not None and abs(value) == 1:
        return _SINGULAR.get(unit) or _SIGNS.get(unit, unit)
    return _SIGNS.get(unit, unit)


def _after_money(unit: str) -> str:
    return unit.removeprefix("GBP").removeprefix("gbp").removeprefix("£").split(",")[0].strip()


def phrase(value: float | None, unit: str, decimals: int = 0) -> str:
    """A number with its unit.

    >>> phrase(1, "posts"), phrase(0, "posts"), phrase(-2_000_000, "GBP a year"), phrase(None, "km")
    ('1 post', '0 posts', '−£2.0 million a year', 'not known')
    """
    if value is None:
        return NOT_KNOWN
    return f"{amount(value, unit, decimals)} {unit_words(unit, rounded(value, decimals))}".strip()


def span(low: float | None, high: float | None, unit: str, decimals: int = 0) -> str:
    """The likely range in words; empty when there is none or when both ends read the same.

    >>> span(2_600_000, 5_500_000, "GBP a year"), span(3, 3, "km"), span(None, None, "km")
    ('£2.6 million to £5.5 million', '', '')
    """
    if low is None or high is None:
        return ""
    first, last = amount(low, unit, decimals), amount(high, unit, decimals)
    return "" if first == last else f"{first} to {last}"


def change(value: float | None, state: str, unit: str, decimals: int = 0) -> str:
    """How much more or less, in words; "about the same" only where the state is `same`.

    >>> change(12.0, "worse", "posts"), change(-1.0, "better", "posts"), change(0.0, "same", "km")
    ('12 posts more', '1 post fewer', 'about the same')
    >>> change(0.4, "not shown", "km", 1), change(None, "not shown", "km"), change(0.0, "not shown", "km")
    ('perhaps 0.4 km more', 'not known', 'no difference shown')
    >>> change(-82.0, "worse", "% of residents"), change(0.011, "better", "share", 3)
    ('82 points less', '1.1 points more')
    """
    if value is None:
        return NOT_KNOWN
    if state == "same":
        return "about the same"
    if is_share(unit):
        value, unit, decimals = 100 * value, "%", max(decimals - 2, 0)
    size = rounded(abs(value), decimals)
    if size == 0:
        return "no difference shown"
    if unit == "%" or unit.startswith("% "):
        said = f"{phrase(size, 'points', decimals)} {'more' if value > 0 else 'less'}"
    else:
        said = f"{phrase(size, unit, decimals)} {_direction(value, unit)}"
    return f"perhaps {said}" if state == "not shown" else said


def _direction(value: float, unit: str) -> str:
    if value > 0:
        return "more"
    countable = not is_money(unit) and not is_share(unit) and unit not in ("km", "km2", "%", "ratio", "index")
    return "fewer" if countable and unit.split(" ")[0].endswith(("s", "people")) else "less"


def count(number: int, one: str, many: str = "") -> str:
    """A count with its noun in the right number.

    >>> count(1, "borough"), count(0, "borough"), count(3, "county", "counties")
    ('1 borough', '0 boroughs', '3 counties')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(words: Iterable[str], last: str = "and") -> str:
    """A list in words.

    >>> joined(["Kingston"]), joined(["Kingston", "Merton", "Richmond"]), joined([])
    ('Kingston', 'Kingston, Merton and Richmond', '')
    """
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def day(iso: str | date | None) -> str:
    """A date as it is said; anything that is not an ISO date as it stands, nothing as `no date published`.

    >>> day("2018-01-31"), day(None), day("2016-17")
    ('31 January 2018', 'no date published', '2016-17')
    """
    if not iso:
        return "no date published"
    if isinstance(iso, str):
        try:
            iso = date.fromisoformat(iso)
        except ValueError:
            return str(iso)
    return f"{iso.day} {iso:%B %Y}"


def tidy(text: str) -> str:
    """A sentence of the results as it is printed: pounds by their sign, dates in words, no marks of code.

    >>> tidy("`cuts` cost GBP 60,000 by 2018-01-31")
    'cuts cost £60,000 by 31 January 2018'
    """
    return _DATE.sub(lambda found: day(found[0]), text.replace("GBP ", "£").replace("`", ""))


def split(text: str) -> list[str]:
    """The sentences of a text, each with its full stop.

    >>> split("It saves £1.5 million. So it pays. Does it?")
    ['It saves £1.5 million.', 'So it pays.', 'Does it?']
    """
    return [part for part in re.split(r"(?<=[.?!])\s+(?=[A-Z“£])", text.strip()) if part]


def missing(reason: str | None) -> str:
    """Why there is no number, in words."""
    return MISSING.get(reason or "unknown", NOT_KNOWN)


def human(name: str) -> str:
    """A machine name as a reader sees it.

    >>> human("cash_by_year"), human("npv")
    ('Cash by year', 'Npv')
    """
    words = name.replace("_", " ").replace(".", ": ").strip()
    return words[:1].upper() + words[1:]
