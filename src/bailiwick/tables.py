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

SCHEMAS: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        Schema("crimes", "Recorded crime by area and main type", (
            Column("area", "area", "", "code of the area"),
            Column("type", "text", "", "main crime type of the Metropolitan Police"),
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
