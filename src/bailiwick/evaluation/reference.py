"""Which groups of untreated units might have been the pilot instead?

The unit of assignment is the pilot, so its placebos are groups of donors of the pilot's own size, joined up like it
where a map is at hand. All of them are listed: no draw, no seed, no p-value that moves between runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np

from bailiwick.errors import MethodError

Reference = Literal["auto", "contiguous", "all", "listed", "random"]
Pairs = Sequence[tuple[int, int]]
MOST_SETS = 1_000_000


def contiguous_groups(nodes: Iterable[int], pairs: Pairs, size: int) -> tuple[tuple[int, ...], ...]:
    """All joined-up groups of `size` nodes, each ascending, in lexicographic order.

    Every group is grown from its smallest node by neighbours that were not yet passed over (the ESU enumeration:
    Wernicke 2006, https://doi.org/10.1109/TCBB.2006.51), so each is met once.

    >>> contiguous_groups(range(4), [(0, 1), (1, 2), (2, 3)], 2)
    ((0, 1), (1, 2), (2, 3))
    """
    inside = frozenset(nodes)
    near: dict[int, frozenset[int]] = {k: frozenset() for k in inside}
    for a, b in pairs:
        if a in inside and b in inside:
            near[a], near[b] = near[a] | {b}, near[b] | {a}
    found: list[tuple[int, ...]] = []

    def _grow(group: tuple[int, ...], border: tuple[int, ...], passed: frozenset[int]) -> None:
        if len(group) == size:
            found.append(tuple(sorted(group)))
            if len(found) > MOST_SETS:
                raise MethodError(f"more than {MOST_SETS:,} joined-up groups of {size}: too many to list")
            return
        for k, node in enumerate(border):
            fresh = tuple(sorted(v for v in near[node] if v > group[0] and v not in passed))
            _grow((*group, node), border[k + 1 :] + fresh, passed | frozenset(fresh))

    for root in sorted(inside):
        border = tuple(sorted(v for v in near[root] if v > root))
        _grow((root,), border, frozenset({root, *border}))
    return tuple(sorted(found))


def is_joined_up(group: Sequence[int], pairs: Pairs) -> bool:
    """Whether the group hangs together by these pairs."""
    return len(contiguous_groups(group, pairs, len(group))) == 1


def all_groups(nodes: Sequence[int], size: int) -> tuple[tuple[int, ...], ...]:
    """All groups of `size` nodes in lexicographic order; MethodError above a million."""
    count = comb(len(nodes), size)
    if count > MOST_SETS:
        raise MethodError(
            f"{count:,} groups of {size} among {len(nodes)} donors: too many to list. Give --adjacency (joined-up "
            "groups only) or --groups (the donor groups that may serve as placebos), or ask for some with --draws"
        )
    return tuple(combinations(sorted(nodes), size))


def disjoint(families: Sequence[Sequence[tuple[int, ...]]]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """All ways of taking one group of each family without a shared member; MethodError above a million."""
    size = 1
    for family in families:
        size *= max(1, len(family))
    if size > 20 * MOST_SETS:
        raise MethodError(f"{size:,} combinations of placebo groups: too many to list for the pooled test")
    rows: list[tuple[tuple[int, ...], ...]] = [()]
    for family in families:
        rows = [(*row, group) for row in rows for group in family if not any(set(group) & set(g) for g in row)]
        if len(rows) > MOST_SETS:
            raise MethodError(f"more than {MOST_SETS:,} combinations of placebo groups: too many to list")
    return tuple(rows)


def drawn_groups(
    nodes: Sequence[int], size: int, *, count: int, rng: np.random.Generator
) -> tuple[tuple[int, ...], ...]:
    """`count` different groups of `size` nodes drawn with equal chances, in lexicographic order.

    Only for panels too large to list: a p from them moves with the generator, and the page says so.
    """
    if comb(len(nodes), size) <= count:
        return all_groups(nodes, size)
    members = np.asarray(sorted(nodes))
    found: set[tuple[int, ...]] = set()
    while len(found) < count:
        found.add(tuple(int(k) for k in np.sort(rng.choice(members, size=size, replace=False))))
    return tuple(sorted(found))
