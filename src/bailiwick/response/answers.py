"""What can the response room be asked, and what must each question be told?

A table is made of a case alone, of a case and the response constables that finance leaves each option, or of the
accepted sets; `mapper` applies a function to every set in order, in this process or by others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bailiwick.case import Case
from bailiwick.findings import Check
from bailiwick.response import calibration, evidence, forecast, levers, monitoring, pictures, stress, wards
from bailiwick.response.measures import MEASURES
from bailiwick.response.service import Posts
from bailiwick.tables import ResultTable

__all__ = ["CHECKS", "MEASURES", "TABLES", "TABLES_OF_SETS", "TABLES_WITH_POSTS", "TABLES_WITH_PRICES"]

TABLES: tuple[tuple[str, Callable[[Case], ResultTable]], ...] = (
    ("response_desk_curve", pictures.desk_curve),
    ("response_designs", pictures.designs),
    ("response_monitoring", monitoring.table),
    ("response_stress", stress.table),
)
"""Tables of a case alone, its assumptions as they stand."""

TABLES_WITH_POSTS: tuple[tuple[str, Callable[[Case, Mapping[str, Posts]], ResultTable]], ...] = (
    ("response_by_area", pictures.by_area),
    ("response_by_ward", wards.by_ward),
    ("response_levers", levers.levers),
    ("response_officers", pictures.officers),
)
"""Tables that need the response constables of each option and area."""

TABLES_WITH_PRICES: tuple[
    tuple[str, Callable[[Case, Mapping[str, Posts], Mapping[str, float]], ResultTable]], ...
] = (
    ("response_buy_back", levers.buy_back),
)
"""Tables that need, besides, what a post costs a year by rank: constable, inspector, staff."""

TABLES_OF_SETS: tuple[tuple[str, Callable[..., ResultTable]], ...] = (
    ("response_calibration", evidence.matched),
    ("response_forecast", forecast.table),
    ("response_pilot_prediction", evidence.prediction),
)
"""Tables over the accepted sets: (case, ks, mapper = map); the outcome of the pilot is read in the last."""

CHECKS: tuple[Callable[[Case], tuple[Check, ...]], ...] = (calibration.calibrated,)
