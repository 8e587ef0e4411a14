"""What do the CSV files of a case say, as known on its day, and do they fit its areas?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bailiwick import catalogue
from bailiwick.areas import AreaSystem
from bailiwick.casefile_files import Document, text_of
from bailiwick.casefile_inputs import Shelf
from bailiwick.casefile_problems import Problems
from bailiwick.casefile_schema import CaseTable
from bailiwick.casefile_scheme import area_hint
from bailiwick.catalogue.reading import parse, published_by
from bailiwick.catalogue.systems import read_system
from bailiwick.errors import CaseError, CaseErrors, nearest
from bailiwick.tables import SCHEMAS, Schema, Table

_CATALOGUE = "catalogue:"
_AND = " + "
_MAY_BE_BLANK = {"published", "reference_period"}


def tables_of(shelf: Shelf, written: tuple[Document, CaseTable], system: AreaSystem, as_of: date,
              problems: Problems) -> dict[str, Table]:
    """Every table that a case may have, by name; one that the case does not give has no rows."""
    document, case = written
    tables = {name: Table(schema, ()) for name, schema in SCHEMAS.items()}
    for name, path in case.tables.items():
        if name not in SCHEMAS:
            problems.tell(document, ("tables", name), got=name, expected="one of the tables " + ", ".join(SCHEMAS),
                          hint=nearest(name, SCHEMAS))
            continue
        try:
            tables[name] = _table(shelf, name, path, system, as_of)
        except CaseError as error:
            for one in getattr(error, "problems", (error,)):
                problems.absorb(_placed(document, name, one))
    return tables


def _placed(document: Document, name: str, error: CaseError) -> CaseError:
    if error.where.startswith("catalogue") or error.key == "path":
        return document.problem(("tables", name), got=error.got, expected=error.expected, hint=error.hint)
    return error


def _table(shelf: Shelf, name: str, path: str, system: AreaSystem, as_of: date) -> Table:
    if path.startswith(_CATALOGUE) and _AND in path:
        return _joined([_table(shelf, name, part.strip(), system, as_of) for part in path.split(_AND)])
    if path.startswith(_CATALOGUE):
        return _shipped(shelf, name, path.removeprefix(_CATALOGUE), system, as_of)
    where = f"{shelf.label}/{path}"
    return read_rows(shelf.own(path), where, SCHEMAS[name], system=system, as_of=as_of)


def _joined(parts: Sequence[Table]) -> Table:
    schema, path = parts[0].schema, _AND.join(part.path for part in parts)
    rows = tuple(row for part in parts for row in part.rows)
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        key = tuple(row[name] for name in schema.key)
        if key in seen:
            raise CaseError("catalogue", path, got=", ".join(map(str, key)) + " in two of the tables",
                            expected="each " + " and ".join(schema.key) + " once", hint="leave one of the tables out")
        seen.add(key)
    return Table(schema, rows, path, sum(part.hidden for part in parts))


def _shipped(shelf: Shelf, name: str, wanted: str, system: AreaSystem, as_of: date) -> Table:
    table = catalogue.table(wanted, as_of)
    if table.schema.name != name:
        raise CaseError("catalogue", wanted, got=f"a table of {table.schema.name}", expected=f"a table of {name}",
                        hint="put it under its own name")
    codes = {area.code for area in system.areas}
    columns = [column.name for column in table.schema.columns if column.kind == "area"]
    strangers = sorted({str(row[column]) for row in table.rows for column in columns} - codes)
    if strangers:
        raise CaseError("catalogue", wanted, got=f"rows on {strangers[0]}", expected=f"areas of {system.name}",
                        hint="this table belongs to another area system")
    shelf.shipped(f"tables/{wanted}.csv")
    return table


def read_rows(data: bytes, where: str, schema: Schema, *, system: AreaSystem, as_of: date) -> Table:
    """The table in the bytes of a CSV file without the rows published later than `as_of`, or without a day at all.

    A figure that describes no period, as a price, may leave `reference_period` blank unless the table's key needs it.
    Errors: CaseErrors with everything wrong, by line and column.
    """
    blank = _MAY_BE_BLANK - set(schema.key)
    columns = tuple(replace(c, optional=c.optional or c.name in blank) for c in schema.columns)
    text = text_of(data, where)
    codes = tuple(area.code for area in system.areas)
    try:
        rows, faults = parse(text, where, replace(schema, columns=columns), codes)
    except csv.Error as error:
        raise CaseError(where, "", got=str(error), expected="comma-separated text",
                        hint="a double quote inside a quoted cell is written twice") from None
    if faults:
        raise _told(where, faults, schema, system)
    known = tuple(row for row in rows if published_by(row, as_of))
    return Table(schema, known, where, hidden=len(rows) - len(known))


def _told(where: str, faults: Sequence[CaseError], schema: Schema, system: AreaSystem) -> CaseErrors:
    areas = [column.name for column in schema.columns if column.kind == "area"]
    return CaseErrors(where, tuple(
        CaseError(fault.where, fault.key, got=fault.got, expected=fault.expected,
                  hint=area_hint(system, str(fault.got)))
        if fault.key in areas and fault.got != "nothing" else fault
        for fault in faults
    ))


def local_system(shelf: Shelf, name: str, as_of: date) -> AreaSystem:
    """The area system in the folder areas of a case; CaseError when its files do not describe one."""
    where = f"{shelf.label}/areas"
    for path in shelf.data_files():
        if path.startswith("areas/"):
            text_of(shelf.own(path), f"{shelf.label}/{path}")
    try:
        return read_system(shelf.folder / "areas", name, as_of)
    except CaseError as error:
        raise CaseError(f"{where}/{error.where}", error.key, got=error.got, expected=error.expected,
                        hint=error.hint) from None
    except (csv.Error, ValueError, RecursionError) as error:
        raise CaseError(f"{where}/{name}.toml", "", got=str(error), expected="TOML and CSV files of an area system",
                        hint="compare with those in the documentation of area systems") from None
