"""Can anybody tell later that nothing was changed?  A record binds inputs, assumptions, code and results by sha256.

A record is self-attestation: it shows that files and record belong together, not that anybody else has checked them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

from bailiwick import __version__
from bailiwick.case import Case
from bailiwick.disclosure import REASON, refuse_small_counts, small_counts_in_results
from bailiwick.errors import CaseError
from bailiwick.findings import Appraisal
from bailiwick.publish.results import Json, canonical, results

SCHEMA = "bailiwick/record/1"
WITHIN = "within one unit of its last digit"
LONGEST = 40
_BOUND = ("schema", "case", "inputs", "assumptions", "code", "results")


def record(case: Case, document: Json, result_bytes: bytes) -> Json:
    """The record of one appraisal without its pages: what went in, what was assumed, by which code, what came out.

    CaseError where the results count one to four people without saying why: nothing is recorded, nothing published.
    """
    refuse_small_counts(small_counts_in_results(document), "results.json",
                        how=f"let the table's note say why, beginning with “{REASON}”")
    kept: Json = {
        "schema": SCHEMA,
        "case": {"name": case.name, "as_of": case.as_of.isoformat(),
                 "digest": cast(Json, document["case"])["digest"], "seed": case.seed, "draws": case.draws},
        "inputs": [{"path": i.path, "sha256": i.sha256, "restricted": i.restricted} for i in case.inputs],
        "assumptions": {name: {"value": case.value(name), "low": a.low, "high": a.high}
                        for name, a in sorted(case.assumptions.items())},
        "code": {"version": __version__, "sha256": code_sha256()},
        "results": {"path": "results.json", "sha256": sha256(result_bytes)},
    }
    kept["fingerprint"] = fingerprint(kept)
    return kept


def fingerprint(kept: Mapping[str, object]) -> str:
    """The name by which an appraisal is cited: BW- and 12 hexadecimal digits of all that its record binds."""
    told = json.dumps({key: kept[key] for key in _BOUND}, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return "BW-" + hashlib.sha256(told.encode()).hexdigest()[:12]


def with_pages(kept: Json, pages: Mapping[str, bytes]) -> Json:
    """The record with the hashes of the pages that were printed from its results, and a seal over the whole."""
    whole: Json = {**kept, "pages": [{"path": name, "sha256": sha256(content)} for name, content in pages.items()]}
    return {**whole, "seal": seal(whole)}


def seal(kept: Mapping[str, object]) -> str:
    """The sha256 of everything that a record says, its own seal left out."""
    told = {key: value for key, value in kept.items() if key != "seal"}
    return sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode())


def as_bytes(kept: Mapping[str, object]) -> bytes:
    """The bytes of a record: one way of writing it, so that any other byte shows."""
    return (json.dumps(kept, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


def verify(path: Path, root: Path | None = None) -> tuple[str, ...]:
    """What has changed since a record was written, one line each, nothing when all is as recorded.

    `root` is the case's folder; without one, the bundled case of that name or a folder of that name is looked for in
    the working folder and beside the record.  CaseError when the record itself cannot be read.
    """
    kept = _read(path)
    changed = []
    if fingerprint(kept) != kept.get("fingerprint"):
        changed.append(f"{path.name}: the record itself was changed (its fingerprint no longer fits)")
    elif seal(kept) != kept.get("seal") or path.read_bytes() != as_bytes(kept):
        changed.append(f"{path.name}: the record itself was changed (its seal no longer fits)")
    try:
        changed += _parts(path, kept, root)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if not changed:  # pragma: no cover - a record whose seal fits has every part
            raise CaseError(str(path), "", got=f"a part that cannot be read ({error})", expected="a whole record"
                            ) from error
    return tuple(changed)


def _parts(path: Path, kept: Json, root: Path | None) -> list[str]:
    changed: list[str] = []
    own = [cast("Mapping[str, str]", kept["results"]), *cast("list[Mapping[str, str]]", kept.get("pages", []))]
    changed += [f"{entry['path']}: {said}" for entry in own
                if (said := _difference(path.parent / entry["path"], entry["sha256"]))]
    changed += _assumptions(path, kept)
    folder = root or case_folder(str(cast(Json, kept["case"])["name"]), path)
    changed += _inputs(cast("list[Mapping[str, object]]", kept["inputs"]), folder)
    if cast("Mapping[str, str]", kept["code"])["sha256"] != code_sha256():
        changed.append(f"code: bailiwick {__version__} here is not the code that made the record")
    return changed


def rerun(path: Path, appraise: Callable[[Case], Appraisal], load: Callable[..., Case]) -> tuple[str, ...]:
    """The numbers that come out differently when the recorded case is computed afresh, one line each, at most 40.

    A number that differs by no more than one unit of the last digit it is kept with says so at the end of its line
    (`WITHIN`) and comes after all others: another processor or system may round the last digit otherwise.
    `load` takes the case's folder or name and `as_of`; seed, draws and changed values are those of the record.
    """
    kept = _read(path)
    day = date.fromisoformat(str(cast(Json, kept["case"])["as_of"]))
    case = _as_recorded(kept, load(_called(kept, path), as_of=day))
    before = json.loads((path.parent / "results.json").read_text(encoding="utf-8"))
    after = json.loads(canonical(results(appraise(case))))
    measures = cast("Mapping[str, Mapping[str, int]]", before.get("measures", {}))
    units = {name: 10.0 ** -told["decimals"] for name, told in measures.items() if "decimals" in told}
    found = sorted(_differences("", before, after, units), key=lambda line: line.endswith(WITHIN))
    return tuple(found)[:LONGEST]


def _called(kept: Json, path: Path) -> str:
    name = str(cast(Json, kept["case"])["name"])
    folder = case_folder(name, path)
    return str(folder) if (folder / "case.toml").is_file() else name


def _as_recorded(kept: Json, case: Case) -> Case:
    told = cast(Json, kept["case"])
    recorded = cast("Mapping[str, Mapping[str, float]]", kept["assumptions"])
    changed = {name: held["value"] for name, held in recorded.items()
               if name in case.assumptions and held["value"] != case.value(name)}
    return replace(case, seed=cast(int, told["seed"]), draws=cast(int, told["draws"]),
                   changed={**case.changed, **changed})


def code_sha256() -> str:
    """The sha256 over every file of the package that can move a number or a word, in the order of their paths."""
    total = hashlib.sha256()
    for name, content in _files(resources.files("bailiwick"), ""):
        total.update(f"{name}\0{sha256(content)}\n".encode())
    return total.hexdigest()


def sha256(content: bytes) -> str:
    """The sha256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if entry.is_dir():
            if entry.name not in ("__pycache__", "cases"):
                yield from _files(entry, f"{prefix}{entry.name}/")
        elif not entry.name.endswith((".pyc", ".nbi", ".nbc")):
            yield prefix + entry.name, entry.read_bytes()


