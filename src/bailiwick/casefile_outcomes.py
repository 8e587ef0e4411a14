"""What came, in a reader's own outcomes.csv: is every line one that a forecast can be held against?

Columns: measure, area (a code, a name, or scheme), period, value, source; and option where it is not the proposal.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bailiwick.errors import CaseError, CaseErrors, nearest
from bailiwick.hindsight import Outcome

COLUMNS = ("measure", "area", "period", "value", "source")
LARGEST = 1_000_000
_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?: to .*)?")


def outcomes(path: Path, *, measures: Mapping[str, str], areas: Mapping[str, str], options: tuple[str, ...],
             as_of: date) -> tuple[Outcome, ...]:
    """Every line of an outcomes file; CaseError or CaseErrors that name each line that cannot be used.

    `measures` holds the title of each measure and `areas` the name of each area in scope by its code; `options` the
    names of the options, the proposal first.  A period must lie after `as_of`: what came before is no outcome.
    """
    rows = _rows(path)
    problems: list[CaseError] = []
    found: list[Outcome] = []
    seen: dict[tuple[str, ...], int] = {}
    codes = {**{code: code for code in areas}, **{name.casefold(): code for code, name in areas.items()},
             "scheme": "scheme"}
    for line, row in rows:
        where = f"{path.name}, line {line}"
        wrong = [*_known(where, row, measures, codes, options), *_numbers(where, row, as_of)]
        problems += wrong
        if wrong:
            continue
        code = codes.get(row["area"], codes.get(row["area"].casefold(), ""))
        one = Outcome(row["measure"], code, row["period"], float(row["value"]), row["source"],
                      row.get("option") or options[0], line)
        key = (one.measure, one.area, one.period, one.option)
        if key in seen:
            problems.append(CaseError(where, "", got=f"{one.measure} of {row['area']} in {one.period} again",
                                      expected="each outcome once", hint=f"it stands on line {seen[key]} too"))
        seen.setdefault(key, line)
        found.append(one)
    if len(problems) == 1:
        raise problems[0]
    if problems:
        raise CaseErrors(path.name, tuple(problems))
    return tuple(found)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        text = path.read_bytes()[: LARGEST + 1].decode("utf-8-sig")
    except OSError as error:
        raise CaseError(str(path), "", got=error.strerror or str(error), expected="a file that can be read") from error
    except UnicodeDecodeError as error:
        raise CaseError(path.name, "", got=f"byte {error.start} is not UTF-8", expected="text in UTF-8",
                        hint="save it as CSV UTF-8") from None
    if len(text) > LARGEST:
        raise CaseError(path.name, "", got="a file of more than a million letters", expected="a table of outcomes")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    heads = [head.strip() for head in reader.fieldnames or ()]
    for name in COLUMNS:
        if name not in heads:
            raise CaseError(path.name, name, got="no such column", expected="the columns " + ", ".join(COLUMNS),
                            hint=nearest(name, heads) if heads else "the first line names the columns")
    rows = [(reader.line_num, {str(k).strip(): (v or "").strip() for k, v in row.items() if isinstance(v, str | None)})
            for row in reader]
    if not rows:
        raise CaseError(path.name, "", got="no line below the heads", expected="at least one outcome")
    return rows


def _known(where: str, row: Mapping[str, str], measures: Mapping[str, str], codes: Mapping[str, str],
           options: tuple[str, ...]) -> list[CaseError]:
    problems = []
    if row["measure"] not in measures:
        problems.append(CaseError(where, "measure", got=row["measure"] or "nothing",
                                  expected="a measure of the results", hint=nearest(row["measure"], measures)))
    if row["area"] not in codes and row["area"].casefold() not in codes:
        problems.append(CaseError(where, "area", got=row["area"] or "nothing", expected="an area in scope, or scheme",
                                  hint=nearest(row["area"], codes)))
    if row.get("option") and row["option"] not in options:
        problems.append(CaseError(where, "option", got=row["option"], expected="an option of the case",
                                  hint=nearest(row["option"], options)))
    if not row["source"]:
        problems.append(CaseError(where, "source", got="nothing", expected="who published the figure, and where"))
    return problems


def _numbers(where: str, row: Mapping[str, str], as_of: date) -> list[CaseError]:
    problems = []
    try:
        number = float(row["value"])
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        problems.append(CaseError(where, "value", got=row["value"] or "nothing", expected="a number",
                                  hint="write digits, without commas, signs of money or percent"))
    begins = _PERIOD.fullmatch(row["period"])
    if begins is None:
        problems.append(CaseError(where, "period", got=row["period"] or "nothing",
                                  expected="a period that begins with its year, as 2019, 2019-03 or 2018-19"))
    elif int(begins[1]) < as_of.year or (int(begins[1]) == as_of.year and _month(begins) < as_of.month):
        problems.append(CaseError(where, "period", got=row["period"],
                                  expected=f"a period after {as_of.isoformat()}, the day of the appraisal",
                                  hint="what came before that day could be known, and is no outcome"))
    return problems


def _month(begins: re.Match[str]) -> int:
    """The month in which a period begins: the twelfth for a year alone; the fourth for a financial year."""
    if begins[2] is None:
        return 12
    if begins[3] is None and int(begins[2]) == (int(begins[1]) + 1) % 100:
        return 4
    return int(begins[2])
