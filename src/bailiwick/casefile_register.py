"""What does the case's register say of its gates?  The file that `register` names, verified before it is believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bailiwick.casefile_files import Document
from bailiwick.casefile_inputs import Shelf
from bailiwick.casefile_problems import Problems
from bailiwick.errors import CaseError
from bailiwick.scheme import Scheme


def registered(
    plan: Scheme, register: str, as_of: date, *, shelf: Shelf, document: Document, problems: Problems,
) -> tuple[Scheme, tuple[str, ...]]:
    """The scheme with what the register says of its gates by `as_of`, and the digests of the entries that say it.

    The file is not among the case's inputs, since it grows: its entries enter by their digests.  A register with a
    broken link is a problem of the case.
    """
    if not register:
        return plan, ()
    from bailiwick import register as room

    path = shelf.folder / register
    if not shelf.has(register) or register.startswith("/") or ".." in register.split("/"):
        problems.tell(document, ("register",), got=register, expected="the path of a file in the case folder",
                      hint="`bailiwick register add --register FILE` makes one")
        return plan, ()
    try:
        broken = room.verify(path, evidence=shelf.folder)
        if broken:
            problems.tell(document, ("register",), got=broken[0], expected="a register in which every link holds",
                          hint="`bailiwick register verify FILE` lists what is broken: restore a copy")
            return plan, ()
        lines = [line for line in room.lines(path) if line.entry.case in ("", plan.name)]
    except CaseError as error:
        problems.absorb(error)
        return plan, ()
    told = room.bearing_on(plan.gates, lines, as_of)
    return replace(plan, gates=room.with_register(plan.gates, told, as_of)), tuple(line.digest for line in told)
