"""Which gates of a case does the register bear on?  A pure function from gates and entries to gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, cast

from bailiwick.register.chain import Line
from bailiwick.scheme import Evidence, Gate

_KINDS = ("evaluation plan", "criterion")


def with_register(gates: Sequence[Gate], lines: Iterable[Line], as_of: date) -> tuple[Gate, ...]:
    """The gates with what the entries dated by `as_of` say of them.

    An entry that shows `met`, `not met` or `cannot be known` is evidence of that state.  A criterion (or an evaluation
    plan) dated no later than its test, which is the gate's due day or else its first other evidence, dates the gate's
    criterion; a later one does not, whatever it says.
    """
    known = [line for line in lines if line.entry.day <= as_of]
    return tuple(_with(gate, [line for line in known if line.entry.gate == gate.name]) for gate in gates)


def bearing_on(gates: Sequence[Gate], lines: Iterable[Line], as_of: date) -> tuple[Line, ...]:
    """The entries that bear on one of these gates and are dated by `as_of`, in their order."""
    names = {gate.name for gate in gates}
    return tuple(line for line in lines if line.entry.gate in names and line.entry.day <= as_of)


def _with(gate: Gate, lines: Sequence[Line]) -> Gate:
    told = tuple(_evidence(line) for line in lines if line.entry.shows)
    tests = [gate.due] if gate.due else [e.day for e in (*gate.evidence, *told)]
    criteria = [line.entry.day for line in lines if line.entry.kind in _KINDS
                and all(line.entry.day <= test for test in tests)]
    dated = min([*criteria, *([gate.criterion_dated] if gate.criterion_dated else [])], default=None)
    evidence = tuple(sorted((*gate.evidence, *told), key=lambda e: e.day))
    return replace(gate, evidence=evidence, criterion_dated=dated)


def _evidence(line: Line) -> Evidence:
    entry = line.entry
    shows = cast(Literal["met", "not met", "cannot be known"], entry.shows)
    reference = f", {entry.reference}" if entry.reference else ""
    return Evidence(entry.day, shows, f"{entry.title} ({entry.kind} by {entry.by}{reference})",
                    f"register entry {line.number}, entered {entry.recorded[:10]}, digest {line.digest[:12]}")
