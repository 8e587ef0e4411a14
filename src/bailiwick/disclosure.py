"""Could somebody be recognised in what is about to be published?  Counts of one to four people are refused.

The threshold of five is the one that the Office for National Statistics uses for tables of people ("Policy on
protecting confidentiality in tables of birth and death statistics"); nought is let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from bailiwick.errors import CaseError

SMALLEST = 5
REASON = "Small counts are shown because"
PEOPLE_UNITS = ("people", "persons", "residents", "victims", "patients", "respondents")
_NUMBERS = "one|two|three|four|[1-4]"
_RATIO = re.compile(r"(^|[_ ])per([_ ]|$)")
_WHO = (r"people|persons?|residents?|victims?|patients?|child(?:ren)?|wom[ae]n|m[ae]n|girls?|boys?|complainants?|"
        r"suspects?|offenders?|detainees?|witness(?:es)?|respondents?|households?|families|pupils?|tenants?")
_SMALL = re.compile(
    rf"(?<![\d.,£])(?<!\bin )\b({_NUMBERS})\s+(?:\w+\s+)?({_WHO})\b(?!\s+in\s+(?:ten|five|four|\d{{1,2}}\b))",
    re.IGNORECASE)


def small_counts_in_text(text: str) -> tuple[str, ...]:
    """The words of a text that count one to four people, in their order.

    >>> small_counts_in_text("Told by three young residents; one in four residents agreed; 12 victims; 2 cars.")
    ('three young residents',)
    """
    return tuple(found.group(0) for found in _SMALL.finditer(text))


def small_counts_in_results(document: Mapping[str, object]) -> tuple[str, ...]:
    """Each cell of a results document that counts one to four people, by table, column and row.

    A table whose note says why (its words hold `Small counts are shown because`) is left out, and so is a finding
    whose note does.  Ratios (so many people for each of something) are no counts: columns with `per` in their name and
    measures that do not add up over areas are left out.
    """
    measures = cast("Mapping[str, Mapping[str, object]]", document.get("measures", {}))
    tables = cast("Mapping[str, Mapping[str, object]]", document.get("tables", {}))
    findings = [found for found in cast("Sequence[Mapping[str, object]]", document.get("findings", ()))
                if measures.get(str(found["measure"]), {}).get("combine") == "sum"]
    return (*(said for name, table in tables.items() for said in _in_table(name, table)), *_in_findings(findings))


def refuse_small_counts(found: Iterable[str], where: str, *, how: str) -> None:
    """None where nothing was found; CaseError that names the first small count and says how a reason is given."""
    told = tuple(found)
    if told:
        more = f", and {len(told) - 1} more" if len(told) > 1 else ""
        raise CaseError(where, "small counts of people", got=told[0] + more,
                        expected=f"no count of one to {SMALLEST - 1} people: somebody could be recognised",
                        hint=f"leave it out, write “fewer than {SMALLEST}”, or {how}")


def _in_table(name: str, table: Mapping[str, object]) -> Iterator[str]:
    if REASON in str(table.get("note", "")):
        return
    columns, units = cast("Sequence[str]", table["columns"]), cast("Sequence[str]", table["units"])
    counted = [i for i, unit in enumerate(units) if unit in PEOPLE_UNITS and not _RATIO.search(columns[i])]
    for r, row in enumerate(cast("Sequence[Sequence[object]]", table["rows"])):
        for i in counted:
            if _small(row[i]):
                yield f"table {name}, row {r + 1}, {columns[i]}: {row[i]} {units[i]}"


def _in_findings(findings: Iterable[Mapping[str, object]]) -> Iterator[str]:
    for found in findings:
        if found.get("unit") in PEOPLE_UNITS and _small(found.get("value")) and REASON not in str(found.get("note")):
            yield f"finding {found['id']}: {found['value']} {found['unit']}"


def _small(cell: object) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < SMALLEST
