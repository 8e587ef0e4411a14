"""What is wrong with the files of a case, all of it, and in which order is it told?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from bailiwick.casefile_files import Document, Place
from bailiwick.errors import CaseError, CaseErrors, nearest

AT_MOST = 20
T = TypeVar("T")


class Problems:
    """The list of what is wrong with one case, filled while its files are read, told in one message at the end."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.found: list[CaseError] = []

    def absorb(self, error: CaseError) -> None:
        """One more problem, or several, already put into words."""
        told = {str(known) for known in self.found}
        for one in error.problems if isinstance(error, CaseErrors) else (error,):
            if str(one) not in told:
                self.found.append(one)

    def tell(self, document: Document, place: Place, *, got: object, expected: str, hint: str = "") -> None:
        """One more problem, at a place of a document."""
        self.absorb(document.problem(place, got=got, expected=expected, hint=hint))

    def settle(self) -> None:
        """Nothing when all is well; else the CaseError, or one CaseErrors that tells the first twenty."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise CaseErrors(self.where, tuple(self.found), at_most=AT_MOST)


    def settled(self, value: T | None) -> T:
        """A value that is there whenever nothing is wrong, after telling what is."""
        self.settle()
        if value is None:
            raise AssertionError("nothing was built, and no problem told")
        return value


def check_once(problems: Problems, document: Document, named: Iterable[tuple[Place, str]]) -> None:
    """A problem for each (place, name) whose name stood there before."""
    seen: set[str] = set()
    for place, name in named:
        if name in seen:
            problems.tell(document, place, got=name, expected="a name that no other entry has",
                          hint="rename one of the two, or delete it")
        seen.add(name)


def check_known(problems: Problems, at: tuple[Document, Place], word: str, known: Iterable[str], *,
                expected: str) -> bool:
    """Whether a word is one of the known ones; a problem with the nearest of them when it is not."""
    words = tuple(known)
    if word in words:
        return True
    problems.tell(*at, got=word, expected=expected, hint=nearest(word, words) if words else "the case defines none")
    return False
