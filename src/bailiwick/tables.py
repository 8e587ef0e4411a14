"""What columns does each table have, in which unit, and what do they mean?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Cell = str | float | int | date | bool | None
Row = Mapping[str, Cell]
ColumnKind = Literal["text", "integer", "number", "date", "area", "choice"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a tidy table; `minimum` and `maximum` bound numbers, `choices` lists the allowed words."""

    name: str
    kind: ColumnKind
    unit: str
    meaning: str
    optional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema:
    """The declared shape of one table; `key` names the columns whose values together may occur once only."""

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one schema, in the order of its file; `hidden` counts rows published too late for the appraisal."""

    schema: Schema
    rows: tuple[Row, ...]
    path: str = ""
    hidden: int = 0

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: Cell) -> tuple[Row, ...]:
        """The rows whose cells equal all the given values."""
        return tuple(row for row in self.rows if all(row[name] == value for name, value in wanted.items()))


_PUBLISHED = (
    Column("reference_period", "text", "", "the period the value describes"),
    Column("published", "date", "", "the day it was first published; later than the appraisal's date hides the row"),
    Column("vintage", "text", "", "the release the value was taken from; restated series say so"),
)


def _shares(*named: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, "number", "%", meaning, optional=True, minimum=0, maximum=100) for name, meaning in named)


def _counts(*named: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, "integer", "crimes", meaning, minimum=0) for name, meaning in named)


_AREA = Column("area", "area", "", "code of the area")
_ANSWERS = _shares(
    ("good_job_local", "Residents who say the police do a good job locally"),
    ("contact_ward_officer", "Residents who know how to contact their ward officer"),
    ("informed_local", "Residents who feel informed about local policing"),
    ("listen_to_concerns", "Residents who say the police listen to their concerns"),
    ("relied_on_to_be_there", "Residents who say the police can be relied on to be there"),
    ("treat_everyone_fairly", "Residents who say the police treat everyone fairly"),
    ("understand_issues", "Residents who say the police understand local issues"),
    ("trust_police", "Residents who trust the police"),
)
_TYPES = _counts(
    ("burglary", "Recorded burglary"),
    ("vehicle", "Recorded vehicle crime"),
    ("robbery", "Recorded robbery"),
    ("violence", "Recorded violence"),
    ("theft", "Recorded theft"),
    ("damage", "Recorded arson and criminal damage"),
    ("public_order", "Recorded public order offences"),
    ("sexual", "Recorded sexual offences"),
    ("drugs", "Recorded drug offences"),
    ("weapons", "Recorded possession of weapons"),
    ("miscellaneous", "Recorded miscellaneous crimes"),
)

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        Schema("crimes", "Recorded crime by area and main type", (
            Column("area", "area", "", "code of the area"),
            Column("type", "text", "", "main crime type, as its publisher names it"),
            Column("count", "integer", "crimes", "crimes recorded in the period", minimum=0),
            *_PUBLISHED,
        ), ("area", "type", "reference_period")),
        Schema("figures", "Published figures, each with one role", (
            Column("id", "text", "", "short name of the figure"),
            Column("topic", "text", "", "what it is about"),
            Column("subject", "text", "", "area, force or programme it describes"),
            Column("value", "number", "see unit", "the figure"),
            Column("unit", "text", "", "its unit"),
            Column("role", "choice", "", "what the appraisal may use it for",
                   choices=("fit", "test", "evidence", "context")),
            Column("source", "text", "", "publisher and reference"),
            Column("url", "text", "", "address", optional=True),
            Column("note", "text", "", "definition or warning", optional=True),
            *_PUBLISHED,
        ), ("id",)),
        Schema("accountability", "Who answers for an area, before and after", (
            Column("area", "area", "", "code of the area"),
            Column("option", "text", "", "option described"),
            Column("question", "text", "", "what is asked"),
            Column("answer", "text", "", "the answer; empty when nobody has published it", optional=True),
            Column("holder", "text", "", "who knows", optional=True),
            Column("source", "text", "", "where the answer was published", optional=True),
            *_PUBLISHED,
        ), ("area", "option", "question")),
        Schema("budget", "Police budget and its parts by financial year", (
            Column("year", "text", "", "financial year, as 2017-18"),
            Column("item", "text", "", "budget, grant, precept band D, tax base ..."),
            Column("value", "number", "see unit", "the amount, cash", minimum=0),
            Column("unit", "text", "", "GBP, GBP per Band D household, households"),
            Column("source", "text", "", "publisher and reference"),
            Column("url", "text", "", "address", optional=True),
            *_PUBLISHED,
        ), ("year", "item")),
        Schema("deflators", "Price and pay indices by year", (
            Column("year", "text", "", "year"),
            Column("series", "choice", "", "which index", choices=("gdp", "police-pay", "cpi")),
            Column("value", "number", "index", "index value, or percentage change where the unit says so"),
            Column("unit", "text", "", "index or % a year"),
            Column("source", "text", "", "publisher and reference"),
            *_PUBLISHED,
        ), ("year", "series")),
        Schema("precepts", "Police council tax by area, where merging areas may pay different rates", (
            _AREA,
            Column("band_d", "number", "GBP a year", "police council tax on a Band D home", minimum=0),
            Column("tax_base", "number", "Band D homes", "council tax base", minimum=0),
            Column("source", "text", "", "publisher and reference"),
            Column("url", "text", "", "address", optional=True),
            *_PUBLISHED,
        ), ("area",)),
        Schema("payers", "What each area pays for its police, where areas pay apart, and what a bill could follow", (
            _AREA,
            Column("pays", "number", "GBP a year", "what the area pays today, at the case's prices", minimum=0),
            Column("property_value", "number", "GBP", "taxable value of property", optional=True, minimum=0),
            Column("calls", "number", "calls a year", "calls for service", optional=True, minimum=0),
            Column("source", "text", "", "publisher and reference"),
            Column("url", "text", "", "address", optional=True),
            *_PUBLISHED,
        ), ("area",)),
        Schema("announced", "Commands that were announced, area by area", (
            _AREA,
            Column("command", "text", "", "name of the command"),
            Column("source", "text", "", "publisher and reference"),
            Column("url", "text", "", "address", optional=True),
            *_PUBLISHED,
        ), ("area",)),
        Schema("officers", "Police officers of each area on a day", (
            _AREA,
            Column("officers", "number", "full-time equivalents", "police officers, all ranks", minimum=0),
            *_PUBLISHED,
        ), ("area", "reference_period")),
        Schema("survey", "Residents' answers about the police, twelve months to the end of each quarter",
               (_AREA, *_ANSWERS, *_PUBLISHED), ("area", "reference_period")),
        Schema("survey_yearly", "Residents' answers about the police, one value a year, windows apart",
               (_AREA, *_ANSWERS, *_PUBLISHED), ("area", "reference_period")),
        Schema("crimes_monthly", "Recorded crime by area, main type and month",
               (_AREA, *_TYPES, *_PUBLISHED), ("area", "reference_period")),
        Schema("crimes_total", "All recorded crime by area and month",
               (_AREA, *_counts(("crimes", "All recorded crime")), *_PUBLISHED), ("area", "reference_period")),
        Schema("rollout", "When each command of a roll-out went live", (
            Column("command", "text", "", "name of the command"),
            _AREA,
            Column("live", "date", "", "first day; the first of the month where only the month is known"),
            Column("source", "text", "", "publisher and reference"),
            *_PUBLISHED,
        ), ("area",)),
        Schema("pilot_changes", "Published before and after figures of pilots that have no published comparison", (
            Column("id", "text", "", "short name of the change"),
            Column("pilot", "text", "", "pilot it describes"),
            Column("what", "text", "", "the outcome in plain words"),
            Column("before", "text", "", "id of the published figure before the start"),
            Column("after", "text", "", "id of the published figure after the start"),
            Column("before_count", "text", "", "id of the number of cases behind the first", optional=True),
            Column("after_count", "text", "", "id of the number of cases behind the second", optional=True),
            Column("elsewhere", "text", "", "assumption: the unknown change where nothing was tried"),
            *_PUBLISHED,
        ), ("id",)),
        Schema("evidence_wanted", "What was not measurable, what would have settled it, and at what cost", (
            Column("id", "text", "", "short name"),
            Column("what", "text", "", "the outcome nobody outside could measure"),
            Column("why", "text", "", "why it matters"),
            Column("instead", "text", "", "what was published instead"),
            Column("would_settle", "text", "", "the evidence that would have settled it"),
            Column("holder", "text", "", "who has it or could collect it"),
            Column("cost_low", "number", "GBP", "cost to collect it, low end", minimum=0),
            Column("cost_high", "number", "GBP", "cost to collect it, high end", minimum=0),
            Column("cost_kind", "choice", "", "whether the cost was published", choices=("data", "research", "guess")),
            Column("cost_basis", "text", "", "how the cost was reckoned"),
            *_PUBLISHED,
        ), ("id",)),
    )
}


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A table of results: columns, their units, rows, and the findings it draws on."""

    name: str
    title: str
    columns: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    finding_ids: tuple[str, ...] = ()
    note: str = ""
