"""What does one appraisal read?  A draw of a case is a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bailiwick.areas import AreaSystem
from bailiwick.assumptions import Assumption, Scenario
from bailiwick.errors import CaseError, nearest
from bailiwick.scheme import Scheme
from bailiwick.tables import Table


@dataclass(frozen=True, slots=True)
class Input:
    """One file that the case was read from, bound by its sha256."""

    path: str
    sha256: str
    publisher: str
    licence: str
    published: str
    url: str
    restricted: bool = False


ClaimRule = Literal["worse", "better", "same", "no worse than cuts", "at least", "at most", "about", "ratio at least",
                    "ratio about", "pilot better", "only one so large", "most others", "agrees", "untestable"]


@dataclass(frozen=True, slots=True)
class Claim:
    """Something said in the debate, and the test that an appraisal can make of it.

    `measure`, `option` and `subject` (an area code, "scheme", "each" or "any" area) name the findings that test it;
    `rule` says how: worse, better, same (the change against today), no worse than cuts, at least, at most, about (the
    value against `threshold`), ratio at least, ratio about (the value over today's), pilot better (the pilots'
    published change), only one so large, most others (the announced commands), agrees (the numbers of other claims
    `about` the same thing), or untestable, for which `holder` says who has the figure. Claims `about` the same thing
    that come out differently are set against each other.
    """

    id: str
    who: str
    when: date
    quote: str
    side: Literal["for", "against", "neither"]
    url: str
    measure: str
    option: str
    subject: str
    rule: ClaimRule
    threshold: float | None
    holder: str
    why: str
    about: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Everything an appraisal reads, as known on `as_of`; never changed, only replaced.

    Two cases are equal when their digests are. `changed` holds the values that differ from the assumptions' own.
    `plan` is the text of the evaluation plan, nothing where the case has none.
    """

    name: str
    title: str
    question: str
    system: AreaSystem
    scheme: Scheme
    tables: Mapping[str, Table]
    assumptions: Mapping[str, Assumption]
    as_of: date
    claims: tuple[Claim, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    inputs: tuple[Input, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    unpublished: tuple[str, ...] = ()
    rulebook: Mapping[str, object] = field(default_factory=dict)
    rules: Mapping[str, object] = field(default_factory=dict)
    plan: str = ""
    seed: int = 2018
    replicate: int = 0
    draws: int = 200
    accepted: tuple[int, ...] = ()
    changed: Mapping[str, float] = field(default_factory=dict)
    content: str = ""
    _digest: list[str] = field(default_factory=list, init=False, repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def digest(self) -> str:
        """The sha256 of everything that can move a number: content, changed values, date, seed, replicate, draws."""
        if not self._digest:
            told = [self.content, sorted(self.changed.items()), self.as_of.isoformat(), self.seed, self.replicate,
                    self.draws]
            self._digest.append("sha256:" + hashlib.sha256(json.dumps(told).encode()).hexdigest())
        return self._digest[0]

    def assumption(self, name: str) -> Assumption:
        """The assumption of that name; CaseError with the nearest match when there is none."""
        try:
            return self.assumptions[name]
        except KeyError:
            raise CaseError(f"case {self.name}", "assumption", got=name, expected="the name of an assumption",
                            hint=nearest(name, self.assumptions)) from None

    def value(self, name: str) -> float:
        """The value of an assumption in this case or draw, in the assumption's unit."""
        if name in self.changed:
            return self.changed[name]
        return self.assumption(name).value

    def assume(self, name: str, value: float) -> Case:
        """The same case with another value of one assumption; CaseError outside its declared range."""
        known = self.assumption(name)
        if not known.low <= value <= known.high:
            raise CaseError(f"case {self.name}", name, got=value,
                            expected=f"a value from {known.low:g} to {known.high:g} {known.unit}",
                            hint="widen the range in case.toml, with a reason, if the value can be so")
        return replace(self, changed={**self.changed, name: float(value)})

    def rng(self, stream: str) -> np.random.Generator:
        """The generator of a named stream: it depends on seed, replicate and name alone."""
        return _generator(self.seed, self.replicate, stream)

    def varied(self) -> tuple[str, ...]:
        """The sorted names of the facts that have a range: what draws differ in.  Levers stay as they are set."""
        return tuple(sorted(
            name for name, a in self.assumptions.items()
            if a.control == "fact" and a.low < a.high and name not in self.changed
        ))

    def sample(self, k: int) -> Case:
        """The k-th set of a Latin hypercube of `draws` sets over the declared ranges (McKay, Beckman, Conover 1979)."""
        if not 0 <= k < self.draws:
            raise ValueError(f"set {k} of {self.draws}")
        values = dict(self.changed)
        for name in self.varied():
            values[name] = self.assumption(name).quantile(
                float(_hypercube(self.seed, self.replicate, self.draws, name)[k]))
        return replace(self, changed=values)

    def draw(self, k: int) -> Case:
        """The k-th accepted set: a case in which every varied fact has one value."""
        return self.sample(self.accepted[k] if self.accepted else k)

    def published_by(self, day: date | None) -> bool:
        """Whether something published that day was known at the appraisal's date."""
        return day is not None and day <= self.as_of


def _generator(seed: int, replicate: int, stream: str) -> np.random.Generator:
    name = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:8], "big")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, replicate, name])))


@lru_cache(maxsize=1024)
def _hypercube(seed: int, replicate: int, draws: int, name: str) -> NDArray[np.float64]:
    """One assumption's place in [0, 1] in each set: one in every stratum, in an order of its own."""
    rng = _generator(seed, replicate, f"assumption/{name}")
    strata = rng.permutation(draws)
    places: NDArray[np.float64] = (strata + rng.random(draws)) / draws
    return places
