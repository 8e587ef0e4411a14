"""How well is the appraisal assured?  Logs, checks with their evidence, and what only a person can do.

Nothing here says that anything complies: it says for how many checks evidence is present, how many need a person and
how many are missing.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from bailiwick.publish import words
from bailiwick.publish.qa_evidence import World, found, tests_in
from bailiwick.publish.results import Json

Who = Literal["A", "P", "A/P", "A/H", "H"]
State = Literal["evidence present", "needs a person", "missing"]
STATES: tuple[State, ...] = ("evidence present", "needs a person", "missing")
ROLES = ("commissioner", "analyst", "assurer", "approver")
_KINDS = (
    ("Static: lint, types, floors, sizes", "tests/test_house.py"), ("Case files and their errors", "tests/casefile"),
    ("Rooms: money", "tests/finance"), ("Rooms: response", "tests/response"), ("Rooms: closeness", "tests/locality"),
    ("Rooms: pilots", "tests/evaluation"), ("Rooms: maps", "tests/alternatives"),
    ("Contracts over every measure", "tests/contracts"), ("Against theory in closed form", "tests/theory"),
    ("Against published numbers", "tests/replication"), ("Against other programs", "tests/oracle"),
    ("Golden files of the cases", "tests/golden"), ("Pages", "tests/publish"), ("Pages in a browser", "tests/browser"),
    ("Register", "tests/register"), ("Trace and record", "tests/trust_trace"),
    ("Same bytes again", "tests/test_reproducible.py"), ("Documentation", "tests/test_docs.py"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement: where it is from, in our words, who can meet it, and the probes of its evidence."""

    id: str
    source: str
    asks: str
    who: Who
    evidence: tuple[str, ...]
    done: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One requirement with what was found: its state, the evidence in words, what is missing, and who signed it."""

    asked: Asked
    state: State
    evidence: tuple[str, ...]
    lacking: tuple[str, ...]
    signed: str


@dataclass(frozen=True, slots=True)
class Log:
    """One table of the assurance file: its file name, title, columns and rows."""

    file: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def csv(self) -> bytes:
        """The table as UTF-8 CSV; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([self.columns, *([_inert(cell) for cell in row] for row in self.rows)])
        return text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Assurance:
    """Everything that `qa` says of one appraisal: its name and record, every check, and the logs."""

    case: str
    title: str
    record: str
    checks: tuple[Checked, ...]
    logs: tuple[Log, ...]

    def count(self, state: State) -> int:
        """How many checks are in a state."""
        return sum(one.state == state for one in self.checks)

    @property
    def sentence(self) -> str:
        """The one line that sums it up."""
        present, person, missing = (self.count(state) for state in STATES)
        return (f"evidence present for {present} of {len(self.checks)} checks; "
                f"{words.count(person, 'needs', 'need')} a person; {missing} missing")


@cache
def catalogue() -> tuple[tuple[Asked, ...], Mapping[str, tuple[str, ...]]]:
    """Every requirement in its order, and the six qualities of RIGOUR with the checks that evidence each."""
    told = tomllib.loads((resources.files("bailiwick.publish") / "qa_checks.toml").read_text(encoding="utf-8"))
    asked = tuple(Asked(id, told["sets"][id[0]], one["asks"], one["who"], tuple(one["evidence"]), one.get("done", ""))
                  for id, one in told["checks"].items())
    return asked, {quality: tuple(ids) for quality, ids in told["rigour"].items()}


def assurance(world: World, signatures: Mapping[str, str], decisions: Sequence[tuple[str, ...]] = ()) -> Assurance:
    """The assurance of an appraisal from what is really there.

    `signatures` says for the id of a check who signed it off and where; `decisions` are the rows of the decisions log.
    """
    asked, rigour = catalogue()
    checks = tuple(_checked(world, one, signatures.get(one.id, "")) for one in asked)
    case = cast(Json, world.document["case"])
    logs = (_assumptions(world), _data(world), _decisions(decisions), _rigour(rigour, checks), _verification(world),
            _statement(checks), _roles(case))
    return Assurance(str(case["name"]), str(case["title"]), world.fingerprint or "not recorded", checks, logs)


