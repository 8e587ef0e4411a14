"""Do the small tables that ship with the package agree with the publishers' own files that are kept here?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bailiwick import catalogue
from bailiwick.sources import library
from bailiwick.sources.reading import Tidy
from bailiwick.sources.store import Store

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str, str]
_TYPES = {
    "burglary": "Burglary", "vehicle": "Vehicle Offences", "robbery": "Robbery",
    "violence": "Violence Against the Person", "theft": "Theft", "damage": "Arson and Criminal Damage",
    "public_order": "Public Order Offences",
    "sexual": "Sexual Offences", "drugs": "Drug Offences", "weapons": "Possession of Weapons",
    "miscellaneous": "Miscellaneous Crimes Against Society",
}
_ANSWERS = {
    "good_job_local": "Good Job local", "contact_ward_officer": "Contact ward officer",
    "informed_local": "Informed local", "listen_to_concerns": "Listen to concerns",
    "relied_on_to_be_there": "Relied on to be there",
    "treat_everyone_fairly": "Treat everyone fairly", "understand_issues": "Understand issues",
    "trust_police": "Trust MPS",
}
_ENDS = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a built-in table compares with a kept source: cells compared, those that differ, and the first of them.

    `worst` is the largest difference as a share of the kept value; `examples` are (area, period, what, built in, kept).
    """

    table: str
    source: str
    vintage: str
    compared: int
    differing: int
    worst: float
    examples: tuple[tuple[str, str, str, float, float], ...]

    def sentence(self) -> str:
        """The comparison in one plain sentence."""
        if not self.compared:
            return f"{self.table}: {self.source} {self.vintage} covers none of it."
        if not self.differing:
            return f"{self.table}: all {self.compared} figures are those of {self.source} {self.vintage}."
        area, period, what, built_in, kept = self.examples[0]
        return (f"{self.table}: {self.differing} of {self.compared} figures differ from {self.source} {self.vintage}, "
                f"by up to {100 * self.worst:.1f}%; the first is {what} of {area} in {period}: "
                f"{built_in:.10g} built in, {kept:.10g} kept.")


def agreements(store: Store) -> tuple[Agreement, ...]:
    """Every built-in table of figures beside the newest kept vintage of its source; what is not kept is left out."""
    tables: dict[str, Tidy] = {source: library.load(source, store) for source in sorted(
        {pair.source for pair in (*PAIRS.values(), RESIDENTS)}) if store.records(source)}
    found: list[Agreement] = []
    for name in catalogue.names("tables"):
        pair = next((pair for start, pair in PAIRS.items() if name.startswith(start)), None)
        if pair is not None and pair.source in tables:
            found.append(_compared(name, pair, _cells(name, pair.columns), tables[pair.source]))
    if RESIDENTS.source in tables:
        system = {(row[0], row[1], "residents"): row[2] for row in _residents()}
        found.append(_compared("residents of london-boroughs", RESIDENTS, system, tables[RESIDENTS.source]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Pair:
    """How a built-in table answers to a source: its columns of figures (none: by type), and the kept ones by key."""

    source: str
    columns: tuple[str, ...]
    kept: Callable[[pd.DataFrame], dict[Key, float]]
    tolerance: float = 0.0


def _compared(table: str, pair: Pair, built_in: dict[Key, float], tidy: Tidy) -> Agreement:
    kept = pair.kept(tidy.frame)
    both = [(key, value, kept[key]) for key, value in sorted(built_in.items()) if key in kept]
    apart = [(*key, value, other) for key, value, other in both if abs(value - other) > pair.tolerance]
    worst = max((abs(value - other) / abs(other) for *_, value, other in apart if other), default=0.0)
    return Agreement(table, pair.source, tidy.vintage, len(both), len(apart), worst, tuple(apart[:5]))


def _cells(name: str, columns: tuple[str, ...]) -> dict[Key, float]:
    table = catalogue.table(name)
    found: dict[Key, float] = {}
    for row in table.rows:
        named = {column: row[column] for column in columns} if columns else {str(row["type"]): row["count"]}
        for what, value in named.items():
            if isinstance(value, int | float):
                found[str(row["area"]), period_of(row), what] = float(value)
    return found


def period_of(row: Mapping[str, object]) -> str:
    """The period of a built-in row as the kept tables name it: quarters by their last day."""
    text = str(row["reference_period"])
    return f"{text[:4]}-{_ENDS[text[4:]]}" if text[4:] in _ENDS else text


def _residents() -> Iterator[tuple[str, str, float]]:
    import csv

    with catalogue.folder("areas").joinpath("london-boroughs-facts.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            if row["what"] == "residents" and row["reference_period"].startswith("mid-"):
                yield row["area"], row["reference_period"].removeprefix("mid-"), float(row["value"])


def _lines(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def _crimes_by_type(frame: pd.DataFrame) -> dict[Key, float]:
    names = {theirs: ours for ours, theirs in _TYPES.items()}
    sums = frame.groupby(["area", "month", "major"], observed=True)["count"].sum().reset_index()
    return {(area, month, names[major]): count for area, month, major, count in _lines(sums) if major in names}


def _all_crimes(frame: pd.DataFrame) -> dict[Key, float]:
    sums = frame.groupby(["area", "month"], observed=True)["count"].sum().reset_index()
    return {(area, month, "crimes"): count for area, month, count in _lines(sums)}


def _crimes_by_year(frame: pd.DataFrame) -> dict[Key, float]:
    years = frame.assign(year=frame["month"].astype(str).str[:4])
    sums = years.groupby(["area", "year", "major"], observed=True)["count"].sum().reset_index()
    return {(area, year, major): count for area, year, major, count in _lines(sums)}


def _answers(frame: pd.DataFrame) -> dict[Key, float]:
    names = {theirs: ours for ours, theirs in _ANSWERS.items()}
    told = frame[["area", "quarter_end", "measure", "share"]].dropna()
    return {(area, str(day), names[measure]): round(100 * share, 6) for area, day, measure, share in _lines(told)
            if measure in names}


def _march(frame: pd.DataFrame) -> dict[Key, float]:
    return {(area, day[:4], what): share for (area, day, what), share in _answers(frame).items() if day[5:] == "03-31"}


def _people(frame: pd.DataFrame) -> dict[Key, float]:
    told = frame.loc[frame["kind"] == "estimate", ["area", "year", "population"]]
    return {(area, str(year), "residents"): people for area, year, people in _lines(told)}


def _officers(frame: pd.DataFrame) -> dict[Key, float]:
    forces = frame[(frame["level"] == "force") & (frame["kind"] == "officers")]
    return {(force, str(day), "officers"): value for force, day, value in _lines(forces[["force", "date", "value"]])}


RESIDENTS = Pair("population", ("residents",), _people)
PAIRS: dict[str, Pair] = {
    "crimes-london": Pair("met-crime", (), _crimes_by_year),
    "crimes-monthly-london": Pair("met-crime", tuple(_TYPES), _crimes_by_type),
    "crimes-total-london": Pair("met-crime", ("crimes",), _all_crimes),
    "survey-london": Pair("attitudes", tuple(_ANSWERS), _answers, 0.01),
    "survey-march-london": Pair("attitudes", tuple(_ANSWERS), _march, 0.01),
    "officers-gb-forces": Pair("police-workforce", ("officers",), _officers, 0.01),
}
