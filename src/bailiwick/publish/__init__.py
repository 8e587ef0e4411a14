"""How does an appraisal reach people?  As results.json, a report, a map and a record, written here and nowhere else.

Files appear whole or not at all: each is written beside its place under another name and then renamed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import cast

from bailiwick.case import Case
from bailiwick.errors import CaseError, nearest
from bailiwick.findings import Appraisal, Measure
from bailiwick.publish import record as records
from bailiwick.publish.plan_map import map_page
from bailiwick.publish.record import WITHIN, rerun, verify
from bailiwick.publish.report import area_report, report
from bailiwick.publish.results import Json, canonical, read, results, validate

__all__ = [
    "WITHIN", "area_report", "is_of", "kept", "map_page", "page", "paper", "publish", "read", "report", "rerun",
    "results", "validate", "verify", "writable",
]

PAGES = ("report.html", "map.html")


def publish(appraisal: Appraisal, out: Path, *, measures: Sequence[Measure] | None = None) -> tuple[Path, ...]:
    """The paths of results.json, report.html, map.html and record.json, written whole into a folder.

    `measures` defaults to those of all rooms.  CaseError when the folder cannot be made or written; then nothing has
    been written.
    """
    document = cast(Json, json.loads(canonical(results(appraisal, measures))))
    validate(document)
    kept = canonical(document)
    note = records.record(appraisal.case, document, kept)
    name = str(note["fingerprint"])
    pages = {"report.html": report(document, name).encode(),
             "map.html": map_page(document, name, appraisal.commands or None).encode()}
    table = {"commands.json.gz": appraisal.commands} if appraisal.commands else {}
    bound = records.as_bytes(records.with_pages(note, {**pages, **table}))
    return written(out, {"results.json": kept, **pages, **table, "record.json": bound})


def page(document: Json, folder: Path, name: str, area: str | None = None) -> Path:
    """The path of one page printed from results: report.html, map.html, or the short report of one area."""
    if name not in PAGES:
        raise CaseError("page", "name", got=name, expected=" or ".join(PAGES), hint=nearest(name, PAGES))
    recorded = _recorded(folder, document)
    if area is not None and name == "report.html":
        return written(folder, {f"report-{area}.html": area_report(document, area, recorded).encode()})[0]
    if name == "report.html":
        text = report(document, recorded)
    else:
        text = map_page(document, recorded, _table(folder, document))
    return written(folder, {name: text.encode()})[0]


def paper(html: Path, document: Json) -> Path:
    """The path of the tagged PDF of a page written by `page`, beside it; MethodError where Pango is missing."""
    from bailiwick.publish.pdf import pdf

    day = str(cast(Json, document["case"])["as_of"])
    place = html.with_suffix(".pdf")
    return written(place.parent, {place.name: pdf(html.read_text(encoding="utf-8"), day=day)})[0]


def kept(folder: Path, case: Case, root: Path | None = None) -> tuple[Path, ...]:
    """The files of an earlier run in that folder, if they are of this very case and code and nothing has changed.

    `root` is the case's folder where it is not a bundled case; empty when there is anything to compute.
    """
    try:
        record, document = folder / "record.json", read(folder / "results.json")
        if not is_of(document, case) or verify(record, root):
            return ()
        bound = [str(page["path"]) for page in json.loads(record.read_text(encoding="utf-8"))["pages"]]
    except (CaseError, OSError, KeyError, TypeError):
        return ()
    return tuple(folder / name for name in ("results.json", *bound, "record.json"))


def is_of(document: Json, case: Case) -> bool:
    """Whether a results document is of this very case: same inputs, values, date, seed and number of sets."""
    return cast(Json, document["case"]).get("digest") == case.digest


def writable(folder: Path) -> None:
    """Make the folder and try it, so that long work does not end in a refusal; CaseError says what is wrong."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise CaseError(str(folder), "", got=error.strerror or str(error), expected="a folder that can be written",
                        hint="name another one with --out") from error


def written(folder: Path, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """The paths of files written whole into a folder, in their order: all are on disk before the first is renamed."""
    writable(folder)
    drafts: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.")
            drafts.append((Path(draft), folder / name))
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(draft).chmod(0o644)
        for draft_path, place in drafts:
            draft_path.replace(place)
    except OSError as error:
        raise CaseError(str(folder), "", got=error.strerror or str(error), expected="room to write the results",
                        hint="free some space, or name another folder with --out") from error
    finally:
        for draft_path, _ in drafts:
            draft_path.unlink(missing_ok=True)
    return tuple(place for _, place in drafts)


class _Callable(ModuleType):
    """The room itself, which can be called: `import bailiwick as bw; bw.publish(appraisal, out)`."""

    def __call__(
        self, appraisal: Appraisal, out: Path, *, measures: Sequence[Measure] | None = None,
    ) -> tuple[Path, ...]:
        return publish(appraisal, out, measures=measures)


sys.modules[__name__].__class__ = _Callable


def _table(folder: Path, document: Json) -> bytes | None:
    """The command table of the folder, if it is the one that these results were made with."""
    try:
        packed = (folder / "commands.json.gz").read_bytes()
    except OSError:
        return None
    told = cast(Json, document["provenance"]).get("commands_sha256")
    return packed if hashlib.sha256(packed).hexdigest() == told else None


def _recorded(folder: Path, document: Json) -> str:
    try:
        kept = json.loads((folder / "record.json").read_text(encoding="utf-8"))
        if kept["case"]["digest"] == cast(Json, document["case"])["digest"]:
            return str(kept["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return "not recorded"
