"""Was there a better map, and where does the proposal stand among all of them?"""

from __future__ import annotations

from bailiwick.alternatives.optimum import optimum

__all__ = ["optimum"]
