"""What can be said about grouping these areas into K commands? Counts, proofs, trade-off and ranks in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from bailiwick.alternatives.assignment import MOST_AREAS_ASSIGNED, best_of_chain
from bailiwick.alternatives.blocks import MOST_AREAS, CommandTable, commands, containing
from bailiwick.alternatives.choose import Dominance, dominance
from bailiwick.alternatives.count import check_k, count, counts, why_none
from bailiwick.alternatives.ensemble import ChainPlan, Ensemble, ensemble
from bailiwick.alternatives.frontier import Frontier, frontier
from bailiwick.alternatives.maps import MapGraph, map_graph
from bailiwick.alternatives.measures import CUT_BORDERS, WORST_DEVIATION, plain_measures, residents_who_change
from bailiwick.alternatives.network import Network, require_joined
from bailiwick.alternatives.optimum import Proof, Search, optimum
from bailiwick.alternatives.rank import Rank, rank
from bailiwick.alternatives.rules import Rules, cap_without_loss, within
from bailiwick.alternatives.spectral import MOST_AREAS_BOUNDED, least_cut_of_chain
from bailiwick.alternatives.sweep import census
from bailiwick.errors import CaseError, MethodError, nearest

_USUAL_CAP = 6
DEFAULT_MEASURES = (CUT_BORDERS, WORST_DEVIATION)


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """What is asked: K commands, under which rules and window, best on which measures, compared with which map.

    `today` makes "residents who change commander" a measure; `proposed` are single commands whose maps are counted;
    `seconds` is the longest each proof may take.
    """

    k: int
    rules: Rules = field(default_factory=Rules)
    window: Fraction | None = None
    minimise: tuple[str, ...] = DEFAULT_MEASURES
    today: tuple[tuple[str, ...], ...] | None = None
    proposal: tuple[tuple[str, ...], ...] | None = None
    proposed: tuple[tuple[str, ...], ...] = ()
    seconds: float = 120.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class GroupStudy:
    """What was found.

    `stopped` says why where the maps are too many to go through; `maps` is None where they are not counted either.
    `holding`: of each proposed command, how many of the maps hold it, None where the rules leave it out.
    `every_k`: maps of each number of commands under the rules on size alone; `size` says what the size cap leaves out.
    """

    network: Network
    request: GroupRequest
    rules: Rules
    size: str
    candidates: int
    maps: int | None
    stopped: str | None
    every_k: tuple[tuple[int, int], ...]
    proofs: tuple[Proof, ...]
    trade_off: Frontier | None
    ranks: tuple[Rank, ...]
    beaten: tuple[Dominance, ...]
    holding: tuple[tuple[tuple[str, ...], int | None], ...] = ()
    chains: Ensemble | None = None


def group_study(graph: Network, request: GroupRequest) -> GroupStudy:
    """Counts, proofs, trade-off and the proposal's ranks for K commands of these areas.

    `CaseError` for areas that are not one piece, for contradictory rules and unknown measures; `MethodError`, with the
    tightest window that has a map, when no map exists. Above 62 areas only the chain answers, and the study says so.
    """
    check_k(graph, request.k)
    require_joined(graph)
    if graph.n > MOST_AREAS:
        return _by_chain(graph, request)
    rules, size = settled_rules(graph, request)
    table = plain_measures(_candidates(graph, request, rules), request.k)
    if request.today is not None:
        table = residents_who_change(table, request.today)
    measures = tuple(known_measure(table, name) for name in request.minimise)
    where, stopped = _graph_or_reason(table, request.k)
    if where is not None and not where.has(request.k):
        raise MethodError(why_none(graph, request.k, request.rules, request.window))
    search = Search(seconds=request.seconds, seed=request.seed)
    proofs = tuple(optimum(table, request.k, name, search=search) for name in measures)
    ranks, beaten = _against(where, request, measures)
    return GroupStudy(
        network=graph,
        request=request,
        rules=rules,
        size=size,
        candidates=len(table),
        maps=_counted_by_area(graph, rules, request.k) if where is None else counts(where)[request.k],
        stopped=stopped,
        every_k=_every_k(graph, request.rules),
        proofs=proofs,
        trade_off=frontier(where, request.k, measures[:4]) if where is not None and len(measures) > 1 else None,
        ranks=ranks,
        beaten=beaten,
        holding=() if where is None else tuple((c, _maps_holding(table, c, request.k)) for c in request.proposed),
    )


def _counted_by_area(graph: Network, rules: Rules, k: int) -> int | None:
    """The number of maps where they are too many to hold at once; None where that takes too much memory as well."""
    if rules.together or rules.apart or rules.headquarters or rules.heaviest is not None:
        return None
    try:
        return census(graph, rules, most=k).count(k)
    except MethodError:
        return None


def _maps_holding(table: CommandTable, command: tuple[str, ...], k: int) -> int | None:
    return None if table.row_of(command) is None else count(containing(table, [command]), k)


def _candidates(graph: Network, request: GroupRequest, rules: Rules) -> CommandTable:
    """The commands, or the reason why there is no map with the tightest window that has one."""
    try:
        return commands(graph, rules)
    except CaseError as error:
        if error.key != "window" or request.window is None:
            raise
        raise MethodError(f"{error.got}: {why_none(graph, request.k, request.rules, request.window)}") from error


def settled_rules(graph: Network, request: GroupRequest) -> tuple[Rules, str]:
    """The rules with window and size cap worked out, and the sentence on what the cap leaves out."""
    rules, k = request.rules, request.k
    free = graph.n - (k - 1) * max(1, rules.smallest)
    if request.window is not None:
        asked = rules.largest
        rules = within(rules, graph, k, request.window)
        free = min(free, cap_without_loss(graph, rules.heaviest or graph.total))
        if asked is None or asked >= free:
            return (
                rules,
                f"no size cap is needed: {free + 1} areas would always weigh too much"
                if free < graph.n
                else "no size cap",
            )
        return rules, f"commands of at most {asked} areas: maps with larger commands are left out"
    cap = rules.largest or max(_USUAL_CAP, -(-graph.n // k) + 2)
    if cap >= free:
        return replace(rules, largest=free), "no size cap"
    said = f"commands of at most {cap} areas: maps with larger commands are left out"
    return replace(rules, largest=cap), said


def known_measure(table: CommandTable, name: str) -> str:
    """The measure meant, hyphens and letter case aside; `CaseError` with the nearest name."""
    plain = {c.name.replace(" ", "-").casefold(): c.name for c in table.columns}
    word = name.strip().replace(" ", "-").casefold()
    if word in plain:
        return plain[word]
    starts = [full for short, full in plain.items() if short.startswith(word)]
    if len(starts) == 1:
        return starts[0]
    raise CaseError(
        "group", "--minimise", got=name, expected="a measure: " + ", ".join(plain), hint=nearest(word, plain)
    )


def _graph_or_reason(table: CommandTable, k: int) -> tuple[MapGraph | None, str | None]:
    try:
        return map_graph(table, [k]), None
    except MethodError as error:
        return None, str(error)


def _every_k(graph: Network, rules: Rules) -> tuple[tuple[int, int], ...]:
    """Maps of each number of commands, whatever they weigh; empty where that cannot be counted."""
    if rules.together or rules.apart or rules.headquarters:
        return ()
    plain = Rules(largest=rules.largest, smallest=rules.smallest)
    try:
        found = census(graph, plain, most_bytes=500_000_000)
    except MethodError:
        return ()
    return tuple((k, found.count(k)) for k in range(1, graph.n + 1))


def _against(
    where: MapGraph | None, request: GroupRequest, measures: Sequence[str]
) -> tuple[tuple[Rank, ...], tuple[Dominance, ...]]:
    if where is None or request.proposal is None:
        return (), ()
    if len(request.proposal) != request.k:
        raise CaseError(
            "group",
            "--proposal",
            got=f"{len(request.proposal)} commands",
            expected=f"as many as --commands {request.k}",
        )
    ranks = tuple(rank(where, request.proposal, name) for name in measures)
    return ranks, dominance(where, request.proposal, {"all measures asked for": tuple(measures[:4])})


def _by_chain(graph: Network, request: GroupRequest) -> GroupStudy:
    if request.rules != Rules():
        raise MethodError(f"{graph.n} areas: size, must and apart rules need at most {MOST_AREAS} areas")
    if request.window is None:
        raise MethodError(f"{graph.n} areas are too many to count, and a chain needs a window: give --within")
    rng = np.random.default_rng(request.seed)
    chains = ensemble(graph, request.k, request.window, rng, plan=ChainPlan(chains=4, steps=20_000))
    proofs: tuple[Proof, ...] = ()
    if graph.n <= MOST_AREAS_BOUNDED:
        proofs += (least_cut_of_chain(chains, rng.spawn(1)[0]),)
    if graph.points is not None and graph.n <= MOST_AREAS_ASSIGNED:
        proofs += (best_of_chain(chains, rng, seconds=request.seconds),)
    return GroupStudy(
        network=graph, request=request, rules=within(request.rules, graph, request.k, request.window),
        size="no size cap", candidates=0, maps=None,
        stopped=f"{graph.n} areas: commands can be listed for at most {MOST_AREAS}; a chain of maps answers instead",
        every_k=(), proofs=proofs, trade_off=None, ranks=(), beaten=(), chains=chains,
    )  # fmt: skip
