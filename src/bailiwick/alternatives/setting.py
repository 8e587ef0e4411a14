"""Does the answer hold if the river, the size cap or the window is chosen otherwise?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bailiwick.alternatives.blocks import commands
from bailiwick.alternatives.count import counts
from bailiwick.alternatives.maps import map_graph
from bailiwick.alternatives.measures import plain_measures
from bailiwick.alternatives.network import Network
from bailiwick.alternatives.rank import Rank, rank
from bailiwick.alternatives.rules import Rules, within
from bailiwick.errors import BailiwickError


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice of borders, size cap (None: none) and window (None: none), and what it makes of a map.

    `maps` and `rank` are None, and `why` says why, where the choice has no answer: the map breaks it, or the maps are
    too many to count.
    """

    borders: str
    cap: int | None
    window: Fraction | None
    maps: int | None
    rank: Rank | None
    why: str


def settings(
    graphs: Sequence[tuple[str, Network]],
    grouping: Sequence[Sequence[str]],
    measure: str,
    *,
    caps: Sequence[int | None],
    windows: Sequence[Fraction | None],
) -> tuple[Setting, ...]:
    """The rank of a map on a plain measure under every combination of named borders, size caps and windows."""
    return tuple(
        _setting((title, graph), grouping, measure, cap, window)
        for title, graph in graphs
        for cap in caps
        for window in windows
    )


def _setting(
    named: tuple[str, Network],
    grouping: Sequence[Sequence[str]],
    measure: str,
    cap: int | None,
    window: Fraction | None,
) -> Setting:
    title, graph = named
    k, rules = len(grouping), Rules(largest=cap)
    maps = None
    try:
        table = plain_measures(commands(graph, rules if window is None else within(rules, graph, k, window)), k)
        where = map_graph(table, [k])
        maps = counts(where)[k]
        return Setting(title, cap, window, maps, rank(where, grouping, measure), "")
    except BailiwickError as error:
        return Setting(title, cap, window, maps, None, str(error))
