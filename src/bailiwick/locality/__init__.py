"""How far and how stretched are the people in charge, and do they still answer to this area?

Everything here is closeness: it is printed beside the verdict and never enters it.
"""

from __future__ import annotations

from collections.abc import Callable

from bailiwick.case import Case
from bailiwick.findings import Measure
from bailiwick.locality import distance, leadership, presence, priorities, stretch, towns
from bailiwick.locality.accountability import accountability
from bailiwick.locality.checks import CHECKS
from bailiwick.locality.distance import headquarters
from bailiwick.locality.ranks import ranks
from bailiwick.tables import ResultTable

__all__ = ["CHECKS", "MEASURES", "TABLES", "headquarters", "ranks"]

_POPULATION = "Office for National Statistics, mid-year population estimates"
_POINTS = "Office for National Statistics, 2011 Census, usual residents by ward"
_OFFICERS = "Home Office, Police workforce, England and Wales"
_OWN = "bailiwick, docs/reference/locality.md"
_METRIC = "Lin 1991, IEEE Transactions on Information Theory 37(1); Endres and Schindelin 2003, same, 49(7)"

MEASURES: tuple[Measure, ...] = (
    Measure("locality.distance_to_headquarters", "Distance to the commander's headquarters", "km", 1, "lower",
            "closeness", "command", "mean", "population",
            "Mean straight line from each resident point of the area to the command's headquarters, weighted by "
            "residents. Without a named headquarters: the base nearest the residents' median point.",
            _OWN, 0.5, distance.distance_to_headquarters, "modelled", (_POINTS,)),
    Measure("locality.travel_time_to_headquarters", "Drive to the commander's headquarters", "minutes", 0, "lower",
            "closeness", "command", "mean", "population",
            "The same distance times a detour factor, over an average speed; both are assumptions.",
            _OWN, 2.0, distance.travel_time_to_headquarters, "assumed", (_POINTS,)),
    Measure("locality.residents_within_15_minutes", "Residents within 15 minutes of the commander", "% of residents",
            0, "higher", "closeness", "command", "mean", "population",
            "Share of the area's residents whose drive to the headquarters takes at most 15 minutes.",
            _OWN, 5.0, distance.residents_within_15, "assumed", (_POINTS,)),
    Measure("locality.residents_within_30_minutes", "Residents within 30 minutes of the commander", "% of residents",
            0, "higher", "closeness", "command", "mean", "population",
            "Share of the area's residents whose drive to the headquarters takes at most 30 minutes.",
            _OWN, 5.0, distance.residents_within_30, "assumed", (_POINTS,)),
    Measure("locality.residents_per_commander", "Residents for each commander", "people", 0, "lower",
            "closeness", "command", "mean", "population",
            "Residents of the whole command. For the scheme: what the average resident's commander answers for.",
            _OWN, 5000.0, leadership.residents_per_commander, "observed", (_POPULATION,)),
    Measure("locality.residents_per_named_lead", "Residents for each named borough lead", "people", 0, "lower",
            "closeness", "command", "mean", "population",
            "Residents who share the most senior officer that answers for their area and for no larger place: the "
            "commander of a command of one area, otherwise the lead who fronts the area and also runs one function "
            "of the whole command.",
            _OWN, 5000.0, leadership.residents_per_named_lead, "observed", (_POPULATION,)),
    Measure("locality.councils_per_commander", "Councils that share a commander", "councils", 0, "lower",
            "closeness", "command", "mean", "population", "Elected councils inside the command.",
            _OWN, 0.5, leadership.councils_per_commander, "observed"),
    Measure("locality.area_km2_per_commander", "Area under each commander", "km2", 2, "lower",
            "closeness", "command", "mean", "population", "Land area of the whole command.",
            _OWN, 5.0, leadership.area_km2_per_commander, "observed"),
    Measure("locality.crimes_per_commander", "Recorded crimes for each commander", "crimes a year", 0, "lower",
            "closeness", "command", "mean", "population",
            "Crimes recorded in the whole command in the latest calendar year published; a later vintage than was "
            "visible then.",
            _OWN, 1000.0, leadership.crimes_per_commander, "observed"),
    Measure("locality.officers_per_commander", "Officers under each commander", "officers", 0, "lower",
            "closeness", "command", "mean", "population",
            "Police officers of the whole command, full-time equivalents, on the latest day published.",
            _OWN, 100.0, leadership.officers_per_commander, "observed", (_OFFICERS,)),
    Measure("locality.wards_per_commander", "Wards under each commander", "wards", 0, "lower",
            "closeness", "command", "mean", "population", "Electoral wards of the whole command.",
            _OWN, 2.0, leadership.wards_per_commander, "observed"),
    Measure("locality.crime_mix_distance", "How unlike its command's an area's crime is", "0 to 1", 3, "lower",
            "closeness", "command", "mean", "population",
            "Jensen-Shannon distance, base 2, of the area's recorded crime by main type from its whole command's: 0 "
            "is the same mix, 1 is nothing in common.",
            _METRIC, 0.01, priorities.crime_mix_distance, "observed"),
    Measure("locality.top_five_shared", "Area's top five problems in its command's top five", "of 5", 0, "higher",
            "closeness", "command", "mean", "population",
            "How many of the area's five most frequent main crime types are among its command's five.",
            _OWN, 0.5, priorities.top_five_shared, "observed"),
    Measure("locality.share_of_command_demand", "Area's share of its command's crime", "%", 0, "higher",
            "closeness", "command", "other", "none",
            "Crimes recorded in the area for each hundred in its command: how loud its voice is in the command's "
            "daily work.",
            _OWN, 5.0, priorities.share_of_command_demand, "observed"),
    Measure("locality.share_of_command_harm", "Area's share of its command's harm", "%", 0, "higher",
            "closeness", "command", "other", "none",
            "The same with each crime weighted by its harm; the weights are guesses with ranges.",
            _OWN, 5.0, priorities.share_of_command_harm, "assumed"),
    Measure("locality.dedicated_ward_officers", "Dedicated ward officers promised", "officers", 0, "higher",
            "closeness", "command", "sum", "none",
            "The published floor of officers for each ward times the area's wards: a promise, not the officers seen.",
            _OWN, 1.0, presence.dedicated_ward_officers, "observed"),
    Measure("locality.ward_support_officers", "Community support officers promised to wards", "officers", 0, "higher",
            "context", "command", "sum", "none",
            "The published floor of community support officers for each ward times the area's wards.",
            _OWN, 1.0, presence.ward_community_support_officers, "observed"),
    Measure("locality.residents_per_ward_officer", "Residents for each dedicated ward officer", "people", 0, "lower",
            "closeness", "command", "mean", "population",
            "Residents of the area for each dedicated ward officer of the published floor.",
            _OWN, 100.0, presence.residents_per_ward_officer, "observed", (_POPULATION,)),
)

TABLES: tuple[tuple[str, Callable[[Case], ResultTable]], ...] = (
    ("headquarters_choice", towns.headquarters_choice),
    ("travel_bands", towns.travel_bands),
    ("leadership", stretch.leadership),
    ("priorities", stretch.priorities),
    ("accountability", accountability),
)
