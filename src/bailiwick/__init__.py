"""An open, reproducible appraisal of police command mergers.

    import bailiwick as bw
    case = bw.load("south-west-london-2018")
    appraisal = bw.appraise(case)
    bw.publish(appraisal, "out")

The rooms stand alone too: `bw.evaluation.estimate`, `bw.response.simulate`, `bw.alternatives.optimum`.  Nothing is
imported before it is asked for.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

__version__ = "0.1.0"

_CALLS = {"load": ("bailiwick.casefile", "load"), "appraise": ("bailiwick.uncertainty", "appraise")}
_PARTS = ("alternatives", "evaluation", "finance", "locality", "publish", "response")

if not os.access(Path(__file__).parent, os.W_OK):  # numba refuses to start where it can keep no compiled code
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path.home() / ".cache" / "bailiwick" / "numba"))


def __getattr__(name: str) -> object:
    if name in _CALLS:
        module, call = _CALLS[name]
        return getattr(import_module(module), call)
    if name in _PARTS:
        return import_module(f"bailiwick.{name}")
    raise AttributeError(f"module 'bailiwick' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(["__version__", *_CALLS, *_PARTS])
