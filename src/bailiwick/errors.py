"""What can go wrong, and how it is said.

    BailiwickError
    ├── CaseError     your file or your option is wrong: where, what was found, what was expected, what to do
    │   └── CaseErrors    several of them, found in one reading
    ├── SourceError   a download or a checksum failed
    └── MethodError   this method cannot answer this question on these data

`ValueError` and `TypeError` are kept for mistakes of the programmer.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class BailiwickError(Exception):
    """Any error that a reader is meant to see as one plain message."""


class CaseError(BailiwickError):
    """An input that cannot be used, named by file and key, with what was found and what was expected."""

    def __init__(self, where: str, key: str, *, got: object, expected: str, hint: str = "") -> None:
        self.where, self.key, self.got, self.expected, self.hint = where, key, got, expected, hint
        super().__init__(where, key)

    def __str__(self) -> str:
        found = self.got if isinstance(self.got, str) else repr(self.got)
        if len(found) > 120:
            found = found[:117] + "..."
        lines = [f"{self.where}: {self.key}" if self.key else self.where, f"  found:    {found}"]
        lines.append(f"  expected: {self.expected}")
        if self.hint:
            lines.append(f"  to do:    {self.hint}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuilt, (self.where, self.key, self.got, self.expected, self.hint))


def _rebuilt(where: str, key: str, got: object, expected: str, hint: str) -> CaseError:
    return CaseError(where, key, got=got, expected=expected, hint=hint)


class CaseErrors(CaseError):
    """Several problems of one case, told in one message; `problems` holds them all, the message the first twenty."""

    def __init__(self, where: str, problems: tuple[CaseError, ...], at_most: int = 20) -> None:
        self.problems, self.at_most = problems, at_most
        super().__init__(where, "", got=f"{len(problems)} problems", expected="none")

    def __str__(self) -> str:
        told = "\n".join(str(problem) for problem in self.problems[: self.at_most])
        left = len(self.problems) - self.at_most
        more = f"\n... and {left} more, told once these are put right" if left > 0 else ""
        return f"{self.where}: {len(self.problems)} problems\n{told}{more}"

    def __reduce__(self) -> tuple[object, ...]:
        return (CaseErrors, (self.where, self.problems, self.at_most))


class SourceError(BailiwickError):
    """A publisher's file that could not be fetched, verified or read, with what to do."""


class MethodError(BailiwickError):
    """A question that the method cannot answer on these data, with the reason."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint that names the closest known word, or lists the known words when none is close.

    >>> nearest("Kingstn", ["Kingston", "Merton"])
    'did you mean "Kingston"?'
    """
    words = sorted(str(k) for k in known)
    close = get_close_matches(str(word), words, n=1, cutoff=0.6)
    if close:
        return f'did you mean "{close[0]}"?'
    return "known: " + ", ".join(words[:12]) + (" ..." if len(words) > 12 else "")
