"""What is a formula made of?  Parts with their values, how they make the number, and the short ways to write one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a formula: what it is, its value, and the reckoning behind it in words (empty where it is plain)."""

    label: str
    value: float
    reckoned: str = ""


@dataclass(frozen=True, slots=True)
class Formula:
    """The rule in words, its parts, how they make the number (sum, quotient ...), and remarks."""

    rule: str
    terms: tuple[Term, ...]
    total: float | None
    remarks: tuple[str, ...] = ()


def summed(rule: str, terms: Iterable[Term], remarks: tuple[str, ...] = ()) -> Formula:
    """A formula that adds its parts up; parts that are nothing are left out."""
    kept = tuple(term for term in terms if abs(term.value) > 0.005)
    return Formula(rule, kept, math.fsum(term.value for term in kept), remarks)


def quotient(rule: str, above: Term, below: Term, times: float = 1.0, remarks: tuple[str, ...] = ()) -> Formula:
    """A formula that divides its first part by its second."""
    return Formula(rule, (above, below), times * above.value / below.value, remarks)
