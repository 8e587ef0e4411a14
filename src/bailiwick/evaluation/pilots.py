"""Did it work where it was tried: the pilots of a case, evaluated by its plan, as known on the appraisal's day?

Everything is worked out once for a case and remembered by its digest; nothing here depends on a draw, so an appraisal
asks for these tables and checks once.  `hindsight` is for cases judged after a roll-out and never part of `TABLES`.
"""

from __future__ import annotations

from collections.abc import Callable

from bailiwick.case import Case
from bailiwick.evaluation.pilots_checks import checks
from bailiwick.evaluation.pilots_effects import effects, phases, transfer
from bailiwick.evaluation.pilots_evidence import not_measurable, response_bound, settle
from bailiwick.evaluation.pilots_hindsight import rollout as hindsight
from bailiwick.evaluation.pilots_readings import findings
from bailiwick.evaluation.pilots_variants import confounders, variants
from bailiwick.findings import Check, Measure
from bailiwick.tables import ResultTable

MEASURES: tuple[Measure, ...] = ()
TABLES: tuple[tuple[str, Callable[[Case], ResultTable]], ...] = (
    ("pilots_not_measurable", not_measurable),
    ("pilots_response_bound", response_bound),
    ("pilots_effects", effects),
    ("pilots_phases", phases),
    ("pilots_variants", variants),
    ("pilots_confounders", confounders),
    ("pilots_transfer", transfer),
    ("pilots_settle", settle),
)
CHECKS: tuple[Callable[[Case], tuple[Check, ...]], ...] = (checks,)

__all__ = ["CHECKS", "MEASURES", "TABLES", "findings", "hindsight"]
