"""What is an entry of the register, and is it whole?  The shape of a decision page of the Mayor's Office for Policing.

A page there holds title, reference, date, who decided, an executive summary, a recommendation, non-confidential facts
and advice, and the financial, legal, equality and risk implications (MOPAC decisions, london.gov.uk).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Literal, cast, get_args

from bailiwick.disclosure import refuse_small_counts, small_counts_in_text
from bailiwick.errors import CaseError, CaseErrors, nearest

Kind = Literal["evaluation plan", "criterion", "consultation response", "decision", "condition", "stop-rule reading"]
Shows = Literal["", "met", "not met", "cannot be known"]
KINDS: tuple[str, ...] = get_args(Kind)
SHOWS: tuple[str, ...] = get_args(Shows)
WORDS = ("case", "reference", "recommendation", "facts", "financial", "legal", "equality", "risk", "gate", "measure",
         "unit", "small_counts", "signer")
LONGEST = 20_000
_HASH, _RECORD, _CHECK = re.compile(r"[0-9a-f]{64}"), re.compile(r"BW-[0-9a-f]{12}"), re.compile(r"[A-Z][0-9]{1,2}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence by the sha256 of its bytes; `record` is the fingerprint (BW-...) where it is a record."""

    name: str
    sha256: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what was planned, asked, answered, decided or measured, when, by whom, on which evidence.

    `day` is the day it is about, `recorded` the moment it was entered (UTC). `gate` names a gate of the case and
    `shows` what the entry shows of it. A stop-rule reading holds `measure`, `reading` and `limit` in `unit`.
    `signs_off` lists checks of `bailiwick qa` that the person signs. `small_counts` says why a count of one to four
    people may stand. `signer` is the name under which an SSH key signs.
    """

    kind: Kind
    title: str
    day: date
    by: str
    summary: str
    case: str = ""
    reference: str = ""
    recommendation: str = ""
    facts: str = ""
    financial: str = ""
    legal: str = ""
    equality: str = ""
    risk: str = ""
    evidence: tuple[Exhibit, ...] = ()
    gate: str = ""
    shows: Shows = ""
    measure: str = ""
    reading: float | None = None
    limit: float | None = None
    unit: str = ""
    signs_off: tuple[str, ...] = ()
    small_counts: str = ""
    signer: str = ""
    recorded: str = ""


def entry_of(told: Mapping[str, object], where: str) -> Entry:
    """The entry that a table of keys and values tells; CaseError, or CaseErrors with every problem."""
    known = [field.name for field in fields(Entry)]
    problems = [CaseError(where, str(key), got=str(key), expected="a key of an entry", hint=nearest(str(key), known))
                for key in told if key not in known]
    problems += _forms(told, where)
    if not problems:
        values = {key: _held(key, value) for key, value in told.items()}
        entry = Entry(**values)  # type: ignore[arg-type]
        problems += _rules(entry, where)
    if problems:
        raise problems[0] if len(problems) == 1 else CaseErrors(where, tuple(problems))
    if not entry.small_counts:
        refuse_small_counts(small_counts_in_text("\n".join(_texts(entry))), where,
                            how="say in small_counts (--small-counts) why it may stand")
    return entry


def body_of(entry: Entry) -> str:
    """The one text of an entry that its digest binds: JSON, keys sorted, nothing that is empty."""
    told = {field.name: getattr(entry, field.name) for field in fields(entry)}
    told["day"] = entry.day.isoformat()
    told["evidence"] = [{k: v for k, v in (("name", e.name), ("sha256", e.sha256), ("record", e.record)) if v}
                        for e in entry.evidence]
    kept = {key: value for key, value in told.items() if value not in ("", None, (), [])}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def entry_from(body: str, where: str) -> Entry:
    """The entry whose text that is; CaseError when it is not the text of one."""
    try:
        told = json.loads(body)
    except ValueError as error:
        raise CaseError(where, "", got=str(error), expected="the text of an entry") from error
    if not isinstance(told, dict):
        raise CaseError(where, "", got=type(told).__name__, expected="the text of an entry")
    reason = {} if told.get("small_counts") else {"small_counts": "kept as it was entered"}
    return replace(entry_of({**told, **reason}, where), small_counts=str(told.get("small_counts", "")))


def _forms(told: Mapping[str, object], where: str) -> Iterator[CaseError]:
    for key in ("kind", "title", "day", "by", "summary"):
        if told.get(key) in (None, ""):
            yield CaseError(where, key, got="nothing", expected=_MEANING[key], hint=f"add {key} = ...")
    for key, value in told.items():
        wanted = _form(key, value)
        if wanted and value not in (None, ""):
            yield CaseError(where, key, got=value if isinstance(value, str) else repr(value), expected=wanted)


def _form(key: str, value: object) -> str:
    """What was expected where a value has the wrong form, or nothing where it is right."""
    if key in ("title", "by", "summary", "recorded", *WORDS):
        sound = isinstance(value, str) and len(value) <= LONGEST and not _CONTROL.search(value)
        return "" if sound else f"text of at most {LONGEST} letters without control characters"
    if key == "kind":
        return "" if value in KINDS else "one of " + ", ".join(KINDS)
    if key == "shows":
        return "" if value in SHOWS else "one of " + ", ".join(SHOWS[1:])
    if key == "day":
        return "" if _day(value) else "a day, as 2018-01-31"
    if key in ("reading", "limit"):
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return "" if number else "a number"
    if key == "signs_off":
        return "" if _listed(value, _CHECK) else "a list of checks of `bailiwick qa`, as Q15"
    return _exhibits(value) if key == "evidence" else ""


def _exhibits(value: object) -> str:
    wanted = "a list of tables, each with name and sha256 (64 hexadecimal digits), and record (BW-...) or nothing"
    if not isinstance(value, list | tuple):
        return wanted
    for one in value:
        held = one if isinstance(one, Mapping) else {}
        if not (isinstance(held.get("name"), str) and _HASH.fullmatch(str(held.get("sha256")))
                and (not held.get("record") or _RECORD.fullmatch(str(held["record"])))
                and set(held) <= {"name", "sha256", "record"} and not _CONTROL.search(str(held["name"]))):
            return wanted
    return ""


def _listed(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(v, str) and pattern.fullmatch(v) for v in value)


def _day(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _held(key: str, value: object) -> object:
    if key == "day":
        return _day(value)
    if key == "evidence":
        return tuple(Exhibit(**one) for one in cast("list[dict[str, str]]", value))
    if key == "signs_off":
        return tuple(sorted(set(cast("list[str]", value))))
    if key in ("reading", "limit"):
        return None if value is None else float(cast(float, value))
    return cast(str, value).strip()


def _rules(entry: Entry, where: str) -> Iterator[CaseError]:
    def problem(key: str, got: object, expected: str, hint: str = "") -> CaseError:
        return CaseError(where, key, got=got, expected=expected, hint=hint)

    if entry.kind == "decision" and not entry.reference:
        yield problem("reference", "nothing", "the reference of the decision, as PCD 217")
    if entry.kind == "stop-rule reading":
        for key in ("measure", "reading", "limit"):
            if getattr(entry, key) in ("", None):
                yield problem(key, "nothing", _MEANING[key])
    elif entry.reading is not None or entry.limit is not None:
        yield problem("reading", "a number", "nothing, as only a stop-rule reading holds one")
    if entry.shows and not entry.gate:
        yield problem("gate", "nothing", "the name of the gate that the entry shows something of")
    if entry.signs_off and entry.kind != "decision":
        yield problem("signs_off", entry.kind, "a decision: only a decision signs a check off")
    if entry.recorded and entry.day.isoformat() > entry.recorded[:10]:
        yield problem("day", entry.day.isoformat(), f"a day that has come by {entry.recorded[:10]}",
                      "enter it when it has happened")


def _texts(entry: Entry) -> Iterator[str]:
    for key in ("title", "summary", "recommendation", "facts", "financial", "legal", "equality", "risk"):
        yield str(getattr(entry, key))


_MEANING = {
    "kind": "one of " + ", ".join(KINDS), "title": "what it is called", "day": "the day it is about, as 2018-01-31",
    "by": "who planned, asked, answered, decided or measured", "summary": "what it says, in a few sentences",
    "measure": "what was measured", "reading": "the number that was read",
    "limit": "the number at which the rule says stop",
}
