"""How fast is the response room beside its peers?  Ratios in one run, one core, CPU time, calls drawn beforehand.

    python benchmarks/response.py            everything but the long rows, about three minutes
    python benchmarks/response.py --long     also 200 paired years and every command of up to six boroughs
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
import response_twins as twins

from bailiwick import appraisal, casefile
from bailiwick.response import Plan, Regime, Town, Work, draw_calls, hypercube, kernel, runs, screening, simulate
from bailiwick.response.commands import simulate_commands
from bailiwick.response.fleet import Shift, posts_from_shifts
from bailiwick.response.kernel_single import Jobs, fleet_of, played
from bailiwick.response.statistics import compare, noise_by_size, summarise


def seconds(work: Callable[[], Any], *, best_of: int = 1) -> float:
    """CPU seconds of the best of several calls."""
    least = np.inf
    for _ in range(best_of):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def row(name: str, value: str, floor: str = "") -> None:
    print(f"{name:<72}{value:>16}{floor:>18}", flush=True)


def london(*, boroughs: int = 32, calls_a_day: float = 3200.0, crews: int = 10) -> Town:
    """A made-up city of boroughs on a grid, with 20 points, three bases and four shifts of crews in each."""
    rng = np.random.default_rng(8)
    side, wide = 7.0, 6
    corner = np.array([[a % wide, a // wide] for a in range(boroughs)]) * side
    points = (corner[:, None] + rng.uniform(0, side, (boroughs, 20, 2))).reshape(-1, 2)
    bases = (corner[:, None] + rng.uniform(1, side - 1, (boroughs, 3, 2))).reshape(-1, 2)
    every = np.vstack([points, bases])
    share = rng.gamma(8, 1, boroughs)
    share /= share.sum()
    hour = 1 + 0.4 * np.sin((np.arange(168) % 24 - 13) / 24 * 2 * np.pi)
    rates = share[:, None, None] * np.array([0.4, 0.5, 0.1])[None, :, None] * hour * calls_a_day / 24
    base_area = np.repeat(np.arange(boroughs), 3)
    each = np.maximum(3, np.round(share * crews * boroughs)).astype(int)
    late, night = each // 3, np.maximum(2, each * 2 // 3)
    shifts = (Shift(7, 9, each), Shift(15, 9, each), Shift(23, 9, night), Shift(18, 8, late))
    posts = posts_from_shifts(shifts, base_area, boroughs)
    return Town(
        areas=tuple(f"b{k}" for k in range(boroughs)), point_area=np.repeat(np.arange(boroughs), 20),
        point_weight=rng.gamma(2, 1, 20 * boroughs), rates=rates,
        travel=np.hypot(*(every[:, None] - every[None]).transpose(2, 0, 1)) * 1.3 * 60 / 30, base_area=base_area,
        unit_area=posts.unit_area, unit_base=posts.unit_base, roster=posts.roster, speed=np.where(hour > 1, 0.9, 1.1),
        blue=np.array([1.4, 1.0, 1.0]), suite=np.arange(0, 3 * boroughs, 3), target=np.array([15.0, 60.0, np.inf]),
    )


def work() -> Work:
    """Work with every feature in it."""
    return Work(
        need=np.array([[0, 0.6, 0.3, 0.1], [0, 0.85, 0.15, 0], [0.2, 0.8, 0, 0]]),
        job=np.array([[[0.7, 25, 0.8], [0.3, 70, 1.0]]] * 3), support=np.full(3, 0.6),
        custody=np.array([[0.07, 150.0]] * 3), guard=np.array([[0.01, 200.0]] * 3), carried=np.array([[0.3, 30.0]] * 3),
        oversight=np.array([[0.3, 1.0], [0.1, 1.0], [0, 0]]), desk=np.full(3, 1.0), answer=np.full(3, 0.3),
        turnout=np.full(3, 1.0), travel_cv=0.2, day_cv=0.1, burst=0.02,
    )


FEATURES = Regime(dispatch="pooled", diversion_gain=2.0, turnout=1.0, abstraction=0.1, briefing=10.0, carry=0.3)


def common_model() -> tuple[float, float]:
    """The rows on R40; returns the speeds of lean and of bare SimPy in calls a second.

    The engines take turns, so that a busy machine slows them alike; each keeps its best turn.
    """
    small = twins.r40(rate=0.40, calls=20_000)
    idiomatic = 20_000 / seconds(lambda: twins.simpy_idiomatic(*twins.r40(rate=0.40, calls=20_000)))
    ciw = 10_000 / seconds(lambda: twins.ciw_twin(*twins.r40(rate=0.40, calls=10_000)))
    travel, home, *calls = twins.r40(rate=0.40, calls=400_000)
    fleet, jobs = fleet_of(travel, home, points=300), Jobs(*calls, 2)
    played(fleet, jobs, False)
    turns = [
        (400_000 / seconds(lambda: played(fleet, jobs, False)), 20_000 / seconds(lambda: twins.simpy_lean(*small)),
         20_000 / seconds(lambda: twins.simpy_callbacks(*small))) for _ in range(5)
    ]
    ours, lean, bare = (max(column) for column in zip(*turns, strict=True))
    played(fleet, jobs, True)
    scan = 400_000 / seconds(lambda: played(fleet, jobs, True), best_of=5)
    row("R40, calls a second: ours / scanning every unit", f"{ours / 1e6:.2f} / {scan / 1e6:.2f} M")
    peers = f"{bare / 1e3:.0f} {lean / 1e3:.0f} {idiomatic / 1e3:.0f} {ciw / 1e3:.0f} k"
    row("R40, calls a second: SimPy bare, lean, idiomatic, Ciw", peers)
    row("R40, times as fast as SimPy lean", f"{ours / lean:.0f} x", ">= 60")
    row("R40, times as fast as SimPy bare, its event queue with call-backs", f"{ours / bare:.0f} x", ">= 60")
    row("R40, times as fast as SimPy idiomatic", f"{ours / idiomatic:.0f} x", ">= 150")
    row("R40, times as fast as Ciw", f"{ours / ciw:.0f} x", ">= 250")
    big = twins.london(calls=400_000)
    fleet, jobs = fleet_of(big[0], big[1], points=1500), Jobs(*big[2:], 2)
    slow = 10_000 / seconds(lambda: twins.simpy_callbacks(big[0], big[1], *(c[:10_000] for c in big[2:])), best_of=3)
    fast = 400_000 / seconds(lambda: played(fleet, jobs, False), best_of=5)
    row("London, 400 units: ours, and times as fast as SimPy bare", f"{fast / 1e6:.2f} M {fast / slow:.0f} x", ">= 60")
    return lean, bare


def full_model(lean: float, bare: float) -> None:
    """The rows on the model with every feature."""
    town = london(boroughs=4, calls_a_day=520, crews=10)
    rngs = [np.random.default_rng([1, a]) for a in range(4)]
    calls = draw_calls(rngs, town, work(), hours=8760)
    regime = FEATURES._replace(commands=(0,) * 4, channels=(0,) * 4, desks=(3,), spans=(0,) * 4, supervisors=(2,))
    load, _, on, _, _ = runs.packed(town, regime, calls)
    ground = runs.ground_of(town, regime, on, calls.start)
    rules = runs.rules_of(town, regime, warm=0.0, end=60.0 * calls.hours)
    kernel.run(ground, load, rules)
    loop = seconds(lambda: kernel.run(ground, load, rules), best_of=5)
    year = seconds(lambda: simulate(town, regime, calls, trusted=True), best_of=3)
    n = len(calls.time)
    row("all features, its own larger model, times as fast as SimPy lean on R40", f"{n / loop / lean:.0f} x", ">= 14")
    row("the same beside SimPy bare", f"{n / loop / bare:.0f} x", ">= 14")
    row(f"one command-year ({n / 1e3:.0f} k calls), all features: the loop", f"{loop:.3f} s", "<= 0.15 s")
    row("the same with packing, roster and posting", f"{year:.3f} s")
    today = FEATURES._replace(dispatch="own-first")

    def pairs(k: int) -> None:
        one, two = ([], [])
        for seed in range(k):
            drawn = draw_calls([np.random.default_rng([seed, a]) for a in range(4)], town, work(), hours=8760)
            one.append(summarise(simulate(town, today, drawn, trusted=True), town.target))
            two.append(summarise(simulate(town, regime, drawn, trusted=True), town.target))
        compare(one, two)

    for k in (200,) if "--long" in sys.argv else (4,):
        took = seconds(lambda k=k: pairs(k))
        row(f"{k} paired years with drawing and statistics, for 200", f"{took / k * 200:.1f} s", "<= 45 s")
    alone = seconds(lambda: [simulate(town, r, calls, trusted=True) for r in (today, regime) * 4]) / 4
    row("200 paired years, calls drawn beforehand, runs only", f"{alone * 200:.1f} s", "<= 45 s")


def models_of_queues() -> None:
    """The rows on the hypercube model."""
    rng = np.random.default_rng(0)
    for units, floor in ((15, 0.3), (18, 3.0)):
        gap = np.abs(rng.uniform(0, 1, (300, 1, 2)) - rng.uniform(0, 1, (1, units, 2))).sum(-1)
        rate = rng.gamma(0.7, 1, 300)
        rate *= 0.6 * units / rate.sum()
        order = np.argsort(gap, axis=1)
        hypercube.exact(order[:, :].copy(), rate, tolerance=1e-2)
        took = seconds(lambda order=order, rate=rate: hypercube.exact(order, rate, tolerance=1e-9))
        row(f"exact hypercube, {units} units, 300 atoms, 1e-9", f"{took:.2f} s", f"<= {floor} s")
    order = np.argsort(np.abs(rng.uniform(0, 1, (300, 1, 2)) - rng.uniform(0, 1, (1, 40, 2))).sum(-1), axis=1)
    rate = np.full(300, 0.5 * 40 / 300)
    hypercube.approximate(order, rate)
    took = seconds(lambda: hypercube.approximate(order, rate), best_of=9)
    row("approximation, 40 units, 300 atoms", f"{1e3 * took:.2f} ms", "<= 1 ms")


def joined_commands(touch: np.ndarray, most: int, number: int) -> list[tuple[int, ...]]:
    """Joined-up commands of up to `most` areas, an even sample of `number` of them when there are more."""
    found = {(a,) for a in range(len(touch))}
    ring = set(found)
    for _ in range(most - 1):
        ring = {tuple(sorted((*c, b))) for c in ring for b in np.flatnonzero(touch[list(c)].any(axis=0)) if b not in c}
        found |= ring
    ordered = sorted((tuple(int(a) for a in c) for c in found), key=lambda c: (len(c), c))
    return [ordered[k] for k in np.linspace(0, len(ordered) - 1, min(number, len(ordered))).astype(int)]


def every_command() -> None:
    """One replication of four weeks for each of 2,938 commands, with and without the ring of neighbours."""
    town = london()
    place = np.array([[a % 6, a // 6] for a in range(32)])
    touch = np.abs(place[:, None] - place[None]).sum(-1) == 1
    calls = draw_calls([np.random.default_rng([2, a]) for a in range(32)], town, work(), hours=672)
    commands = joined_commands(touch, 6, 2938)
    some = commands if "--long" in sys.argv else commands[::20]
    plan = Plan(regime=FEATURES, desks=0.7, supervisors=0.5)
    with ProcessPoolExecutor(2) as pool:
        simulate_commands(commands[:32], town, calls, plan, executor=pool)
        for name, given in (("alone", plan), ("with their ring", plan._replace(neighbours=touch))):
            if "--long" in sys.argv:
                start = time.perf_counter()
                result = simulate_commands(commands, town, calls, given, executor=pool)
                took = time.perf_counter() - start
                row(f"2,938 commands {name}, four weeks, wall time on 2 cores", f"{took:.0f} s", "<= 60 s")
            else:
                shared = 16 * seconds(lambda given=given: runs.packed(town, given.regime, calls), best_of=3)
                took = seconds(lambda given=given: simulate_commands(some, town, calls, given))
                result = simulate_commands(some, town, calls, given)
                took = ((took - shared) * len(commands) / len(some) + shared) / 2
                row(f"2,938 commands {name}, four weeks, CPU time over 2 cores", f"{took:.0f} s", "<= 60 s")
            mean = np.nansum(result.calls, axis=(1, 2)).mean()
        row(f"   calls of a command {mean:.0f}, saturated", f"{result.saturated.mean():.1%}")
        sizes = [joined_commands(touch, k, 10**6)[-6 * k] for k in range(1, 7)]
        seeds = [[np.random.default_rng([s, a]) for a in range(32)] for s in range(12)]
        draws = [draw_calls(rngs, town, work(), hours=672) for rngs in seeds]
        done = [simulate_commands(sizes, town, d, plan, executor=pool) for d in draws]
    number = np.mean([np.nansum(d.calls[:, :, 0], axis=1) for d in done], axis=0)
    good = [np.nansum(d.share[:, :, 0] * d.calls[:, :, 0], axis=1) for d in done]
    share = np.array(good) / np.array([d.calls[:, :, 0].sum(axis=1) for d in done])
    noise = noise_by_size(share, number)
    row("noise of I within 15 by calls: sd = scale * calls ** exponent", f"{noise.scale:.2f} {noise.exponent:+.2f}")


def first_case() -> None:
    """One replication of every command of the first case's force, with its ring and paired with today."""
    case = casefile.load("south-west-london-2018")
    groups = appraisal.conceivable(case, 6)
    codes = screening._in_play(case, groups)
    batches = screening._batches(case, codes, groups, None)
    some = batches if "--long" in sys.argv else batches[4:5]
    screening.batch_of(case, some[0]._replace(groups=some[0].groups[:2]))
    took = seconds(lambda: [screening.batch_of(case, batch) for batch in some])
    took *= len(batches) / len(some) / 2
    row(f"{len(groups)} commands of London, ring, today beside it: CPU over 2 cores", f"{took:.0f} s", "<= 60 s")
    near = tuple(group for group in groups if set(case.scheme.scope).intersection(group))
    part = sum(len(screening.scope_of(case, g)) for g in near) / sum(len(screening.scope_of(case, g)) for g in groups)
    row(f"{len(near)} of them with an area of the scheme: CPU over 2 cores", f"{took * part:.0f} s")


def main() -> None:
    """The table."""
    row("response room", "measured", "asked")
    full_model(*common_model())
    models_of_queues()
    every_command()
    first_case()


if __name__ == "__main__":
    main()
