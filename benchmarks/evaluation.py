"""How fast are placebos here, side by side with the packages one would otherwise reach for, in one run?

    python benchmarks/evaluation.py

Peers are optional and are not in the locks: install `diff-diff` and `mlsynth` with numba into a throw-away environment
and run this file there with PYTHONPATH=src. Peers that are absent are named as missing. Times are CPU seconds of the
whole process, all threads together, each package's own handling of the data included; the best of three runs counts.
"""

from __future__ import annotations

import importlib
import platform
import resource
import time
import warnings
from dataclasses import replace

import numpy as np

from bailiwick.evaluation import RECIPES, Design, TreatedGroup, estimate, from_long, with_pilots
from bailiwick.evaluation.estimation import placebo_fits
from bailiwick.evaluation.question import placebo_sets, question
from bailiwick.evaluation.robustness import Dimensions, in_time, multiverse

TARGETS = {
    "SDID placebos, active set : diff-diff": 25, "SDID placebos, plain scipy : diff-diff": 5,
    "SC in space : mlsynth": 60,
}


def factor_panel(seed=0, units=32, periods=96, outcomes=10):
    """Poisson counts with factors, seasons and autocorrelated noise, per cent of a base: [outcomes, units, periods]."""
    rng, t = np.random.default_rng(seed), np.arange(periods)
    out = np.empty((outcomes, units, periods))
    for k in range(outcomes):
        base = np.exp(rng.normal(6 + 0.3 * (k % 3), 0.45, units))
        factors = np.cumsum(rng.normal(0, 0.02, (3, periods)), axis=1)
        loads = rng.normal(0, 1, (units, 3)) * 0.5 + [1, 0, 0]
        season = 0.08 * np.sin(2 * np.pi * t / 12 + rng.normal(0, 0.3, units)[:, None])
        noise = np.zeros((units, periods))
        for u in range(1, periods):
            noise[:, u] = 0.4 * noise[:, u - 1] + rng.normal(0, 0.02, units)
        out[k] = rng.poisson(base[:, None] * np.exp(loads @ factors + season + noise)) / base[:, None] * 100
    return out


def panel_of(y, pilots, start):
    names = [f"u{k:04d}" for k in range(len(y))]
    months = [f"{2010 + t // 12}-{t % 12 + 1:02d}" for t in range(y.shape[1])]
    panel = from_long([n for n in names for _ in months], [m for _ in names for m in months], y.ravel())
    return with_pilots(panel, [TreatedGroup(i, tuple(names[k] for k in g), start) for i, g in pilots])


def best(job, times=3):
    found = []
    for _ in range(times):
        began = time.process_time()
        job()
        found.append(time.process_time() - began)
    return min(found)


