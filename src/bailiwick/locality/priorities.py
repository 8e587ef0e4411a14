"""How much of what worries an area also worries its command, and how much of the command's work is the area's?"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bailiwick.case import Case
from bailiwick.findings import ByArea, Number, Unavailable
from bailiwick.locality.crimes import NO_CRIMES, Counts, CrimeYear, crime_year
from bailiwick.scheme import Command

TOP = 5
NO_CRIME_HERE = Unavailable("not meaningful here", "no crime was recorded in the area or its command")


def jensen_shannon(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    """The Jensen-Shannon distance of two count vectors, base 2: 0 for the same mix, 1 for mixes with nothing shared.

    The square root of the divergence, hence a metric (Lin 1991; Endres and Schindelin 2003).  ValueError when one
    vector is empty of counts.

    >>> jensen_shannon(np.array([3.0, 0.0]), np.array([0.0, 8.0]))
    1.0
    """
    if not p.sum() > 0 or not q.sum() > 0:
        raise ValueError("a mix needs at least one count")
    a, b = p / p.sum(), q / q.sum()
    middle = (a + b) / 2
    divergence = (_relative_entropy(a, middle) + _relative_entropy(b, middle)) / 2
    return float(np.sqrt(min(max(divergence, 0.0), 1.0)))


def top_types(counts: Counts, types: tuple[str, ...], size: int = TOP) -> tuple[str, ...]:
    """The names of the most frequent types, most frequent first; ties by name, types without a crime left out."""
    order = sorted(range(len(types)), key=lambda i: (-counts[i], types[i]))
    return tuple(types[i] for i in order[:size] if counts[i] > 0)


def crime_mix_distance(case: Case, command: Command) -> ByArea:
    """For each area, the Jensen-Shannon distance of its crime mix from its command's, 0 to 1."""
    year, whole = _whole(case, command)
    if year is None or whole is None:
        return dict.fromkeys(command.areas, NO_CRIMES)
    return {code: jensen_shannon(year.by_area[code], whole) if year.by_area[code].sum() > 0 else NO_CRIME_HERE
            for code in command.areas}


def top_five_shared(case: Case, command: Command) -> ByArea:
    """For each area, how many of its five most frequent crime types are among its command's five."""
    year, whole = _whole(case, command)
    if year is None or whole is None:
        return dict.fromkeys(command.areas, NO_CRIMES)
    theirs = set(top_types(whole, year.types))
    return {code: float(len(theirs.intersection(top_types(year.by_area[code], year.types))))
            if year.by_area[code].sum() > 0 else NO_CRIME_HERE for code in command.areas}


def share_of_command_demand(case: Case, command: Command) -> ByArea:
    """For each area, its share of the crimes recorded in its command, per cent."""
    year, whole = _whole(case, command)
    if year is None or whole is None:
        return dict.fromkeys(command.areas, NO_CRIMES)
    return {code: _percent(float(year.by_area[code].sum()), float(whole.sum())) for code in command.areas}


def share_of_command_harm(case: Case, command: Command) -> ByArea:
    """For each area, its share of the harm-weighted crimes of its command, per cent."""
    year, whole = _whole(case, command)
    if year is None or whole is None:
        return dict.fromkeys(command.areas, NO_CRIMES)
    weights = harm_weights(case, year.types)
    if isinstance(weights, Unavailable):
        return dict.fromkeys(command.areas, weights)
    return {code: _percent(float(year.by_area[code] @ weights), float(whole @ weights)) for code in command.areas}


def harm_weights(case: Case, types: tuple[str, ...]) -> Counts | Unavailable:
    """The harm of one recorded crime of each type, theft = 1, from the assumptions `locality.harm.<type>`."""
    names = [harm_name(kind) for kind in types]
    missing = [kind for kind, name in zip(types, names, strict=True) if name not in case.assumptions]
    if missing:
        return Unavailable("unknown", "no harm weight is given for " + ", ".join(missing))
    return np.array([case.value(name) for name in names])


def harm_name(kind: str) -> str:
    """The name of the assumption that holds the harm weight of a crime type.

    >>> harm_name("Violence Against the Person")
    'locality.harm.violence_against_the_person'
    """
    return "locality.harm." + re.sub(r"[^a-z0-9]+", "_", kind.lower()).strip("_")


def _whole(case: Case, command: Command) -> tuple[CrimeYear | None, Counts | None]:
    year = crime_year(case)
    return year, None if year is None else year.of(command.areas)


def _percent(part: float, whole: float) -> Number:
    return NO_CRIME_HERE if whole <= 0 else 100.0 * part / whole


def _relative_entropy(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    some = p > 0
    return float(np.sum(p[some] * np.log2(p[some] / q[some])))
