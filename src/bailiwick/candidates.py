"""What is each conceivable command worth?  Every joined-up command of up to six areas, on every separable measure.

The map page looks plans up in this table and computes nothing, so page and engine cannot disagree.  Response is not
separable across command borders: it stands apart from the other measures, screened command by command, with its noise.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from bailiwick import appraisal
from bailiwick.case import Case
from bailiwick.errors import MethodError
from bailiwick.findings import Measure, Number, Unavailable, combined
from bailiwick.response import screening
from bailiwick.response.screening import Screening
from bailiwick.response.screening_rows import Row
from bailiwick.response.screening_tables import noise_table
from bailiwick.scheme import Command
from bailiwick.tables import ResultTable
from bailiwick.workers import spread

CAP = 6
MOST = 8000
"""Commands that are screened at the most."""

SCHEMA = "bailiwick/commands/1"
_BATCH = 250


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """What screening says of each command: `columns[name][row]`, points against today or a state.

    None where the command has no steady state or was not screened (then its states are None too). `noise` is by size:
    the standard deviation of one change, immediate and significant, each the mean of residents and the worst area.
    `sets` of assumptions were asked, the central one first.
    """

    columns: Mapping[str, tuple[float | int | str | None, ...]]
    noise: Mapping[int, tuple[tuple[float, float], tuple[float, float]]]
    sets: int

    def told(self) -> dict[str, object]:
        """The same as it stands in the command table, points to one decimal."""
        return {
            "label": "screened", "unit": "points of calls in target", "sets": self.sets,
            "against": "the same areas as single commands today, equal officers",
            "commands": sum(state is not None for state in self.columns["state"]),
            "noise": {str(size): [[round(x, 2) + 0.0 for x in pair] for pair in noise]
                      for size, noise in sorted(self.noise.items())},
            "columns": {name: [round(v, 1) + 0.0 if isinstance(v, float) else v for v in values]
                        for name, values in self.columns.items()},
        }


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """The command table: `commands` area codes of each row, `residents` of each, `values[measure][row]` or None.

    A value is the command's own, its areas combined as the measure declares; `measures` says how commands combine.
    `screened` is response, where it was asked: never one column with measures of whole options.
    """

    areas: tuple[str, ...]
    commands: tuple[tuple[str, ...], ...]
    residents: tuple[int, ...]
    measures: tuple[Measure, ...]
    values: Mapping[str, tuple[float | None, ...]]
    screened: Screened | None = None

    def with_screening(self, screening: Screening) -> Candidates:
        """The table with the screened response of its commands; MethodError when others were screened."""
        return self.with_screened(screened_of(self.commands, screening))

    def with_screened(self, screened: Screened) -> Candidates:
        """The table with screened response read back from a store; MethodError when it has another number of rows."""
        if any(len(values) != len(self.commands) for values in screened.columns.values()):
            raise MethodError(f"screened response of another list of commands: {len(self.commands)} are in the table")
        return replace(self, screened=screened)

    def document(self, digest: str) -> bytes:
        """The table as gzip-packed JSON, the same bytes for the same table; masks are hexadecimal, bit i is area i."""
        place = {code: i for i, code in enumerate(self.areas)}
        told: dict[str, object] = {
            "schema": SCHEMA, "case": digest, "cap": CAP, "areas": list(self.areas),
            "masks": [f"{sum(1 << place[code] for code in command):x}" for command in self.commands],
            "residents": list(self.residents),
            "measures": {m.name: {"title": m.title, "unit": m.unit, "decimals": m.decimals, "better": m.better,
                                  "role": m.role, "combine": m.combine, "weight": m.weight,
                                  "values": [None if v is None else round(v, m.decimals) + 0.0
                                             for v in self.values[m.name]]}
                         for m in self.measures},
        }
        if self.screened is not None:
            told["screened"] = self.screened.told()
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


# ---------------------------------------------------------------------------------------------------------------
# Screened response.

SCREENED = ("immediate", "immediate_low", "immediate_high", "immediate_worst", "significant", "significant_low",
            "significant_high", "significant_worst", "saturated", "immediate_state", "significant_state", "state")


def responding(case: Case, table: Candidates, pool: Executor | None = None, *, everywhere: bool = False
               ) -> tuple[Candidates, tuple[ResultTable, ...]]:
    """The table with screened response at the central assumptions, and the table of its noise.

    Commands that take in an area of the scheme are screened, or all of them where `everywhere`. Unchanged and without a
    table where response cannot be simulated, nothing is proposed to merge, or more than `MOST` commands are asked for.
    """
    own = set(case.scheme.scope)
    groups = tuple(group for group in table.commands if everywhere or own.intersection(group))
    if len(groups) > MOST or not screening.can_screen(case, groups):
        return table, ()
    found = screening.screened(case, groups, (), partial(spread, pool))
    return table.with_screening(found), (noise_table(found),)


def screened_of(commands: Sequence[tuple[str, ...]], screening: Screening) -> Screened:
    """The columns of a screening, in the order of `commands`, None for those that it left out.

    MethodError when it screened a command that is not among them.
    """
    rows: dict[tuple[str, ...], Row] = {row.command: row for row in screening.rows()}
    if not set(rows) <= set(commands):
        raise MethodError(f"{len(rows)} commands were screened and {len(commands)} are in the table")
    listed = [rows.get(group) for group in commands]
    columns = {name: tuple(getattr(row, name) if row else None for row in listed) for name in SCREENED}
    noise = {}
    for size in sorted({len(group) for group in commands}):
        (a, b), (c, d) = screening.noise.of(size).tolist()
        noise[size] = ((a, b), (c, d))
    return Screened(columns, noise, len(screening.sets))


def screening_key(case: Case, commands: Sequence[tuple[str, ...]], ks: Sequence[int], version: str) -> str:
    """The hash under which a screening may be kept: it is the same for the same case, commands, sets and version.

    `ks` are numbers of accepted sets, named in the hash by the draws that they stand for.
    """
    told = [version, case.digest, [list(group) for group in commands], [case.accepted[k] for k in ks]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def packed(screened: Screened) -> bytes:
    """Screened response as bytes for a store, the same for the same content and with every digit."""
    told = {"columns": screened.columns, "noise": {str(k): v for k, v in screened.noise.items()}, "sets": screened.sets}
    return gzip.compress(json.dumps(told, separators=(",", ":")).encode(), mtime=0)


def unpacked(data: bytes) -> Screened:
    """Screened response read back from a store; MethodError when the bytes are not such."""
    try:
        told = json.loads(gzip.decompress(data))
        noise = {int(size): ((a, b), (c, d)) for size, ((a, b), (c, d)) in told["noise"].items()}
        columns = {name: tuple(told["columns"][name]) for name in SCREENED}
        return Screened(columns, noise, int(told["sets"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise MethodError("the kept screening cannot be read: screen again") from error
