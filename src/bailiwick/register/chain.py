"""Is the register what it was?  Each entry binds the digest of the one before, so that a change anywhere shows.

The digest of an entry is the sha256 of the form's name, its number, the digest before it and its text: a hash chain
as in Haber and Stornetta, "How to time-stamp a digital document", Journal of Cryptology 3 (1991).  The chain alone
cannot show that the last entries were cut off, or that everything was written anew: for that a digest must have been
published elsewhere (`head`), or entries must be signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bailiwick.errors import CaseError
from bailiwick.register.entries import Entry, entry_from

FORM = "bailiwick/register/1"
START = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the register: the text of an entry with its place in the chain."""

    number: int
    previous: str
    digest: str
    body: str
    signature: str = ""

    @property
    def entry(self) -> Entry:
        """What the text says; CaseError where it is no entry."""
        return entry_from(self.body, f"entry {self.number}")


def linked(body: str, last: Line | None, signature: str = "") -> Line:
    """The text as the line that follows `last`, or as the first."""
    number, previous = (last.number + 1, last.digest) if last else (1, START)
    return Line(number, previous, digest_of(number, previous, body), body, signature)


def digest_of(number: int, previous: str, body: str) -> str:
    """The sha256 that binds a text to its number and to everything before it, in hexadecimal."""
    return hashlib.sha256(f"{FORM}\n{number}\n{previous}\n{body}".encode("utf-8", "surrogateescape")).hexdigest()


def broken(lines: Sequence[Line], head: str = "") -> tuple[str, ...]:
    """What does not fit, one line each, in the order of the entries; nothing where the chain is whole.

    `head` is a digest published elsewhere, or its first eight digits or more: an entry must still bear it.
    """
    found = list(_breaks(lines))
    if head and not any(line.digest.startswith(head.lower()) for line in lines):
        last = f"the last is entry {lines[-1].number}" if lines else "the register is empty"
        found.append(f"no entry has the published digest {head}: entries were cut off or written anew ({last})")
    return tuple(found)


def _breaks(lines: Sequence[Line]) -> Iterator[str]:
    before: Line | None = None
    for line in lines:
        expected = before.number + 1 if before else 1
        if line.number != expected:
            one = line.number == expected + 1
            yield f"entry {expected} is missing" if one else f"entries {expected} to {line.number - 1} are missing"
        elif line.previous != (before.digest if before else START):
            yield (f"the link between entry {expected - 1} and entry {line.number} is broken: entry {line.number} "
                   "follows another text" if before else "entry 1 follows another text: the first entry was cut off")
        if digest_of(line.number, line.previous, line.body) != line.digest:
            yield f"entry {line.number} was changed: its text no longer has the digest {line.digest[:12]}"
        yield from _reading(line, before)
        before = line


def _reading(line: Line, before: Line | None) -> Iterator[str]:
    try:
        entry = line.entry
        earlier = before.entry.recorded if before else ""
    except CaseError as error:
        if error.where == f"entry {line.number}":
            yield f"entry {line.number} cannot be read: {error.got}"
        return
    if entry.recorded < earlier:
        yield f"entry {line.number} says it was entered at {entry.recorded}, before the entry that it follows"
