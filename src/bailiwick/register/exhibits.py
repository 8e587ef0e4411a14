"""On which evidence does an entry rest, and is it still the same?  Files by sha256, records by fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from bailiwick.errors import CaseError
from bailiwick.register.chain import Line
from bailiwick.register.entries import Exhibit


def exhibit(path: Path) -> Exhibit:
    """A file as evidence: its path, the sha256 of its bytes, and the fingerprint where it is a record of `appraise`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CaseError(str(path), "--evidence", got=error.strerror or str(error), expected="a file that can be read"
                        ) from error
    return Exhibit(path.as_posix(), hashlib.sha256(content).hexdigest(), _fingerprint(content))


def altered(lines: Iterable[Line], folder: Path) -> tuple[str, ...]:
    """The evidence that is no longer what an entry bound, one line each; files that are not here are not looked at."""
    return tuple(_altered(lines, folder))


def _altered(lines: Iterable[Line], folder: Path) -> Iterator[str]:
    for line in lines:
        try:
            evidence = line.entry.evidence
        except CaseError:
            continue
        for one in evidence:
            path = folder / one.name
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
                yield f"entry {line.number}: the evidence {one.name} was changed since it was entered"


def _fingerprint(content: bytes) -> str:
    try:
        told = json.loads(content)
    except ValueError:
        return ""
    if isinstance(told, dict) and str(told.get("schema", "")).startswith("bailiwick/record/"):
        return str(told.get("fingerprint", ""))
    return ""
