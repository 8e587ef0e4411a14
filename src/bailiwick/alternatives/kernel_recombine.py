"""How does a chain of maps move? Two neighbouring commands are joined, a random tree drawn, and the tree cut in two.

The loops below draw until something is accepted, so their number of draws is not known beforehand: the generator is
an argument, and only `rng.random()` is used, which draws the same numbers compiled and not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEW_PAIR, SAME_PAIR, UNIFORM_PAIR, REVERSIBLE = 0, 1, 2, 3


class Town(NamedTuple):
    """The areas as a graph: neighbours of v at ptr[v]:ptr[v + 1] of `near`; borders as two ends; weights."""

    ptr: Ints
    near: Ints
    end_a: Ints
    end_b: Ints
    weight: Ints


class Law(NamedTuple):
    """Which chain it is: variant, lowest and highest weight of a command, most balanced borders (reversible), tries."""

    variant: int
    low: int
    high: int
    slots: int
    tries: int


class Desk(NamedTuple):
    """Room to work in, allotted once. Marks hold when they equal `clock`.

    nodes: the areas gathered; inside, in_tree: marks; local: neighbours among them, from ptr[v] on, degree[v] of them;
    parent, order, below: the tree; choices: where it may be cut.
    """

    nodes: Ints
    inside: Ints
    local: Ints
    degree: Ints
    in_tree: Ints
    parent: Ints
    order: Ints
    below: Ints
    choices: Ints
    clock: Ints


class Trace(NamedTuple):
    """What is kept: cut borders and largest |K p - T| after each step, the map after every `thin` steps, and tallies.

    tally: steps that changed nothing, trees drawn, steps with more balanced borders than there were slots.
    """

    cut: Ints
    deviation: Ints
    maps: NDArray[np.int16]
    tally: Ints


@njit(cache=True)
def gather(town: Town, part: Ints, a: int, b: int, start: int, desk: Desk) -> int:
    """Number of areas of the joined parts a and b that can be reached from `start`, listed in desk.nodes."""
    desk.clock[0] += 1
    tick = desk.clock[0]
    desk.nodes[0] = start
    desk.inside[start] = tick
    count, at = 1, 0
    while at < count:
        v = desk.nodes[at]
        at += 1
        first = town.ptr[v]
        free = first
        for e in range(first, town.ptr[v + 1]):
            u = town.near[e]
            if part[u] == a or part[u] == b:
                desk.local[free] = u
                free += 1
                if desk.inside[u] != tick:
                    desk.inside[u] = tick
                    desk.nodes[count] = u
                    count += 1
        desk.degree[v] = free - first
    return count


@njit(cache=True)
def draw_tree(town: Town, count: int, rng: np.random.Generator, desk: Desk) -> None:
    """A spanning tree of the gathered areas, every tree with the same chance; parents come first in desk.order.

    Wilson, "Generating random spanning trees more quickly than the cover time", STOC 1996.
    """
    desk.clock[1] += 1
    grown = desk.clock[1]
    ptr, local, degree, in_tree, parent, order = (
        town.ptr,
        desk.local,
        desk.degree,
        desk.in_tree,
        desk.parent,
        desk.order,
    )
    root = desk.nodes[0]
    in_tree[root] = grown
    parent[root] = -1
    order[0] = root
    placed = 1
    for i in range(1, count):
        start = desk.nodes[i]
        v = start
        while in_tree[v] != grown:
            u = local[ptr[v] + int(rng.random() * degree[v])]
            parent[v] = u
            v = u
        v, length = start, 0
        while in_tree[v] != grown:
            in_tree[v] = grown
            length += 1
            v = parent[v]
        v, at = start, placed + length - 1
        for _ in range(length):
            order[at] = v
            at -= 1
            v = parent[v]
        placed += length


@njit(cache=True)
def weigh(town: Town, count: int, desk: Desk) -> None:
    """The weight below and including each area of the tree, into desk.below."""
    below, order, parent = desk.below, desk.order, desk.parent
    for i in range(count):
        below[order[i]] = town.weight[order[i]]
    for i in range(count - 1, 0, -1):
        v = order[i]
        below[parent[v]] += below[v]


@njit(cache=True)
def balanced(count: int, low: int, high: int, desk: Desk) -> int:
    """Number of tree borders whose cut leaves both sides within low..high; their lower ends go to desk.choices."""
    found = 0
    total = desk.below[desk.order[0]]
    for i in range(1, count):
        v = desk.order[i]
        weight = desk.below[v]
        if low <= weight <= high and low <= total - weight <= high:
            desk.choices[found] = v
            found += 1
    return found


@njit(cache=True)
def mark_below(count: int, top: int, desk: Desk) -> None:
    """Sets desk.below to 1 for every area of the tree at or below `top`, to 0 for the rest."""
    for i in range(count):
        v = desk.order[i]
        desk.below[v] = 1 if v == top or (i > 0 and desk.below[desk.parent[v]] == 1) else 0


@njit(cache=True)
def borders_between(town: Town, count: int, side: Ints, first: int, desk: Desk) -> int:
    """Borders between the gathered areas whose `side` is `first` and the other gathered areas."""
    found = 0
    for i in range(count):
        v = desk.nodes[i]
        if side[v] != first:
            continue
        for e in range(town.ptr[v], town.ptr[v] + desk.degree[v]):
            if side[desk.local[e]] != first:
                found += 1
    return found


@njit(cache=True)
def pick_pair(town: Town, part: Ints, k: int, law: Law, rng: np.random.Generator) -> int:
    """A border between the two parts to be joined, as its number, or -1 when the pair drawn does not touch."""
    borders = town.end_a.shape[0]
    if law.variant == NEW_PAIR or law.variant == SAME_PAIR:
        while True:
            e = int(rng.random() * borders)
            if part[town.end_a[e]] != part[town.end_b[e]]:
                return int(e)
    while True:
        a = int(rng.random() * k)
        b = int(rng.random() * k)
        if a == b:
            continue
        for e in range(borders):
            p, q = part[town.end_a[e]], part[town.end_b[e]]
            if (p == a and q == b) or (p == b and q == a):
                return e
        if law.variant == REVERSIBLE:
            return -1


@njit(cache=True)
def attempt(town: Town, count: int, law: Law, rng: np.random.Generator, desk: Desk, tally: Ints) -> int:
    """The area below which to cut a fresh tree, or -1 when this tree is refused."""
    draw_tree(town, count, rng, desk)
    weigh(town, count, desk)
    tally[1] += 1
    found = balanced(count, law.low, law.high, desk)
    if law.variant != REVERSIBLE:
        return int(desk.choices[int(rng.random() * found)]) if found > 0 else -1
    if found > law.slots:
        tally[2] += 1
    slot = int(rng.random() * law.slots)
    return int(desk.choices[slot]) if slot < found else -1


@njit(cache=True)
def one_step(
    town: Town, part: Ints, load: Ints, law: Law, rng: np.random.Generator, desk: Desk, tally: Ints
) -> tuple[bool, int]:
    """(going on, change in cut borders) of one step of the chain; `part` and `load` (weight of parts) change in place.

    Not going on: more than law.tries trees were refused for one step.
    """
    k = load.shape[0]
    count, a, b, top = 0, 0, 0, -1
    drawn = 0
    while top < 0:
        if drawn == 0 or law.variant == NEW_PAIR:
            e = pick_pair(town, part, k, law, rng)
            if e < 0:
                tally[0] += 1
                return True, 0
            a, b = part[town.end_a[e]], part[town.end_b[e]]
            count = gather(town, part, a, b, town.end_a[e], desk)
        top = attempt(town, count, law, rng, desk, tally)
        drawn += 1
        if top < 0 and law.variant == REVERSIBLE:
            tally[0] += 1
            return True, 0
        if top < 0 and drawn >= law.tries:
            return False, 0
    before = borders_between(town, count, part, a, desk)
    weight = desk.below[top]
    mark_below(count, top, desk)
    after = borders_between(town, count, desk.below, 1, desk)
    if law.variant == REVERSIBLE and rng.random() * after >= 1.0:
        tally[0] += 1
        return True, 0
    total = load[a] + load[b]
    for i in range(count):
        v = desk.nodes[i]
        part[v] = a if desk.below[v] == 1 else b
    load[a], load[b] = weight, total - weight
    return True, after - before


@njit(cache=True)
def run_chain(town: Town, part: Ints, load: Ints, law: Law, rng: np.random.Generator, desk: Desk, trace: Trace) -> int:
    """Number of steps done (all of them, unless a step gave up); fills `trace`, whose length says how many to do."""
    k, total = load.shape[0], 0
    for p in range(k):
        total += load[p]
    cut = 0
    for e in range(town.end_a.shape[0]):
        if part[town.end_a[e]] != part[town.end_b[e]]:
            cut += 1
    steps, kept = trace.cut.shape[0], trace.maps.shape[0]
    thin = steps // kept if kept > 0 else steps + 1
    for t in range(steps):
        going, change = one_step(town, part, load, law, rng, desk, trace.tally)
        if not going:
            return int(t)
        cut += change
        worst = 0
        for p in range(k):
            worst = max(worst, abs(k * load[p] - total))
        trace.cut[t] = cut
        trace.deviation[t] = worst
        if (t + 1) % thin == 0 and (t + 1) // thin <= kept:
            row = (t + 1) // thin - 1
            for v in range(part.shape[0]):
                trace.maps[row, v] = part[v]
    return int(steps)


@njit(cache=True)
def carve(town: Town, part: Ints, law: Law, k: int, rng: np.random.Generator, desk: Desk) -> bool:
    """Whether a first map was found: parts are cut off a random tree of what is left, one after the other.

    part must be all 0 and becomes 0..k - 1; law.tries trees are tried for each part.
    """
    for p in range(k - 1):
        left = k - 1 - p
        start = -1
        for v in range(part.shape[0]):
            if part[v] == 0:
                start = v
                break
        count = gather(town, part, 0, 0, start, desk)
        done = False
        for _ in range(law.tries):
            draw_tree(town, count, rng, desk)
            weigh(town, count, desk)
            total = desk.below[desk.order[0]]
            found = 0
            for i in range(1, count):
                v = desk.order[i]
                below, above = desk.below[v], total - desk.below[v]
                if law.low <= below <= law.high and left * law.low <= above <= left * law.high:
                    desk.choices[found] = 2 * v
                    found += 1
                if law.low <= above <= law.high and left * law.low <= below <= left * law.high:
                    desk.choices[found] = 2 * v + 1
                    found += 1
            if found > 0:
                chosen = desk.choices[int(rng.random() * found)]
                mark_below(count, chosen // 2, desk)
                wanted = 1 - chosen % 2
                for i in range(count):
                    if desk.below[desk.nodes[i]] == wanted:
                        part[desk.nodes[i]] = k - 1 - p
                done = True
                break
        if not done:
            return False
    return True