def _read(path: Path) -> Json:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError(str(path), "", got=error.strerror or str(error), expected="a record.json written by appraise",
                        hint="make one with `bailiwick appraise CASE`") from error
    except ValueError as error:
        raise CaseError(str(path), "", got=str(error), expected="JSON as written by appraise") from error
    missing = [key for key in (*_BOUND, "fingerprint") if not isinstance(kept, dict) or key not in kept]
    if missing or kept["schema"] != SCHEMA:
        raise CaseError(str(path), "schema", got=f"without {', '.join(missing)}" if missing else kept["schema"],
                        expected=f"a record of the schema {SCHEMA}", hint="make one with `bailiwick appraise CASE`")
    return cast(Json, kept)


def _difference(path: Path, wanted: str) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return "" if sha256(content) == wanted else "changed since it was recorded"


def _inputs(inputs: list[Mapping[str, object]], folder: Path) -> Iterator[str]:
    if not folder.is_dir() and any(not str(entry["path"]).startswith("catalogue/") for entry in inputs):
        yield f"{folder}: the case’s folder is not here; run verify in the folder that holds it"
        return
    for entry in inputs:
        path = str(entry["path"])
        said = _difference(_located(path, folder), str(entry["sha256"]).removeprefix("sha256:"))
        if said and not (entry.get("restricted") and said.startswith("cannot")):
            yield f"{path}: {said}"


def case_folder(name: str, record_path: Path) -> Path:
    """The folder of a case by its name: in the working folder, beside the record, or bundled; else the name."""
    package = Path(str(resources.files("bailiwick")))
    above = record_path.resolve().parents
    places = [Path(name), Path("cases", name), *(folder / name for folder in above[:4]),
              *(folder / "cases" / name for folder in above[:4]), package / "cases" / name,
              package.parents[1] / "cases" / name]
    return next((place for place in places if (place / "case.toml").is_file()), Path(name))


def _located(path: str, folder: Path) -> Path:
    if path.startswith("catalogue/"):
        return Path(str(resources.files("bailiwick"))) / path
    return folder / path


def _assumptions(path: Path, kept: Json) -> list[str]:
    try:
        document = json.loads((path.parent / "results.json").read_text(encoding="utf-8"))
        table = document["tables"]["assumptions"]
        name, value = table["columns"].index("name"), table["columns"].index("value")
    except (OSError, ValueError, KeyError, TypeError):
        return []
    recorded = cast("Mapping[str, Mapping[str, float]]", kept["assumptions"])
    return [f"assumption {row[name]}: {row[value]:g} in results.json, {recorded[row[name]]['value']:g} in the record"
            for row in table["rows"]
            if row[name] in recorded and abs(row[value] - recorded[row[name]]["value"]) > _slack(row[value])]


def _slack(value: float) -> float:
    return 1e-3 * max(1.0, abs(value))


def _differences(where: str, before: object, after: object, units: Mapping[str, float],
                 unit: float | None = None) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        unit = units.get(str(before.get("measure")), unit)
        for key in [*before, *(k for k in after if k not in before)]:
            yield from _differences(f"{where}/{key}", before.get(key), after.get(key), units, unit)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for i, (a, b) in enumerate(zip(before, after, strict=True)):
            place = a["id"] if isinstance(a, dict) and "id" in a else i
            yield from _differences(f"{where}/{place}", a, b, units, unit)
    elif before != after:
        close = f", {WITHIN}" if _close(before, after, unit) else ""
        yield f"results.json {where}: {_short(before)} recorded, {_short(after)} now{close}"


def _close(before: object, after: object, unit: float | None) -> bool:
    """Whether two numbers differ by at most one unit of the last digit that they are kept with."""
    if isinstance(before, bool) or isinstance(after, bool):
        return False
    if not isinstance(before, int | float) or not isinstance(after, int | float):
        return False
    step = unit or 10.0 ** -max(_digits(before), _digits(after))
    return abs(before - after) <= step * (1 + 1e-9)


def _digits(number: float) -> int:
    exponent = Decimal(repr(number)).as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) and not isinstance(number, int) else 0


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