def installed(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def long_frame(y, treated, start):
    import pandas as pd

    n, t = y.shape
    frame = pd.DataFrame({"unit": np.repeat(np.arange(n), t), "time": np.tile(np.arange(t), n), "y": y.ravel()})
    ever = frame["unit"].isin(treated)
    return frame.assign(ever=ever.astype(int), now=(ever & (frame["time"] >= start)).astype(int))


def diff_diff_rate(y, treated, draws=400):
    """Placebo refits a second of diff-diff's SDID with its compiled placebo loop."""
    package = installed("diff_diff")
    if package is None:
        return None
    frame = long_frame(y, treated, 84)
    job = lambda: package.SyntheticDiD(variance_method="placebo", n_bootstrap=draws, seed=1).fit(  # noqa: E731
        frame, outcome="y", treatment="ever", unit="unit", time="time", post_periods=list(range(84, 96))
    )
    return draws / best(job)


def mlsynth_rate(y):
    """Placebo refits a second of mlsynth's synthetic control with in-space placebos."""
    package = installed("mlsynth")
    if package is None:
        return None
    asked = {
        "df": long_frame(y, [0], 84), "outcome": "y", "treat": "now", "unitid": "unit", "time": "time",
        "inference": "placebo", "display_graphs": False,
    }
    return (len(y) - 1) / best(lambda: package.VanillaSC(asked).fit())


def ratio(name, ours, theirs):
    if theirs is None:
        print(f"  {name}: the peer is not installed, no ratio")
        return
    target = TARGETS.get(name)
    said = "" if target is None else f" (target {target})"
    print(f"  {name}: {ours / theirs:.1f}x{said}   [{ours:,.0f} a second against {theirs:,.0f}]")


def placebos_of_groups():
    y = factor_panel()[0]
    panel = panel_of(y, [("pair", (27, 28)), ("triple", (29, 30, 31))], 84)
    count = estimate(panel, "sdid", design=Design(solver="active set"), pilot="pair").placebo_n
    fast = count / best(lambda: estimate(panel, "sdid", design=Design(solver="active set"), pilot="pair"))
    plain = count / best(lambda: estimate(panel, "sdid", design=Design(solver="nnls"), pilot="pair"))
    peer = diff_diff_rate(y[:29], (27, 28))
    print(f"SDID, 32 units x 96 months, {count} pairs of donors, the whole estimate:")
    ratio("SDID placebos, active set : diff-diff", fast, peer)
    ratio("SDID placebos, plain scipy : diff-diff", plain, peer)
    if peer is None:
        print(f"  ours: {fast:,.0f} a second with the active set, {plain:,.0f} with plain scipy")


def in_space():
    y = factor_panel()[0][:27]
    panel = panel_of(y, [("one", (0,))], 84)
    design, peer = Design(solver="active set"), mlsynth_rate(y)

    def placebos():
        asked = question(panel, design)
        placebo_fits(asked, RECIPES["sc"], placebo_sets(asked)[0])

    placebos()
    print("SC, one treated unit, 26 single donors:")
    ratio("SC in space : mlsynth", 26 / best(placebos, times=20), peer)
    whole = best(lambda: estimate(panel, "sc", design=design), times=20)
    ratio("the whole estimate, 26 left-out donors refitted as well : mlsynth", 26 / whole, peer)


def whole_jobs():
    outcomes = factor_panel()
    panels = [panel_of(y, [("pilot", (27, 28, 29, 30, 31))], 84) for y in outcomes]
    design = Design(solver="active set", reference="listed")
    panels = [replace(p, groups=tuple((k,) for k in range(27))) for p in panels]
    dates = list(range(24, 76, 4))
    seconds = best(lambda: [in_time(p, RECIPES["sdid"], dates, design=design) for p in panels])
    print(f"27 donors x 13 dates x 10 outcomes = 3,510 SDID fits: {seconds:.2f} CPU s (target 0.5 s on two cores)")
    gone = (("all", ()), *((f"without {k}", (f"u{k:04d}",)) for k in range(4)))
    dimensions = Dimensions(
        since=(0, 12, 24, 36), after=(6, 12), leave_out=gone, scales=("level", "index"), starts=(80, 84),
        anticipation=(0, 1, 3),
    )
    seconds = best(lambda: multiverse(panels[0], RECIPES, dimensions, design=design), times=1)
    print(f"{dimensions.count:,} specifications of the multiverse: {seconds:.2f} CPU s (target 2 s on two cores)")


def large_panel():
    rng = np.random.default_rng(0)
    y = 100 + rng.normal(size=(3000, 3)) @ np.cumsum(rng.normal(size=(3, 120)), axis=1) + rng.normal(size=(3000, 120))
    panel = panel_of(y, [("one", (0,))], 108)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = best(lambda: estimate(panel, "sc"), times=1)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"3,000 units x 120 months, SC with all 2,999 placebos: {seconds:.0f} CPU s, {grown:.0f} MB more memory")


def main():
    warnings.simplefilter("ignore")
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    for name in ("diff_diff", "mlsynth"):
        package = installed(name)
        print(f"{name}: {getattr(package, '__version__', 'installed') if package else 'MISSING, so no ratio to it'}")
    print("pysyncon, CausalPy, R synthdid: not run here (minutes a job; see docs/reference/evaluation.md)\n")
    placebos_of_groups()
    in_space()
    whole_jobs()
    large_panel()


if __name__ == "__main__":
    main()
