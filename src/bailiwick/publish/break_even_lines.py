"""What must be true for it to pay, headline by headline, and in pairs?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from bailiwick.publish import terminal, words
from bailiwick.publish.bound import Book
from bailiwick.publish.results import Json
from bailiwick.tables import ResultTable

Answer = tuple[list[str], object]


def alone(document: Json) -> Answer:
    """Every unknown with the value that turns the merger's own saving; then what turns the other headlines."""
    lines, unknowns = terminal.breakeven(document)
    return [*lines, "", *_headlines(Book(document))], unknowns


def in_pairs(document: Json, tables: Sequence[ResultTable]) -> Answer:
    """The same, then pairs of unknowns: where the second turns the headline, for values of the first, asked again."""
    lines, unknowns = alone(document)
    for table in tables:
        lines += ["", table.title, *_pair(table), table.note]
    if not tables:
        lines += ["", "This case has none of the pairs that are asked about: posts and years, cars and desk work."]
    data = {"unknowns": unknowns, "pairs": [
        {"name": t.name, "title": t.title, "columns": list(t.columns), "units": list(t.units),
         "rows": [list(row) for row in t.rows], "note": t.note} for t in tables]}
    return lines, data


def _headlines(book: Book) -> Iterator[str]:
    if book.table("what_decides") is None:
        return
    columns = cast("list[str]", book.tables["what_decides"]["columns"])
    rows = [dict(zip(columns, row, strict=True)) for _, row in book.rows("what_decides")]
    turned = [row for row in rows if row["turns_at"] is not None]
    yield "Headlines that one figure alone would turn"
    for row in turned:
        unit = str(row["unit"])
        yield (f"  {row['headline_title']}: at {_said(row['turns_at'], unit)} for “{row['title']}” (we used "
               f"{_said(row['used'], unit)}; {row['method']})")
    firm = [str(title) for title in dict.fromkeys(row["headline_title"] for row in rows)
            if not any(row["headline_title"] == title for row in turned)]
    if firm:
        yield "  No single figure, anywhere in its range, turns: " + "; ".join(firm) + "."
    told = {str(row[1]) for _, row in book.rows("convergence")} - {str(row["headline_title"]) for row in rows}
    if told:
        yield ("  Moved by nothing alone beyond chance, so several must be known together: "
               + "; ".join(sorted(told)) + ".")


def _pair(table: ResultTable) -> Iterator[str]:
    for row in table.rows:
        first = _said(row[0], table.units[0])
        if row[1] is None:
            yield f"  {table.columns[0]} {first}: turns nowhere in the other's range"
            continue
        again = _said(row[2], table.units[2])
        sure = {True: "within the error", False: "beyond the error: take the turning point as rough",
                None: "no answer there"}[cast("bool | None", row[3])]
        yield (f"  {table.columns[0]} {first}: turns at {_said(row[1], table.units[1])}; asked again there it is "
               f"{again} ({sure})")


def _said(value: object, unit: str) -> str:
    if not isinstance(value, int | float):
        return words.NOT_KNOWN
    return words.phrase(float(value), unit, 2 if abs(value) < 10 else 1)
