"""How many maps are there, without listing a single command? Areas are added one at a time along a narrow frontier.

A state is a row of int64 words: the commands of the frontier areas, the pairs of commands that may never be joined
(the border between them has been cut for good), and, when weight or size is bounded, both for each open command.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bailiwick.alternatives.kernel_blocks import bit_index
from bailiwick.alternatives.kernel_maps import add_into, scrambled

Ints = NDArray[np.int64]

LABEL_BITS = 5
LABELS_A_WORD = 12
MOST_OPEN = 30
SIZE_SHIFT = 48


class Bounds(NamedTuple):
    """What one command may be; `tracked`: 1 keeps weights in the states, 2 sizes, 3 both, 0 neither."""

    lightest: int
    heaviest: int
    smallest: int
    largest: int
    tracked: int


class Step(NamedTuple):
    """One area added: frontier places of its earlier neighbours, and which places stay (its own place last)."""

    neighbours: Ints
    stays: Ints
    weight: int


@njit(cache=True)
def find_row(keys: NDArray[np.int64], table: Ints, key: Ints) -> int:
    """The slot that holds the number of `key`, or the empty slot where it belongs."""
    last = table.shape[0] - 1
    h = 0
    for w in range(key.shape[0]):
        h = scrambled(h ^ key[w])
    at = h & last
    while table[at] >= 0:
        same = True
        row = table[at]
        for w in range(key.shape[0]):
            if keys[row, w] != key[w]:
                same = False
                break
        if same:
            return int(at)
        at = (at + 1) & last
    return int(at)


@njit(cache=True)
def unpack(key: Ints, places: int, label: Ints, forbidden: Ints, load: Ints, tracked: int) -> int:
    """Reads a state into labels of places, forbidden masks and loads of commands; returns the number of commands."""
    open_commands = 0
    for i in range(places):
        label[i] = (key[i // LABELS_A_WORD] >> (LABEL_BITS * (i % LABELS_A_WORD))) & 31
        open_commands = max(open_commands, label[i] + 1)
    words = (places + LABELS_A_WORD - 1) // LABELS_A_WORD
    for c in range(open_commands):
        forbidden[c] = key[words + c]
        load[c] = key[words + open_commands + c] if tracked else 0
    return open_commands


@njit(cache=True)
def pack(key: Ints, places: int, label: Ints, forbidden: Ints, load: Ints, setup: Ints) -> None:
    """Writes a state: labels renumbered in the order in which they are first seen, forbidden pairs, loads.

    setup: number of old labels, whether loads are tracked.
    """
    key[:] = 0
    name = np.full(MOST_OPEN + 2, -1, dtype=np.int64)
    count = 0
    for i in range(places):
        if name[label[i]] < 0:
            name[label[i]] = count
            count += 1
        key[i // LABELS_A_WORD] |= name[label[i]] << (LABEL_BITS * (i % LABELS_A_WORD))
    words = (places + LABELS_A_WORD - 1) // LABELS_A_WORD
    for c in range(setup[0]):
        if name[c] < 0:
            continue
        rest = forbidden[c]
        while rest != 0:
            low = rest & -rest
            rest ^= low
            other = name[bit_index(low)]
            if other >= 0:
                key[words + name[c]] |= 1 << other
        if setup[1]:
            key[words + count + name[c]] = load[c]


@njit(cache=True)
def choices(chosen: int, label: Ints, step: Step) -> tuple[int, int]:
    """(commands touched as a mask, borders cut) when the area joins the commands in `chosen`."""
    touched, cut = 0, 0
    for i in step.neighbours:
        touched |= 1 << label[i]
        if (chosen >> label[i]) & 1 == 0:
            cut += 1
    return touched, cut


@njit(cache=True)
def may_join(chosen: int, forbidden: Ints) -> bool:
    """Whether no two of the chosen commands have a cut border between them."""
    rest = chosen
    while rest != 0:
        low = rest & -rest
        rest ^= low
        if forbidden[bit_index(low)] & chosen != 0:
            return False
    return True


@njit(cache=True)
def joined(chosen: int, touched: int, new: int, forbidden: Ints, load: Ints) -> int:
    """Load of the chosen commands once joined into `new`; its forbidden pairs are set in place on both sides."""
    total, banned = 0, touched & ~chosen
    rest = chosen
    while rest != 0:
        low = rest & -rest
        rest ^= low
        banned |= forbidden[bit_index(low)]
        total += load[bit_index(low)]
    forbidden[new] = banned
    rest = banned
    while rest != 0:
        low = rest & -rest
        rest ^= low
        forbidden[bit_index(low)] |= 1 << new
    return total


@njit(cache=True)
def close(label: Ints, places: int, stays: Ints, load: Ints, bounds: Bounds) -> tuple[int, bool]:
    """(commands closed, allowed) after the places that do not stay leave; the labels that stay move up in place."""
    seen, left = 0, 0
    at = 0
    for i in range(places):
        bit = 1 << label[i]
        if stays[i]:
            seen |= bit
            label[at] = label[i]
            at += 1
        else:
            left |= bit
    closing = left & ~seen
    closed = 0
    while closing != 0:
        low = closing & -closing
        closing ^= low
        closed += 1
        if bounds.tracked:
            size = load[bit_index(low)] >> SIZE_SHIFT
            weight = load[bit_index(low)] & ((1 << SIZE_SHIFT) - 1)
            if weight < bounds.lightest or size < bounds.smallest:
                return closed, False
    return closed, True


@njit(cache=True)
def add_shifted(target: NDArray[np.int64], extra: NDArray[np.int64], parts: int, cut: int) -> None:
    """Adds counts (parts, cut, limbs), moved up by `parts` and `cut`; what is moved beyond the last part is dropped."""
    last_cut = target.shape[1]
    for p in range(extra.shape[0] - parts):
        for c in range(extra.shape[1]):
            some = False
            for w in range(extra.shape[2]):
                some = some or extra[p, c, w] != 0
            if some:
                add_into(target[p + parts, 0 if last_cut == 1 else c + cut], extra[p, c])


@njit(cache=True)
def advance(
    keys: NDArray[np.int64], counts: NDArray[np.int64], places: int, step: Step, bounds: Bounds, limit: int
) -> tuple[bool, NDArray[np.int64], NDArray[np.int64]]:
    """(complete, keys, counts) of the next layer. keys: (states, words); counts: (states, parts, cuts, limbs).

    Stops, not complete, when the layer would hold more than `limit` states.
    """
    words = keys.shape[1]
    new_keys = np.zeros((256, words), dtype=np.int64)
    new_counts = np.zeros((256, counts.shape[1], counts.shape[2], counts.shape[3]), dtype=np.int64)
    table = np.full(1024, -1, dtype=np.int64)
    found = 0
    label, label2 = np.zeros(places + 1, dtype=np.int64), np.zeros(places + 1, dtype=np.int64)
    forbidden, forbidden2 = np.zeros(MOST_OPEN + 2, dtype=np.int64), np.zeros(MOST_OPEN + 2, dtype=np.int64)
    load, load2 = np.zeros(MOST_OPEN + 2, dtype=np.int64), np.zeros(MOST_OPEN + 2, dtype=np.int64)
    key = np.zeros(words, dtype=np.int64)
    remain = 0
    for i in range(places + 1):
        remain += step.stays[i]
    setup = np.zeros(2, dtype=np.int64)
    one = ((bounds.tracked >> 1) << SIZE_SHIFT) + (bounds.tracked & 1) * step.weight
    for s in range(keys.shape[0]):
        new = unpack(keys[s], places, label, forbidden, load, bounds.tracked)
        touched, _ = choices(0, label, step)
        chosen = touched
        while True:
            if may_join(chosen, forbidden):
                label2[:] = label
                forbidden2[:] = forbidden
                load2[:] = load
                touched, cut = choices(chosen, label, step)
                total = joined(chosen, touched, new, forbidden2, load2) + one
                load2[new] = total if bounds.tracked else 0
                weight = total & ((1 << SIZE_SHIFT) - 1)
                fits = not bounds.tracked or (weight <= bounds.heaviest and (total >> SIZE_SHIFT) <= bounds.largest)
                if fits:
                    label2[places] = new
                    for i in range(places):
                        if (chosen >> label[i]) & 1:
                            label2[i] = new
                    closed, allowed = close(label2, places + 1, step.stays, load2, bounds)
                    if allowed and closed < counts.shape[1]:
                        setup[0], setup[1] = new + 1, bounds.tracked
                        pack(key, remain, label2, forbidden2, load2, setup)
                        at = find_row(new_keys, table, key)
                        if table[at] < 0:
                            if found >= limit:
                                return False, new_keys[:found], new_counts[:found]
                            if found == new_keys.shape[0]:
                                new_keys, new_counts = doubled(new_keys), doubled_counts(new_counts)
                            new_keys[found] = key
                            table[at] = found
                            found += 1
                            if 3 * found > table.shape[0]:
                                table = rebuilt(new_keys, found, 4 * table.shape[0])
                            at = find_row(new_keys, table, key)
                        add_shifted(new_counts[table[at]], counts[s], closed, cut)
            if chosen == 0:
                break
            chosen = (chosen - 1) & touched
    return True, new_keys[:found], new_counts[:found]


@njit(cache=True)
def doubled(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """A copy with twice as many rows."""
    bigger = np.zeros((2 * keys.shape[0], keys.shape[1]), dtype=np.int64)
    bigger[: keys.shape[0]] = keys
    return bigger


@njit(cache=True)
def doubled_counts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """A copy with twice as many rows."""
    bigger = np.zeros((2 * counts.shape[0], counts.shape[1], counts.shape[2], counts.shape[3]), dtype=np.int64)
    bigger[: counts.shape[0]] = counts
    return bigger


@njit(cache=True)
def rebuilt(keys: NDArray[np.int64], found: int, size: int) -> Ints:
    """A table of `size` slots for the first `found` keys."""
    table = np.full(size, -1, dtype=np.int64)
    for i in range(found):
        table[find_row(keys, table, keys[i])] = i
    return table
