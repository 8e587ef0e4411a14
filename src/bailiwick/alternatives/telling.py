"""What was found, in lines for a terminal and in a document for machines."""

from __future__ import annotations

from collections.abc import Sequence

from bailiwick.alternatives.network import Network
from bailiwick.alternatives.optimum import SCOPE, Proof
from bailiwick.alternatives.study import GroupStudy

DEFINITIONS = (
    "map: all areas in exactly K joined-up commands; cut borders: borders between different commands, fewer is more "
    "compact; deviation: |p / (T/K) - 1| of a command's weight; window: every deviation at most that, ends included"
)
_MOST_POINTS = 12


def lines(study: GroupStudy, other: tuple[str, int | None] | None = None) -> list[str]:
    """The findings for a terminal; `other` is (name of the other choice of borders, its number of maps)."""
    graph, k = study.network, study.request.k
    window = (
        "" if study.request.window is None else f" within ±{float(study.request.window):.4g}".rstrip("0").rstrip(".")
    )
    kinds = "land and crossings" if "crossing" in graph.kinds else "land"
    told = [
        f"{graph.name}: {graph.n} areas, {len(graph.edges)} borders ({kinds}), weight {graph.total:,}; K = {k}{window}",
        f"Candidate commands: {study.candidates:,}; {study.size}.",
        f"Maps: {study.maps:,}" if study.maps is not None else f"Maps: not counted. {study.stopped}",
    ]
    if study.maps is not None and study.stopped is not None:
        told.append(f"Counted area by area; too many to go through, so without trade-off and ranks: {study.stopped}")
    if other is not None:
        told.append(f"Maps over {other[0]}: " + (f"{other[1]:,}" if other[1] is not None else "not counted"))
    if study.every_k:
        shown = [f"K={n} {maps:,}" for n, maps in study.every_k if abs(n - k) <= 2 and maps]
        free = "Whatever they weigh" if study.request.rules.largest else "Whatever their commands' size and weight"
        told.append(f"{free}: " + "; ".join(shown))
    told += [line for proof in study.proofs for line in _proof(graph, proof, chained=study.chains is not None)]
    told += _trade_off(study)
    told += _proposal(study)
    told += _chain(study)
    told.append(f"Definitions. {DEFINITIONS}. Proofs mean: {SCOPE}.")
    return told


def _proof(graph: Network, proof: Proof, *, chained: bool) -> list[str]:
    if proof.value is None:
        return [f"Best on {proof.measure}: {proof.told()}"]
    said = proof.told() if proof.proved or proof.bound is None else f"{proof.told()}; no map is below {proof.bound:g}"
    first = "Found by the chain and short bursts, least" if chained else "Best on"
    return [f"{first} {proof.measure}: {proof.value:g} ({said})", "  " + named(graph, proof.map)]


def named(graph: Network, grouping: Sequence[Sequence[str]]) -> str:
    """A map in words: names joined by + inside a command, commands divided by |."""
    return " | ".join(" + ".join(graph.names[graph.position(c)] for c in command) for command in grouping)


def _trade_off(study: GroupStudy) -> list[str]:
    found = study.trade_off
    if found is None:
        return []
    told = [f"Trade-off of {' and '.join(found.measures)}: {len(found.points)} maps that none beats on all of them"]
    shown = found.points[:_MOST_POINTS]
    told += ["  " + ", ".join(f"{m} {v:g}" for m, v in zip(found.measures, p.values, strict=True)) for p in shown]
    if len(found.points) > len(shown):
        told.append(f"  and {len(found.points) - len(shown)} more, all in the files")
    return told


def _proposal(study: GroupStudy) -> list[str]:
    told = []
    for command, maps in study.holding:
        said = "none, the rules leave it out" if maps is None else f"{maps:,}"
        told.append(f"Maps that hold {named(study.network, [command])} as one command: {said}")
    for r in study.ranks:
        told.append(
            f"The proposal on {r.measure}: {r.value:g}; of {r.total:,} maps {r.better:,} are better, "
            f"{r.equal:,} as good (itself included), {r.worse:,} worse"
        )
    for d in study.beaten:
        if d.beaten:
            values = ", ".join(f"{m} {v:g}" for m, v in zip(d.measures, d.theirs, strict=True))
            told.append(f"The proposal is beaten on {d.criteria} ({values}) by {named(study.network, d.map)}")
        else:
            told.append(f"No map beats the proposal on {d.criteria}")
    return told


