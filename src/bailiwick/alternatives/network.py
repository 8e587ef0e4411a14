"""Which areas touch, and in which order is it cheapest to go through them?

The engine works on a plain graph, so that boroughs, forces, wards or a town on squared paper are all the same to it.
Areas are held in the order of their codes: whatever order a file lists them in, the answers are the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bailiwick.errors import CaseError, nearest

if TYPE_CHECKING:
    from bailiwick.areas import AreaSystem

LAND = "land"
CROSSING = "crossing"


@dataclass(frozen=True, slots=True)
class Network:
    """Areas as a graph: `edges` are pairs of positions in `codes` (first below second), `kinds` say what each is.

    `weights` are whole numbers (residents, calls), so that every comparison with a window is exact.
    `points` are eastings and northings in metres, `km2` the areas' sizes; either may be absent.
    """

    name: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    weights: tuple[int, ...]
    edges: tuple[tuple[int, int], ...]
    kinds: tuple[str, ...]
    points: tuple[tuple[float, float], ...] | None = None
    km2: tuple[float, ...] | None = None

    @property
    def n(self) -> int:
        """The number of areas."""
        return len(self.codes)

    @property
    def total(self) -> int:
        """The weight of all areas together."""
        return sum(self.weights)

    def position(self, code: str) -> int:
        """The position of an area by code, name or start of its name; `CaseError` when none or several fit."""
        if code in self.codes:
            return self.codes.index(code)
        plain = "".join(code.split()).casefold()
        hits = [i for i, name in enumerate(self.names) if "".join(name.split()).casefold() == plain]
        if not hits and plain:
            hits = [i for i, name in enumerate(self.names) if "".join(name.split()).casefold().startswith(plain)]
        if len(hits) == 1:
            return hits[0]
        known = sorted({*self.codes, *self.names})
        raise CaseError(self.name, "area", got=code, expected="the code or name of one area", hint=nearest(code, known))

    def adjacency(self) -> tuple[int, ...]:
        """One whole number an area: bit j of number i is set when areas i and j touch."""
        adj = [0] * self.n
        for a, b in self.edges:
            adj[a] |= 1 << b
            adj[b] |= 1 << a
        return tuple(adj)

    def pieces(self, members: Iterable[int] | None = None) -> tuple[tuple[int, ...], ...]:
        """The separate pieces of the given positions (of all areas, when none are given), each in order."""
        adj = self.adjacency()
        left = sum(1 << i for i in (range(self.n) if members is None else sorted(set(members))))
        found = []
        while left:
            piece = edge = left & -left
            while edge:
                reach = 0
                while edge:
                    low = edge & -edge
                    reach |= adj[low.bit_length() - 1]
                    edge ^= low
                edge = reach & left & ~piece
                piece |= edge
            found.append(tuple(i for i in range(self.n) if piece >> i & 1))
            left &= ~piece
        return tuple(found)

    def is_joined(self, members: Iterable[int]) -> bool:
        """Whether the given positions form one piece."""
        return len(self.pieces(members)) == 1

    def restricted(self, codes: Sequence[str]) -> Network:
        """The graph of some of the areas, with the borders between them."""
        keep = sorted({self.position(c) for c in codes})
        at = {old: new for new, old in enumerate(keep)}
        kept = [(i, e) for i, e in enumerate(self.edges) if e[0] in at and e[1] in at]
        return Network(
            name=self.name,
            codes=tuple(self.codes[i] for i in keep),
            names=tuple(self.names[i] for i in keep),
            weights=tuple(self.weights[i] for i in keep),
            edges=tuple((at[a], at[b]) for _, (a, b) in kept),
            kinds=tuple(self.kinds[i] for i, _ in kept),
            points=None if self.points is None else tuple(self.points[i] for i in keep),
            km2=None if self.km2 is None else tuple(self.km2[i] for i in keep),
        )


def network(
    name: str,
    weights: Mapping[str, int | None],
    links: Iterable[tuple[str, str, str]],
    *,
    crossings: bool = False,
    names: Mapping[str, str] | None = None,
    points: Mapping[str, tuple[float, float]] | None = None,
) -> Network:
    """The graph of the areas in `weights` joined by `links` (code, code, kind), without crossings unless asked for.

    `CaseError` for a link to an unknown area, of an area to itself, of an unknown kind, or listed as two kinds, and
    for a weight that is not a whole number of 0 or more.
    """
    codes = tuple(sorted(weights))
    for code in codes:
        _check_weight(name, code, weights[code])
    kinds: dict[tuple[int, int], str] = {}
    for a, b, kind in links:
        pair = _pair(name, codes, (a, b, kind))
        if kinds.setdefault(pair, kind) != kind:
            raise CaseError(
                name, f"{a} - {b}", got=f"listed as {kinds[pair]} and as {kind}", expected="one kind a pair"
            )
    used = tuple(p for p in sorted(kinds) if crossings or kinds[p] == LAND)
    return Network(
        name=name,
        codes=codes,
        names=tuple((names or {}).get(c, c) for c in codes),
        weights=tuple(int(weights[c] or 0) for c in codes),
        edges=used,
        kinds=tuple(kinds[p] for p in used),
        points=None if points is None else tuple(points[c] for c in codes),
    )


def _check_weight(name: str, code: str, weight: int | None) -> None:
    if weight is None or isinstance(weight, bool) or not 0 <= weight < 1 << 48 or weight != int(weight):
        raise CaseError(name, f"weight of {code}", got=weight, expected="a whole number of 0 or more")


def _pair(name: str, codes: tuple[str, ...], link: tuple[str, str, str]) -> tuple[int, int]:
    a, b, kind = link
    for code in (a, b):
        if code not in codes:
            raise CaseError(name, f"link {a} - {b}", got=code, expected="a known area", hint=nearest(code, codes))
    if a == b:
        raise CaseError(name, f"link {a} - {b}", got="an area touching itself", expected="two different areas")
    if kind not in (LAND, CROSSING):
        raise CaseError(
            name, f"kind of {a} - {b}", got=kind, expected="land or crossing", hint=nearest(kind, (LAND, CROSSING))
        )
    i, j = codes.index(a), codes.index(b)
    return (i, j) if i < j else (j, i)


def network_of(system: AreaSystem, *, crossings: bool = False, codes: Sequence[str] | None = None) -> Network:
    """The graph of an area system, or of the areas named, by residents; `CaseError` where they are unknown."""
    chosen = {a.code: a for a in system.areas if codes is None or a.code in set(codes)}
    for code in codes or ():
        if code not in chosen:
            raise CaseError(
                system.name, "area", got=code, expected="an area of this system", hint=nearest(code, chosen)
            )
    links = [(link.a, link.b, str(link.kind)) for link in system.contiguity if link.a in chosen and link.b in chosen]
    graph = network(
        system.name,
        {c: a.population for c, a in chosen.items()},
        links,
        crossings=crossings,
        names={c: a.name for c, a in chosen.items()},
        points={c: (a.easting, a.northing) for c, a in chosen.items()},
    )
    return replace(graph, km2=tuple(chosen[c].area_km2 for c in graph.codes))


def require_joined(graph: Network) -> None:
    """`CaseError` naming the separate pieces and their nearest pair, when the areas do not form one piece."""
    pieces = graph.pieces()
    if len(pieces) <= 1:
        return
    shown = sorted(pieces, key=len)
    told = "; ".join(
        "{" + ", ".join(graph.names[i] for i in p[:6]) + (", ..." if len(p) > 6 else "") + "}" for p in shown[:6]
    )
    raise CaseError(
        graph.name,
        "contiguity",
        got=f"{len(pieces)} separate pieces: {told}",
        expected="one piece, every area reachable from every other",
        hint=_nearest_pair(graph, shown),
    )


def _nearest_pair(graph: Network, pieces: Sequence[tuple[int, ...]]) -> str:
    if graph.points is None:
        return "add the missing links as land or crossing, allow crossings, or leave the piece out"
    at = graph.points
    rest = [j for p in pieces[1:] for j in p]
    _, i, j = min(((at[i][0] - at[j][0]) ** 2 + (at[i][1] - at[j][1]) ** 2, i, j) for i in pieces[0] for j in rest)
    pair = f"{graph.names[i]} - {graph.names[j]}"
    return f"nearest pair across the gap: {pair}; link them, allow crossings, or leave the piece out"
