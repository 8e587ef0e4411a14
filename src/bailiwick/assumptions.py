"""Which numbers can be disputed, how far, and who says so?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

Shape = Literal["uniform", "triangular", "choice"]
Kind = Literal["data", "research", "guess"]
Control = Literal["lever", "fact"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was published, by whom, and when."""

    title: str
    url: str
    published: date | None


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that can be disputed: its value, its range, its unit, its evidence and who could settle it.

    `kind` is data (published), research (a study elsewhere) or guess (nobody published it). `control` tells a lever,
    which the decider sets, from a fact, which is so or not. `holder` names who knows the value of a guess and
    `settles` says in plain words why it matters.
    """

    name: str
    value: float
    low: float
    high: float
    shape: Shape
    unit: str
    kind: Kind
    control: Control
    title: str
    source: Source | None
    published: date | None
    holder: str = ""
    why: str = ""
    price_base: str = ""
    quality: Literal["green", "amber", "red"] = "amber"

    def quantile(self, u: float) -> float:
        """The value below which a share `u` of the declared range lies, u in [0, 1]."""
        if self.low == self.high:
            return self.value
        if self.shape == "triangular":
            return _triangular(self.low, self.value, self.high, u)
        if self.shape == "choice":
            return float(min(int(self.low + u * (self.high - self.low + 1)), int(self.high)))
        return self.low + u * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions that are changed together, to see what follows if it comes so.

    `values` pairs a name with the value it takes in every set, inside its declared range; `times` and `plus` pair a
    name with a factor on, or an addition to, the value that a set holds. Those two may leave the range: a scenario asks
    what lies beyond it.
    """

    name: str
    title: str
    why: str
    values: tuple[tuple[str, float], ...]
    times: tuple[tuple[str, float], ...] = ()
    plus: tuple[tuple[str, float], ...] = ()


def _triangular(low: float, mode: float, high: float, u: float) -> float:
    width = high - low
    turn = (mode - low) / width
    if u < turn:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1 - u) * width * (high - mode))
