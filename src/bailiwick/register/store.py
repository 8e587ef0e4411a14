"""Where do the entries lie?  One SQLite file that takes entries at its end and refuses every other change.

An entry is on disk before its number is told: each is one transaction that takes the write lock first (BEGIN
IMMEDIATE), with SQLite's rollback journal and `synchronous = EXTRA`, so that a second writer waits and a killed one
leaves either the whole entry or nothing.  Triggers refuse update and delete; who drops them cannot mend the chain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Row,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from bailiwick.errors import CaseError
from bailiwick.register.chain import Line, linked
from bailiwick.register.entries import Entry, body_of, entry_of

WAIT_SECONDS = 60
_METADATA = MetaData()
ENTRIES = Table(
    "entries", _METADATA,
    Column("number", Integer, primary_key=True), Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False), Column("body", Text, nullable=False),
    Column("signature", Text, nullable=False, default=""),
    sqlite_strict=True,
)
TRIGGERS = {
    "entries_are_never_changed": "BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'the register is append-only: an "
                                 "entry is never changed'); END",
    "entries_are_never_deleted": "BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'the register is append-only: an "
                                 "entry is never deleted'); END",
    "entries_follow_the_last": "BEFORE INSERT ON entries WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM "
                               "entries) BEGIN SELECT RAISE(ABORT, 'the register is append-only: an entry follows the "
                               "last one'); END",
}


def append(path: Path, entry: Entry, sign: Callable[[bytes], str] | None = None) -> Line:
    """The entry as it now stands at the end of the register, which is made where there is none.

    `sign` turns the digest into a signature while the register waits; `recorded` is the moment of writing unless the
    entry tells one.  CaseError where the file cannot be written, is no register, or another writer keeps it.
    """
    with _opened(path, "BEGIN IMMEDIATE", writing=True) as connection:
        _prepare(connection)
        last = _last(connection)
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        recorded = max(now, last.entry.recorded) if last else now
        whole = entry_of(_told(entry, entry.recorded or recorded), "register entry")
        line = linked(body_of(whole), last)
        if sign is not None:
            line = linked(line.body, last, sign(line.digest.encode()))
        connection.execute(insert(ENTRIES).values(
            number=line.number, previous=line.previous, digest=line.digest, body=line.body, signature=line.signature))
    return line


def lines(path: Path) -> tuple[Line, ...]:
    """The rows of a register in their order; CaseError where there is no such file or it is no register."""
    if not path.is_file():
        raise CaseError(str(path), "", got="no such file", expected="a register",
                        hint="`bailiwick register add` makes one, or name another with --register")
    with _opened(path, "BEGIN", writing=False) as connection:
        rows = connection.execute(select(ENTRIES).order_by(ENTRIES.c.number)).all()
        return tuple(_line(row) for row in rows)


def unguarded(path: Path) -> tuple[str, ...]:
    """The guards that the file no longer has, one line each: somebody has taken them away."""
    with _opened(path, "BEGIN", writing=False) as connection:
        found = {str(row[0]): str(row[1]) for row in connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")}
        damage = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    return (*(f"the guard “{name.replace('_', ' ')}” is missing or changed" for name, text in TRIGGERS.items()
              if found.get(name) != f"CREATE TRIGGER {name} {text}"),
            *(f"the database is damaged: {said}" for said in damage if said != "ok"))


@contextmanager
def _opened(path: Path, begin: str, *, writing: bool) -> Iterator[Connection]:
    engine = _engine(path, begin)
    try:
        with engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        raise _refused(path, str(error.orig), writing=writing) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # SQLite may quote damaged bytes in its message
        raise _refused(path, f"damaged ({type(error).__name__})", writing=writing) from error
    finally:
        engine.dispose()


def _engine(path: Path, begin: str) -> Engine:
    engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), poolclass=NullPool,
                           connect_args={"timeout": WAIT_SECONDS})

    def connected(raw: Any, _: object) -> None:  # noqa: ANN401 - the driver's own connection
        raw.isolation_level = None
        raw.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
        raw.execute("PRAGMA synchronous = EXTRA")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _prepare(connection: Connection) -> None:
    names = [str(row[0]) for row in connection.exec_driver_sql("SELECT name FROM sqlite_master")]
    if "entries" in names:
        return
    if names:
        raise CaseError("register", "", got=f"a database of {', '.join(sorted(names)[:3])}", expected="a register",
                        hint="name another file with --register")
    _METADATA.create_all(connection, checkfirst=False)
    for name, text in TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {text}")


def _last(connection: Connection) -> Line | None:
    row = connection.execute(select(ENTRIES).order_by(ENTRIES.c.number.desc()).limit(1)).first()
    return _line(row) if row else None


def _line(row: Row[Any]) -> Line:
    """The row as a line; what damage has made of another type stands as its words."""
    number: object = row[0]
    told: list[object] = list(row[1:])
    previous, digest, body, signature = (cell if isinstance(cell, str) else repr(cell) for cell in told)
    return Line(number if isinstance(number, int) else 0, previous, digest, body, signature)


def _told(entry: Entry, recorded: str) -> dict[str, object]:
    return {**cast("dict[str, object]", asdict(entry)), "recorded": recorded}


def _refused(path: Path, said: str, *, writing: bool) -> CaseError:
    if "locked" in said or "busy" in said:
        return CaseError(str(path), "", got=f"in use for {WAIT_SECONDS} seconds", expected="a register free to write",
                         hint="another writer keeps it: try again when it has finished")
    expected = "a register that can be written" if writing else "a register that can be read"
    hint = "it is no register, or it is damaged: name another with --register, or restore a copy"
    if "readonly" in said or "unable to open" in said:
        hint = "check the folder and its rights, or name another file with --register"
    return CaseError(str(path), "", got=said, expected=expected, hint=hint)
