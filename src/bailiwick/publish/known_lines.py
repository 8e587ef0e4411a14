"""What became known when, and what was the answer on each day?

The same case is read as of several days: nothing published later is seen on an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bailiwick import appraisal, publish
from bailiwick.case import Case
from bailiwick.publish import words
from bailiwick.publish.front import ANSWERS
from bailiwick.publish.results import Json
from bailiwick.tables import Cell, Row

Answer = tuple[list[str], object]
_SAID = ("value", "unit", "source", "note")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that became known: the day it was published, where it stands in the case, and what it says."""

    day: str
    table: str
    name: str
    text: str


def compared(cases: Sequence[Case], verdicts: Mapping[date, Json | None]) -> Answer:
    """What became known from each day to the next, and the answers of the days side by side.

    `verdicts` holds the stored results of each day, or None where it has not been appraised.
    """
    lines, data = [f"{cases[0].title}: what was known when", ""], []
    for case in cases:
        document = verdicts.get(case.as_of)
        lines += list(_verdict(case, document))
        data.append({"as_of": case.as_of.isoformat(), "verdict": document["verdict"] if document else None,
                     "gates": {gate.name: gate.state for gate in appraisal.gates(case)}})
    changes = []
    for before, after in pairwise(cases):
        found = news(before, after)
        lines += ["", f"Became known after {words.day(before.as_of)}, by {words.day(after.as_of)}:"]
        lines += [f"  {words.day(one.day)}  {one.table}: {one.name}: {one.text}" for one in found] or ["  nothing"]
        changes.append({"from": before.as_of.isoformat(), "to": after.as_of.isoformat(),
                        "news": [{"day": n.day, "table": n.table, "name": n.name, "text": n.text} for n in found]})
    return lines, {"dates": data, "changes": changes}


def news(before: Case, after: Case) -> tuple[News, ...]:
    """What the later case shows that the earlier did not: rows of tables, claims, evidence; the oldest first."""
    found = [*_rows(before, after), *_claims(before, after), *_gates(before, after)]
    return tuple(sorted(found, key=lambda one: (one.day, one.table, one.name)))


def _rows(before: Case, after: Case) -> Iterator[News]:
    for name, table in sorted(after.tables.items()):
        known = {_key(table.schema.key, row) for row in before.tables[name]} if name in before.tables else set()
        fresh = [row for row in table if _key(table.schema.key, row) not in known]
        if len(fresh) > 12:
            days = sorted({str(row["published"]) for row in fresh})
            yield News(days[0], name, words.count(len(fresh), "row"), table.schema.title)
            continue
        for row in fresh:
            told = [_text(row[key]) for key in _SAID if row.get(key) not in (None, "")]
            yield News(str(row["published"]), name, ", ".join(_key(table.schema.key, row)), "; ".join(told)
                       or ", ".join(f"{key} {value}" for key, value in row.items() if value and key != "published"))


def _text(cell: Cell) -> str:
    return words.trimmed(cell) if isinstance(cell, float) else str(cell)


def _key(names: Sequence[str], row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in names)


def _claims(before: Case, after: Case) -> Iterator[News]:
    known = {claim.id for claim in before.claims}
    for claim in after.claims:
        if claim.id not in known:
            yield News(claim.when.isoformat(), "claims", claim.who, f"“{claim.quote}”")


def _gates(before: Case, after: Case) -> Iterator[News]:
    for old, new in zip(appraisal.gates(before), appraisal.gates(after), strict=True):
        for said in new.evidence:
            if said not in old.evidence:
                day, _, text = said.partition(": ")
                yield News(day, "gates", new.name, f"{text.rpartition(' (')[0] or text}: {new.state}")


def _verdict(case: Case, document: Json | None) -> Iterator[str]:
    day = words.day(case.as_of)
    if document is None:
        yield f"{day}: not appraised yet (bailiwick known {case.name} ... --appraise, or appraise --as-of {case.as_of})"
        return
    verdict = document["verdict"]
    if isinstance(verdict, Mapping):
        yield f"{day}: {ANSWERS[str(verdict['answer'])].upper()}. {verdict['sentence']}"
    told = document["provenance"]
    if isinstance(told, Mapping):
        yield f"    {told.get('accepted', 'not told')} of {told['draws']} sets of assumptions fit what was known" + (
            "" if publish.is_of(document, case) else "; stored under other settings or files than now")
    met = sum(gate.state == "met" for gate in appraisal.gates(case))
    yield f"    {met} of {words.count(len(case.scheme.gates), 'gate')} met; {words.count(len(case.claims), 'claim')}"
