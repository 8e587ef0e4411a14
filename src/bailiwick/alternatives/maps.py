"""What do all maps look like together? A graph of partial maps without dead ends, shared by every exact method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bailiwick.alternatives.blocks import CommandTable
from bailiwick.alternatives.kernel_maps import LIMB_BITS, completions, state_graph, without_dead_ends
from bailiwick.alternatives.order import cheapest_order
from bailiwick.errors import MethodError

MOST_BYTES = 2_000_000_000
_STATE_BYTES = 80
_EDGE_BYTES = 32


@dataclass(frozen=True, slots=True, eq=False)
class MapGraph:
    """All maps that the table allows, for the numbers of commands in `parts`.

    State 0 covers no area, the last covers all; the edges of state s are ptr[s]:ptr[s + 1], each naming the state it
    leads to (`child`) and the table row it adds (`row`). Bit p of ok[s]: p more commands can finish from s. No state
    when there is no map at all.
    """

    table: CommandTable
    parts: tuple[int, ...]
    ptr: NDArray[np.int64]
    child: NDArray[np.int64]
    row: NDArray[np.int64]
    ok: NDArray[np.int64]

    @property
    def states(self) -> int:
        """The number of partial maps that can be finished."""
        return len(self.ptr) - 1

    @property
    def limbs(self) -> int:
        """Words that any count fits in: a map is fixed by the borders it cuts, so there are at most 2^borders."""
        return len(self.table.network.edges) // LIMB_BITS + 1

    def has(self, k: int) -> bool:
        """Whether any map of K commands exists."""
        return self.states > 0 and k in self.parts and bool(int(self.ok[0]) >> k & 1)


def map_graph(table: CommandTable, parts: Sequence[int] | None = None, *, most_bytes: int = MOST_BYTES) -> MapGraph:
    """Every map of the given numbers of commands (of any number, when none is given) as one graph.

    `MethodError` before more than `most_bytes` would be used, saying how far it came.
    """
    n = table.network.n
    wanted = tuple(range(1, n + 1)) if parts is None else tuple(sorted({k for k in parts if 1 <= k <= n}))
    if not len(table) or not wanted:
        return _nothing(table, wanted)
    order = cheapest_order(table.network.adjacency())
    masks, ptr, at = _grouped(table, order)
    weights = table.weights[at]
    bits = sum(1 << k for k in wanted)
    most = most_bytes // (2 * _STATE_BYTES), most_bytes // (2 * _EDGE_BYTES)
    setup = np.array([n, table.network.total, *most], dtype=np.int64)
    ends = [k for k in wanted if k - 1 not in wanted], [k for k in wanted if k + 1 not in wanted]
    runs = np.array(list(zip(*ends, strict=True)), dtype=np.int64).ravel()
    limits = np.array([table.sizes.min(), table.sizes.max(), weights.min(), weights.max()], dtype=np.int64)
    stopped, cov, used, first, after, packed = state_graph(masks, weights, table.sizes[at], ptr, setup, runs, limits)
    if stopped >= 0:
        raise MethodError(
            f"{len(cov):,} partial maps after {int(stopped)} of {n} areas need more than {most_bytes / 1e9:.1f} GB: "
            "narrow the window, lower the size cap, or use the ensemble"
        )
    kept, child, row, ok = without_dead_ends(cov, used, first, after, packed, n, bits)
    if len(kept) <= 1:
        return _nothing(table, wanted)
    return MapGraph(table, wanted, kept, child, at[row], ok)


def _nothing(table: CommandTable, parts: tuple[int, ...]) -> MapGraph:
    none = np.zeros(0, dtype=np.int64)
    return MapGraph(table, parts, np.zeros(1, dtype=np.int64), none, none, none)


def _grouped(
    table: CommandTable, order: Sequence[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(masks in the engine's order of areas, grouped by lowest area; where each group starts; their table rows)."""
    n = table.network.n
    turned = np.zeros_like(table.masks)
    for place, area in enumerate(order):
        turned |= (table.masks >> area & 1) << place
    lowest = np.log2((turned & -turned).astype(np.float64)).astype(np.int64)
    at = np.argsort(lowest, kind="stable")
    ptr = np.searchsorted(lowest[at], np.arange(n + 1)).astype(np.int64)
    return turned[at], ptr, at.astype(np.int64)


def ways_to_finish(graph: MapGraph) -> NDArray[np.int64]:
    """The number of ways to finish each state with p more commands, in limbs: shape (states, most + 1, limbs)."""
    most = max(graph.parts)
    need = graph.states * (most + 1) * graph.limbs * 8
    if need > MOST_BYTES:
        raise MethodError(
            f"counts of {graph.states:,} partial maps need {need / 1e9:.1f} GB: ask for fewer commands at a time"
        )
    return completions(graph.ptr, graph.child, graph.ok, most, graph.limbs)


def whole_number(limbs: NDArray[np.int64]) -> int:
    """A count in limbs as one whole number of any size."""
    return sum(int(limb) << LIMB_BITS * i for i, limb in enumerate(limbs))
