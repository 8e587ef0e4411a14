"""What is each conceivable command worth?  Every joined-up command of up to six areas, on every separable measure.

The map page looks plans up in this table and computes nothing, so page and engine cannot disagree.  Response is not
separable across command borders and is therefore not in it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from bailiwick import appraisal
from bailiwick.case import Case
from bailiwick.findings import Measure, Number, Unavailable, combined
from bailiwick.scheme import Command
from bailiwick.workers import spread

CAP = 6
SCHEMA = "bailiwick/commands/1"
_BATCH = 250


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The command table: `commands` area codes of each row, `residents` of each, `values[measure][row]` or None.

    A value is the command's own, its areas combined as the measure declares; `measures` says how commands combine.
    """

    areas: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    residents: tuple[int, ...]
    measures: tuple[Measure, ...]
    values: Mapping[str, tuple[float | None, ...]]

    def document(self, digest: str) -> bytes:
        """The table as gzip-packed JSON, the same bytes for the same table; masks are hexadecimal, bit i is area i."""
        place = {code: i for i, code in enumerate(self.areas)}
        told = {
            "schema": SCHEMA, "case": digest, "cap": CAP, "areas": list(self.areas),
            "masks": [f"{sum(1 << place[code] for code in command):x}" for command in self.commands],
            "residents": list(self.residents),
            "measures": {m.name: {"title": m.title, "unit": m.unit, "decimals": m.decimals, "better": m.better,
                                  "role": m.role, "combine": m.combine, "weight": m.weight,
                                  "values": [None if v is None else round(v, m.decimals) + 0.0
                                             for v in self.values[m.name]]}
                         for m in self.measures},
        }
        return gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), mtime=0)


def candidates(case: Case, pool: Executor | None = None) -> Candidates:
    """Every joined-up command over land of the force's areas, valued at the central assumptions.

    A command of one area runs today's model, a larger one the proposal's; its headquarters is chosen by rule.
    """
    groups = appraisal.conceivable(case, CAP)
    measures = tuple(m for m in appraisal.MEASURES if m.scope == "command" and m.combine != "other")
    batches = [groups[i:i + _BATCH] for i in range(0, len(groups), _BATCH)]
    rows = [row for part in spread(pool, partial(_valued, case), batches) for row in part]
    areas = tuple(sorted({code for group in groups for code in group}))
    people = {code: case.system.area(code).population or 0 for code in areas}
    return Candidates(
        areas, groups, tuple(sum(people[code] for code in group) for group in groups), measures,
        {m.name: tuple(row[j] for row in rows) for j, m in enumerate(measures)},
    )


def _valued(case: Case, groups: Sequence[tuple[str, ...]]) -> list[tuple[float | None, ...]]:
    measures = [m for m in appraisal.MEASURES if m.scope == "command" and m.combine != "other"]
    alone, together = _models(case)
    return [
        tuple(_plain(combined(case, m, m.compute(case, Command(group, together if len(group) > 1 else alone))))  # type: ignore[arg-type]
              for m in measures)
        for group in groups
    ]


def _models(case: Case) -> tuple[str, str]:
    """The operating models of a command of one area and of several: today's and the proposal's."""
    return (case.scheme.option("today").grouping.commands[0].model,
            case.scheme.option("proposed").grouping.commands[0].model)


def _plain(number: Number) -> float | None:
    return None if isinstance(number, Unavailable) else number