def _chain(study: GroupStudy) -> list[str]:
    if study.chains is None:
        return []
    chains = study.chains
    plan, kept = chains.plan, chains.maps.shape[0] * chains.maps.shape[1]
    told = [
        f"Chain ({plan.variant}, tree-weighted, favours compact maps): {plan.chains} chains of {plan.steps:,} steps, "
        f"{chains.distinct:,} different maps among {kept:,} kept"
    ]
    told += ["  " + d.told() for d in chains.diagnoses]
    least = int(chains.cut.min())
    told.append(f"  fewest cut borders seen: {least}; a chain proves nothing about the best map")
    if not chains.converged:
        told.append("  the chains have not seen enough for any share to be printed")
    return told


def maps_found(study: GroupStudy) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Every map in the study by title: best on each measure, the frontier's points, the proposal, the chain's best."""
    word = "best" if study.chains is None else "found for"
    found = {f"{word} {p.measure}": p.map for p in study.proofs if p.map}
    if study.trade_off is not None:
        found |= {f"trade-off {i}": p.map for i, p in enumerate(study.trade_off.points, start=1)}
    if study.request.proposal is not None:
        found["proposal"] = study.request.proposal
    if study.chains is not None and study.chains.maps.shape[1]:
        found["chain, last map"] = study.chains.groupings()[-1]
    return found


def document(study: GroupStudy, other: tuple[str, int | None] | None = None) -> dict[str, object]:
    """The findings for machines. Counts are written as text: they may exceed what a JSON reader holds exactly."""
    graph, request = study.network, study.request
    return {
        "schema": "bailiwick/group/1",
        "system": graph.name,
        "areas": graph.n,
        "borders": {kind: graph.kinds.count(kind) for kind in sorted(set(graph.kinds))},
        "weight": graph.total,
        "commands": request.k,
        "window": None if request.window is None else str(request.window),
        "rules": study.rules.told(),
        "size": study.size,
        "candidates": study.candidates,
        "maps": None if study.maps is None else str(study.maps),
        "stopped": study.stopped,
        "other_borders": None
        if other is None
        else {"name": other[0], "maps": None if other[1] is None else str(other[1])},
        "every_k": {str(k): str(maps) for k, maps in study.every_k},
        "best": [_proof_document(p) for p in study.proofs],
        "trade_off": _trade_off_document(study),
        "ranks": [
            {
                "measure": r.measure,
                "value": r.value,
                "better": str(r.better),
                "equal": str(r.equal),
                "worse": str(r.worse),
            }
            for r in study.ranks
        ],
        "beaten": [
            {"criteria": d.criteria, "measures": d.measures, "beaten": d.beaten, "by": d.map} for d in study.beaten
        ],
        "chain": _chain_document(study),
        "definitions": DEFINITIONS,
        "scope": SCOPE,
    }


def _proof_document(proof: Proof) -> dict[str, object]:
    return {
        "measure": proof.measure, "value": proof.value, "bound": proof.bound, "status": proof.told(), "map": proof.map,
    }  # fmt: skip


def _trade_off_document(study: GroupStudy) -> dict[str, object] | None:
    if study.trade_off is None:
        return None
    points = [{"values": p.values, "map": p.map} for p in study.trade_off.points]
    return {"measures": study.trade_off.measures, "points": points}


def _chain_document(study: GroupStudy) -> dict[str, object] | None:
    if study.chains is None:
        return None
    chains = study.chains
    told = [{"measure": d.measure, "r_hat": d.r_hat, "bulk": d.bulk, "tail": d.tail} for d in chains.diagnoses]
    return {
        "variant": chains.plan.variant, "chains": chains.plan.chains, "steps": chains.plan.steps,
        "converged": chains.converged, "diagnoses": told, "distinct": chains.distinct,
        "fewest_cut_borders_seen": int(chains.cut.min()),
    }  # fmt: skip
