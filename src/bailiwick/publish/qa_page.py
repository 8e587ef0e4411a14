"""What does the assurance look like to a reader and on disk?  One accessible page, and a CSV file for each log."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import escape

from bailiwick.publish.page import TableView, tabled
from bailiwick.publish.qa import STATES, Assurance, Log
from bailiwick.publish.report import rendered

_FOLDED = ("assumptions-log.csv", "data-log.csv", "verification.csv", "rigour.csv")
_MARKS = {"evidence present": "✓ Evidence present", "needs a person": "• Needs a person", "missing": "✗ Missing"}


def files(found: Assurance) -> dict[str, bytes]:
    """The files of an assurance by name: qa.html and one CSV for each log."""
    return {"qa.html": page(found).encode(), **{log.file: log.csv for log in found.logs}}


def page(found: Assurance) -> str:
    """The assurance as one HTML page that needs nothing else to open."""
    views = (_summary(found), *_statement(found), *(_view(log) for log in found.logs if log.file != "assurance.csv"))
    return rendered("qa.html.j2", found=found, views=views)


def lines(found: Assurance) -> list[str]:
    """The assurance on the terminal: the sentence, then what is missing and what needs a person, a line each."""
    told = [f"{found.title}: {found.sentence}.", ""]
    for state in STATES[1:]:
        checks = [one for one in found.checks if one.state == state]
        told += [f"{state.capitalize()}:", *(
            f"  {one.asked.id:4} {one.asked.asks}" + (f" [not found: {'; '.join(one.lacking)}]" if one.lacking else "")
            for one in checks), ""]
    return told[:-1]


def data(found: Assurance) -> dict[str, object]:
    """The assurance as plain data for machines."""
    counts: dict[str, int] = {str(state): found.count(state) for state in STATES}
    return {
        "case": found.case, "record": found.record, "sentence": found.sentence,
        "counts": {"checks": len(found.checks), **counts},
        "checks": [{"id": one.asked.id, "from": one.asked.source, "asks": one.asked.asks, "who": one.asked.who,
                    "state": one.state, "evidence": list(one.evidence), "not_found": list(one.lacking),
                    "signed": one.signed} for one in found.checks],
    }


def _summary(found: Assurance) -> TableView:
    sources = list(dict.fromkeys(one.asked.source for one in found.checks))
    body = []
    for source in sources:
        mine = [one for one in found.checks if one.asked.source == source]
        body.append([escape(source), *(escape(str(sum(c.state == state for c in mine))) for state in STATES),
                     escape(str(len(mine)))])
    head = [("Guidance", ""), *((state.capitalize(), "") for state in STATES), ("Checks", "")]
    return tabled("qa-summary", "How many checks have evidence", head, body, [False, True, True, True, True])


def _statement(found: Assurance) -> tuple[TableView, ...]:
    views = []
    head = [("Check", ""), ("Requirement", ""), ("Who", ""), ("State", ""), ("Evidence", ""), ("Not found", ""),
            ("Signed by", "")]
    for n, source in enumerate(dict.fromkeys(one.asked.source for one in found.checks)):
        body = [[escape(one.asked.id), escape(one.asked.asks), escape(one.asked.who), escape(_MARKS[one.state]),
                 escape("; ".join(one.evidence)), escape("; ".join(one.lacking)), escape(one.signed)]
                for one in found.checks if one.asked.source == source]
        views.append(tabled(f"qa-set-{n + 1}", source, head, body, [False] * 7))
    return tuple(views)


def _view(log: Log) -> TableView:
    body = [[escape(cell) for cell in row] for row in log.rows]
    view = tabled(log.file.removesuffix(".csv"), log.title, [(column, "") for column in log.columns], body,
                  [False] * len(log.columns))
    note = "" if log.rows else "No entry: name a register with --register." if "decisions" in log.file else ""
    return replace(view, folded=log.file in _FOLDED, note=escape(note))
