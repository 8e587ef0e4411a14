"""Which areas are there, who lives in them, and which of them touch?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bailiwick.errors import CaseError, nearest

LinkKind = Literal["land", "crossing"]
Outline = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A small place with residents: a ward or an LSOA. Easting and northing in metres (EPSG:27700)."""

    code: str
    name: str
    easting: float
    northing: float
    residents: int


@dataclass(frozen=True, slots=True)
class Area:
    """A council area or a force area; its point is weighted by residents, metres in EPSG:27700.

    `population` and `households` are None when nothing published by the date of the appraisal gives them; so are
    `wards` (electoral wards, the beats of ward officers) and `councils` (elected councils inside the area).
    """

    code: str
    name: str
    force: str
    population: int | None
    households: int | None
    area_km2: float
    easting: float
    northing: float
    points: tuple[Point, ...] = ()
    wards: int | None = None
    councils: int | None = 1

    def __hash__(self) -> int:
        return hash(self.code)


@dataclass(frozen=True, slots=True)
class Link:
    """A pair of areas that touch: over land, or by a bridge, tunnel or ferry named in `over`."""

    a: str
    b: str
    kind: LinkKind
    over: str
    source: str
    land_metres: float | None = None


@dataclass(frozen=True, slots=True)
class AreaSystem:
    """All areas of one country or city and the typed, sourced list of the pairs that touch.

    `outlines` are polygons in metres by code, for drawing only; `undecided` says in words which pairs a person must
    still decide on; `sources` are the titles that a measure's figures come from here, by the measure's name.
    """

    name: str
    title: str
    areas: tuple[Area, ...]
    contiguity: tuple[Link, ...]
    outlines: Mapping[str, Outline] = field(default_factory=dict, compare=False, repr=False)
    undecided: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    _by_code: Mapping[str, Area] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {area.code: area for area in self.areas})

    def area(self, code: str) -> Area:
        """The area of that code; CaseError when there is none."""
        try:
            return self._by_code[code]
        except KeyError:
            raise CaseError(
                f"area system {self.name}", "code", got=code, expected="the code of one of its areas",
                hint=nearest(code, [a.code for a in self.areas]),
            ) from None

    def find(self, text: str) -> Area:
        """The area with that code or name, letter case and spaces aside; CaseError when there is none."""
        wanted = _plain(text)
        hits = [a for a in self.areas if wanted in (_plain(a.code), _plain(a.name))]
        if not hits and wanted:
            hits = [a for a in self.areas if _plain(a.name).startswith(wanted)]
        if len(hits) == 1:
            return hits[0]
        raise CaseError(
            f"area system {self.name}", "area", got=text, expected="the name or code of one area",
            hint=nearest(text, [a.name for a in self.areas] + [a.code for a in self.areas]),
        )

    def neighbours(self, code: str, *, crossings: bool = False) -> tuple[str, ...]:
        """The sorted codes of the areas that touch this one, river crossings included when asked for."""
        return tuple(sorted(
            link.b if link.a == code else link.a
            for link in self.contiguity
            if code in (link.a, link.b) and (crossings or link.kind == "land")
        ))

    def pieces(self, codes: Iterable[str], *, crossings: bool = False) -> tuple[tuple[str, ...], ...]:
        """The joined-up pieces into which these areas fall, each sorted, the largest first."""
        left = set(codes)
        found = []
        while left:
            front = [min(left)]
            left.discard(front[0])
            piece = list(front)
            while front:
                reached = [n for n in self.neighbours(front.pop(), crossings=crossings) if n in left]
                left.difference_update(reached)
                front.extend(reached)
                piece.extend(reached)
            found.append(tuple(sorted(piece)))
        return tuple(sorted(found, key=lambda piece: (-len(piece), piece)))

    def is_contiguous(self, codes: Iterable[str], *, crossings: bool = False) -> bool:
        """Whether one can walk through all these areas without leaving them."""
        return len(self.pieces(codes, crossings=crossings)) <= 1

    def subset(self, codes: Iterable[str]) -> tuple[Area, ...]:
        """The areas of these codes, sorted by code."""
        return tuple(self.area(code) for code in sorted(codes))


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("&", "and").split())
