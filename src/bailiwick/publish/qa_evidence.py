"""Is the evidence that a check asks for really there?  Each probe looks at the results, the pages or the code.

A probe is a word and what it looks at, as `rows cash_by_year`; it returns what it found in words, or nothing.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import cast

from bailiwick.disclosure import small_counts_in_results
from bailiwick.publish.bound import pointed
from bailiwick.publish.results import Json

_TEST = re.compile(r"^\s*(?:async )?def test_", re.MULTILINE)
_FETCHED = re.compile(
    r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"https?:|@import|url\(https?:|document\.cookie")
_SUITE = re.compile(r"<testsuite\b[^>]*>")


@dataclass(frozen=True, slots=True)
class World:
    """Where evidence can lie: results, the folder of the pages, what `verify` says (None without a record).

    `register` says in words that a register was verified, `suite` that a test report was read; both empty where there
    is none.  `checkout` is the folder of the source code, None in an installed package.
    """

    document: Json
    folder: Path
    record: tuple[str, ...] | None
    fingerprint: str = ""
    register: str = ""
    suite: str = ""
    checkout: Path | None = None

    def page(self, name: str) -> str:
        """The text of a page, or nothing where it has not been written."""
        path = self.folder / name
        return _text(path) if path.is_file() else ""

    def table(self, name: str) -> Json:
        """A table of the results; one without rows where there is none."""
        tables = cast("Mapping[str, Json]", self.document["tables"])
        return tables.get(name, {"columns": [], "rows": []})


def checkout() -> Path | None:
    """The folder of the source code that runs, or None in an installed package."""
    root = Path(str(resources.files("bailiwick"))).parents[1]
    return root if (root / "pyproject.toml").is_file() and (root / "tests").is_dir() else None


def found(world: World, probe: str) -> str:
    """What a probe finds, in words; nothing where the evidence is missing.  KeyError for a probe nobody knows."""
    word, _, what = probe.partition(" ")
    return PROBES[word](world, what)


def suite_of(report: str) -> str:
    """What a JUnit report of the tests says, in words: nothing unless tests ran and none failed.

    >>> suite_of('<testsuite name="pytest" errors="0" failures="0" skipped="1" tests="3" time="2.5">')
    '3 tests ran, 1 of them skipped, none failed'
    """
    told = [dict(re.findall(r'(\w+)="(\d+)"', suite)) for suite in _SUITE.findall(report)]
    total, bad, skipped = (sum(int(one.get(key, 0)) for one in told) for key in ("tests", "failures", "skipped"))
    bad += sum(int(one.get("errors", 0)) for one in told)
    return f"{total} tests ran, {skipped} of them skipped, none failed" if total and not bad else ""


def tests_in(root: Path, place: str, wanted: str = "") -> int:
    """How many test functions stand under a folder or in a file, in files that hold what is wanted."""
    path = root / place
    files = sorted(path.rglob("test_*.py")) if path.is_dir() else [path] if path.is_file() else []
    texts = [_text(file) for file in files]
    return sum(len(_TEST.findall(text)) for text in texts if not wanted or re.search(wanted, text))


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _at(world: World, what: str) -> str:
    try:
        value = pointed(world.document, what)
    except (KeyError, IndexError, TypeError):
        return ""
    if value in (None, "", [], {}):
        return ""
    size = f" ({len(value)} entries)" if isinstance(value, list | dict) else ""
    return f"results.json {what}{size}"


def _rows(world: World, what: str) -> str:
    rows = cast("Sequence[object]", world.table(what)["rows"])
    return f"table {what}: {len(rows)} rows" if rows else ""


def _columns(world: World, what: str) -> str:
    name, _, told = what.partition(" ")
    wanted = told.split("|")
    held = cast("Sequence[str]", world.table(name)["columns"])
    return f"table {name} has {', '.join(wanted)}" if set(wanted) <= set(held) else ""


def _filled(world: World, what: str) -> str:
    name, _, column = what.partition(" ")
    table = world.table(name)
    columns, rows = cast("Sequence[str]", table["columns"]), cast("Sequence[Sequence[object]]", table["rows"])
    if column not in columns or not rows:
        return ""
    filled = sum(row[columns.index(column)] not in (None, "") for row in rows)
    return f"{filled} of {len(rows)} {name} state {column}" if filled == len(rows) else ""


def _holds(world: World, what: str) -> str:
    name, _, words = what.partition(" ")
    rows = cast("Sequence[Sequence[object]]", world.table(name)["rows"])
    held = sum(any(words in str(cell) for cell in row) for row in rows)
    return f"table {name}: {held} rows of “{words}”" if held else ""


def _options(world: World, what: str) -> str:
    names = {str(option["name"]) for option in cast("Sequence[Json]", world.document["options"])}
    return f"{len(names)} options, among them {what.replace(' ', ', ')}" if set(what.split()) <= names else ""


def _measures(world: World, what: str) -> str:
    known = cast("Mapping[str, object]", world.document["measures"])
    return f"measures {what.replace(' ', ', ')}" if set(what.split()) <= set(known) else ""


def _check(world: World, what: str) -> str:
    made = [c for c in cast("Sequence[Json]", world.document["checks"]) if c["name"] == what]
    return f"check “{what}” passed" if made and all(c["passed"] is True for c in made) else ""


def _ranges(world: World, _: str) -> str:
    known = [f for f in cast("Sequence[Json]", world.document["findings"]) if f["value"] is not None]
    ranged = sum(f["low"] is not None and f["high"] is not None for f in known)
    return f"{ranged} of {len(known)} findings with a value have a range" if known and ranged == len(known) else ""


def _turning(world: World, _: str) -> str:
    unknowns = cast("Sequence[Json]", world.document["unknowns"])
    turned = sum(u["breaks_even_at"] is not None for u in unknowns)
    return f"{turned} of {len(unknowns)} unknowns have a switching value in range" if unknowns else ""


def _areas(world: World, _: str) -> str:
    scope = cast("Sequence[str]", cast(Json, world.document["case"])["scope"])
    subjects = [str(f["subject"]) for f in cast("Sequence[Json]", world.document["findings"])]
    least = min((subjects.count(code) for code in scope), default=0)
    return f"at least {least} findings for each of {len(scope)} areas" if least else ""


def _gate(world: World, what: str) -> str:
    named = [str(g["name"]) for g in cast("Sequence[Json]", world.document["gates"]) if re.search(what, str(g["name"]))]
    return f"gate “{named[0]}”" if named else ""


def _roles(world: World, what: str) -> str:
    roles = cast("Mapping[str, str]", cast(Json, world.document["case"])["roles"])
    named = [f"{role}: {roles[role]}" for role in what.split() if roles.get(role)]
    return "; ".join(named) if len(named) == len(what.split()) else ""


def _inputs(world: World, _: str) -> str:
    inputs = cast("Sequence[Json]", cast(Json, world.document["provenance"])["inputs"])
    whole = sum(all(one[key] for key in ("path", "sha256", "publisher", "licence")) for one in inputs)
    return f"{whole} input files with sha256, publisher and licence" if inputs and whole == len(inputs) else ""


def _rated(world: World, _: str) -> str:
    inputs = cast("Sequence[Json]", cast(Json, world.document["provenance"])["inputs"])
    rated = sum(bool(one.get("quality") and one.get("suitability")) for one in inputs)
    return f"{rated} input files rated for quality and suitability" if inputs and rated == len(inputs) else ""


def _undisclosed(world: World, _: str) -> str:
    return "" if small_counts_in_results(world.document) else "no count of one to four people in any table or finding"


def _record(world: World, _: str) -> str:
    return f"record {world.fingerprint}: every hash holds" if world.record == () else ""


def _register(world: World, _: str) -> str:
    return world.register


def _passed(world: World, _: str) -> str:
    return world.suite


def _self(world: World, what: str) -> str:
    return f"qa/{what}, written by this run"


def _page(world: World, what: str) -> str:
    name, _, wanted = what.partition(" ")
    times = len(re.findall(wanted, world.page(name)))
    return f"{name}: {times} places" if times else ""


def _nowhere(world: World, what: str) -> str:
    name, _, unwanted = what.partition(" ")
    own = re.sub(r"“[^”]*”", "", re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", "", world.page(name), flags=re.DOTALL))
    return f"{name}: nowhere in its own words" if own and not re.search(unwanted, own) else ""


def _captions(world: World, what: str) -> str:
    page = world.page(what)
    tables = re.findall(r"<table\b.*?</table>", page, re.DOTALL)
    sound = sum("<caption" in table and all("scope=" in head for head in re.findall(r"<th\b[^>]*>", table))
                for table in tables)
    return f"{what}: {sound} tables with caption and scoped heads" if tables and sound == len(tables) else ""


def _alts(world: World, what: str) -> str:
    images = re.findall(r"<[^>]*role=\"img\"[^>]*>", world.page(what))
    sound = sum(len((re.search(r'aria-label="([^"]*)"', image) or ["", ""])[1]) >= 20 for image in images)
    return f"{what}: {sound} drawings with a text of 20 letters or more" if images and sound == len(images) else ""


def _offline(world: World, what: str) -> str:
    page = world.page(what)
    fetched = _FETCHED.search(page)
    return f"{what}: nothing is fetched and no cookie is set" if page and not fetched else ""


def _file(world: World, what: str) -> str:
    name, _, wanted = what.partition(" ")
    path = (world.checkout or Path()) / name
    if world.checkout is None or not path.is_file():
        return ""
    return name if not wanted or re.search(wanted, _text(path)) else ""


def _absent(world: World, what: str) -> str:
    name, _, unwanted = what.partition(" ")
    if world.checkout is None or not (world.checkout / name).is_file():
        return ""
    return "" if re.search(unwanted, _text(world.checkout / name)) else f"{name}: none of them"


def _tests(world: World, what: str) -> str:
    place, _, wanted = what.partition(" ")
    many = tests_in(world.checkout, place, wanted) if world.checkout else 0
    return f"{many} tests under {place}" if many else ""


def _git(world: World, _: str) -> str:
    if world.checkout is None or not (world.checkout / ".git").exists():
        return ""
    done = subprocess.run(["git", "rev-list", "--count", "HEAD"], cwd=world.checkout, capture_output=True, text=True,
                          check=False)
    return f"{done.stdout.strip()} commits" if done.returncode == 0 else ""


PROBES: Mapping[str, Callable[[World, str], str]] = {
    "at": _at, "rows": _rows, "columns": _columns, "filled": _filled, "holds": _holds, "options": _options,
    "measures": _measures, "check": _check, "ranges": _ranges, "turning": _turning, "areas": _areas, "gate": _gate,
    "roles": _roles, "inputs": _inputs, "rated": _rated, "undisclosed": _undisclosed, "record": _record,
    "register": _register, "passed": _passed, "self": _self, "page": _page, "nowhere": _nowhere, "captions": _captions,
    "alts": _alts, "offline": _offline, "file": _file, "absent": _absent, "tests": _tests, "git": _git,
}
