"""Who answers to this area, of which rank, with what power, and who knows what nobody has published?"""

from __future__ import annotations

from bailiwick.case import Case
from bailiwick.tables import Cell, ResultTable, Row

QUESTIONS = (
    "most senior officer answering for this area only",
    "rank of that officer",
    "share of that officer's time for this area",
    "who controls cars and budget",
    "attends the council's scrutiny",
    "usual length of post",
    "police figures published for this area",
)


def accountability(case: Case) -> ResultTable:
    """One row for each area, option and question: the published answer, or a blank with whoever knows.

    Asked of every option that the table `accountability` describes; `today` and `proposed` are always among them.
    Questions of the table come after the standing ones.  A blank answer is unknown; where no row names who would
    know, the area's police force does.
    """
    table = case.tables.get("accountability")
    given: dict[tuple[str, str, str], Row] = {}
    for row in table or ():
        given[str(row["area"]), str(row["option"]), str(row["question"])] = row
    holders = _holders(given)
    rows: list[tuple[Cell, ...]] = []
    for area in case.system.subset(case.scheme.scope):
        for option in _options(case, given):
            for question in _questions(given):
                found = given.get((area.code, option, question))
                rows.append((area.code, area.name, option, question, *_told(found, holders.get(question, area.force))))
    hidden = table.hidden if table is not None else 0
    note = "A blank answer: nobody has published it; the holder would know."
    if hidden:
        note += f" {hidden} answers were published after the date of the appraisal and are left out."
    return ResultTable(
        name="accountability", title="Who answers for each area, before and after",
        columns=("area", "name", "option", "question", "answer", "holder", "source", "published"),
        units=("",) * 8, rows=tuple(rows), note=note,
    )


def _told(row: Row | None, holder: str) -> tuple[Cell, Cell, Cell, Cell]:
    if row is None or not row["answer"]:
        return None, (row["holder"] if row is not None and row["holder"] else holder), None, None
    return row["answer"], row["holder"], row["source"], row["published"]


def _holders(given: dict[tuple[str, str, str], Row]) -> dict[str, str]:
    found: dict[str, str] = {}
    for (_, _, question), row in sorted(given.items()):
        if row["holder"]:
            found.setdefault(question, str(row["holder"]))
    return found


def _options(case: Case, given: dict[tuple[str, str, str], Row]) -> list[str]:
    described = {option for _, option, _ in given} | {"today", "proposed"}
    return [option.name for option in case.scheme.options if option.name in described]


def _questions(given: dict[tuple[str, str, str], Row]) -> list[str]:
    return [*QUESTIONS, *sorted({question for _, _, question in given} - set(QUESTIONS))]
