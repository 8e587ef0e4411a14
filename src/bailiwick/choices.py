"""Was there a better map?  Every way to command these areas first, then where the proposal stands in the whole force."""

from __future__ import annotations

from concurrent.futures import Executor

from bailiwick.candidates import Candidates
from bailiwick.case import Case
from bailiwick.choices_local import Response, local_table, rows
from bailiwick.tables import ResultTable


def tables(
    case: Case, candidates: Candidates, pool: Executor | None = None, *, response: Response | None = None
) -> tuple[ResultTable, ...]:
    """The four tables on alternatives, for the central assumptions of a case."""
    found = rows(case, response)
    return (local_table(case, found),)