def _checked(world: World, asked: Asked, signed: str) -> Checked:
    looked = [(probe, found(world, probe)) for probe in asked.evidence]
    evidence = tuple(said for _, said in looked if said)
    lacking = tuple(probe for probe, said in looked if not said)
    signed = signed or (found(world, asked.done) if asked.done else "")
    if lacking:
        return Checked(asked, "missing", evidence, lacking, signed)
    state: State = "evidence present" if asked.who == "A" or signed else "needs a person"
    return Checked(asked, state, evidence, (), signed)


def _assumptions(world: World) -> Log:
    """The assumptions log: what the Home Office's template asks (title, description, quality, impact), and more."""
    table = world.table("assumptions")
    held = cast("Sequence[str]", table["columns"])
    wanted = ("title", "name", "why", "value", "low", "high", "unit", "quality", "impact", "kind", "control", "source",
              "url", "published", "holder")
    rows = [_row(held, row, wanted) for row in cast("Sequence[Sequence[object]]", table["rows"])]
    return Log("assumptions-log.csv", "Assumptions log",
               ("Assumption", "Location", "Plain description", "Value", "Low", "High", "Unit", "Quality", "Impact",
                "Kind", "Control", "Source", "Address", "Dated", "Held by", "Signed by"),
               tuple((*row, "") for row in rows))


def _data(world: World) -> Log:
    inputs = cast("Sequence[Json]", cast(Json, world.document["provenance"])["inputs"])
    rows = tuple((str(one["path"]), str(one["publisher"]), str(one["published"]), str(one["licence"]), str(one["url"]),
                  str(one["sha256"]), "yes" if one["restricted"] else "no", str(one.get("quality", "")),
                  str(one.get("suitability", "")), "") for one in inputs)
    return Log("data-log.csv", "Data log", ("Source", "Publisher", "Published", "Licence", "Address", "sha256",
                                            "Restricted", "Quality", "Suitability", "Signed by"), rows)


def _decisions(rows: Sequence[tuple[str, ...]]) -> Log:
    return Log("decisions-log.csv", "Decisions log", ("Entry", "Date", "Kind", "Reference", "Title", "By", "Summary",
                                                      "Evidence", "Signed by", "Digest"), tuple(rows))


def _rigour(rigour: Mapping[str, tuple[str, ...]], checks: Sequence[Checked]) -> Log:
    known = {one.asked.id: one for one in checks}
    rows = tuple((quality, *(str(sum(known[id].state == state for id in ids)) for state in STATES), ", ".join(ids),
                  "; ".join(said for id in ids for said in known[id].evidence)) for quality, ids in rigour.items())
    return Log("rigour.csv", "RIGOUR", ("Quality", *(state.capitalize() for state in STATES), "Checks", "Evidence"),
               rows)


def _verification(world: World) -> Log:
    root = world.checkout
    rows = [(title, place, str(tests_in(root, place)) if root else "not in this installation")
            for title, place in _KINDS]
    made = cast("Sequence[Json]", world.document["checks"])
    state = {True: "passed", False: "failed", None: "for information"}
    rows += [(f"Check of this case: {c['name']}", str(c["text"]), state[cast("bool | None", c["passed"])])
             for c in made]
    rows.append(("Last run of the tests", world.suite or "no report was given (--tests FILE)", ""))
    return Log("verification.csv", "Verification and validation done", ("What", "Where", "How many, or result"),
               tuple(rows))


def _statement(checks: Sequence[Checked]) -> Log:
    rows = tuple((one.asked.id, one.asked.source, one.asked.asks, one.asked.who, one.state, "; ".join(one.evidence),
                  "; ".join(one.lacking), one.signed) for one in checks)
    return Log("assurance.csv", "Assurance statement, check by check",
               ("Check", "From", "Requirement", "Who", "State", "Evidence", "Not found", "Signed by"), rows)


def _roles(case: Json) -> Log:
    roles = cast("Mapping[str, str]", case.get("roles", {}))
    return Log("roles.csv", "Roles", ("Role", "Name", "Signature", "Date"),
               tuple((role, roles.get(role, ""), "", "") for role in ROLES))


def _row(held: Sequence[str], row: Sequence[object], wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple("" if name not in held or row[held.index(name)] is None else str(row[held.index(name)])
                 for name in wanted)


def _inert(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "@", "\t") or (cell[:1] == "-" and not _number(cell)) else cell


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
