"""In which order should the areas be gone through, so that as few as possible are half done at a time?

Every exact method here costs about 2 to the power of the number of half-done areas, summed over the steps; the order
changes the cost by orders of magnitude and the answer not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_STARTS = 64


def cheapest_order(adj: Sequence[int]) -> tuple[int, ...]:
    """The same as `_cheapest`, sought once for each graph: the same few graphs are asked again and again."""
    return _cheapest(tuple(adj))


@lru_cache(maxsize=64)
def _cheapest(adj: tuple[int, ...]) -> tuple[int, ...]:
    """The best of reverse Cuthill-McKee and greedy orders from many starts, by the sum of 2^(half-done areas).

    Cuthill and McKee, "Reducing the bandwidth of sparse symmetric matrices", ACM National Conference 1969.
    """
    n = len(adj)
    starts = range(n) if n <= _STARTS else range(0, n, -(-n // _STARTS))
    tried = [_reverse_cuthill_mckee(adj)]
    for start in starts:
        tried.append(_greedy(adj, start, oldest=True))
        tried.append(_greedy(adj, start, oldest=False))
    return min(tried, key=lambda order: (order_cost(adj, order), order))


def order_cost(adj: Sequence[int], order: Sequence[int]) -> int:
    """The sum over the steps of 2^(areas begun that still have a neighbour to come).

    >>> order_cost((0b010, 0b101, 0b010), (0, 1, 2))
    5
    """
    done, frontier, cost = 0, 0, 0
    for v in order:
        done |= 1 << v
        frontier = _after(adj, frontier, done, v)
        cost += 1 << frontier.bit_count()
    return cost


def _after(adj: Sequence[int], frontier: int, done: int, v: int) -> int:
    touched = (frontier & adj[v]) | 1 << v
    kept = frontier & ~touched
    while touched:
        low = touched & -touched
        if adj[low.bit_length() - 1] & ~done:
            kept |= low
        touched ^= low
    return kept


def _greedy(adj: Sequence[int], start: int, *, oldest: bool) -> tuple[int, ...]:
    n = len(adj)
    order: list[int] = []
    done, frontier, waiting = 0, 0, {start: 0}
    while len(order) < n:
        if not waiting:
            waiting = {next(i for i in range(n) if not done >> i & 1): len(order)}
        best = min(
            waiting,
            key=lambda v: (
                _after(adj, frontier, done | 1 << v, v).bit_count(),
                waiting[v] if oldest else -waiting[v],
                v,
            ),
        )
        del waiting[best]
        done |= 1 << best
        frontier = _after(adj, frontier, done, best)
        order.append(best)
        for j in _members(adj[best] & ~done):
            waiting.setdefault(j, len(order))
    return tuple(order)


def _reverse_cuthill_mckee(adj: Sequence[int]) -> tuple[int, ...]:
    n = len(adj)
    order: list[int] = []
    seen = 0
    by_degree = sorted(range(n), key=lambda i: (adj[i].bit_count(), i))
    for root in by_degree:
        if seen >> root & 1:
            continue
        seen |= 1 << root
        order.append(root)
        at = len(order) - 1
        while at < len(order):
            for j in sorted(_members(adj[order[at]] & ~seen), key=lambda i: (adj[i].bit_count(), i)):
                seen |= 1 << j
                order.append(j)
            at += 1
    return tuple(reversed(order))


def _members(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
