"""What exactly should be asked of whom?  A request for each figure that nobody has published, ready to be sent.

Freedom of Information Act 2000: section 1 gives the right to recorded information, section 8 says what a valid request
holds, section 11 lets the asker choose the form, section 16 obliges the body to advise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bailiwick.case import Case
from bailiwick.findings import Unknown
from bailiwick.tables import Cell, ResultTable


def requests(case: Case, unknowns: Sequence[Unknown]) -> ResultTable:
    """For each unknown: the body, its part that holds the figure, figure, unit, places, period and words."""
    rows: list[tuple[Cell, ...]] = []
    for unknown in unknowns:
        body, part = body_of(unknown.holder)
        places = places_of(case, unknown.title)
        period = period_of(unknown.unit, case.as_of)
        rows.append((unknown.assumption, body, part, unknown.title, unknown.unit, places, period, unknown.settles,
                     words(body, part, unknown, (places, period))))
    return ResultTable(
        "information_requests", "Requests that can be sent as they stand",
        ("assumption", "body", "part", "figure", "unit", "places", "period", "settles", "request"),
        ("", "", "", "", "", "", "", "share", ""), tuple(rows), (),
        "For bodies in England, Wales and Northern Ireland, and those of the whole United Kingdom. Scottish bodies are "
        "asked under the Freedom of Information (Scotland) Act 2002.")


def words(body: str, part: str, unknown: Unknown, at: tuple[str, str]) -> str:
    """The words of one request: addressed, exact, dated, and open to the form in which the figure is held."""
    places, period = at
    which = f" for {places}" if places else ""
    keeper = f" (I believe it is held by: {part})" if part else ""
    figure = unknown.title if unknown.title[1:2].isupper() else unknown.title[:1].lower() + unknown.title[1:]
    return (f"To {body}{keeper}. Under section 1 of the Freedom of Information Act 2000 please send me this recorded "
            f"information: {figure}, in {unknown.unit},{which} {period}. If it is held for parts of that period or for "
            "other places only, please send it so. If you hold a range or an estimate, please send that, with its date "
            "and the document it is taken from. Under section 16 please tell me if you hold it under another name. A "
            "spreadsheet or plain text is preferred (section 11).")


def body_of(holder: str) -> tuple[str, str]:
    """The body that answers requests, and the part of it that holds the figure.

    >>> body_of("Metropolitan Police, human resources")
    ('the Metropolitan Police', 'human resources')
    >>> body_of("The police force, duty rosters"), body_of("MOPAC, estates")
    (('the police force', 'duty rosters'), ('MOPAC', 'estates'))
    """
    body, _, part = holder.partition(", ")
    body = body.strip() or "the body that holds it"
    if body.split(" ")[0] == "The":
        body = body[:1].lower() + body[1:]
    elif body.startswith(("Mayor's", "Home", "Ministry", "Office")) or re.search(r"\w Police\b", body):
        body = f"the {body}"
    return body, part


def places_of(case: Case, title: str) -> str:
    """The areas to name in a request: each in scope, or none where the figure's own title names one."""
    names = [case.system.area(code).name for code in case.scheme.scope]
    if any(area.name in title for area in case.system.areas):
        return ""
    if len(names) == 1:
        return names[0]
    return "each of " + ", ".join(names[:-1]) + f" and {names[-1]}"


def period_of(unit: str, as_of: date) -> str:
    """The period to ask for: the last complete financial year for a yearly figure, else the day of the appraisal.

    >>> period_of("GBP a year, 2017-18 prices", date(2018, 1, 31))
    'for the financial year 2016-17 and for 2017-18 so far'
    >>> period_of("posts per command", date(2018, 1, 31))
    'as it stood on 31 January 2018'
    """
    if "a year" not in unit:
        return f"as it stood on {as_of.day} {as_of:%B %Y}"
    start = as_of.year if as_of.month >= 4 else as_of.year - 1
    return f"for the financial year {start - 1}-{start % 100:02d} and for {start}-{(start + 1) % 100:02d} so far"
