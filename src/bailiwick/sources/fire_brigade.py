"""How fast do fire engines turn out and drive?  London Fire Brigade incidents and mobilisations.

The only public record of emergency driving in London with places and times: it tests the travel model, never police.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from bailiwick.sources import places
from bailiwick.sources.reading import Tidy, cells, csv_table, day, only, problem, values
from bailiwick.sources.textfile import TextTable

INCIDENT_COLUMNS = ("incident", "date", "hour", "group", "area", "easting", "northing", "rounded", "first_station",
                    "first_seconds", "second_seconds")
MOBILISATION_COLUMNS = ("incident", "mobilised", "hour", "engine", "station", "from_home", "turnout_seconds",
                        "travel_seconds", "attendance_seconds", "order")
_INCIDENT = ("IncidentNumber", "DateOfCall", "HourOfCall", "IncidentGroup", "IncGeo_BoroughCode", "IncGeo_BoroughName",
             "Easting_m", "Northing_m", "Easting_rounded", "Northing_rounded", "FirstPumpArriving_AttendanceTime",
             "FirstPumpArriving_DeployedFromStation", "SecondPumpArriving_AttendanceTime")
_MOBILISATION = ("IncidentNumber", "HourOfCall", "Resource_Code", "DateAndTimeMobilised", "TurnoutTimeSeconds",
                 "TravelTimeSeconds", "AttendanceTimeSeconds", "DeployedFromStation_Name", "DeployedFromLocation",
                 "PumpOrder")


def read(paths: Sequence[Path]) -> Tidy:
    """The incidents (`INCIDENT_COLUMNS`) or mobilisations (`MOBILISATION_COLUMNS`), by what the header holds.

    Seconds are NaN where the brigade recorded none; `rounded` says that the place is given to 50 m only.
    """
    import pandas as pd

    tables = [_one(path) for path in paths]
    if not tables:
        raise problem("fire brigade", "no file", "a CSV of incidents or mobilisations")
    if len({table.source for table in tables}) > 1:
        raise problem(paths[-1], "incidents and mobilisations together", "one kind of table")
    frame = pd.concat([table.frame for table in tables], ignore_index=True)
    return Tidy(tables[0].source, max(table.vintage for table in tables), frame, tables[0].notes)


def vintage(paths: Sequence[Path]) -> str:
    """The last day in the table."""
    return read(paths).vintage


def _one(path: Path) -> Tidy:
    only((path,), (".csv",))
    table = csv_table(path, ("IncidentNumber",))
    return _mobilisations(path) if table.has("ResourceMobilisationId") else _incidents(path)


def _incidents(path: Path) -> Tidy:
    import pandas as pd

    table = csv_table(path, _INCIDENT)
    days = [_day(path, line, text) for line, text in zip(table.lines, cells(table, "DateOfCall"), strict=True)]
    exact, rounded = (_metres(path, table, f"Easting{end}", f"Northing{end}") for end in ("_m", "_rounded"))
    spots = [(x, y, False) if x == x else (*r, True) for (x, y), r in zip(exact, rounded, strict=True)]
    frame = pd.DataFrame({
        "incident": cells(table, "IncidentNumber"), "date": days, "hour": _hours(path, table),
        "group": cells(table, "IncidentGroup"), "area": _areas(path, table),
        "easting": [s[0] for s in spots], "northing": [s[1] for s in spots], "rounded": [s[2] for s in spots],
        "first_station": cells(table, "FirstPumpArriving_DeployedFromStation"),
        "first_seconds": _seconds(path, table, "FirstPumpArriving_AttendanceTime"),
        "second_seconds": _seconds(path, table, "SecondPumpArriving_AttendanceTime"),
    })
    note = "places of dwellings are rounded to 50 m by the publisher" if frame["rounded"].any() else ""
    return Tidy("fire-incidents", max(days).isoformat(), frame, (note,) if note else ())


def _mobilisations(path: Path) -> Tidy:
    import pandas as pd

    table = csv_table(path, _MOBILISATION)
    stamps = [_stamp(path, line, text)
              for line, text in zip(table.lines, cells(table, "DateAndTimeMobilised"), strict=True)]
    frame = pd.DataFrame({
        "incident": cells(table, "IncidentNumber"), "mobilised": stamps, "hour": _hours(path, table),
        "engine": cells(table, "Resource_Code"), "station": cells(table, "DeployedFromStation_Name"),
        "from_home": [place == "Home Station" for place in cells(table, "DeployedFromLocation")],
        "turnout_seconds": _seconds(path, table, "TurnoutTimeSeconds"),
        "travel_seconds": _seconds(path, table, "TravelTimeSeconds"),
        "attendance_seconds": _seconds(path, table, "AttendanceTimeSeconds"),
        "order": values(path, table, "PumpOrder"),
    })
    bare = float(frame["travel_seconds"].isna().mean())
    note = f"{100 * bare:.0f}% of mobilisations have no recorded travel time" if bare else ""
    return Tidy("fire-mobilisations", max(stamps).date().isoformat(), frame, (note,) if note else ())


def _day(path: Path, line: int, text: str) -> date:
    found = day(text)
    if found is None:
        raise problem(path, f"line {line}: date {text!r}", "a date as 01 Jan 2009")
    return found


def _stamp(path: Path, line: int, text: str) -> datetime:
    for form in ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise problem(path, f"line {line}: time {text!r}", "a time as 01/01/2009 00:02:27")


def _hours(path: Path, table: TextTable) -> list[int]:
    found = values(path, table, "HourOfCall")
    if any(not 0 <= hour <= 23 for hour in found):
        raise problem(path, "an hour of call outside 0 to 23", "hours of the day")
    return [int(hour) for hour in found]


def _seconds(path: Path, table: TextTable, column: str) -> list[float]:
    found = values(path, table, column)
    if any(seconds < 0 for seconds in found):
        raise problem(path, f"{column}: a time below 0", "seconds of 0 or more, or an empty cell")
    return found


def _metres(path: Path, table: TextTable, east: str, north: str) -> list[tuple[float, float]]:
    return list(zip(values(path, table, east), values(path, table, north), strict=True))


def _areas(path: Path, table: TextTable) -> list[str]:
    codes, names = cells(table, "IncGeo_BoroughCode"), cells(table, "IncGeo_BoroughName")
    found = [code if code.startswith("E09") else places.borough(name) for code, name in zip(codes, names, strict=True)]
    lost = [name for code, name in zip(found, names, strict=True) if code is None]
    if lost:
        raise problem(path, f"borough {lost[0]!r}", "a London borough",
                      "a renamed borough belongs in sources/places.py")
    return [code or places.UNKNOWN for code in found]
