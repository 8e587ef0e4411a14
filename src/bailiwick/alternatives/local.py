"""How else could these few areas be commanded? The choice set that fits on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bailiwick.alternatives.network import Network
from bailiwick.errors import CaseError

Kind = Literal["among themselves", "one joins", "one leaves"]
MOST_AREAS = 10


@dataclass(frozen=True, slots=True)
class LocalMap:
    """One way to command some areas: its commands, and the borders that some command hangs on (it falls apart without).

    `hangs_on` are pairs of codes. `moved` is the area that joins or leaves, None for a map among the areas themselves.
    """

    kind: Kind
    commands: tuple[tuple[str, ...], ...]
    hangs_on: tuple[tuple[str, str], ...]
    moved: str | None = None


def local_maps(graph: Network, areas: Sequence[str]) -> tuple[LocalMap, ...]:
    """Every map of the areas into joined-up commands, then with one neighbour more, then with one member less.

    A member leaves only if the rest stays in one piece; it then stands alone. `CaseError` above ten areas.
    """
    if len(set(areas)) > MOST_AREAS:
        raise CaseError(
            graph.name, "areas", got=len(set(areas)), expected=f"at most {MOST_AREAS} for a page of choices"
        )
    inside = tuple(sorted({graph.position(a) for a in areas}))
    own = [_local(graph, "among themselves", parts) for parts in joined_partitions(graph, inside)]
    own.sort(key=lambda m: (len(m.commands), m.commands))
    adj = graph.adjacency()
    around = [j for j in range(graph.n) if j not in inside and any(adj[i] >> j & 1 for i in inside)]
    more = [_local(graph, "one joins", ((*inside, j),), graph.codes[j]) for j in around]
    less = [
        _local(graph, "one leaves", (tuple(i for i in inside if i != out), (out,)), graph.codes[out])
        for out in inside
        if len(inside) > 2 and graph.is_joined([i for i in inside if i != out])
    ]
    joined = [m for m in more if graph.is_joined([graph.position(c) for c in m.commands[0]])]
    return (*own, *joined, *less)


def joined_partitions(graph: Network, areas: Sequence[int]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Every partition of the positions into parts of one piece each."""
    left = tuple(sorted(areas))
    if not left:
        yield ()
        return
    first, rest = left[0], left[1:]
    for choice in range(1 << len(rest)):
        part = (first, *(a for i, a in enumerate(rest) if choice >> i & 1))
        if graph.is_joined(part):
            for others in joined_partitions(graph, [a for a in rest if a not in part]):
                yield (part, *others)


def _local(graph: Network, kind: Kind, parts: Sequence[Sequence[int]], moved: str | None = None) -> LocalMap:
    commands = tuple(sorted(tuple(sorted(graph.codes[i] for i in p)) for p in parts))
    hangs = sorted({pair for p in parts for pair in borders_hung_on(graph, p)})
    return LocalMap(kind, commands, tuple((graph.codes[a], graph.codes[b]) for a, b in hangs), moved)


def borders_hung_on(graph: Network, part: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """The borders inside a part without which it would fall into two pieces."""
    members = set(part)
    inner = [e for e in graph.edges if e[0] in members and e[1] in members]
    hung = []
    for left_out in inner:
        reached, front = {min(members)}, [min(members)]
        while front:
            v = front.pop()
            for e in inner:
                if e == left_out or v not in e:
                    continue
                u = e[0] if e[1] == v else e[1]
                if u not in reached:
                    reached.add(u)
                    front.append(u)
        if reached != members:
            hung.append(left_out)
    return tuple(hung)
