"""Who decided what, when, on which evidence?  A register that takes entries at its end and shows every later change.

`append` adds an entry, `lines` reads them, `verify` names what is broken, `with_register` hands a case's gates what
the register says of them.  Nothing here touches the network.
"""

from __future__ import annotations

from pathlib import Path

from bailiwick.errors import CaseError
from bailiwick.register.chain import Line, broken
from bailiwick.register.entries import KINDS, Entry, Exhibit, entry_of
from bailiwick.register.exhibits import altered, exhibit
from bailiwick.register.gates import bearing_on, with_register
from bailiwick.register.signing import signer, unsigned
from bailiwick.register.store import append, lines, unguarded

__all__ = [
    "KINDS", "Entry", "Exhibit", "Line", "append", "bearing_on", "broken", "entry_of", "exhibit", "lines", "signer",
    "verify", "with_register",
]


def verify(
    path: Path, *, allowed_signers: Path | None = None, head: str = "", evidence: Path | None = None,
) -> tuple[str, ...]:
    """What of a register does not hold, one line each, nothing where all of it does.

    `allowed_signers` says whose SSH key is whose, `head` is a digest that was published elsewhere, `evidence` the
    folder that the names of evidence start from (the working folder).  CaseError where there is no such file.
    """
    try:
        found = lines(path)
        guards = unguarded(path)
    except CaseError as error:
        if not path.is_file():
            raise
        return (f"{path.name} cannot be read: {error.got}",)
    return (*guards, *broken(found, head), *unsigned(found, allowed_signers),
            *altered(found, evidence or Path()))
